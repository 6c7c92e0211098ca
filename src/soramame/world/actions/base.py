"""What an action is: words for it, and a function from its beginning to the pose at any later moment."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from soramame.world.scene import Pose

Motion = Callable[[float], Pose]
"""Seconds since the action began to the pose; ``motion(0)`` is the pose it began with."""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One way to say it: "walk", "walks", "walking", and the Japanese plain and continuing forms."""

    base: str
    third: str
    ing: str
    ja: str = ""
    ja_ing: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What an action may know: who acts (size in stage units, traits), where, how long, which way, and a private seed."""

    height: float
    aspect: float
    seconds: float
    direction: float
    gravity: float
    bounciness: float
    seed: int
    delay: float = 0.0
    low: float = -7.0
    high: float = 7.0

    def reach(self, x: float, wanted: float) -> float:
        """Where a way of ``wanted`` units in the direction ends that starts at ``x``, not beyond the stage's ends."""
        return min(max(x + self.direction * wanted, self.low), self.high)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A kind of motion. ``directed`` ones go left or right; ``once`` ones are told as single acts ("takes a bite")."""

    name: str
    verbs: tuple[Verb, ...]
    begin: Callable[[Pose, Context], Motion]
    directed: bool = False
    once: bool = False


def ease(u: float) -> float:
    """Smooth 0 to 1 with rest at both ends."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


def soft_start(u: float, rise: float = 0.15) -> float:
    """0 to 1 at constant speed but for a soft beginning and end of share ``rise``."""
    u = min(max(u, 0.0), 1.0)
    top = 1 / (1 - rise)
    if u < rise:
        return top * u * u / (2 * rise)
    if u > 1 - rise:
        return 1 - top * (1 - u) ** 2 / (2 * rise)
    return top * (u - rise / 2)


def arc(u: float) -> float:
    """A ballistic arc over 0 to 1: 0 at both ends, 1 in the middle."""
    u = min(max(u, 0.0), 1.0)
    return 4 * u * (1 - u)


def sway(phase: float) -> float:
    """A sine of cycles."""
    return math.sin(2 * math.pi * phase)
