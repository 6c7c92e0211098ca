"""Actions in air and water: fly, swim, sail."""

from __future__ import annotations

from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, ease, soft_start, sway
from soramame.world.scene import Pose


def _fly(start: Pose, context: Context) -> Motion:
    end = context.reach(start.x, min(1.6 * context.seconds, 7.0))
    height = max(start.lift, 3.2)

    def motion(u: float) -> Pose:
        x = start.x + (end - start.x) * soft_start(u / context.seconds, 0.08)
        rise = start.lift + (height - start.lift) * ease(u / 0.8)
        lift = rise + 0.35 * sway((u + context.delay) / 2.2) - 0.35 * sway(context.delay / 2.2) * (1 - ease(u))
        return replace(start, x=x, action="fly", lift=lift, facing=context.direction, phase=start.phase + 1.6 * u)

    return motion


def _afloat(name: str, speed: float, bob: float) -> Action:
    def begin(start: Pose, context: Context) -> Motion:
        end = context.reach(start.x, speed * context.seconds)

        def motion(u: float) -> Pose:
            x = start.x + (end - start.x) * soft_start(u / context.seconds)
            wave = (u + context.delay) / 2.4
            return replace(
                start,
                x=x,
                action=name,
                facing=context.direction,
                lift=bob * (sway(wave) - sway(context.delay / 2.4) * (1 - ease(u))),
                roll=0.05 * sway(wave + 0.25) * ease(u),
                phase=start.phase + 0.9 * u,
            )

        return motion

    verbs = {
        "swim": (
            Verb(base="swim", third="swims", ing="swimming", ja="泳ぐ", ja_ing="泳いでいる"),
            Verb(base="paddle", third="paddles", ing="paddling", ja="泳ぎ回る", ja_ing="泳ぎ回っている"),
        ),
        "sail": (
            Verb(base="sail", third="sails", ing="sailing", ja="帆走する", ja_ing="帆走している"),
            Verb(base="glide along", third="glides along", ing="gliding along", ja="進む", ja_ing="進んでいる"),
        ),
    }
    return Action(name=name, verbs=verbs[name], begin=begin, directed=True)


FLY = Action(
    name="fly",
    begin=_fly,
    directed=True,
    verbs=(
        Verb(base="fly", third="flies", ing="flying", ja="飛ぶ", ja_ing="飛んでいる"),
        Verb(base="glide", third="glides", ing="gliding", ja="滑空する", ja_ing="滑空している"),
        Verb(base="flap through the air", third="flaps through the air", ing="flapping through the air", ja="羽ばたく", ja_ing="羽ばたいている"),
    ),
)
SWIM = _afloat("swim", 1.0, 0.12)
SAIL = _afloat("sail", 1.1, 0.16)
