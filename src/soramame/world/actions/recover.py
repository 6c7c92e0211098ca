"""Coming back to one's feet: landing after a flight, getting up after a fall, before an action that needs the
ground."""

from __future__ import annotations

import math
from dataclasses import replace

from soramame.world.actions.base import Context, Motion, ease, lying
from soramame.world.scene import Pose


def needed(start: Pose, context: Context) -> bool:
    """Whether one is in the air, or lies."""
    tilted = abs(math.remainder(start.roll, 2 * math.pi)) > 0.05
    return not context.rolls and (tilted or abs(start.lift) > 0.05)


def recover(start: Pose, context: Context) -> Motion:
    """Land and stand up within the context's seconds."""
    tilt = math.remainder(start.roll, 2 * math.pi)
    box = lying(context.height, context.width * 0.8, tilt)

    def motion(u: float) -> Pose:
        left = 1 - ease(u / context.seconds)
        roll = tilt * left
        lift = (start.lift - box) * left + lying(context.height, context.width * 0.8, roll)
        action = "fly" if start.action == "fly" else "idle"
        return replace(start, action=action, lift=lift, roll=roll, squash=1.0, phase=start.phase + 1.2 * u)

    return motion
