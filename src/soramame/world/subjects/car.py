"""The car: a small round one, with glass that shines and wheels that turn."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, curve, ellipse, light_of, mix, shade_of, shape, trace
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.subjects.gait import wave
from soramame.world.words import Words

_BODY = shape(
    (-108, -30, 0.6), (-104, -52), (-82, -60, 0.5), (-62, -64, 0.5), (-44, -92, 0.6), (-8, -100),
    (30, -95, 0.6), (56, -66, 0.5),
    (86, -60), (106, -48), (110, -28, 0.6), (104, -16, 0.4), (-104, -16, 0.4),
)  # fmt: skip
_LOWER = shape((-114, -36, 0.2), (0, -33), (114, -36, 0.2), (114, -10, 0.2), (-114, -10, 0.2))
_REAR_GLASS = shape((-52, -66, 0.3), (-38, -87, 0.5), (-10, -91, 0.4), (-8, -66, 0.2))
_FRONT_GLASS = shape((0, -66, 0.2), (-1, -91.5, 0.3), (26, -88, 0.5), (45, -66, 0.3))
_GLASS: RGB = (176, 220, 240)
_TYRE: RGB = (44, 42, 54)


def _wheel(pen: Pen, x: float, phase: float) -> None:
    canvas = pen.canvas
    pen.sheet(ellipse(x, -21, 21), _TYRE, shade=4.0)
    pen.spot(x, -21, 12.5, (206, 212, 222))
    canvas.save()
    canvas.translate(x, -21)
    canvas.rotate(360.0 * (phase % 1.0))
    for spoke in range(3):
        angle = spoke * math.pi / 3
        dx, dy = 11.5 * math.cos(angle), 11.5 * math.sin(angle)
        pen.line(curve(((-dx, -dy), (dx, dy))), (120, 126, 144), 3.6)
    pen.spot(8.2, 0, 2.4, (214, 44, 52))
    pen.spot(0, 0, 3.8, (86, 90, 108))
    canvas.restore()


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a car; the phase counts turns of its wheels."""
    pose = state.pose
    rgb = colour_of(state, "body", "red")
    bob = 0.9 * wave(pose.phase) if pose.action == "drive" else 0.0
    with entered(canvas, pose, style, narrow=0.55) as pen:
        canvas.save()
        canvas.translate(0, bob)
        pen.sheet(_BODY, rgb, shade=7.0, rim=True)
        pen.inside(_BODY, _LOWER, shade_of(rgb))
        for glass in (_REAR_GLASS, _FRONT_GLASS):
            pen.sheet(glass, _GLASS, shade=0.0, cast=False)
            pen.inside(glass, shape((-44, -60, 0), (-24, -100, 0), (-12, -100, 0), (-32, -60, 0)), (240, 250, 255))
            pen.inside(glass, shape((6, -60, 0), (26, -100, 0), (36, -100, 0), (16, -60, 0)), (240, 250, 255))
        pen.line(trace((-6, -64), (-6, -24)), shade_of(rgb), 2.4)
        pen.line(trace((48, -62), (44, -40), (40, -30)), shade_of(rgb), 2.0)
        pen.line(trace((-26, -56), (-14, -56)), light_of(rgb), 3.4)
        pen.line(trace((-88, -57), (-30, -61), (50, -61), (84, -57)), light_of(rgb), 2.6, 0.9)
        pen.oval(99, -44, 7.0, 8.5, (90, 84, 100))
        pen.oval(99.6, -44, 5.4, 7.0, (255, 236, 150))
        pen.spot(98, -46.5, 2.2, (255, 255, 255))
        pen.flat(shape((-107, -48, 0.3), (-99, -50, 0.3), (-98, -37, 0.3), (-108, -36, 0.3)), (236, 60, 60))
        for x in (-106.0, 92.0):
            pen.sheet(shape((x - 6, -25), (x + 20, -25), (x + 20, -17), (x - 6, -17)), (190, 196, 208), shade=2.0)
        for x in (-62.0, 66.0):
            pen.oval(x, -21, 26, 26, mix(shade_of(rgb), (26, 20, 36), 0.72))
        canvas.restore()
        for x in (-62.0, 66.0):
            _wheel(pen, x, pose.phase)


CAR = Subject(
    name="car",
    words=Words(en=("car",), en_plural=("cars",), ja=("車", "自動車")),
    height=2.8,
    aspect=2.2,
    actions=("idle", "drive", "turn", "hide"),
    places=("neon_street", "city", "beach", "meadow", "snowfield"),
    slots={"body": ("red", "blue", "yellow", "green", "white", "black", "orange", "pink", "teal")},
    describe_en=coloured("body"),
    describe_ja=coloured_ja("body"),
    draw=draw,
    mass=12.0,
)
