"""Actions of those who have legs or wheels: idle, walk, run, drive, jump, turn, hide, play."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from soramame.world.actions.base import Action, Context, Motion, Verb, arc, ease, soft_start, sway
from soramame.world.scene import Pose


def _idle(start: Pose, context: Context) -> Motion:
    return lambda u: replace(start, action="idle", phase=start.phase + 0.45 * u)


def _travel(name: str, speed: float, stride: float) -> Callable[[Pose, Context], Motion]:
    """Go on at ``speed`` heights a second; the gait advances with the way, so that feet do not slide."""

    def begin(start: Pose, context: Context) -> Motion:
        way = min(speed * context.height**0.5 * 2.2 * context.seconds, 7.5)
        end = context.reach(start.x, way)

        def motion(u: float) -> Pose:
            x = start.x + (end - start.x) * soft_start(u / context.seconds)
            phase = start.phase + abs(x - start.x) / (stride * context.height)
            return replace(start, x=x, action=name, phase=phase, facing=context.direction)

        return motion

    return begin


def _jump(start: Pose, context: Context) -> Motion:
    top = 0.45 * context.height**0.6 * (30.0 / context.gravity) ** 0.5
    flight = 2 * (2 * top / context.gravity) ** 0.5
    period = flight + 0.35
    count = max(1, int(context.seconds / period))
    step = context.reach(start.x, 0.9 * count) - start.x
    pause = context.seconds / count - flight

    def motion(u: float) -> Pose:
        number, rest = divmod(min(u, context.seconds - 1e-6), context.seconds / count)
        air = (rest - pause / 2) / flight
        lift = top * arc(air) if 0 <= air <= 1 else 0.0
        x = start.x + step * (number + ease(air)) / count
        squash = 1 - 0.14 * max(0.0, sway(rest / pause / 1.0)) if rest < pause / 2 else 1 + 0.06 * arc(air)
        return replace(start, x=x, action="jump", lift=lift, squash=squash, phase=min(max(air, 0.0), 1.0))

    return motion


def _turn(start: Pose, context: Context) -> Motion:
    def motion(u: float) -> Pose:
        way = ease((u / context.seconds - 0.2) / 0.6)
        return replace(start, action="turn", facing=start.facing * math.cos(math.pi * way), phase=start.phase + 0.4 * u)

    return motion


def _hide(start: Pose, context: Context) -> Motion:
    """Walk the way behind the wall that stands in the middle of it, and come out again."""
    end = context.reach(start.x, 8.5)

    def motion(u: float) -> Pose:
        x = start.x + (end - start.x) * soft_start(u / context.seconds)
        phase = start.phase + abs(x - start.x) / (0.62 * context.height)
        return replace(start, x=x, action="walk", phase=phase, facing=context.direction)

    return motion


def _play(start: Pose, context: Context) -> Motion:
    """Hop to and fro in short arcs."""
    top, amplitude = 0.32 * context.height**0.8, min(1.3, 0.5 * context.height)

    def motion(u: float) -> Pose:
        beat = 1.35 * (u + context.delay)
        swing = sway(beat / 2.6) - sway(1.35 * context.delay / 2.6)
        facing = 1.0 if math.cos(2 * math.pi * beat / 2.6) >= 0 else -1.0
        begin = min(1.0, u / 0.5)
        lift = top * arc(beat % 1.0) * begin
        x = start.x + amplitude * swing * context.direction
        squash = 1 + 0.1 * begin * (arc(beat % 1.0) - 0.5)
        return replace(start, x=x, action="play", lift=lift, facing=facing * context.direction, phase=beat, squash=squash)

    return motion


IDLE = Action(
    name="idle",
    begin=_idle,
    verbs=(
        Verb(base="stand", third="stands", ing="standing", ja="立つ", ja_ing="立っている"),
        Verb(base="wait", third="waits", ing="waiting", ja="待つ", ja_ing="待っている"),
        Verb(base="stay", third="stays", ing="staying", ja="とどまる", ja_ing="じっとしている"),
    ),
)
WALK = Action(
    name="walk",
    begin=_travel("walk", 0.22, 0.62),
    directed=True,
    verbs=(
        Verb(base="walk", third="walks", ing="walking", ja="歩く", ja_ing="歩いている"),
        Verb(base="stroll", third="strolls", ing="strolling", ja="散歩する", ja_ing="散歩している"),
        Verb(base="wander", third="wanders", ing="wandering", ja="ぶらつく", ja_ing="ぶらぶら歩いている"),
    ),
)
RUN = Action(
    name="run",
    begin=_travel("run", 0.45, 0.95),
    directed=True,
    verbs=(
        Verb(base="run", third="runs", ing="running", ja="走る", ja_ing="走っている"),
        Verb(base="dash", third="dashes", ing="dashing", ja="駆ける", ja_ing="駆けている"),
        Verb(base="race", third="races", ing="racing", ja="疾走する", ja_ing="疾走している"),
    ),
)
DRIVE = Action(
    name="drive",
    begin=_travel("drive", 0.5, 0.42 * math.pi),
    directed=True,
    verbs=(
        Verb(base="drive", third="drives", ing="driving", ja="走る", ja_ing="走っている"),
        Verb(base="cruise", third="cruises", ing="cruising", ja="進む", ja_ing="進んでいる"),
        Verb(base="roll along", third="rolls along", ing="rolling along", ja="走り抜ける", ja_ing="走り抜けている"),
    ),
)
JUMP = Action(
    name="jump",
    begin=_jump,
    directed=True,
    verbs=(
        Verb(base="jump", third="jumps", ing="jumping", ja="跳ぶ", ja_ing="跳んでいる"),
        Verb(base="leap", third="leaps", ing="leaping", ja="ジャンプする", ja_ing="ジャンプしている"),
        Verb(base="hop", third="hops", ing="hopping", ja="跳ねる", ja_ing="ぴょんぴょん跳ねている"),
    ),
)
TURN = Action(
    name="turn",
    begin=_turn,
    once=True,
    verbs=(
        Verb(base="turn around", third="turns around", ing="turning around", ja="振り向く", ja_ing="振り向いている"),
        Verb(base="turn round", third="turns round", ing="turning round", ja="向きを変える", ja_ing="向きを変えている"),
    ),
)
HIDE = Action(
    name="hide",
    begin=_hide,
    directed=True,
    once=True,
    verbs=(
        Verb(
            base="pass behind a wall and come out again",
            third="passes behind a wall and comes out again",
            ing="passing behind a wall and coming out again",
            ja="壁の後ろを通ってまた出てくる",
            ja_ing="壁の後ろを通ってまた出てきている",
        ),
    ),
)
PLAY = Action(
    name="play",
    begin=_play,
    directed=True,
    verbs=(
        Verb(base="play", third="plays", ing="playing", ja="遊ぶ", ja_ing="遊んでいる"),
        Verb(base="romp", third="romps", ing="romping", ja="はしゃぐ", ja_ing="はしゃいでいる"),
        Verb(base="frolic", third="frolics", ing="frolicking", ja="たわむれる", ja_ing="たわむれている"),
    ),
)
