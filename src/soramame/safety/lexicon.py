"""The words that a reader knows, frequent ones first, and those that the rules mind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

VOCABULARY = Path(__file__).with_name("weights") / "vocab.txt"
"""The word pieces of the embedding model (BERT, uncased), frequent ones first."""
_FIRST_WORD = 1996
"""The line of "the"; what stands before are marks and single letters."""
_ONE_LETTER = frozenset("aiou")
_TWO_LETTERS = " ad ah am an as at be by do go he hi if in is it me my no of oh on or so to tv up us we "

_DOUBLED = re.compile(r"([^aeiou]+[aeiou]([bdgklmnprt]))\2(?:ing|ed|ers?)")
"""A form of a short word, with the last letter twice: batting is of bat, and no trick of who means another word."""
_MEANT = frozenset({"rapped", "rapping"})
"""Those that are meant although with one letter less the rules mind them."""


class Lexicon:
    """A dictionary of English words with their frequency."""

    def __init__(self, minded: Iterable[str]) -> None:
        self._minded = frozenset(word for word in minded if len(word) > 2 and word.isascii())
        self._rank = _ranks()

    def knows(self, word: str) -> bool:
        """Whether this is a word as it stands."""
        if word in self._rank or word in self._minded or (word[:-1] in self._rank and word[-1:] == "s"):
            return True
        form = _DOUBLED.fullmatch(word)
        return (
            form is not None
            and form[1] in self._rank
            and (word in _MEANT or not self.minds(word.replace(form[2] * 2, form[2])))
        )

    def minds(self, word: str) -> bool:
        """Whether the rules have this word."""
        return word in self._minded

    def masked(self, word: str) -> str:
        """The one word of the rules that has this shape, where marks stand for any letter; empty if there is none."""
        pattern = re.compile("".join(letter if letter.isalpha() else "[a-z]" for letter in word))
        fitting = [other for other in self._minded if len(other) == len(word) and pattern.fullmatch(other)]
        return min(fitting, key=lambda other: (self._rank.get(other, 99999), other)) if fitting else ""

    def cut(self, letters: str, *, least: int) -> str:
        """Words run together, with spaces; each of at least so many letters. Empty if they cannot be cut well."""
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ())] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 18), end - least + 1):
                before, cost = best[start], self._cost(letters[start:end])
                if before is None or cost is None:
                    continue
                total = before[0] + cost
                found = best[end]
                if found is None or total < found[0]:
                    best[end] = (total, (*before[1], letters[start:end]))
        whole = best[-1]
        return " ".join(whole[1]) if whole and whole[0] < 2.6 * len(letters) else ""

    def _cost(self, word: str) -> float | None:
        if len(word) == 1:
            return 4.5 if word in _ONE_LETTER else None
        if len(word) == 2 and f" {word} " not in _TWO_LETTERS:
            return None
        rank = self._rank.get(word)
        if rank is None and word[-1] == "s" and len(word) > 4:
            rank = self._rank.get(word[:-1])
        if rank is None:
            rank = 8000 if word in self._minded else None
        # A letter of a frequent word is cheap: cut at few places, and where frequent words come out.
        return None if rank is None else log(rank + 10.0) + 2.0


@cache
def _ranks() -> dict[str, int]:
    lines = VOCABULARY.read_text(encoding="utf-8").split("\n")
    words = {word: rank for rank, word in enumerate(lines[_FIRST_WORD:], start=1) if word.isalpha() and len(word) > 1}
    return words | {"a": 5, "i": 10}
