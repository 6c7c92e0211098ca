"""What a prompt is to the text encoder before there are numbers: its words. Without torch, for whoever only counts them."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 64
"""Most tokens of a prompt, the null token among them."""

_TOKEN = re.compile(r"[0-9]+|[ァ-ヿ]+|[ぁ-ゟー]{1,4}|[\u3400-\u9fff々〇]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
_ARTICLES = frozenset(("a", "an", "the"))


def words_of(prompt: str) -> list[str]:
    """The tokens of a prompt as strings: NFKC, lower case, no punctuation, no articles; kanji one by one."""
    text = unicodedata.normalize("NFKC", prompt).lower().replace("'s", "").replace("’s", "")
    return [word for word in _TOKEN.findall(text) if word not in _ARTICLES]
