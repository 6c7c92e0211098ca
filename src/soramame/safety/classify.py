"""How likely a text is harmful, by category, where no rule is certain: learnt from the sentences in recipes/moderation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any

from soramame.safety import letters

CATEGORIES = ("sexual", "minors", "violence", "hate", "self-harm", "people", "brands", "instructions")
RULE = 5.0
"""What a rule adds to the log odds of its category. Of what rules find in the authors' sentences a twentieth is harmless: mourning,
cooking, an idiom. The rest of a text may outweigh as much as this; with less, harmful texts of new authors were let through.
"""


def scores(text: str, *, ruled: Collection[str] = ()) -> Mapping[str, float]:
    """The highest score of a text's windows, in [0, 1], for each category. ``ruled``: categories of which a rule has found words.

    An encoder tells how likely a window is of a category, and how likely it is harmful at all: the geometric mean of both is one
    opinion. What its letters tell is another (:mod:`soramame.safety.letters`). Their log odds are added, as those of independent
    witnesses are, and what a rule has found too. But letters know no categories, so what they hold against a text counts for the
    likeliest one, and for those of a rule, alone: a policy that allows these is not to refuse the text for another.
    """
    encoder: Any = import_module("soramame.safety.encoder")  # torch: most commands never look at a prompt
    cut = encoder.windows(text)
    found = encoder.scored(cut)
    told = found.new_tensor([RULE if name in ruled else 0.0 for name in CATEGORIES])
    first = (found[:, :-1] * found[:, -1:]).sqrt().logit(1e-6)
    second = found.new_tensor([[letters.harm(one.text)] for one in cut])
    meant = (first == first.amax(1, keepdim=True)) | (told > 0)
    best = (first + told + second.where(meant, second.clamp(max=0))).sigmoid().amax(0)
    return {name: float(score) for name, score in zip(CATEGORIES, best, strict=True)}
