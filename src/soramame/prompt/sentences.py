"""Sentences put together in the language they are written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Language = Literal["en", "ja"]

_JAPANESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uff66-\uff9f々〇]")
_CLOSED = tuple(".!?…。！？")
_OPEN = tuple(",;:、，；：-–—")


def language_of(text: str) -> Language | None:
    """By script: Japanese where there is kana or kanji, English where all letters are Latin, None otherwise."""
    if _JAPANESE.search(text):
        return "ja"
    letters = [letter for letter in text if letter.isalpha()]
    return "en" if letters and all(letter < "\u0250" or "\uff21" <= letter <= "\uff5a" for letter in letters) else None


def joined(text: str, further: Sequence[str]) -> str:
    """A text, as it is, and sentences after it, each with the full stop of its language.

    >>> joined("a dog runs", ("it is night", "paper art"))
    'a dog runs. It is night. Paper art.'
    """
    whole = text.rstrip()
    for sentence in further:
        told = sentence.strip()
        if whole.endswith(_OPEN):  # the writer broke off: the first sentence goes on from there
            whole += _blank(whole) + told
        else:
            whole = _stopped(whole)
            whole += _blank(whole) + told[:1].upper() + told[1:]
    return _stopped(whole) if further else whole


def _stopped(text: str) -> str:
    if text.endswith(_CLOSED):
        return text
    last = re.split(r"[.!?…。！？]", text)[-1]
    return text + ("。" if language_of(last) == "ja" else ".")


def _blank(text: str) -> str:
    """What stands between a text and the next sentence: nothing after a full-width mark."""
    return " " if text[-1:] < "\u3000" else ""
