"""Driving on wheels."""

from __future__ import annotations

from soramame.world.actions.base import Action, Verb
from soramame.world.actions.gait import go


def _speed(height: float) -> float:
    return 1.7


DRIVE = Action(
    name="drive",
    begin=go("drive"),
    speed=_speed,
    directed=True,
    verbs=(
        Verb(base="drive", third="drives", ing="driving", ja="走る", ja_ing="走っている"),
        Verb(base="cruise", third="cruises", ing="cruising", ja="進む", ja_ing="進んでいる"),
        Verb(base="roll along", third="rolls along", ing="rolling along", ja="走り抜ける", ja_ing="走り抜けている"),
    ),
)
