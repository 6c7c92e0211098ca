"""The bird: round, big-eyed, hopping on thin legs or flapping through the air."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, closed, curve, light_of, limb, line_of, mix, shade_of, shape, trace
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Mood, Style
from soramame.world.subjects.base import Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.subjects.beast import tear
from soramame.world.subjects.gait import step, wave
from soramame.world.words import Words

_BODY = shape(
    (-36, -42, 0.5), (-20, -64), (-6, -84), (14, -98), (36, -90), (42, -72), (38, -46), (22, -22), (-4, -16),
    (-26, -26),
)  # fmt: skip
_BELLY = shape((44, -66), (26, -60), (8, -44), (-12, -26), (-20, -10), (30, -6), (56, -40))
_FOLDED = shape((10, -60), (-4, -64), (-28, -50), (-56, -26, 0.2), (-30, -26), (-8, -30), (8, -42))
_TAIL = shape((-24, -44, 0.3), (-52, -40), (-72, -24, 0.2), (-66, -18, 0.2), (-44, -26), (-22, -26, 0.3))
_CREST = limb(((16, -93), (8, -99), (-2, -101)), (4.0, 3.0, 1.0))
_BEAK: RGB = (246, 152, 40)


def _wing(pen: Pen, rgb: RGB, *, beat: float, far: bool) -> None:
    """An open wing from the shoulder: ``beat`` +1 is up, -1 down."""
    x, y = (10.0, -60.0) if far else (2.0, -56.0)
    tip_y = y - 54 * beat - 4
    tip_x = x - 34 - 14 * (1 - abs(beat))
    bend_y = y - 34 * beat - 6
    knots = (
        (x + 12, y + 4), (x + 4, bend_y * 0.6 + y * 0.4), (x - 8, bend_y), (tip_x, tip_y, 0.2),
        (tip_x - 2, tip_y * 0.8 + y * 0.2 + 5, 0.2),
        (tip_x + 2, tip_y * 0.55 + y * 0.45 + 4 + 6 * beat, 0.2), (x - 26, y + 1 + 7 * beat, 0.5),
        (x - 8, y + 6 + 4 * max(beat, 0.0)),
    )  # fmt: skip
    pen.sheet(closed(knots), rgb, shade=4.0)


def _face(pen: Pen, rgb: RGB, mood: Mood) -> None:
    dark = line_of(rgb)
    wide = 1.3 if mood == "surprised" else 1.0
    gape = {"happy": 7.0, "surprised": 6.0, "angry": 4.0}.get(mood, 0.0)
    if gape:
        pen.sheet(shape((36, -68, 0.2), (52, -64 + gape, 0.1), (40, -60 + gape, 0.4), (34, -62, 0.3)),
            shade_of(_BEAK), shade=0.0)  # fmt: skip
    pen.sheet(shape((35, -77, 0.3), (46, -76), (64, -67 - gape * 0.3, 0.1), (48, -64), (35, -64, 0.3)),
        _BEAK, shade=3.0)  # fmt: skip
    pen.oval(22, -77, 9.4 * wide, 10.4 * wide, (255, 253, 248))
    pen.oval(23.5, -76.5, 6.6 if mood != "surprised" else 4.4, 8.0 if mood != "surprised" else 5.0, (34, 26, 38))
    pen.spot(21, -80, 2.6, (255, 255, 255))
    if mood == "happy":
        pen.spot(23, -75.5, 9.6, rgb)
        pen.line(trace((14.5, -72), (23, -80), (31, -72)), dark, 4.0)
        pen.oval(15, -64, 5, 3, (248, 130, 130))
    if mood == "sad":
        pen.inside(_BODY, shape((10, -92), (36, -92), (36, -80, 0.2), (8, -75, 0.2)), rgb)
        tear(pen, 25, -62)
    brow = {"angry": ((12, -94), (32, -84)), "sad": ((11, -80), (31, -89)), "surprised": ((14, -95),
        (30, -96))}.get(mood)  # fmt: skip
    if brow:
        pen.line(trace(*brow), dark, 4.0)


def _feet(pen: Pen, state: ActorState, *, tucked: bool) -> None:
    pose = state.pose
    if tucked:
        for x in (-8.0, 4.0):
            pen.line(curve(((x, -18), (x - 10, -12))), _BEAK, 4.0)
        return
    moving = pose.action in ("walk", "run", "hide")
    for x, shift in ((-4.0, 0.5), (10.0, 0.0)):
        dx, dy = step(pose.phase + shift, stride=13.0, lift=9.0) if moving else (0.0, 0.0)
        foot = (x + dx, -2.0 + dy)
        pen.line(curve(((x, -22), (x + dx * 0.5 - 2, -11 + dy * 0.5), foot)), _BEAK, 4.2)
        pen.line(curve(((foot[0] - 5, foot[1]), (foot[0] + 9, foot[1]))), _BEAK, 4.0)


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a bird; in the air it beats its wings once a phase."""
    pose = state.pose
    rgb = colour_of(state, "feathers", "blue")
    pale = mix(rgb, (255, 248, 232), 0.72) if sum(rgb) > 200 else (226, 224, 232)
    flying = pose.action in ("fly", "fall") or pose.lift > 0.3 * pose.height
    flutter = flying or pose.action in ("play", "jump")
    beat = math.cos(2 * math.pi * pose.phase)
    wing = mix(rgb, shade_of(rgb), 0.55) if rgb != (246, 243, 236) else (206, 212, 226)
    with entered(canvas, pose, style, narrow=0.55) as pen:
        canvas.save()
        if flying:
            canvas.translate(0, -4 * beat)
            canvas.rotate(16 if pose.action != "fall" else 40, 0, -50)
        else:
            hop = abs(wave(pose.phase)) * 5 if pose.action in ("play", "run") else 0.8 * wave(pose.phase)
            canvas.translate(0, -hop)
        if flutter:
            _wing(pen, shade_of(wing), beat=beat * 0.9, far=True)
        _feet(pen, state, tucked=flying)
        if not flying:
            canvas.rotate({"sad": 14.0, "happy": -7.0, "angry": 8.0, "surprised": -9.0}.get(pose.mood, 0.0), 0, -20)
        pen.sheet(_TAIL, wing, shade=3.0, cast=False)
        pen.sheet(_BODY, rgb, shade=5.0, rim=True)
        pen.inside(_BODY, _BELLY, pale)
        pen.sheet(_CREST, rgb, shade=0.0, cast=False)
        _face(pen, rgb, pose.mood)
        if flutter:
            _wing(pen, wing, beat=beat, far=False)
        else:
            pen.sheet(_FOLDED, wing, shade=3.5)
            for y in (-44.0, -36.0):
                pen.line(curve(((-24, y + 8), (-10, y + 2), (0, y - 6))), light_of(wing), 2.0, 0.8)
        canvas.restore()


BIRD = Subject(
    name="bird",
    words=Words(en=("bird",), en_plural=("birds",), ja=("鳥", "小鳥")),
    height=2.8,
    aspect=1.4,
    actions=("idle", "walk", "fly", "jump", "turn", "hide", "play"),
    places=("snowfield", "beach", "meadow", "city", "neon_street"),
    slots={"feathers": ("red", "blue", "yellow", "white", "black", "green")},
    describe_en=coloured("feathers"),
    describe_ja=coloured_ja("feathers"),
    draw=draw,
    mass=0.5,
    moody=True,
)
