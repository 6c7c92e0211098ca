"""Turning round: facing goes smoothly through 0 to the other side."""

from __future__ import annotations

import math
from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, ease
from soramame.world.scene import Pose


def _begin(start: Pose, context: Context) -> Motion:
    length = min(1.5, 0.7 * context.seconds)
    wait = 0.4 * (context.seconds - length)

    def motion(u: float) -> Pose:
        way = ease((u - wait) / length)
        return replace(start, action="turn", facing=start.facing * math.cos(math.pi * way), phase=start.phase + way)

    return motion


TURN = Action(
    name="turn",
    begin=_begin,
    once=True,
    verbs=(
        Verb(base="turn around", third="turns around", ing="turning around", ja="振り向く", ja_ing="振り向いている"),
        Verb(base="turn round", third="turns round", ing="turning round", ja="向きを変える", ja_ing="向きを変えている"),
    ),
)
