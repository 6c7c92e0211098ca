"""Playing: hop to and fro, the members of a cast after each other; small four-legged ones tumble now and then."""

from __future__ import annotations

import math
from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, arc, ease, lying, wave
from soramame.world.scene import Pose

_HOPS = 1.25
"""Hops a second."""
_CYCLE = 4
"""Hops in which one goes to and fro once."""
_TUMBLE = 3
"""Which hop of a cycle is a somersault."""
PUP = 2.9
"""Four-legged ones lower than this tumble, in stage units."""


def _begin(start: Pose, context: Context) -> Motion:
    slow = math.sqrt(context.gravity / 24)
    rate = _HOPS * slow * (0.9 + 0.2 * context.delay)
    lag = 0.4 * context.delay
    top = min(0.34 * context.height**0.8 / slow, context.ceiling)
    pup = context.width > context.height and context.height < PUP
    period = _CYCLE / rate

    def motion(u: float) -> Pose:
        moving = max(u - lag, 0.0)
        beat = rate * moving
        warm = ease(moving / 0.5)
        swing = wave(moving / period)
        speed = math.cos(2 * math.pi * moving / period) * context.direction
        facing = math.tanh(3.0 * speed)
        hop = beat % 1.0
        lift = top * arc(hop) * warm
        roll = 0.0
        if pup and int(beat + round(2 * context.delay)) % _CYCLE == _TUMBLE:
            roll = 2 * math.pi * ease((hop - 0.08) / 0.84) * (1.0 if facing >= 0 else -1.0)
            lift = max(
                lift * 1.25 + lying(context.height, context.width * 0.8, roll),
                lying(context.height, context.width * 0.8, roll),
            )
        return replace(
            start,
            x=start.x + context.way * swing * context.direction,
            action="play",
            lift=lift,
            facing=start.facing + (facing - start.facing) * warm,
            phase=start.phase + beat,
            squash=1 + 0.1 * warm * (arc(hop) - 0.5),
            roll=roll,
        )

    return motion


PLAY = Action(
    name="play",
    begin=_begin,
    sway=1.3,
    verbs=(
        Verb(base="play", third="plays", ing="playing", ja="遊ぶ", ja_ing="遊んでいる"),
        Verb(base="romp", third="romps", ing="romping", ja="はしゃぐ", ja_ing="はしゃいでいる"),
        Verb(base="frolic", third="frolics", ing="frolicking", ja="たわむれる", ja_ing="たわむれている"),
    ),
)
