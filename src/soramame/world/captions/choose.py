"""How a caption makes up its mind: seeded choices among wordings, some of which can be kept from training."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from typing import Literal

Split = Literal["all", "seen", "unseen"]

HELD_EVERY = 6
"""About one wording in six is kept for testing: never chosen in the split "seen", preferred in "unseen"."""


def held_out(wording: str) -> bool:
    """Whether a wording (a synonym or a sentence pattern) is one of those kept for testing."""
    return zlib.crc32(wording.encode()) % HELD_EVERY == 0


class Chooser:
    """Seeded choices. ``split`` "seen" leaves out the held-out wordings, "unseen" takes them wherever there are some.

    ``loose`` lets :mod:`~soramame.world.captions.loose` words stand for what the world has instead (a bus for a car):
    for training a text encoder only, because such a caption is not true. ``said`` collects the facts it states.
    """

    def __init__(self, seed: int, *, split: Split = "all", loose: bool = False) -> None:
        self.random = random.Random(seed)
        self.split: Split = split
        self.loose = loose
        self.said: set[str] = set()

    def pick(self, wordings: Sequence[str]) -> str:
        """One of the wordings that the split allows; the first three count double, because they are the usual ones."""
        options = list(wordings)
        if self.split != "all" and len(options) > 2:
            wanted = self.split == "unseen"
            options = [option for option in options if held_out(option) == wanted] or options
        usual = wordings[:3]
        return self.random.choices(options, [2 if option in usual else 1 for option in options])[0]

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def say(self, *facts: str) -> None:
        """Note that the caption states these facts."""
        self.said.update(facts)
