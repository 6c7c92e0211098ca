"""Sailing."""

from __future__ import annotations

from soramame.world.actions.afloat import floating
from soramame.world.actions.base import Action, Verb


def _speed(height: float) -> float:
    return 1.2


SAIL = Action(
    name="sail",
    begin=floating("sail", bob=0.14, beat=0.6),
    speed=_speed,
    directed=True,
    ground=False,
    verbs=(
        Verb(base="sail", third="sails", ing="sailing", ja="帆走する", ja_ing="帆走している"),
        Verb(base="glide along", third="glides along", ing="gliding along", ja="進む", ja_ing="進んでいる"),
    ),
)
