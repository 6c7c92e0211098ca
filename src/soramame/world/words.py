"""Words: what a thing of the world is called, in English and Japanese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """Synonyms, the usual word first: English singular, English plural (same order), Japanese."""

    en: tuple[str, ...]
    en_plural: tuple[str, ...]
    ja: tuple[str, ...]
