"""A bite is taken, and stays."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, ease
from soramame.world.scene import Pose


def _begin(start: Pose, context: Context) -> Motion:
    length = min(0.6, 0.5 * context.seconds)
    wait = 0.35 * (context.seconds - length)

    def motion(u: float) -> Pose:
        return replace(start, action="bite", bitten=start.bitten + ease((u - wait) / length))

    return motion


BITE = Action(
    name="bite",
    begin=_begin,
    once=True,
    verbs=(
        Verb(base="get bitten", third="gets bitten", ing="being bitten", ja="かじられる", ja_ing="かじられている"),
        Verb(
            base="lose a bite",
            third="loses a bite",
            ing="losing a bite",
            ja="ひと口食べられる",
            ja_ing="食べられている",
        ),
    ),
)
