"""Make the classifier of the prompt check from the sentences in this folder.

Writes src/soramame/safety/weights/classifier.safetensors and japanese.json. Those in the package were made by

    python recipes/moderation/fit.py --epochs 2
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5
    python recipes/moderation/fit.py --go-on --epochs 1 --rate 0.25 --whole k --share 0.35
    python recipes/moderation/fit.py --go-on --epochs 1 --rate 0.7 --whole lmnopqrs --share 0.3 --mix 0.5

of which the first had not i_long and j_japanese yet, the first two not k_plain, and only the last l to s: two hours of two cores. With
--without NAME (an author's file in pairs/), nothing is written: it tells how well that author's sentences are judged by a classifier
that has seen none of them.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from torch import Tensor, nn

from soramame.safety import encoder as enc
from soramame.safety.classify import CATEGORIES

FOLDER = Path(__file__).parent
SEED, RANK, BATCH = 7, 16, 32
LONGEST = 80
"""Pieces of a sentence to fit to: longer than the windows that are judged, so that a whole long request is learnt from."""
FILLED = {"en": 3, "ja": 3}
"""Sentences made from a template with slots."""
OWN = "first"
"""The author of the templates."""
ANY = len(CATEGORIES)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, its category (-1: none), whether it is harmful, who wrote it, and the same in the other language, if that is there."""

    text: str
    category: int
    harmful: bool
    language: str
    author: str
    other: str = ""


def pairs() -> list[Sentence]:
    """What the authors wrote, English and Japanese."""
    found = []
    for path in sorted((FOLDER / "pairs").glob("*.tsv")):
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            name, harmful, english, japanese = line.split("\t")
            category = CATEGORIES.index(name) if name in CATEGORIES else -1
            sentence = Sentence(
                text=english, category=category, harmful=harmful == "1", language="en", author=path.stem, other=japanese
            )
            found += [sentence, replace(sentence, text=japanese, language="ja", other=english)]
    return found


def templates(language: str) -> list[Sentence]:
    """The sentences of the templates, filled; the same ones each time."""
    slots = slots_of(language)
    everyday = tomllib.loads((FOLDER / "everyday.toml").read_text(encoding="utf-8"))[language].split("\n")
    told = [(-1, False, text) for text in filter(None, everyday)]
    told += [(-1, False, text) for alone in slots.values() for text in alone]
    for number, name in enumerate(CATEGORIES):
        data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[language]
        own = slots | {key: value for key, value in data.items() if isinstance(value, list)}
        for harmful in (True, False):
            for template in filter(None, data["harmful" if harmful else "benign"].splitlines()):
                draw = random.Random(f"{SEED} {template}")
                told += [(number, harmful, text) for text in filled(template, own, draw, FILLED[language])]
    return [Sentence(text=t, category=c, harmful=h, language=language, author=OWN) for c, h, t in told]


def slots_of(language: str) -> dict[str, list[str]]:
    """What templates leave open, and what stands beside sentences."""
    slots: dict[str, list[str]] = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))[language]
    return slots


def filled(template: str, slots: dict[str, list[str]], draw: random.Random, most: int) -> list[str]:
    """A template with its slots filled in different ways."""
    texts = {template}
    if "{" in template:
        texts = {re.sub(r"{(\w+)}", lambda match: draw.choice(slots[match[1]]), template) for _ in range(most)}
    return sorted(texts)


class Dresser:
    """Sentences as users write them: with a frame before, a style behind, harmless sentences beside, a typing error."""

    def __init__(self, data: Sequence[Sentence]) -> None:
        self.slots = {language: slots_of(language) for language in ("en", "ja")}
        self.calm = {
            language: [one.text for one in data if one.language == language and not one.harmful]
            for language in ("en", "ja")
        }

    def __call__(self, one: Sentence, draw: random.Random) -> str:
        """The sentence, dressed in a third of the cases."""
        text, slots, english = one.text, self.slots[one.language], one.language == "en"
        blank, comma = (" ", ", ") if english else ("", "、")
        dice = draw.random()
        if dice < 0.12:
            beside = draw.choice(self.calm[one.language]).rstrip(".。")
            stop = ". " if english else "。"
            text = f"{text.rstrip('.。')}{stop}{beside}" if draw.random() < 0.5 else f"{beside}{stop}{text}"
        elif dice < 0.18:
            text = draw.choice(slots["frame"]) + blank + text
        elif dice < 0.26:
            text = text.rstrip(".。") + comma + draw.choice(slots["style"])
        elif dice < 0.30 and english and len(text) > 12:
            at = draw.randrange(2, len(text) - 2)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        elif dice < 0.36 and not one.harmful:
            parts = re.split(r"(?<=[,;.。、])", text)
            first = draw.randrange(len(parts))
            text = "".join(parts[first : first + draw.randint(1, 2)]).strip(" ,;.、。") or text
        return text


