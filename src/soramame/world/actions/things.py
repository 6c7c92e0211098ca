"""Actions of things, by rigid-body physics (pymunk): bounce, roll, fall; and the bite that stays."""

from __future__ import annotations

import math
from dataclasses import replace

import pymunk

from soramame.world.actions.base import Action, Context, Motion, Verb, ease
from soramame.world.scene import Pose

STEP = 1 / 240


def _thrown(name: str, start: Pose, context: Context, *, drop: float, speed: float, spin: float) -> Motion:
    """A disc let go ``drop`` above the ground with a speed to the side, simulated once; the motion reads the track."""
    radius = context.height / 2
    space = pymunk.Space()
    space.gravity = (0.0, context.gravity)
    ground = pymunk.Segment(space.static_body, (-60.0, 0.0), (60.0, 0.0), 0.05)
    ground.elasticity, ground.friction = 1.0, 1.0
    body = pymunk.Body(1.0, pymunk.moment_for_circle(1.0, 0.0, radius))
    body.position = (start.x, -radius - 0.05 - max(drop, start.lift))
    body.velocity = (context.direction * speed, 0.0)
    body.angular_velocity = context.direction * spin
    disc = pymunk.Circle(body, radius)
    disc.elasticity, disc.friction = context.bounciness, 0.9
    space.add(ground, body, disc)
    track = []
    for _ in range(math.ceil(context.seconds / STEP) + 2):
        track.append((body.position.x, -body.position.y - radius - 0.05, body.angle))
        space.step(STEP)

    def motion(u: float) -> Pose:
        at = min(max(u, 0.0) / STEP, len(track) - 1.001)
        low, share = int(at), at - int(at)
        x, lift, angle = (a + (b - a) * share for a, b in zip(track[low], track[low + 1], strict=True))
        lift = max(0.0, lift)
        squash = 1 - 0.2 * max(0.0, 1 - lift / (0.25 * radius)) if name == "bounce" and u > 0.05 and lift < 0.25 * radius else 1.0
        return replace(start, x=x, lift=lift, roll=start.roll + angle, action=name, squash=squash)

    return motion


def _bounce(start: Pose, context: Context) -> Motion:
    lively = replace(context, bounciness=max(context.bounciness, 0.86))
    return _thrown("bounce", start, lively, drop=3.6, speed=0.7, spin=0.5)


def _roll(start: Pose, context: Context) -> Motion:
    speed = min(1.7, 6.5 / context.seconds)
    return _thrown("roll", start, replace(context, bounciness=0.0), drop=0.0, speed=speed, spin=speed / (context.height / 2))


def _fall(start: Pose, context: Context) -> Motion:
    return _thrown("fall", start, replace(context, bounciness=min(context.bounciness, 0.45)), drop=5.5, speed=0.0, spin=0.0)


def _tumble(start: Pose, context: Context) -> Motion:
    """Someone trips: tips over to the side and lies."""

    def motion(u: float) -> Pose:
        way = ease((u - 0.25 * context.seconds) / 0.55)
        down = 0.5 * start.height * (1 - context.aspect) * way
        return replace(start, action="fall", roll=start.roll + context.direction * 1.45 * way, phase=way, lift=-down)

    return motion


def _fall_by_kind(start: Pose, context: Context) -> Motion:
    return _fall(start, context) if context.aspect == 1.0 else _tumble(start, context)


def _bite(start: Pose, context: Context) -> Motion:
    def motion(u: float) -> Pose:
        share = u / context.seconds
        taken = ease((share - 0.25) / 0.08) + (ease((share - 0.65) / 0.08) if context.seconds > 2.4 else 0.0)
        return replace(start, action="bite", bitten=start.bitten + taken)

    return motion


BOUNCE = Action(
    name="bounce",
    begin=_bounce,
    directed=True,
    verbs=(
        Verb(base="bounce", third="bounces", ing="bouncing", ja="弾む", ja_ing="弾んでいる"),
        Verb(base="bob up and down", third="bobs up and down", ing="bobbing up and down", ja="跳ね返る", ja_ing="ぽんぽん弾んでいる"),
    ),
)
ROLL = Action(
    name="roll",
    begin=_roll,
    directed=True,
    verbs=(
        Verb(base="roll", third="rolls", ing="rolling", ja="転がる", ja_ing="転がっている"),
        Verb(base="roll along", third="rolls along", ing="rolling along", ja="ころころ転がる", ja_ing="ころころ転がっている"),
    ),
)
FALL = Action(
    name="fall",
    begin=_fall_by_kind,
    directed=True,
    once=True,
    verbs=(
        Verb(base="fall", third="falls", ing="falling", ja="落ちる", ja_ing="落ちている"),
        Verb(base="fall down", third="falls down", ing="falling down", ja="倒れ込む", ja_ing="落下している"),
    ),
)
BITE = Action(
    name="bite",
    begin=_bite,
    once=True,
    verbs=(
        Verb(base="get bitten", third="gets bitten", ing="being bitten", ja="かじられる", ja_ing="かじられている"),
        Verb(base="lose a bite", third="loses a bite", ing="losing a bite", ja="ひと口食べられる", ja_ing="食べられている"),
    ),
)
