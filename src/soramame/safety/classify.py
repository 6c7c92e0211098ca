"""How likely a text is harmful, by category, where no exact rule says so: learnt from the sentences in recipes/moderation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from soramame.safety import letters

CATEGORIES = ("sexual", "minors", "violence", "hate", "self-harm", "people", "brands", "instructions")
SHIFT = 0.6
"""Added to the sum of both opinions: so much that at the policy's threshold two of a hundred harmless twins of the suite's tuning half
are refused at most.
"""


def scores(text: str) -> Mapping[str, float]:
    """The highest score of a text's windows, in [0, 1], for each category.

    An encoder tells how likely a window is of a category, and how likely it is harmful at all: the geometric mean of both is one
    opinion. What its letters tell is another (:mod:`soramame.safety.letters`). Their log odds are added, as those of independent
    witnesses are; but letters know no categories, so what they hold against a text counts for the likeliest one alone: a policy that
    allows this one is not to refuse the text for another.
    """
    encoder: Any = import_module("soramame.safety.encoder")  # torch: most commands never look at a prompt
    cut = encoder.windows(text)
    found = encoder.scored(cut)
    first = (found[:, :-1] * found[:, -1:]).sqrt().logit(1e-6)
    second = found.new_tensor([[letters.harm(one.text)] for one in cut])
    likeliest = first == first.amax(1, keepdim=True)
    best = (first + second.where(likeliest, second.clamp(max=0)) + SHIFT).sigmoid().amax(0)
    return {name: float(score) for name, score in zip(CATEGORIES, best, strict=True)}
