"""Phrases found in a text in one pass: a dictionary from first words (Japanese: first letters) to what may follow.

English phrases are words. ``a|b`` is either, ``word+`` any of its forms (kill+: kill, kills, killed, killing), ``~`` up to four
words, whatever they are. Japanese phrases are letters, found anywhere; ``(a|b)`` is either, ``~`` up to eight letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from soramame.errors import ConfigError

GAP_WORDS, GAP_LETTERS = 4, 8
JAPANESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uff66-\uff9f々〇]")
WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fcー]")
_LATIN = re.compile(r"[a-z0-9]{2}")
_AGE = re.compile(r"[0-9一二三四五六七八九十]+(?=[歳代])")
_OLDER = re.compile(r"[0-9]{2}|[二三四五六七八九]十[一二三四五六七八九]?")
_NUMERALS = "0123456789一二三四五六七八九十"
SHORT = 3
"""So many letters of katakana are part of other words too often to be found within them: エロ in ピエロ, スリ in スリッパ."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What was found, and where: letters of the text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word, in small letters and without a possessive, and where it stands."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text in small letters."""
    found = []
    for match in WORD.finditer(text.lower()):
        word = match[0].replace("’", "'")
        word = word.removesuffix("'s").removesuffix("s'") if word.endswith("'s") else word
        found.append(Token(word=word.replace("'", ""), start=match.start(), end=match.end()))
    return found


def forms(word: str) -> set[str]:
    """Regular forms of an English word: s, ed, ing.

    >>> sorted(forms("strip"))
    ['strip', 'stripped', 'stripping', 'strips']
    """
    end = word[-1:]
    if end == "e":
        return {word, f"{word}s", f"{word}d", f"{word[:-1]}ing"}
    if end == "y" and word[-2:-1] not in "aeiou":
        return {word, f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"}
    if re.search(r"(s|x|z|ch|sh)$", word):
        return {word, f"{word}es", f"{word}ed", f"{word}ing"}
    twice = end if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", word) else ""
    return {word, f"{word}s", f"{word}{twice}ed", f"{word}{twice}ing"}


Step = frozenset[str] | None
"""The words that may stand here; None is a gap."""


class Words:
    """English phrases, each with a label."""

    def __init__(self) -> None:
        self._after: dict[str, list[tuple[tuple[Step, ...], str]]] = {}

    def add(self, label: str, phrases: Iterable[str]) -> None:
        """Further phrases under a label."""
        for phrase in phrases:
            first, *rest = (_step(part) for part in phrase.lower().split())
            for word in first or ():
                self._after.setdefault(word, []).append((tuple(rest), label))

    def vocabulary(self) -> frozenset[str]:
        """Every word that stands in a phrase."""
        inner = (word for ends in self._after.values() for rest, _ in ends for step in rest for word in step or ())
        return frozenset(self._after) | frozenset(inner)

    def find(self, words: list[Token]) -> Iterator[Hit]:
        """Every place where a phrase stands."""
        for place, token in enumerate(words):
            for rest, label in self._after.get(token.word, ()):
                end = _follow(words, place + 1, rest)
                if end:
                    yield Hit(label=label, start=token.start, end=words[end - 1].end)


def _step(part: str) -> Step:
    if part == "~":
        return None
    options: set[str] = set()
    for option in part.replace("'", "").replace("’", "").split("|"):
        options |= forms(option[:-1]) if option.endswith("+") else {option}
    return frozenset(options)


def _follow(words: list[Token], place: int, rest: tuple[Step, ...]) -> int:
    """The place after the phrase's last word, or 0."""
    if not rest:
        return place
    step, *further = rest
    if step is None:
        for skipped in range(GAP_WORDS + 1):
            end = _follow(words, place + skipped, tuple(further))
            if end:
                return end
        return 0
    if place < len(words) and words[place].word in step:
        return _follow(words, place + 1, tuple(further))
    return 0


class Letters:
    """Japanese phrases, each with a label. Katakana of up to ``short`` letters is not found inside a longer katakana word, an age (5歳)
    not inside another (25歳), and what begins or ends with a Latin letter or a figure not inside a longer word of those.
    """

    def __init__(self, *, short: int = SHORT) -> None:
        self._short = short
        self._from: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def add(self, label: str, phrases: Iterable[str]) -> None:
        """Further phrases under a label; :class:`ConfigError` for parentheses within others."""
        for phrase in phrases:
            for plain in _spelt(phrase.lower()):
                parts = tuple(plain.split("~"))
                self._from.setdefault(parts[0][0], []).append((parts, label))

    def find(self, text: str) -> Iterator[Hit]:
        """Every place where a phrase stands in a text in small letters."""
        for place, letter in enumerate(text):
            for parts, label in self._from.get(letter, ()):
                end = _spans(text, place, parts)
                if end and not self._part_of_more(text, place, end):
                    yield Hit(label=label, start=place, end=end)

    def _part_of_more(self, text: str, start: int, end: int) -> bool:
        if _AGE.match(text[start:end]):
            whole = text[len(text[:start].rstrip(_NUMERALS)) : end]
            return len(whole) > end - start and bool(_OLDER.fullmatch(whole[:-1]))
        if _LATIN.match(text[start - 1 : start + 1]) or _LATIN.match(text[end - 1 : end + 1]):
            return True
        return end - start <= self._short and _inside(text, start, end)


def _spelt(phrase: str) -> list[str]:
    if not re.fullmatch(r"[^()]*(\([^()]*\)[^()]*)*", phrase):
        raise ConfigError(f"the choices in {phrase!r} stand within others; write them one after another.")
    pieces = [piece.split("|") for piece in re.split(r"[()]", phrase)]
    return ["".join(choice) for choice in product(*pieces)]


def _spans(text: str, place: int, parts: tuple[str, ...]) -> int:
    end = place
    for number, part in enumerate(parts):
        at = text.find(part, end, end + len(part) + GAP_LETTERS) if number else place
        if at < 0 or not text.startswith(part, at):
            return 0
        end = at + len(part)
    return end


def _inside(text: str, start: int, end: int) -> bool:
    katakana = all(KATAKANA.match(letter) for letter in text[start:end])
    return katakana and bool(KATAKANA.match(text[start - 1 : start]) or KATAKANA.match(text[end : end + 1]))
