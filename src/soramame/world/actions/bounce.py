"""Bouncing: a thing is let go and comes back up from the ground, each time a little less."""

from __future__ import annotations

import math
from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, heading
from soramame.world.actions.physics import between, disc
from soramame.world.scene import Pose

DROP = 3.8
"""How high a bouncing thing is held at first, in stage units."""


def _lively(context: Context, drop: float) -> float:
    """The restitution at which bouncing lasts as long as the event: (1 + e) / (1 - e) falls of the first height's
    time."""
    falls = max(context.seconds / math.sqrt(2 * drop / context.gravity), 2.0)
    return min(max(context.bounciness, (falls - 1) / (falls + 1)), 0.93)


def _begin(start: Pose, context: Context) -> Motion:
    resting = start.lift < 0.3 and abs(context.vy) < 1.0
    vy = math.sqrt(2 * context.gravity * min(2.8, context.ceiling)) if resting else context.vy
    vx = context.way / context.seconds
    bounce = _lively(context, max(start.lift, 2.8))
    track = disc(start, context, vx=vx, vy=vy, bounce=bounce, drive=lambda u: vx)

    def motion(u: float) -> Pose:
        now = between(track, u)
        lift = max(now.lift, 0.0)
        near = max(0.0, 1 - lift / (0.22 * context.height)) * min(1.0, abs(now.vy) / 6)
        squash = 1 - 0.22 * near * min(1.0, u / 0.1)
        facing = heading(start, context, u)
        return replace(
            start, action="bounce", x=now.x, lift=lift, roll=start.roll + now.angle, squash=squash, facing=facing
        )

    return motion


def _speed(height: float) -> float:
    return 0.75


BOUNCE = Action(
    name="bounce",
    begin=_begin,
    speed=_speed,
    directed=True,
    ground=False,
    verbs=(
        Verb(base="bounce", third="bounces", ing="bouncing", ja="弾む", ja_ing="弾んでいる"),
        Verb(
            base="bob up and down",
            third="bobs up and down",
            ing="bobbing up and down",
            ja="跳ね返る",
            ja_ing="ぽんぽん弾んでいる",
        ),
    ),
)
