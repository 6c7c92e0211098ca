"""Make the classifier of the prompt check from the sentences in this folder: python recipes/moderation/fit.py

Writes src/soramame/safety/weights/classifier.npz. --check instead tells how well sentences are judged that none of the
training sentences was made from (templates are left out in five folds).
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from soramame.safety.classify import BUCKETS, CATEGORIES, WEIGHTS, pieces
from soramame.safety.embed import embed

FOLDER = Path(__file__).parent
SEED = 7
FILLED = {"en": 5, "ja": 12}
"""Sentences made from a template with slots."""
FOLDS = 5
NETS, HIDDEN, STEPS = 4, 32, 500


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, its category (or benign) and the template that it was made from."""

    text: str
    category: int
    harmful: bool
    template: str


def sentences(language: str) -> list[Sentence]:
    """All sentences of a language, the same ones each time."""
    slots = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))[language]
    found: list[Sentence] = []
    for number, name in enumerate(CATEGORIES):
        data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[language]
        own = slots | {key: value for key, value in data.items() if isinstance(value, list)}
        for harmful in (True, False):
            for template in filter(None, data["harmful" if harmful else "benign"].splitlines()):
                draw = random.Random(f"{SEED} {template}")
                for text in filled(template, own, draw, FILLED[language]):
                    for varied in dressed(text, slots, draw, language):
                        found.append(Sentence(text=varied, category=number, harmful=harmful, template=template))
    return found


def filled(template: str, slots: dict[str, list[str]], draw: random.Random, most: int) -> list[str]:
    """A template with its slots filled in different ways."""
    texts = {template}
    if "{" in template:
        texts = {re.sub(r"{(\w+)}", lambda match: draw.choice(slots[match[1]]), template) for _ in range(most)}
    return sorted(texts)


def dressed(text: str, slots: dict[str, list[str]], draw: random.Random, language: str) -> list[str]:
    """The sentence as it is, and as users write it: with a style, a place, a frame before it, calm things beside it."""
    comma, blank = (", ", " ") if language == "en" else ("、", "")
    beside = [
        text + comma + draw.choice(slots["style"]),
        draw.choice(slots["frame"]) + blank + text,
        draw.choice(slots["calm"]) + comma + text,
    ]
    return [text, draw.choice(beside)]


def calm(language: str) -> list[Sentence]:
    """What prompts hold beside their matter: frames, styles and landscapes by themselves are benign."""
    slots = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))[language]
    everyday = tomllib.loads((FOLDER / "everyday.toml").read_text(encoding="utf-8"))[language].splitlines()
    alone = [text for name, told in slots.items() for text in told]
    return [Sentence(text=text, category=0, harmful=False, template=text) for text in (*filter(None, everyday), *alone)]


def targets(data: list[Sentence]) -> tuple[torch.Tensor, torch.Tensor]:
    """Wanted scores and weights ``(N, 8)``: harm of another category says little about this one."""
    wanted = torch.zeros(len(data), len(CATEGORIES))
    weight = torch.ones(len(data), len(CATEGORIES))
    for row, sentence in enumerate(data):
        if sentence.harmful:
            wanted[row, sentence.category] = 1.0
            weight[row] = 0.1
            weight[row, sentence.category] = 4.0
        else:
            weight[row, sentence.category] = 3.0
    return wanted, weight


def fit_english(vectors: np.ndarray, data: list[Sentence]) -> dict[str, np.ndarray]:
    """Networks of one hidden layer over embeddings, from different seeds; side by side they are one, of their mean."""
    nets = [fit_net(torch.tensor(vectors), data, seed=SEED + number) for number in range(NETS)]
    first, last = [net[0] for net in nets], [net[3] for net in nets]
    return {
        "in": torch.cat([layer.weight for layer in first]).detach().T.numpy(),
        "in_bias": torch.cat([layer.bias for layer in first]).detach().numpy(),
        "out": torch.cat([layer.weight.T for layer in last]).detach().numpy() / NETS,
        "out_bias": torch.stack([layer.bias for layer in last]).mean(dim=0).detach().numpy(),
    }


