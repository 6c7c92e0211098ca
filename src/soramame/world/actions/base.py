"""What an action is: words for it, how far it goes, and a function from its beginning to the pose at any later
moment."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from soramame.world.scene import Pose

Motion = Callable[[float], Pose]
"""Seconds since the action began to the pose; ``motion(0)`` is the pose it began with, but for its ``action``."""

TURN_SECONDS = 0.5


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
    """What an action may know: who acts, where, how long, which way.

    ``height`` and ``width`` in stage units; ``direction`` +1 right, -1 left; ``way`` is the signed distance to go
    (for actions in place: how far to sway), planned so that the actor stays in view; ``ceiling`` the highest lift
    that stays in view. ``from_rest`` and ``to_rest`` tell whether the actor stands before and after. ``vx, vy`` (y
    up) is its speed when the action begins; ``delay`` a member's own share of a cycle, 0 to 1.
    """

    kind: str = ""
    height: float
    width: float
    seconds: float
    direction: float = 1.0
    way: float = 0.0
    gravity: float = 24.0
    bounciness: float = 0.2
    ceiling: float = 4.0
    rolls: bool = False
    delay: float = 0.0
    from_rest: bool = False
    to_rest: bool = False
    vx: float = 0.0
    vy: float = 0.0


def nowhere(height: float) -> float:
    """The speed of actions that stay in place."""
    return 0.0


@dataclass(frozen=True, kw_only=True)
class Action:
    """A kind of motion.

    ``directed`` ones go left or right; ``once`` ones are told as single acts ("turns around"). ``speed`` is the usual
    speed in stage units/s of one so high; ``sway`` how far an action in place swings to both sides. ``ground`` ones
    need feet on the ground: whoever flies or lies recovers first.
    """

    name: str
    verbs: tuple[Verb, ...]
    begin: Callable[[Pose, Context], Motion]
    speed: Callable[[float], float] = nowhere
    sway: float = 0.0
    directed: bool = False
    once: bool = False
    ground: bool = True


def ease(u: float) -> float:
    """Smooth 0 to 1 with rest at both ends."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3 - 2 * u)


def arc(u: float) -> float:
    """A ballistic arc over 0 to 1: 0 at both ends, 1 in the middle."""
    u = min(max(u, 0.0), 1.0)
    return 4 * u * (1 - u)


def wave(phase: float) -> float:
    """A sine of cycles."""
    return math.sin(2 * math.pi * phase)


def covered(share: float, context: Context, ramp: float = 0.18) -> float:
    """Share of the way that is covered after a share of the time: even speed, but soft from rest and to rest."""
    share = min(max(share, 0.0), 1.0)
    rise, fall = ramp * context.from_rest, ramp * context.to_rest
    top = 1 / (1 - (rise + fall) / 2)
    if share < rise:
        return top * share * share / (2 * rise)
    if share > 1 - fall:
        return 1 - top * (1 - share) ** 2 / (2 * fall)
    return top * (share - rise / 2)


def heading(start: Pose, context: Context, u: float) -> float:
    """Facing on the way to the direction: who faces the other way turns round first, smoothly through 0."""
    return start.facing + (context.direction - start.facing) * ease(u / TURN_SECONDS)


def lying(height: float, width: float, roll: float) -> float:
    """The lift (0 or less) at which a box turned by ``roll`` about its middle touches the ground."""
    return (height * abs(math.cos(roll)) + width * abs(math.sin(roll)) - height) / 2
