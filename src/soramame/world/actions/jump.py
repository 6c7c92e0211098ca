"""Jumping: crouch, a ballistic flight, landing. Where gravity is less, the same push carries higher and longer."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, arc, heading, wave
from soramame.world.scene import Pose

EARTH = 24.0
_CROUCH = 0.55


def launch(context: Context) -> tuple[int, float, float]:
    """How many jumps fit, the seconds of one with its crouch, and the speed upwards of its start."""
    top = min(0.62 * context.height**0.6 * EARTH / context.gravity, context.ceiling)
    speed = (2 * context.gravity * top) ** 0.5
    count = max(1, round(context.seconds / (2 * speed / context.gravity + _CROUCH)))
    period = context.seconds / count
    return count, period, min(speed, 0.4 * period * context.gravity)


def _begin(start: Pose, context: Context) -> Motion:
    count, period, speed = launch(context)
    flight = 2 * speed / context.gravity
    crouch = (period - flight) / 2

    def motion(u: float) -> Pose:
        number = min(int(u / period), count - 1)
        rest = u - number * period
        air = min(max((rest - crouch) / flight, 0.0), 1.0)
        lift = speed * flight / 4 * arc(air)
        if air <= 0:
            squash = 1 - 0.15 * max(0.0, wave(rest / crouch / 2))
        elif air >= 1:
            squash = 1 - 0.15 * max(0.0, wave((rest - crouch - flight) / crouch / 2))
        else:
            squash = 1 + 0.06 * arc(air)
        return replace(
            start,
            x=start.x + context.way * (number + air) / count,
            action="jump",
            lift=lift,
            squash=squash,
            phase=start.phase + 1.3 * u,
            facing=heading(start, context, u),
        )

    return motion


def _speed(height: float) -> float:
    return 0.8


JUMP = Action(
    name="jump",
    begin=_begin,
    speed=_speed,
    directed=True,
    verbs=(
        Verb(base="jump", third="jumps", ing="jumping", ja="跳ぶ", ja_ing="跳んでいる"),
        Verb(base="leap", third="leaps", ing="leaping", ja="ジャンプする", ja_ing="ジャンプしている"),
        Verb(base="hop", third="hops", ing="hopping", ja="跳ねる", ja_ing="ぴょんぴょん跳ねている"),
    ),
)
