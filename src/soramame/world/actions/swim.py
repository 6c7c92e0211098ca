"""Swimming."""

from __future__ import annotations

from soramame.world.actions.afloat import floating
from soramame.world.actions.base import Action, Verb

SINK = 0.42
"""How much of one who swims is under water."""


def _speed(height: float) -> float:
    return 1.0


SWIM = Action(
    name="swim",
    begin=floating("swim", bob=0.12, beat=0.9, sink=SINK),
    speed=_speed,
    directed=True,
    ground=False,
    verbs=(
        Verb(base="swim", third="swims", ing="swimming", ja="泳ぐ", ja_ing="泳いでいる"),
        Verb(base="paddle", third="paddles", ing="paddling", ja="泳ぎ回る", ja_ing="泳ぎ回っている"),
    ),
)
