"""Walking."""

from __future__ import annotations

import math

from soramame.world.actions.base import Action, Verb
from soramame.world.actions.gait import go


def _speed(height: float) -> float:
    return 0.45 * math.sqrt(height)


WALK = Action(
    name="walk",
    begin=go("walk"),
    speed=_speed,
    directed=True,
    verbs=(
        Verb(base="walk", third="walks", ing="walking", ja="歩く", ja_ing="歩いている"),
        Verb(base="stroll", third="strolls", ing="strolling", ja="散歩する", ja_ing="散歩している"),
        Verb(base="wander", third="wanders", ing="wandering", ja="ぶらつく", ja_ing="ぶらぶら歩いている"),
    ),
)
