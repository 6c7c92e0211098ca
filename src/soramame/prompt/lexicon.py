"""Words found in a prompt: where each stands, what it says something about, and whether it is denied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NOT_BEFORE = re.compile(
    r"\b(?:no|not|without|never|neither|nor|hardly|any|cannot|instead of|\w+n't|lacks|lacking)(?: [\w§]+){0,3} ?$"
)
_NOT_AFTER = re.compile(r"^[^。、！？,.]{0,8}?(?:な[いくし]|無し|無い|ず[、。に]|ずに|ぬ|以外|いない|ません|抜き)")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A word of a lexicon in a text: its tags, its place, and whether the text says that it is not so."""

    word: str
    tags: frozenset[str]
    start: int
    end: int
    denied: bool


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Words with tags. Where several fit, the one that begins first counts, and of these the longest."""

    tags: Mapping[str, frozenset[str]]
    pattern: re.Pattern[str]
    spaced: bool

    def find(self, text: str) -> Iterator[Found]:
        """The words of a text that :func:`plain` has made plain, in their order."""
        for match in self.pattern.finditer(text):
            word = match[1]
            before, after = re.split(r"[,.;:!?]", text[: match.start()])[-1], text[match.end() :]
            denied = bool(_NOT_BEFORE.search(before)) if self.spaced else bool(_NOT_AFTER.search(after))
            yield Found(word=word, tags=self.tags[word], start=match.start(), end=match.end(), denied=denied)


def lexicon(entries: Mapping[str, str], nouns: Mapping[str, str], *, spaced: bool) -> Lexicon:
    """A lexicon from lists of words by their tags, and nouns by their one tag.

    ``spaced`` languages have words between blanks, with an s for many; the others are searched for anywhere.
    """
    tags: dict[str, frozenset[str]] = {}
    for told, words in entries.items():
        for word in words.split("|"):
            tags[word] = tags.get(word, frozenset()) | frozenset(told.split())
    for noun, tag in nouns.items():
        tags[noun] = tags.get(noun, frozenset()) | {tag}
    alternatives = "|".join(re.escape(word) for word in sorted(tags, key=len, reverse=True))
    pattern = rf"(?<![\w])({alternatives})(?:e?s)?(?![\w])" if spaced else f"({alternatives})"
    return Lexicon(tags=tags, pattern=re.compile(pattern), spaced=spaced)


def plain(text: str) -> str:
    """A prompt as the lexicons know it: NFKC, small letters, blanks for hyphens, no possessive s."""
    small = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("`", "'")
    small = re.sub(r"'s\b", "", small)
    small = re.sub(r"[-–—_/\\\"“”()\[\]*~]", " ", small)
    small = re.sub(r"(?<=\d)(?=(?:am|pm)\b)", " ", small)
    return re.sub(r"\s+", " ", small).strip()
