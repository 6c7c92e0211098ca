"""How likely a text is harmful, by category, where no exact rule says so: learnt from the sentences in recipes/moderation.

English: a layer of 64 over the embedding. Japanese, which the embedding does not know: pieces of two to four letters, hashed.
The whole text is judged and each of its clauses, because a long text dilutes what one clause says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soramame.safety.disguise import folded
from soramame.safety.embed import embed
from soramame.safety.match import JAPANESE

WEIGHTS = Path(__file__).with_name("weights") / "classifier.npz"
CATEGORIES = ("sexual", "minors", "violence", "hate", "self-harm", "people", "brands", "instructions")
BUCKETS = 1 << 14
PIECES = (1, 2, 3, 4)
"""Letters of a Japanese piece."""
SHORT_WORDS, LONG_WORDS = 4, 26
"""A clause of fewer words is judged with the next one; what is longer is cut."""
MOST_CLAUSES = 24

Array = npt.NDArray[np.float32]


def scores(text: str) -> Mapping[str, float]:
    """The highest score of a text and its clauses, in [0, 1], for each category."""
    found = np.zeros(len(CATEGORIES), np.float32)
    english, japanese = split(text)
    if english:
        found = np.maximum(found, english_scores(embed(english)).max(axis=0))
    if japanese:
        found = np.maximum(found, japanese_scores(japanese).max(axis=0))
    return {name: float(score) for name, score in zip(CATEGORIES, found, strict=True)}


def split(text: str) -> tuple[list[str], list[str]]:
    """The parts to judge, English and Japanese: clauses, and the whole where it is short."""
    parts = [part.strip() for part in re.split(r"[.!?;:\n。！？；：…]+|,\s|、|，|\s[-–—]+\s", text) if part.strip()]
    english = [part for part in parts if not JAPANESE.search(part) and re.search(r"[A-Za-z]{2}", part)]
    japanese = [part for part in parts if JAPANESE.search(part)]
    whole_japanese = ["、".join(japanese)] if 1 < len(japanese) <= 4 else []
    return _clauses(english)[:MOST_CLAUSES], (japanese + whole_japanese)[: 2 * MOST_CLAUSES]


def _clauses(parts: Sequence[str]) -> list[str]:
    """Parts as they are, cut where they are long, and joined where they are short."""
    clauses: list[list[str]] = []
    for part in parts:
        words = part.split()
        joins = bool(clauses) and min(len(words), len(clauses[-1])) < SHORT_WORDS
        if joins and len(clauses[-1]) + len(words) <= LONG_WORDS:
            clauses[-1] = [*clauses[-1][:-1], clauses[-1][-1] + ",", *words]
            continue
        while len(words) > LONG_WORDS:
            clauses.append(words[: LONG_WORDS - 8])
            words = words[LONG_WORDS - 12 :]
        clauses.append(words)
    return [" ".join(words) for words in clauses]


def english_scores(embedded: Array) -> Array:
    """Scores ``(N, 8)`` of embeddings ``(N, 384)``."""
    weights = _weights()
    hidden = np.maximum(embedded @ weights["in"] + weights["in_bias"], 0.0)
    return _sigmoid(hidden @ weights["out"] + weights["out_bias"])


def japanese_scores(texts: Sequence[str]) -> Array:
    """Scores ``(N, 8)`` of Japanese texts."""
    weights = _weights()
    return np.stack(
        [_sigmoid(weights["ja"][pieces(text)].sum(axis=0) * _share(text) + weights["ja_bias"]) for text in texts]
    )


def pieces(text: str) -> list[int]:
    """Buckets of the pieces of a Japanese text, each once."""
    plain = re.sub(r"[\s\W]+", "", folded(text).lower())
    cut = {f"{size}{plain[at : at + size]}" for size in PIECES for at in range(len(plain) - size + 1)}
    return sorted({zlib.crc32(piece.encode()) % BUCKETS for piece in cut})


def _share(text: str) -> float:
    """A long text has more pieces: each counts less."""
    return float(1.0 / np.sqrt(max(len(pieces(text)), 1)))


def _sigmoid(logits: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), np.float32)


@cache
def _weights() -> Mapping[str, Array]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
