"""Rolling: a round thing turns by as much as it goes."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, ease, heading
from soramame.world.actions.physics import between, disc
from soramame.world.scene import Pose


def _begin(start: Pose, context: Context) -> Motion:
    speed = context.way / context.seconds / (1 - 0.35 / context.seconds * (context.from_rest + context.to_rest))

    def drive(u: float) -> float:
        rise = ease(u / 0.6) if context.from_rest else 1.0
        fall = ease((context.seconds - u) / 0.6) if context.to_rest else 1.0
        return context.vx + (speed - context.vx) * rise if fall == 1.0 else speed * rise * fall

    first = context.vx if context.from_rest else speed
    track = disc(start, context, vx=first, vy=context.vy, bounce=min(context.bounciness, 0.4), drive=drive)

    def motion(u: float) -> Pose:
        now = between(track, u)
        facing = heading(start, context, u)
        return replace(
            start,
            action="roll",
            x=now.x,
            lift=max(now.lift, 0.0),
            roll=start.roll + now.angle,
            squash=1.0,
            facing=facing,
        )

    return motion


def _speed(height: float) -> float:
    return 1.3


ROLL = Action(
    name="roll",
    begin=_begin,
    speed=_speed,
    directed=True,
    ground=False,
    verbs=(
        Verb(base="roll", third="rolls", ing="rolling", ja="転がる", ja_ing="転がっている"),
        Verb(
            base="roll along",
            third="rolls along",
            ing="rolling along",
            ja="ころころ転がる",
            ja_ing="ころころ転がっている",
        ),
    ),
)
