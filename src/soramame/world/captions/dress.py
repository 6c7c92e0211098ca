"""How people really type: without capitals or full stops, with a slip of the finger."""

from __future__ import annotations

import re

from soramame.world.captions.choose import Chooser

KEPT = frozenset(
    ("yellow", "orange", "purple", "golden", "silver", "desert", "deserted", "nobody", "static", "follow", "follows")
)
"""Words in which a slip could change the meaning or the fact."""


def dress_en(c: Chooser, text: str) -> str:
    """Capitals, full stop, small slips."""
    text = re.sub(r"\s+", " ", text).strip()
    style = c.random.random()
    if style < 0.45:
        text = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
    elif style < 0.8:
        text = text[:1].lower() + text[1:]
    elif style < 0.97:
        text = text.lower()
    else:
        text = text.upper()
    return _slip(c, text) if c.chance(0.08) else text


def _slip(c: Chooser, text: str) -> str:
    """Two neighbouring letters swapped, one doubled or one left out, inside one longer word."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 5 and word.isalpha() and word.lower() not in KEPT]
    if not long:
        return text
    n = c.random.choice(long)
    word, at = words[n], c.random.randrange(1, len(words[n]) - 2)
    kind = c.random.randrange(3)
    if kind == 0:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == 1:
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + word[at + 1 :]
    return " ".join((*words[:n], word, *words[n + 1 :]))


def dress_ja(c: Chooser, text: str) -> str:
    """Full stop or none, full-width or plain comma or blank."""
    text = text.rstrip("。")
    if c.chance(0.15):
        text = text.replace("、", c.pick(("，", ",", " ", "")))
    return text + ("。" if c.chance(0.4) else "")
