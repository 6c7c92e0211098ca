"""Captions: what a scene shows, in English and Japanese, short and long, in many wordings, and never false.

>>> caption(scene, seed=3, length="short", language="en")
'five grey wolves play in the snow'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from soramame.world.captions import compose_en, compose_ja
from soramame.world.captions.choose import Chooser, Split
from soramame.world.captions.dress import dress_en, dress_ja
from soramame.world.captions.facts import facts_of
from soramame.world.scene import Scene

__all__ = ["Caption", "Language", "Length", "Split", "caption", "caption_with_facts", "facts_of"]

Length = Literal["short", "long"]
Language = Literal["en", "ja"]


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A text and the names of the facts (keys of :func:`facts_of`) that it states."""

    text: str
    stated: frozenset[str]


def caption_with_facts(
    scene: Scene, *, seed: int, length: Length, language: Language, split: Split = "all", loose: bool = False
) -> Caption:
    """A caption of a scene and what it states.

    ``split`` "seen" keeps to the wordings that are not held out, "unseen" prefers those that are. ``loose`` lets words
    for things the world lacks stand for the nearest it has; such captions are for an encoder's training only.
    """
    c = Chooser(seed, split=split, loose=loose)
    if language == "en":
        text = dress_en(c, (compose_en.short if length == "short" else compose_en.long)(c, scene))
    else:
        text = dress_ja(c, (compose_ja.short if length == "short" else compose_ja.long)(c, scene))
    return Caption(text=text, stated=frozenset(c.said & facts_of(scene).keys()))


def caption(scene: Scene, *, seed: int, length: Length, language: Language) -> str:
    """A caption of a scene: one of very many wordings, drawn by ``seed``. It says nothing false."""
    return caption_with_facts(scene, seed=seed, length=length, language=language).text
