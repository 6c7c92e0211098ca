"""The dog: floppy ears, blunt muzzle, a collar, a tail that wags."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, Point, ellipse, limb, line_of, mix, shade_of, shape
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Mood, Style
from soramame.world.subjects.base import LAND, Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.subjects.beast import Fur, about, coat, legs, shape_line, tear, youth_of
from soramame.world.subjects.front import TURNED, draw_front
from soramame.world.subjects.gait import Stance, stance, wave
from soramame.world.words import Words

_HEAD = shape((34, 4), (32, -4), (22, -7), (16, -17), (2, -22), (-14, -18), (-21, -4), (-19, 9), (-8, 18),
    (8, 19), (24, 18), (33, 12))  # fmt: skip
_MUZZLE = shape((36, 3), (22, -5), (13, -22), (9, -22), (10, -4), (4, 8), (-2, 19), (10, 24), (36, 20))
_EAR = shape((-14, -19, 0.4), (-4, -18), (2, -8), (1, 10), (-6, 19), (-15, 12), (-18, -4))
_TORSO = shape(
    (-40, -58), (-24, -64), (4, -63), (24, -72), (38, -72), (42, -58), (37, -44), (22, -34), (0, -37),
    (-20, -40), (-38, -42),
)  # fmt: skip
_BELLY = shape((48, -62), (34, -54), (18, -43), (-10, -42), (-30, -41), (-10, -28), (30, -24), (52, -44))
_COLLAR = shape((16, -74, 0.2), (23, -78, 0.2), (47, -48, 0.2), (42, -42, 0.2))


def _face(pen: Pen, fur: Fur, mood: Mood) -> None:
    dark = line_of(fur.base)
    if mood == "happy":
        pen.flat(shape((10, 12), (29, 11), (28, 19), (20, 24), (12, 20)), (120, 30, 44))
        pen.flat(shape((15, 16), (25, 15), (26, 26), (21, 31), (16, 26)), (246, 124, 136))
    elif mood == "surprised":
        pen.flat(ellipse(22, 16, 4.5, 5.5), (120, 30, 44))
    elif mood == "angry":
        pen.flat(shape((9, 10, 0), (31, 9, 0), (29, 16), (18, 18), (10, 15)), (120, 30, 44))
        pen.flat(shape((11, 10, 0), (30, 9, 0), (27, 14, 0), (24, 10.5, 0), (20, 14, 0), (16, 10.5, 0),
            (13, 14, 0)), (255, 250, 240))  # fmt: skip
    elif mood == "sad":
        pen.line(shape_line(((11, 17), (21, 12), (30, 9))), dark, 2.0)
    else:
        pen.line(shape_line(((9, 10), (15, 14), (24, 13), (30, 8))), dark, 2.0)
    pen.flat(ellipse(31.5, -1.5, 5.6, 4.6), (34, 26, 34))
    pen.spot(29.8, -3.2, 1.5, (226, 224, 232))
    wide = {"surprised": 1.25, "sad": 1.05}.get(mood, 1.0)
    if sum(fur.base) < 240:
        pen.flat(ellipse(8, -6, 6.0 * wide, 6.8 * wide), fur.pale)
    pen.flat(ellipse(8, -6, 4.6 * wide, 5.6 * wide), (40, 26, 30))
    pen.flat(ellipse(8.6, -3.6, 2.6 * wide, 2.4 * wide), (140, 84, 48))
    pen.spot(6.6, -8.2, 1.9, (255, 255, 255))
    if mood == "sad":
        tear(pen, 9, 4)
    brow = {
        "angry": ((1, -17), (14, -10)), "sad": ((0, -12), (12, -19)), "surprised": ((2, -19), (13, -19)),
        "happy": ((3, -16), (8, -18), (13, -15)),
    }.get(mood)  # fmt: skip
    if brow:
        pen.line(shape_line(brow), dark, 3.2)


def _tail(pen: Pen, fur: Fur, held: Stance, mood: Mood, *, wag: float, drop: float) -> None:
    root = about((-37, -57 + drop), held.pitch, held.rise)
    angle = held.tail + {"sad": -1.5, "happy": 0.25, "angry": -0.3}.get(mood, 0.0) + wag
    cos, sin = math.cos(angle), math.sin(angle)
    spine = [(root[0] + x * cos - y * sin, root[1] + x * sin + y * cos) for x, y in ((0, 0), (-12, -9),
        (-19, -22), (-17, -35))]  # fmt: skip
    pen.sheet(limb(spine, (5.5, 5.0, 4.4, 3.0)), fur.base, shade=2.5, cast=False)
    pen.spot(*spine[3], 3.4, fur.pale)


def _head(pen: Pen, fur: Fur, mood: Mood, at: Point, *, turn: float, size: float) -> None:
    canvas = pen.canvas
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(math.degrees(turn))
    canvas.scale(size, size)
    pen.sheet(_HEAD, fur.base, shade=4.0, rim=True)
    pen.inside(_HEAD, _MUZZLE, fur.pale)
    _face(pen, fur, mood)
    canvas.rotate({"surprised": 40.0, "happy": 12.0, "angry": 25.0, "sad": -8.0}.get(mood, 0.0), -8, -16)
    pen.sheet(_EAR, fur.dark, shade=3.0)
    canvas.restore()


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a dog."""
    pose = state.pose
    mood = pose.mood
    fur = coat(colour_of(state, "fur", "brown"))
    youth = youth_of(pose, state.actor.wears("age"), 2.6)
    held = stance(pose, stride=14.0, spring=1.15)
    collar: RGB = (214, 44, 52) if state.actor.wears("fur", "brown") not in ("brown",) else (44, 106, 206)
    wag = (0.3 if mood == "happy" or pose.action == "play" else 0.1) * wave(pose.phase * 2)
    droop = {"sad": 11.0, "angry": 6.0, "surprised": -3.0, "happy": -2.0}.get(mood, 0.0)
    drop = 9.0 * youth
    if abs(pose.facing) < TURNED:
        with entered(canvas, pose, style, narrow=1.0) as pen:
            draw_front(pen, pose, fur, floppy=True, iris=(140, 84, 48), youth=youth)
        return
    with entered(canvas, pose, style, narrow=TURNED) as pen:
        pen.sheet(legs(held, far=True, drop=drop), mix(fur.base, shade_of(fur.base), 0.7), shade=0.0, cast=False)
        _tail(pen, fur, held, mood, wag=wag, drop=drop)
        pen.sheet(legs(held, far=False, drop=drop), fur.base, shade=2.6)
        canvas.save()
        canvas.translate(0, held.rise + drop)
        canvas.rotate(math.degrees(held.pitch), 0, -52)
        pen.sheet(_TORSO, fur.base, shade=0.0, cast=False, rim=True)
        pen.inside(_TORSO, _BELLY, fur.pale)
        pen.inside(_TORSO, ellipse(-20, -58, 15, 11), fur.dark)
        pen.inside(_TORSO, _COLLAR, collar)
        canvas.restore()
        neck = about((43, -76 + drop + droop), held.pitch, held.rise)
        turn = held.nod + {"sad": 0.25, "angry": 0.1, "happy": -0.1, "surprised": -0.12}.get(mood, 0.0)
        _head(pen, fur, mood, neck, turn=turn, size=1.0 + 0.2 * youth)


DOG = Subject(
    name="dog",
    words=Words(en=("dog",), en_plural=("dogs",), ja=("犬",)),
    height=3.0,
    aspect=1.4,
    actions=("idle", "walk", "run", "jump", "play", "turn", "hide", "swim"),
    places=tuple(place for place in LAND if place != "moon"),
    slots={"fur": ("brown", "white", "black", "gold", "grey")},
    describe_en=coloured("fur"),
    describe_ja=coloured_ja("fur"),
    draw=draw,
    mass=2.5,
    moody=True,
)
