"""Going on the ground: the gait advances with the way, so that feet do not slide and wheels do not spin."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from soramame.world.actions.base import Context, Motion, covered, heading
from soramame.world.scene import Pose

_PERSON = (0.414, 0.95)
_STRIDES = {
    "woman": _PERSON,
    "man": _PERSON,
    "astronaut": _PERSON,
    "wolf": (0.5, 1.38),
    "dog": (0.467, 1.29),
    "mammoth": (0.4, 1.105),
    "bird": (0.52, 0.52),
    "car": (0.42 * math.pi, 0.42 * math.pi),
}
"""Way in heights during one cycle of the drawing, walking and running: twice a foot's reach over the share of the
cycle that it is on the ground; for wheels their circumference."""


def stride(kind: str, height: float, *, running: bool = False) -> float:
    """Stage units that one so high goes in one cycle of its gait."""
    return height * _STRIDES.get(kind, _PERSON)[1 if running else 0]


def go(name: str, *, running: bool = False) -> Callable[[Pose, Context], Motion]:
    """The way at an even speed, on foot or on wheels."""

    def begin(start: Pose, context: Context) -> Motion:
        cycle = stride(context.kind, context.height, running=running)

        def motion(u: float) -> Pose:
            gone = context.way * covered(u / context.seconds, context)
            return replace(
                start,
                x=start.x + gone,
                action=name,
                phase=start.phase + abs(gone) / cycle,
                facing=heading(start, context, u),
            )

        return motion

    return begin
