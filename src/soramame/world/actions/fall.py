"""Falling: a thing drops from above; one with legs trips, tips over and lies."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, heading
from soramame.world.actions.physics import between, disc, toppling
from soramame.world.scene import Pose


def _drop(start: Pose, context: Context) -> Motion:
    vx = context.vx
    track = disc(
        start, context, vx=vx, vy=context.vy, bounce=min(context.bounciness, 0.45), drive=lambda u: vx * max(0.0, 1 - u)
    )

    def motion(u: float) -> Pose:
        now = between(track, u)
        return replace(start, action="fall", x=now.x, lift=max(now.lift, 0.0), roll=start.roll + now.angle, squash=1.0)

    return motion


def _trip(start: Pose, context: Context) -> Motion:
    wait = min(0.4, 0.12 * context.seconds)
    track = toppling(start, context, push=1.1 if context.seconds > 2.2 else 2.0)

    def motion(u: float) -> Pose:
        now = between(track, u - wait)
        flail = min(max(u - wait, 0.0), 1.0)
        return replace(
            start,
            action="fall" if u >= wait else "idle",
            x=now.x,
            lift=now.lift,
            roll=start.roll + now.angle,
            phase=start.phase + 1.2 * flail,
            facing=heading(start, context, u),
        )

    return motion


def _begin(start: Pose, context: Context) -> Motion:
    return _drop(start, context) if context.rolls else _trip(start, context)


FALL = Action(
    name="fall",
    begin=_begin,
    once=True,
    ground=False,
    verbs=(
        Verb(base="fall", third="falls", ing="falling", ja="落ちる", ja_ing="落ちている"),
        Verb(base="fall down", third="falls down", ing="falling down", ja="倒れ込む", ja_ing="落下している"),
    ),
)
