"""Teach a trained text encoder more words without touching what it makes of those it knows.

Only the table of pieces learns: bare nouns and places (:func:`soramame.train.text.lexicon`) through the frozen encoder and its
frozen heads, while the features of ordinary captions are held where they were. So a DiT that was trained with the encoder
understands the new words without being trained again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from soramame.errors import TrainingError
from soramame.model.text import TextConfig, TextEncoder, tokenize
from soramame.train.text import Reader, Say, Wording, draw, lexicon, save_encoder


@dataclass(frozen=True, kw_only=True)
class WordsRun:
    """How words are taught: pairs and scenes (of two captions) a step, learning rate, and the weight of holding still."""

    words: int = 96
    scenes: int = 8
    lr: float = 3e-3
    hold: float = 4.0


def features(encoder: TextEncoder, texts: tuple[str, ...]) -> Tensor:
    """All token features and pooled vectors of some texts, flat ``(n, D)``."""
    ids, mask = tokenize(texts)
    tokens, pooled = encoder(ids, mask)
    return torch.cat((tokens[mask], pooled))


def teach_words(
    path: Path, *, steps: int, seed: int, threads: int, out: Path, run: WordsRun | None = None, say: Say = print
) -> TextEncoder:
    """Teach the encoder of ``path`` (its ``.state`` beside it has the heads) and write it to ``out``.

    Raises :class:`TrainingError` if the state is not there.
    """
    run = run or WordsRun()
    state = path.with_suffix(".state")
    if not state.exists():
        raise TrainingError(f"{state} is not there; words are taught by the heads of the text stage.")
    content = torch.load(state, map_location="cpu", weights_only=True)
    torch.set_num_threads(threads)
    reader = Reader(TextEncoder(TextConfig(**content["config"])))
    reader.load_state_dict(content["reader"])
    reader.eval().requires_grad_(False)
    before = copy.deepcopy(reader.encoder)
    table = reader.encoder.pieces.weight.requires_grad_(True)
    optimiser = torch.optim.Adam([table], betas=(0.9, 0.98))
    for step in range(steps):
        now = seed * 1_000_003 + step
        optimiser.param_groups[0]["lr"] = run.lr * (1 - step / steps)
        texts = draw(now, run.scenes, Wording(loose=0.0)).texts
        with torch.no_grad():
            kept = features(before, texts)
        by_tokens, by_pooled, _ = reader.told(lexicon(now, run.words))
        moved = (features(reader.encoder, texts) - kept).square().mean()
        optimiser.zero_grad(set_to_none=True)
        (by_tokens + by_pooled + run.hold * moved).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if (step + 1) % 50 == 0 or step + 1 == steps:
            say(f"words {step + 1}: {float((by_tokens + by_pooled).detach()):.3f}, moved {float(moved.detach()):.4f}")
    reader.requires_grad_(False)
    save_encoder(out, reader.encoder)
    return reader.encoder
