"""A second opinion on a text, from its letters: which strings of two to five, which words and which pairs of words stand in harmful
requests more than in harmless ones. A linear model over n-grams (as in Joulin et al. 2017), which errs elsewhere than the encoder.
``recipes/moderation/letters.py`` makes the weights.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

STRINGS = range(2, 6)
"""Lengths of strings of letters within a word, the blanks around it included."""
WEIGHTS = Path(__file__).with_name("weights") / "letters.npz"
_WORDS = re.compile(r"\w\w+")


def harm(text: str) -> float:
    """The logarithm of the odds that a text is harmful."""
    keys, weights, bias = _fitted()
    total = bias
    for counts in (strings(text), words(text)):
        own, values = valued(counts)
        at = np.searchsorted(keys, own).clip(max=len(keys) - 1)
        total += float(values @ np.where(keys[at] == own, weights[at], 0))
    return total


def strings(text: str) -> Counter[str]:
    """How often each string of letters stands in a text.

    >>> sorted(strings("A cat"))
    [' a', ' a ', ' c', ' ca', ' cat', ' cat ', 'a ', 'at', 'at ', 'ca', 'cat', 'cat ', 't ']
    """
    found: Counter[str] = Counter()
    for word in _plain(text).split():
        padded = f" {word} "
        for length in STRINGS:
            found.update(padded[at : at + length] for at in range(len(padded) - length + 1))
    return found


def words(text: str) -> Counter[str]:
    """How often each word of two letters or more, and each pair of such words, stands in a text.

    >>> sorted(words("A cat sat"))
    ['\\tcat', '\\tcat sat', '\\tsat']
    """
    found = _WORDS.findall(_plain(text))
    return Counter([f"\t{word}" for word in found] + [f"\t{one} {other}" for one, other in pairwise(found)])


def valued(counts: Counter[str]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """The hash of each n-gram and its value, 1 + log of the count, both ``(N,)``; the norm of the values is 1."""
    keys = np.fromiter((crc32(gram.encode("utf-8", "surrogatepass")) for gram in counts), np.uint32, len(counts))
    values = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return keys, (values / max(1e-6, float(np.linalg.norm(values)))).astype(np.float32)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@cache
def _fitted() -> tuple[NDArray[np.uint32], NDArray[np.float32], float]:
    """Hashes in ascending order ``(N,)``, their weights ``(N,)``, and what is there without any."""
    found = np.load(WEIGHTS)
    return found["keys"], found["weights"].astype(np.float32), float(found["bias"])