def learnt_pieces(texts: Sequence[str]) -> Tokenizer:
    """Pieces of Japanese: frequent strings of one script each, and every letter."""
    tokenizer = Tokenizer(models.BPE(unk_token="?"))
    scripts = Regex(r"[\u3400-\u9fff々]+|[\u30a0-\u30ff]+|[\u3041-\u309f]+|.")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(scripts, behavior="isolated")
    trainer = trainers.BpeTrainer(vocab_size=5000, min_frequency=3, special_tokens=["?"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def beginnings(data: Sequence[Sentence], tokenizer: Tokenizer, weights: dict[str, Tensor]) -> Tensor:
    """Where the rows of Japanese pieces begin ``(N, 384)``: at the mean of the English pieces that they most often go with (Dice)."""
    words, count = weights["words.weight"][: enc.WORDS], tokenizer.get_vocab_size()
    together: dict[int, Counter[int]] = defaultdict(Counter)
    ours, theirs = Counter[int](), Counter[int]()
    for one in data:
        if one.language != "ja" or not one.other:
            continue
        own = set(tokenizer.encode(one.text).ids)
        other = {piece for piece in enc.pieces(one.other, japanese=tokenizer) if piece < enc.WORDS}
        ours.update(own)
        theirs.update(other)
        for piece in own:
            together[piece].update(other)
    table = words.mean(0, keepdim=True).repeat(count, 1)
    for piece, seen in together.items():
        shares = {word: 2 * number / (ours[piece] + theirs[word]) for word, number in seen.items()}
        best = sorted(shares, key=lambda word: -shares[word])[:3]
        share = torch.tensor([shares[word] for word in best])
        table[piece] = (share[:, None] / share.sum() * words[best]).sum(0)
    return table


def framed(text: str, tokenizer: Tokenizer) -> list[int]:
    """The pieces of a window."""
    return [enc.BEGIN, *enc.pieces(text, japanese=tokenizer)[:LONGEST], enc.END]


class Fitted:
    """What is fitted: low-rank steps beside the frozen matrices of the layers, rows of Japanese pieces, the head, and a map from the
    states to those that the published encoder has for the same in English.
    """

    def __init__(self, encoder: enc.Encoder, table: Tensor) -> None:
        self.encoder = encoder.requires_grad_(False)
        self.steps: dict[str, tuple[nn.Parameter, nn.Parameter]] = {}
        for name, weight in encoder.layers.named_parameters():
            if name.endswith(enc.MOVED):
                down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / weight.shape[1] ** 0.5)
                self.steps[name] = (down, nn.Parameter(torch.zeros(weight.shape[0], RANK)))
        self.english, self.japanese = encoder.words.weight[: enc.WORDS].clone(), nn.Parameter(table.clone())
        self.head, self.back = nn.Linear(enc.SIZE, ANY + 1), nn.Linear(enc.SIZE, enc.SIZE)
        with torch.no_grad():
            self.back.weight.copy_(torch.eye(enc.SIZE))
            self.back.bias.zero_()

    def groups(self) -> list[dict[str, Any]]:
        """Parameters with the highest learning rate of each."""
        steps = [one for both in self.steps.values() for one in both]
        heads = [*self.head.parameters(), *self.back.parameters()]
        return [{"params": steps + heads, "peak": 1e-3}, {"params": [self.japanese], "peak": 2e-3, "weight_decay": 0.0}]

    def states(self, ids: Tensor) -> Tensor:
        """As :meth:`soramame.safety.encoder.Encoder.states` will be; with the frozen matrices apart, half as dear to differentiate."""
        encoder, there = self.encoder, ids != 0
        own = (ids >= enc.WORDS)[..., None]
        words = F.embedding(ids.clamp(max=enc.WORDS - 1), self.english)
        words = torch.where(own, F.embedding((ids - enc.WORDS).clamp(min=0), self.japanese), words)
        x = encoder.norm(words + encoder.places.weight[: ids.shape[1]])
        for number, layer in enumerate(encoder.layers.layers):
            looked = self._attention(layer.self_attn, f"layers.{number}.self_attn.", x, there)
            x = layer.norm1(x + looked)
            inner = F.gelu(self._linear(f"layers.{number}.linear1.weight", layer.linear1, x))
            x = layer.norm2(x + self._linear(f"layers.{number}.linear2.weight", layer.linear2, inner))
        return (x * (there / there.sum(1, keepdim=True))[..., None]).sum(1)

    def _attention(self, layer: nn.MultiheadAttention, name: str, x: Tensor, there: Tensor) -> Tensor:
        both = F.linear(x, layer.in_proj_weight, layer.in_proj_bias) + self._step(f"{name}in_proj_weight", x)
        query, key, value = (one.unflatten(-1, (enc.HEADS, -1)).transpose(1, 2) for one in both.chunk(3, -1))
        looked = F.scaled_dot_product_attention(query, key, value, there[:, None, None])
        return self._linear(f"{name}out_proj.weight", layer.out_proj, looked.transpose(1, 2).flatten(2))

    def _linear(self, name: str, layer: nn.Linear, x: Tensor) -> Tensor:
        return layer(x) + self._step(name, x)

    def _step(self, name: str, x: Tensor) -> Tensor:
        down, up = self.steps[name]
        return F.linear(F.linear(x, down), up)

    @torch.no_grad()
    def take(self, kept: dict[str, Tensor]) -> None:
        """Go on from what was fitted before."""
        self.japanese.copy_(kept["japanese"])
        self.head.weight.copy_(kept["head.weight"])
        self.head.bias.copy_(kept["head.bias"])
        for name, (down, up) in self.steps.items():
            down.copy_(kept[f"{name}.down"])
            up.copy_(kept[f"{name}.up"])

    def kept(self) -> dict[str, Tensor]:
        """What the encoder loads."""
        kept = {"japanese": self.japanese, "head.weight": self.head.weight, "head.bias": self.head.bias}
        for name, (down, up) in self.steps.items():
            kept |= {f"{name}.down": down, f"{name}.up": up}
        return {name: value.detach().half().contiguous() for name, value in kept.items()}


def mixed(new: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """The mean of what was fitted before and now: it keeps more of what either knows (Wortsman et al. 2022)."""
    if share == 1:
        return new
    old = load_file(enc.WEIGHTS)
    return {name: torch.lerp(old[name].float(), value.float(), share).half() for name, value in new.items()}


def targets(some: Sequence[Sentence]) -> tuple[Tensor, Tensor]:
    """Wanted scores and weights ``(N, 9)``: harm of another category says little about this one."""
    wanted, weight = torch.zeros(len(some), ANY + 1), torch.full((len(some), ANY + 1), 0.5)
    for row, one in enumerate(some):
        weight[row, ANY] = 2.0
        if one.harmful:
            weight[row, :ANY] = 0.1
            wanted[row, [one.category, ANY]] = 1.0
        if one.category >= 0:
            weight[row, one.category] = 2.0
    return wanted, weight


def batches(data: Sequence[Sentence], draw: random.Random) -> Iterator[list[Sentence]]:
    """Every sentence once, in batches of like length."""
    order = sorted(data, key=lambda one: len(one.text) * (2.2 if one.language == "ja" else 1) * draw.uniform(0.8, 1.2))
    some = [list(order[at : at + BATCH]) for at in range(0, len(order), BATCH)]
    draw.shuffle(some)
    yield from some


def begin(data: Sequence[Sentence]) -> tuple[Fitted, Tokenizer]:
    """Nothing fitted yet: pieces of Japanese, and where their rows begin."""
    tokenizer = learnt_pieces([one.text for one in data if one.language == "ja"])
    table = beginnings(data, tokenizer, enc.published(torch.zeros(0, enc.SIZE)))
    return Fitted(enc.begun(table, ANY + 1).eval(), table), tokenizer


def before() -> tuple[Fitted, Tokenizer]:
    """What was fitted before."""
    kept = {name: value.float() for name, value in load_file(enc.WEIGHTS).items()}
    fitted = Fitted(enc.begun(kept["japanese"], ANY + 1).eval(), kept["japanese"])
    fitted.take(kept)
    return fitted, Tokenizer.from_file(str(enc.JAPANESE_PIECES))


def fit(fitted: Fitted, tokenizer: Tokenizer, data: Sequence[Sentence], *, epochs: int, rate: float) -> None:
    """Fit to some sentences."""
    torch.manual_seed(SEED)
    loose = Tokenizer.from_str(tokenizer.to_str())
    loose.model.dropout = 0.1
    known = known_states(fitted, data, tokenizer)
    optimiser = torch.optim.AdamW(fitted.groups(), lr=1e-3, weight_decay=0.01)
    draw, dress, began, step, mean = random.Random(SEED), Dresser(data), time.time(), 0, 0.0
    steps = epochs * -(-len(data) // BATCH)
    for _ in range(epochs):
        for some in batches(data, draw):
            for group in optimiser.param_groups:
                group["lr"] = rate * group["peak"] * min(1.0, (step + 1) / 100, (steps - step) / (0.7 * steps))
            loss = loss_of(fitted, some, [framed(dress(one, draw), loose) for one in some], known)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([p for group in optimiser.param_groups for p in group["params"]], 1.0)
            optimiser.step()
            step, mean = step + 1, 0.98 * mean + 0.02 * float(loss.detach())
            if step % 50 == 0:
                print(f"step {step} of {steps}, {time.time() - began:.0f} s, loss {mean:.4f}", flush=True)


def loss_of(fitted: Fitted, some: Sequence[Sentence], cut: Sequence[Sequence[int]], known: dict[str, Tensor]) -> Tensor:
    """Cross entropy of the scores; and a Japanese sentence has to be known by what it says in English."""
    wanted, weight = targets(some)
    states = fitted.states(enc.padded(cut))
    loss = F.binary_cross_entropy_with_logits(fitted.head(F.dropout(states, 0.1)), wanted, weight)
    rows = [row for row, one in enumerate(some) if one.language == "ja" and one.other]
    if rows:
        english = torch.stack([known[some[row].other] for row in rows])
        loss = loss + 0.5 * (1 - F.cosine_similarity(fitted.back(states[rows]), english)).mean()
    return loss


@torch.inference_mode()
def known_states(fitted: Fitted, data: Sequence[Sentence], tokenizer: Tokenizer) -> dict[str, Tensor]:
    """The states that the published encoder has for English sentences that are there in Japanese too."""
    texts = sorted({one.other for one in data if one.language == "ja" and one.other}, key=len)
    known: dict[str, Tensor] = {}
    for at in range(0, len(texts), 64):
        some = texts[at : at + 64]
        known |= zip(
            some,
            fitted.states(enc.padded([framed(text, tokenizer) for text in some])).clone(),
            strict=True,
        )
    return known


@torch.inference_mode()
def judged(fitted: Fitted, texts: Sequence[str], tokenizer: Tokenizer) -> Tensor:
    """Scores ``(N, 9)``."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    result = torch.zeros(len(texts), ANY + 1)
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        states = fitted.states(enc.padded([framed(texts[row], tokenizer) for row in rows]))
        result[rows] = fitted.head(states).sigmoid()
    return result


def tell(scores: Tensor, data: Sequence[Sentence]) -> None:
    """Caught and false alarms at thresholds, and by category and language at 0.5."""
    best = {"categories": scores[:, :ANY].amax(1), "any": scores[:, ANY]}
    best["mean"] = (best["categories"] + best["any"]) / 2
    harm = torch.tensor([one.harmful for one in data])
    for name, found in best.items():
        for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            hit = (found >= threshold).float()
            print(f"  {name} {threshold}: caught {hit[harm].mean():.3f}, false alarms {hit[~harm].mean():.3f}")
    for language in ("en", "ja"):
        for number, name in [*enumerate(CATEGORIES), (-1, "everyday")]:
            own = torch.tensor([one.category == number and one.language == language for one in data])
            hit = (best["mean"] >= 0.5).float()
            print(
                f"  {language} {name}: caught {hit[own & harm].mean():.3f} of {int((own & harm).sum())}, "
                f"false alarms {hit[own & ~harm].mean():.3f} of {int((own & ~harm).sum())}"
            )


def main() -> None:
    """Fit, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--go-on", action="store_true", help="from what was fitted before")
    parser.add_argument("--rate", type=float, default=1.0, help="of the highest learning rates")
    parser.add_argument("--whole", default="", help="authors of whom all is taken, by first letters: lmn")
    parser.add_argument("--share", type=float, default=1.0, help="of what the others wrote")
    parser.add_argument(
        "--mix", type=float, default=1.0, help="share of the new in the mean of it and of what it began with"
    )
    told = parser.parse_args()
    everything = [*pairs(), *templates("en"), *templates("ja")]
    data = [one for one in everything if not told.without or not one.author.startswith(told.without)]
    draw = random.Random(SEED)
    whole = tuple(f"{letter}_" for letter in told.whole)
    data = [one for one in data if one.author.startswith(whole) or draw.random() < told.share]
    print(len(data), Counter((one.language, one.harmful) for one in data))
    fitted, tokenizer = before() if told.go_on else begin(data)
    fit(fitted, tokenizer, data, epochs=told.epochs, rate=told.rate)
    if told.without:
        left = [one for one in everything if one.author.startswith(told.without)]
        tell(judged(fitted, [one.text for one in left], tokenizer), left)
    else:
        save_file(mixed(fitted.kept(), told.mix), enc.WEIGHTS)
        tokenizer.save(str(enc.JAPANESE_PIECES), pretty=False)


if __name__ == "__main__":
    main()
