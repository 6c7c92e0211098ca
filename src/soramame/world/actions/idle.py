"""Standing still: breathing, rocking on the water; a thing that was moving comes to rest."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, ease
from soramame.world.actions.physics import between, disc
from soramame.world.scene import Pose


def _begin(start: Pose, context: Context) -> Motion:
    if context.rolls and (abs(context.vx) > 0.02 or abs(context.vy) > 0.02):
        return _settle(start, context)
    return lambda u: replace(
        start, action="idle", phase=start.phase + 0.45 * u, squash=start.squash + (1 - start.squash) * ease(u / 0.2)
    )


def _settle(start: Pose, context: Context) -> Motion:
    track = disc(
        start,
        context,
        vx=context.vx,
        vy=context.vy,
        bounce=context.bounciness,
        drive=lambda u: context.vx * (1 - ease(u / 0.7)),
    )

    def motion(u: float) -> Pose:
        now = between(track, u)
        return replace(start, action="idle", x=now.x, lift=max(now.lift, 0.0), roll=start.roll + now.angle, squash=1.0)

    return motion


IDLE = Action(
    name="idle",
    begin=_begin,
    verbs=(
        Verb(base="stand", third="stands", ing="standing", ja="立つ", ja_ing="立っている"),
        Verb(base="wait", third="waits", ing="waiting", ja="待つ", ja_ing="待っている"),
        Verb(base="stay", third="stays", ing="staying", ja="とどまる", ja_ing="じっとしている"),
    ),
)
