"""Moving on water: even speed, rocking on the waves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from soramame.world.actions.base import Context, Motion, covered, ease, heading, wave
from soramame.world.scene import Pose


def floating(name: str, *, bob: float, beat: float, sink: float = 0.0) -> Callable[[Pose, Context], Motion]:
    """Move on the water with waves ``bob`` units high; the drawing goes through ``beat`` cycles a second. So much of the
    height as ``sink`` tells is under water."""

    def begin(start: Pose, context: Context) -> Motion:
        deep = -sink * context.height

        def motion(u: float) -> Pose:
            swell = u / 2.4 + context.delay
            return replace(
                start,
                x=start.x + context.way * covered(u / context.seconds, context),
                action=name,
                facing=heading(start, context, u),
                lift=start.lift + (deep - start.lift) * ease(u) + bob * wave(swell) * ease(u / 0.8),
                phase=start.phase + beat * u,
            )

        return motion

    return begin