def fit_net(x: torch.Tensor, data: list[Sentence], *, seed: int) -> torch.nn.Sequential:
    """One network. Dropout, decay and noise are strong: there are few sentences, and many directions."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    wanted, weight = targets(data)
    net = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], HIDDEN),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.5),
        torch.nn.Linear(HIDDEN, len(CATEGORIES)),
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.3)
    for _ in range(STEPS):
        rows = torch.randint(len(data), (256,))
        noisy = x[rows] + 0.03 * torch.randn(256, x.shape[1])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(noisy), wanted[rows], weight[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net


def hashed(texts: list[str]) -> torch.Tensor:
    """Pieces of Japanese texts as a sparse matrix of rows of length 1."""
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        found = pieces(text)
        rows += [row] * len(found)
        columns += found
        values += [len(found) ** -0.5] * len(found)
    return torch.sparse_coo_tensor(
        torch.tensor([rows, columns]), torch.tensor(values), (len(texts), BUCKETS)
    ).coalesce()


def fit_japanese(data: list[Sentence]) -> dict[str, np.ndarray]:
    """A logistic regression over pieces."""
    torch.manual_seed(SEED)
    x, (wanted, weight) = hashed([sentence.text for sentence in data]), targets(data)
    table = torch.zeros(BUCKETS, len(CATEGORIES), requires_grad=True)
    bias = torch.full((len(CATEGORIES),), -1.0, requires_grad=True)
    optimiser = torch.optim.Adam([table, bias], lr=0.05)
    for _ in range(250):
        logits = torch.sparse.mm(x, table) + bias
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, weight) + 1e-7 * (table**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {"ja": table.detach().numpy(), "ja_bias": bias.detach().numpy()}


def english(weights: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    return 1 / (
        1 + np.exp(-(np.maximum(x @ weights["in"] + weights["in_bias"], 0) @ weights["out"] + weights["out_bias"]))
    )


def japanese(weights: dict[str, np.ndarray], texts: list[str]) -> np.ndarray:
    logits = torch.sparse.mm(hashed(texts), torch.tensor(weights["ja"])).numpy() + weights["ja_bias"]
    return 1 / (1 + np.exp(-logits))


def check(data: list[Sentence], scored: np.ndarray) -> None:
    """Tell caught and false alarms at thresholds, and by category at 0.5."""
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        hit = scored.max(axis=1) >= threshold
        harm = np.array([sentence.harmful for sentence in data])
        print(f"  {threshold}: caught {hit[harm].mean():.3f}, false alarms {hit[~harm].mean():.3f}")
    for number, name in enumerate(CATEGORIES):
        own = np.array([sentence.category == number for sentence in data])
        hit = scored.max(axis=1) >= 0.5
        harm = np.array([sentence.harmful for sentence in data])
        print(f"  {name}: caught {hit[own & harm].mean():.3f}, false alarms {hit[own & ~harm].mean():.3f}")


def folds(data: list[Sentence]) -> np.ndarray:
    """The fold of each sentence; all of a template are in one."""
    names = sorted({sentence.template for sentence in data})
    random.Random(SEED).shuffle(names)
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    return np.array([fold[sentence.template] for sentence in data])


def main() -> None:
    """Fit, or check."""
    data = {language: [*sentences(language), *calm(language)] for language in ("en", "ja")}
    vectors = embed([sentence.text for sentence in data["en"]])
    print(
        {language: (sum(s.harmful for s in told), sum(not s.harmful for s in told)) for language, told in data.items()}
    )
    if "--check" in sys.argv:
        for language, told in data.items():
            fold, scored = folds(told), np.zeros((len(told), len(CATEGORIES)))
            for number in range(FOLDS):
                out = fold == number
                train = [sentence for sentence, left in zip(told, out, strict=True) if not left]
                test = [sentence for sentence, left in zip(told, out, strict=True) if left]
                if language == "en":
                    scored[out] = english(fit_english(vectors[~out], train), vectors[out])
                else:
                    scored[out] = japanese(fit_japanese(train), [sentence.text for sentence in test])
            print(language)
            check(told, scored)
    weights = fit_english(vectors, data["en"]) | fit_japanese(data["ja"])
    np.savez_compressed(WEIGHTS, **{name: value.astype(np.float16) for name, value in weights.items()})


if __name__ == "__main__":
    main()
