"""The text stage: the encoder learns to read captions, without a single picture.

From captions of sampled scenes it tells the facts that they state, by linear heads on the pooled vector and on the
tokens gathered by one query a fact; and it draws the captions of one scene together, English and Japanese, short and
long (the contrastive loss of CLIP, Radford et al. 2021). The heads are thrown away; the DiT reads the features.
"""

from __future__ import annotations

import json
import math
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.errors import ConfigError, TrainingError
from soramame.model.text import TextConfig, TextEncoder, tokenize
from soramame.world.actions import ACTIONS
from soramame.world.captions import Caption, Language, Length, Split, caption_with_facts, facts_of, loose
from soramame.world.captions.english import many_of
from soramame.world.palette import COLOURS
from soramame.world.places import PLACES
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import MOODS, MOVES, SIDES, STYLES, TIMES, WEATHERS
from soramame.world.subjects import SUBJECTS

Say = Callable[[str], None]
UNSEEN = 1 << 40
"""Scenes of seeds from here on are for testing."""


def labels() -> dict[str, tuple[str, ...]]:
    """Every fact that a caption may state, with its possible labels, in a fixed order."""
    subjects, places, actions, colours = tuple(SUBJECTS), tuple(PLACES), tuple(ACTIONS), tuple(COLOURS)
    facts: dict[str, tuple[str, ...]] = {
        "place": places, "time": TIMES, "weather": WEATHERS, "subject": (*subjects, "none"),
        "count": tuple("012345"), "count_b": tuple("12345"), "subject_b": subjects,
        "relation": ("left of", "right of", "behind", "in front of"),
        "camera": MOVES, "style": STYLES, "shots": tuple("123"), "place2": places, "place3": places,
    }  # fmt: skip
    for end in ("", "_b"):
        facts |= {f"colour{end}": colours, f"side{end}": SIDES, f"size{end}": ("small", "large"), f"mood{end}": MOODS}
        facts |= {f"action{end}": actions, f"then{end}": actions, f"direction{end}": ("left", "right")}
    slots: dict[str, dict[str, None]] = {}
    for subject in SUBJECTS.values():
        for slot, allowed in subject.slots.items():
            slots.setdefault(slot, {}).update(dict.fromkeys(allowed))
    return facts | {f"look.{slot}": tuple(allowed) for slot, allowed in sorted(slots.items())}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A batch: texts, and for each the label's number of each fact ``(B, F)``, -1 where the text does not state it."""

    texts: tuple[str, ...]
    targets: Tensor


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How captions of a batch are worded; ``loose`` and ``breadth`` are shares (of loose words, of the whole world)."""

    split: Split = "all"
    loose: float = 0.2
    breadth: float = 0.5
    long: float = 0.3
    japanese: float = 0.5


def target(told: Caption, facts: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> list[int]:
    """The number of the stated label of each fact, -1 if it is not stated."""
    return [names[fact].index(facts[fact]) if fact in told.stated else -1 for fact in names]


def draw(seed: int, scenes: int, wording: Wording, *, first: int = 0) -> Sheet:
    """Two captions of each of some scenes: the first ones, then the second ones. Seeds of scenes begin at ``first``."""
    rng, names = random.Random(seed), labels()
    told: list[list[Caption]] = [[], []]
    facts: list[dict[str, str]] = []
    for _ in range(scenes):
        curriculum = Curriculum.world() if rng.random() < wording.breadth else Curriculum.mame()
        scene = sample_scene(first + rng.randrange(1 << 40), curriculum)
        facts.append(facts_of(scene))
        for half in told:
            language: Language = "ja" if rng.random() < wording.japanese else "en"
            length: Length = "long" if rng.random() < wording.long else "short"
            half.append(
                caption_with_facts(
                    scene,
                    seed=rng.randrange(1 << 40),
                    length=length,
                    language=language,
                    split=wording.split,
                    loose=rng.random() < wording.loose,
                )
            )
    rows = [target(one, fact, names) for half in told for one, fact in zip(half, facts, strict=True)]
    return Sheet(texts=tuple(one.text for half in told for one in half), targets=torch.tensor(rows))


def lexicon(seed: int, count: int) -> Sheet:
    """Bare pairs of a noun and a place, loose words included: rare words are met more often than captions bring them."""
    rng, names = random.Random(seed), labels()
    facts, texts, rows = tuple(names), [], []
    for _ in range(count):
        english = rng.random() < 0.5
        nouns, places = (loose.NOUNS_EN, loose.PLACES_EN) if english else (loose.NOUNS_JA, loose.PLACES_JA)
        subject, place = rng.choice(tuple(nouns)), rng.choice(tuple(places))
        patterns = ("{n} in {p}", "{n}, {p}", "{p} with {n}") if english else ("{p}の{n}", "{n}、{p}", "{p}に{n}")
        noun = rng.choice(nouns[subject])
        noun = many_of(noun) if english and rng.random() < 0.3 else noun
        texts.append(rng.choice(patterns).format(n=noun, p=rng.choice(places[place])))
        told = {"subject": subject, "place": place}
        rows.append([names[fact].index(told[fact]) if fact in told else -1 for fact in facts])
    return Sheet(texts=tuple(texts), targets=torch.tensor(rows))


class Reader(nn.Module):
    """The encoder with its heads: logits ``(B, F, labels)`` from the pooled vector and from the tokens."""

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        sizes = [len(options) for options in labels().values()]
        dim, facts, most = encoder.config.dim, len(sizes), max(sizes)
        self.queries = nn.Parameter(torch.randn(facts, dim) * dim**-0.5)
        self.from_tokens = nn.Parameter(torch.randn(facts, most, dim) * dim**-0.5)
        self.from_pooled = nn.Linear(dim, facts * most)
        self.stated = nn.Linear(dim, facts)
        self.register_buffer("legal", torch.arange(most) < torch.tensor(sizes)[:, None], persistent=False)
        self.legal: Tensor

    def encode(self, texts: tuple[str, ...]) -> tuple[Tensor, Tensor]:
        """Gathered tokens ``(B, F, D)`` and pooled vectors ``(B, D)``; texts of like length go together."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number].encode()))
        gathered, pooled = [], []
        for part in range(0, len(order), -(-len(order) // 4)):
            ids, mask = tokenize([texts[number] for number in order[part : part + -(-len(order) // 4)]])
            tokens, vector = self.encoder(ids, mask)
            scores = torch.einsum("bld,fd->bfl", tokens, self.queries).masked_fill(~mask[:, None], float("-inf"))
            gathered.append(scores.softmax(-1) @ tokens)
            pooled.append(vector)
        back = torch.tensor(order).argsort()
        return torch.cat(gathered)[back], torch.cat(pooled)[back]

    def logits(self, gathered: Tensor, pooled: Tensor) -> tuple[Tensor, Tensor]:
        """Logits from tokens and from pooled vectors, -inf where a fact has no such label."""
        tokens = torch.einsum("bfd,fnd->bfn", gathered, self.from_tokens)
        whole = self.from_pooled(pooled).view_as(tokens)
        return tokens.masked_fill(~self.legal, float("-inf")), whole.masked_fill(~self.legal, float("-inf"))

    def told(self, sheet: Sheet) -> tuple[Tensor, Tensor, Tensor]:
        """Cross-entropies of stated facts by tokens and by pooled vectors, and the pooled vectors."""
        gathered, pooled = self.encode(sheet.texts)
        by_tokens, by_pooled = (
            F.cross_entropy(logits.flatten(0, 1), sheet.targets.flatten(), ignore_index=-1)
            for logits in self.logits(gathered, pooled)
        )
        return by_tokens, by_pooled, pooled

    def loss(self, sheet: Sheet, words: Sheet | None = None) -> dict[str, Tensor]:
        """How wrong facts of captions and ``words`` are read, which are stated, and which captions belong together."""
        by_tokens, by_pooled, pooled = self.told(sheet)
        stated = F.binary_cross_entropy_with_logits(self.stated(pooled), (sheet.targets >= 0).float())
        a, b = F.normalize(pooled, dim=-1).chunk(2)
        alike, same = a @ b.T / 0.1, torch.arange(len(a))
        together = (F.cross_entropy(alike, same) + F.cross_entropy(alike.T, same)) / 2
        parts = {"tokens": by_tokens, "pooled": by_pooled, "stated": stated, "together": 0.15 * together}
        if words is not None:
            parts["words"] = 0.25 * sum(self.told(words)[:2], torch.zeros(()))
        return {"loss": sum(parts.values(), torch.zeros(())), **parts}


@torch.no_grad()
def accuracy(reader: Reader, sheet: Sheet, *, pooled: bool = False) -> dict[str, tuple[float, int]]:
    """Share of right labels of each fact, and how many captions stated it; by the tokens or the ``pooled`` vector."""
    reader.eval()
    guess = reader.logits(*reader.encode(sheet.texts))[int(pooled)].argmax(-1)
    result = {}
    for column, fact in enumerate(labels()):
        told = sheet.targets[:, column] >= 0
        if told.any():
            right = (guess[told, column] == sheet.targets[told, column]).float().mean()
            result[fact] = (float(right), int(told.sum()))
    return result


def _rate(step: int, steps: int, peak: float) -> float:
    """Warm-up, then a cosine to 0."""
    return peak * min(1.0, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * step / steps))


@dataclass(frozen=True, kw_only=True)
class TextRun:
    """How the stage learns: scenes (of two captions) and words a step, highest rate, wordings.

    The learning rate falls to 0 at step ``plan``; without it, at the last step of the call.
    """

    scenes: int = 48
    lr: float = 1.5e-3
    blur: float = 0.15
    words: int = 48
    wording: Wording = field(default_factory=Wording)
    save_minutes: float = 1.0
    plan: int | None = None


def train_text(
    config: TextConfig,
    *,
    steps: int,
    seed: int,
    threads: int,
    out: Path,
    run: TextRun | None = None,
    minutes: float | None = None,
    say: Say = print,
) -> TextEncoder:
    """Train the encoder and write ``out`` (``{"config": fields, "model": fp32 state}``), for ``minutes`` at most.

    It goes on from ``out`` with the suffix ``.state`` if that is there, as if it had never stopped: batches are drawn
    from seed and step; without a state, from the encoder in ``out``. Raises :class:`TrainingError` if either is of
    another configuration.
    """
    if steps < 1 or threads < 1:
        raise ConfigError("the text stage needs at least one step and one thread.")
    run = run or TextRun()
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    reader = Reader(TextEncoder(config, blur=run.blur))
    optimiser = _optimiser(reader)
    step = _resume(out, config, reader, optimiser)
    saved = begun = time.monotonic()
    reader.train()
    while step < steps and (minutes is None or time.monotonic() - begun < 60 * minutes):
        now = seed * 1_000_003 + step
        torch.manual_seed(now)
        words = lexicon(now, run.words) if run.words else None
        losses = reader.loss(draw(now, run.scenes, run.wording), words)
        values = _step(reader, optimiser, losses, _rate(step, run.plan or steps, run.lr))
        step += 1
        if step % 50 == 0 or step == steps:
            say(json.dumps({"step": step, "seconds": round(time.monotonic() - begun, 1), **values}))
        if time.monotonic() - saved > 60 * run.save_minutes:
            saved = time.monotonic()
            _save(out, config, reader, optimiser, step)
    _save(out, config, reader, optimiser, step)
    return reader.encoder.eval()


def _optimiser(reader: Reader) -> torch.optim.AdamW:
    matrices: dict[str, object] = {"params": [p for p in reader.parameters() if p.ndim > 1]}
    vectors: dict[str, object] = {"params": [p for p in reader.parameters() if p.ndim < 2], "weight_decay": 0.0}
    return torch.optim.AdamW([matrices, vectors], weight_decay=0.01, betas=(0.9, 0.98))


def _step(reader: Reader, optimiser: torch.optim.Optimizer, losses: dict[str, Tensor], rate: float) -> dict[str, float]:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    losses["loss"].backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimiser.step()
    return {name: round(float(value.detach()), 4) for name, value in losses.items()}


def save_encoder(out: Path, encoder: TextEncoder) -> None:
    """Write an encoder as ``{"config": its fields, "model": its fp32 state}``, whole or not at all."""
    weights = {name: value.float() for name, value in encoder.state_dict().items()}
    _write(out, {"config": asdict(encoder.config), "model": weights})


def _save(out: Path, config: TextConfig, reader: Reader, optimiser: torch.optim.Optimizer, step: int) -> None:
    state = {"config": asdict(config), "reader": reader.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    _write(out.with_suffix(".state"), state)
    save_encoder(out, reader.encoder)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(content, part)
    os.replace(part, path)


def _resume(out: Path, config: TextConfig, reader: Reader, optimiser: torch.optim.Optimizer) -> int:
    path = out.with_suffix(".state")
    begun = path if path.exists() else out
    if not begun.exists():
        return 0
    state = torch.load(begun, map_location="cpu", weights_only=True)
    if state["config"] != asdict(config):
        raise TrainingError(f"{begun} is of another configuration; give another folder or remove it.")
    if begun is out:
        reader.encoder.load_state_dict(state["model"])
        return 0
    reader.load_state_dict(state["reader"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])
