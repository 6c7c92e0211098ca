"""The wolf: pricked ears, pale mask, brush of a tail. A small one is a pup: big head, short legs."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, Point, closed, ellipse, limb, line_of, mix, shape
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Mood, Style
from soramame.world.subjects.base import Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.subjects.beast import Fur, about, coat, legs, shape_line, tear, youth_of
from soramame.world.subjects.front import TURNED, draw_front
from soramame.world.subjects.gait import Stance, stance
from soramame.world.words import Words

_HEAD = shape(
    (35, 7), (34, 0), (20, -6), (12, -16), (-1, -20.5), (-14, -16), (-21, -4), (-28, 5, 0), (-20, 8), (-25, 18, 0),
    (-13, 16), (-10, 24, 0), (2, 19), (13, 18.5), (27, 17), (34, 13),
)  # fmt: skip
_MASK = shape((37, 8), (22, 2), (12, 4), (3, 0), (-5, 6), (-28, 5, 0), (-20, 8), (-25, 18, 0), (-10, 25, 0),
    (13, 20), (28, 19), (37, 13))  # fmt: skip
_EAR = shape((-16, -12, 0.3), (-14, -27), (-9, -37, 0.1), (1, -28), (6, -14, 0.3))
_INNER_EAR = shape((-10, -16, 0.3), (-10.4, -25), (-8, -31, 0.1), (-2, -25), (1, -17, 0.3))
_FAR_EAR = shape((4, -14, 0.3), (8, -27), (14, -35, 0.1), (18, -25), (17, -11, 0.3))
_TORSO = shape(
    (-41, -58), (-24, -67), (4, -67), (24, -78), (40, -76), (44, -60), (37, -43), (22, -34), (2, -39),
    (-18, -42), (-38, -41),
)  # fmt: skip
_BACK = shape((-50, -52), (-30, -57), (-6, -55), (4, -49, 0.1), (8, -56), (16, -52, 0.1), (22, -66), (40, -90),
    (10, -92), (-50, -80))  # fmt: skip
_RUFF = shape((30, -80), (46, -72), (49, -60), (44, -50), (42, -40, 0), (35, -46), (29, -37, 0), (24, -47),
    (16, -45, 0), (18, -58), (20, -72))  # fmt: skip
_TAIL = ((0.0, 0.0), (-13.0, -2.0), (-27.0, 4.0), (-40.0, 14.0))
_EYE: RGB = (250, 196, 62)


def _face(pen: Pen, fur: Fur, mood: Mood) -> None:
    dark = line_of(fur.base)
    wide = {"surprised": 1.35, "sad": 0.9, "angry": 0.9}.get(mood, 1.0)
    if mood == "happy":
        pen.flat(shape((14, 13), (30, 12), (29, 20), (22, 25), (15, 21)), (120, 30, 44))
        pen.flat(shape((17, 17), (27, 16), (28, 25), (23, 31), (18, 26)), (244, 120, 132))
    elif mood == "surprised":
        pen.flat(ellipse(26, 16, 5, 6), (120, 30, 44))
    elif mood == "angry":
        pen.flat(shape((10, 9, 0), (35, 9, 0), (33, 15), (20, 18), (11, 15)), (120, 30, 44))
        pen.flat(shape((14, 9, 0), (34, 9, 0), (31, 14, 0), (28, 10.5, 0), (24, 14, 0), (20, 10.5, 0),
            (16, 14, 0)), (255, 250, 240))  # fmt: skip
    mouth = ((12, 11), (24, 11), (34, 9)) if mood != "sad" else ((13, 16), (24, 12), (34, 10))
    if mood in ("neutral", "sad"):
        pen.line(shape_line(mouth), dark, 2.0)
    pen.flat(ellipse(34.5, 1.5, 4.6, 3.8), (30, 24, 34))
    pen.spot(33, 0, 1.3, (220, 220, 232))
    pen.flat(ellipse(9, -4, 5.0 * wide, 5.6 * wide), dark)
    pen.flat(ellipse(9.4, -3.6, 3.9 * wide, 4.5 * wide), _EYE)
    pen.flat(ellipse(10, -3.4, 2.1 * wide, 3.1 * wide), (28, 20, 30))
    pen.spot(8.2, -5.6, 1.5, (255, 255, 255))
    if mood == "sad":
        tear(pen, 11, 5)
    brow = {
        "angry": ((2, -14), (15, -7)), "sad": ((2, -9), (14, -15)), "surprised": ((3, -17), (15, -17)),
        "happy": ((3, -13), (9, -15), (15, -12)),
    }.get(mood)  # fmt: skip
    if brow:
        pen.line(shape_line(brow), dark, 3.0)


def _ear_turn(mood: Mood) -> float:
    return {"sad": -0.75, "angry": -0.5, "surprised": 0.12}.get(mood, 0.0)


def _head(pen: Pen, fur: Fur, mood: Mood, at: Point, *, turn: float, size: float) -> None:
    canvas = pen.canvas
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(math.degrees(turn))
    canvas.scale(size, size)
    for ear, rgb, x in ((_FAR_EAR, fur.dark, 9.0), (_EAR, fur.base, -4.0)):
        canvas.save()
        canvas.rotate(math.degrees(_ear_turn(mood)), x, -12)
        pen.sheet(ear, rgb, shade=3.0)
        if ear is _EAR:
            pen.flat(_INNER_EAR, mix(fur.dark, (236, 150, 150), 0.35))
        canvas.restore()
    pen.sheet(_HEAD, fur.base, shade=4.0, rim=True)
    pen.inside(_HEAD, _MASK, fur.pale)
    _face(pen, fur, mood)
    canvas.restore()


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a wolf."""
    pose = state.pose
    fur = coat(colour_of(state, "fur", "grey"))
    youth = youth_of(pose, state.actor.wears("age"), 2.8)
    held = stance(pose, stride=15.0)
    mood = pose.mood
    droop = {"sad": 12.0, "angry": 9.0, "surprised": -3.0, "happy": -2.0}.get(mood, 0.0)
    if abs(pose.facing) < TURNED:
        with entered(canvas, pose, style, narrow=1.0) as pen:
            draw_front(pen, pose, fur, floppy=False, iris=_EYE, youth=youth)
        return
    with entered(canvas, pose, style, narrow=TURNED) as pen:
        drop = 9.0 * youth
        pen.sheet(legs(held, far=True, drop=drop), fur.dark, shade=0.0, cast=False)
        _tail(pen, fur, held, mood, drop)
        pen.sheet(legs(held, far=False, drop=drop), fur.base, shade=2.6)
        canvas.save()
        canvas.translate(0, held.rise + drop)
        canvas.rotate(math.degrees(held.pitch), 0, -52)
        pen.sheet(_TORSO, fur.base, shade=0.0, cast=False, rim=True)
        pen.inside(_TORSO, _BACK, fur.dark)
        pen.sheet(_RUFF, fur.pale, shade=4.0)
        canvas.restore()
        neck = about((42, -66 + drop + droop), held.pitch, held.rise)
        turn = held.nod + {"sad": 0.22, "angry": 0.1, "happy": -0.1, "surprised": -0.12}.get(mood, 0.0)
        _head(pen, fur, mood, neck, turn=turn, size=1.0 + 0.22 * youth)


