"""Flying: wings beat once a cycle; who stands takes off first."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, covered, ease, heading, wave
from soramame.world.scene import Pose

HEIGHT = 3.0
"""How high one flies over the ground, in stage units."""


def _begin(start: Pose, context: Context) -> Motion:
    high = min(max(start.lift, HEIGHT + 0.5 * (context.delay - 0.5)), context.ceiling)

    def motion(u: float) -> Pose:
        rise = start.lift + (high - start.lift) * ease(u / 1.2)
        drift = 0.3 * wave(u / 2.6) * ease(u)
        return replace(
            start,
            x=start.x + context.way * covered(u / context.seconds, context),
            action="fly",
            lift=max(rise + drift, 0.0),
            facing=heading(start, context, u),
            phase=start.phase + 1.35 * u,
        )

    return motion


def _speed(height: float) -> float:
    return 1.5


FLY = Action(
    name="fly",
    begin=_begin,
    speed=_speed,
    directed=True,
    ground=False,
    verbs=(
        Verb(base="fly", third="flies", ing="flying", ja="飛ぶ", ja_ing="飛んでいる"),
        Verb(base="glide", third="glides", ing="gliding", ja="滑空する", ja_ing="滑空している"),
        Verb(
            base="flap through the air",
            third="flaps through the air",
            ing="flapping through the air",
            ja="羽ばたく",
            ja_ing="羽ばたいている",
        ),
    ),
)
