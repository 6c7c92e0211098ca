"""How likely a text is harmful, by category, where no exact rule says so: learnt from the sentences in recipes/moderation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

CATEGORIES = ("sexual", "minors", "violence", "hate", "self-harm", "people", "brands", "instructions")


def scores(text: str) -> Mapping[str, float]:
    """The highest score of a text's windows, in [0, 1], for each category: the geometric mean of how likely it is of that category,
    and how likely it is harmful at all.
    """
    encoder: Any = import_module("soramame.safety.encoder")  # torch: most commands never look at a prompt
    found = encoder.scored(text)
    best = (found[:, :-1] * found[:, -1:]).sqrt().amax(0)
    return {name: float(score) for name, score in zip(CATEGORIES, best, strict=True)}
