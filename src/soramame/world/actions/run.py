"""Running: about twice as fast as walking, with a longer stride."""

from __future__ import annotations

import math

from soramame.world.actions.base import Action, Verb
from soramame.world.actions.gait import go


def _speed(height: float) -> float:
    return 0.95 * math.sqrt(height)


RUN = Action(
    name="run",
    begin=go("run", running=True),
    speed=_speed,
    directed=True,
    verbs=(
        Verb(base="run", third="runs", ing="running", ja="走る", ja_ing="走っている"),
        Verb(base="dash", third="dashes", ing="dashing", ja="駆ける", ja_ing="駆けている"),
        Verb(base="race", third="races", ing="racing", ja="疾走する", ja_ing="疾走している"),
    ),
)