def _tail(pen: Pen, fur: Fur, held: Stance, mood: Mood, drop: float) -> None:
    root = about((-37, -57 + drop), held.pitch, held.rise)
    angle = held.tail + {"sad": -0.95, "happy": 0.75, "surprised": 0.9, "angry": 0.3}.get(mood, 0.0)
    cos, sin = math.cos(angle), math.sin(angle)
    spine = [(root[0] + x * cos - y * sin, root[1] + x * sin + y * cos) for x, y in _TAIL]
    brush = limb(spine, (5.0, 9.0, 9.5, 1.6))
    pen.sheet(brush, fur.base, shade=4.0, cast=False, rim=True)
    pen.inside(brush, closed([(spine[3][0] + dx, spine[3][1] + dy) for dx, dy in ((-9, -9), (9, -9), (9, 9),
        (-9, 9))]), fur.pale)  # fmt: skip


WOLF = Subject(
    name="wolf",
    words=Words(en=("wolf",), en_plural=("wolves",), ja=("狼", "オオカミ")),
    height=3.2,
    aspect=1.6,
    actions=("idle", "walk", "run", "jump", "play", "turn", "hide"),
    places=("snowfield", "meadow", "beach", "city", "moon"),
    slots={"fur": ("grey", "white", "black", "brown")},
    describe_en=coloured("fur"),
    describe_ja=coloured_ja("fur"),
    draw=draw,
    mass=3.0,
    moody=True,
)
