"""Passing behind a wall and coming out again on its other side: the same one."""

from __future__ import annotations

import math

from soramame.world.actions.base import Action, Verb
from soramame.world.actions.gait import go


def _speed(height: float) -> float:
    return 0.45 * math.sqrt(height)


HIDE = Action(
    name="hide",
    begin=go("hide"),
    speed=_speed,
    directed=True,
    once=True,
    verbs=(
        Verb(
            base="pass behind a wall and come out again",
            third="passes behind a wall and comes out again",
            ing="passing behind a wall and coming out again",
            ja="壁の後ろを通ってまた出てくる",
            ja_ing="壁の後ろを通ってまた出てきている",
        ),
    ),
)
