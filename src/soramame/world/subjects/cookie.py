"""The cookie: chocolate chips, and bites that stay. Bites go round the rim, each with the marks of teeth."""

from __future__ import annotations

import math
from functools import lru_cache

import skia

from soramame.world.ink import Pen, ellipse, shape, trace, union
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import Subject, entered
from soramame.world.words import Words

_DOUGH: RGB = (222, 164, 88)
_CRUST: RGB = (172, 108, 50)
_BAKED: RGB = (202, 138, 66)
_CHIP: RGB = (84, 46, 32)
_CRUMB: RGB = (196, 136, 70)
_RADIUS = 49.0
MOST_BITES = 6
_ANGLES = (-0.75, 0.22, -1.75, 1.15, -2.8, 2.2)
_CHIPS = ((-18, -70, 7.5), (12, -80, 6.5), (-32, -44, 6.5), (2, -52, 8.5), (30, -58, 7.0), (24, -28, 7.5),
    (-12, -22, 7.0), (-4, -90, 4.5), (38, -40, 4.5), (-40, -62, 4.5), (4, -10, 5.0), (-26, -16, 4.0))  # fmt: skip


def _rim(wobble: float, radius: float) -> skia.Path:
    """A circle that baking has made slightly uneven."""
    points = []
    for i in range(20):
        angle = i * 2 * math.pi / 20
        r = radius * (1 + wobble * math.sin(3.1 * i) * 0.5)
        points.append((r * math.cos(angle), -50 + r * math.sin(angle)))
    return shape(*points)


def _mouthful(angle: float, size: float) -> skia.Path:
    """What one bite takes: a round piece of the rim, its edge scalloped by teeth."""
    x, y = 53 * math.cos(angle), -50 + 53 * math.sin(angle)
    reach = 27.0 * size
    teeth = [ellipse(x, y, reach)]
    for i in range(5):
        at = angle + math.pi + (i - 2) * 0.5
        teeth.append(ellipse(x + reach * 0.94 * math.cos(at), y + reach * 0.94 * math.sin(at), 8.2 * size))
    return union(*teeth)


@lru_cache(maxsize=64)
def cookie_path(eighths: int) -> skia.Path:
    """What is left of the cookie after so many eighths of a bite. Shared: never change it."""
    path = skia.Path(_rim(0.02, _RADIUS))
    for i in range(min(MOST_BITES, math.ceil(eighths / 8))):
        share = min(1.0, eighths / 8 - i)
        path = skia.Op(path, skia.Simplify(_mouthful(_ANGLES[i], share)), skia.PathOp.kDifference_PathOp) or path
    return path


def _crumbs(pen: Pen, bitten: float) -> None:
    """Crumbs fall while a bite is being taken, and lie below afterwards."""
    part = bitten - math.floor(bitten)
    for i in range(min(MOST_BITES, math.ceil(bitten))):
        pen.spot(30 - 15 * i, -2.4, 2.6, _CRUMB)
        pen.spot(38 - 15 * i, -1.8, 1.9, _CRUMB)
    if part > 0:
        for i in range(3):
            pen.spot(30 + 9 * i, -70 + 62 * part + 7 * i, 2.6, _CRUMB)


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a cookie with ``bitten`` bites gone."""
    pose = state.pose
    eighths = round(min(max(pose.bitten, 0.0), float(MOST_BITES)) * 8)
    path = cookie_path(eighths)
    with entered(canvas, pose, style, narrow=0.9) as pen:
        pen.sheet(path, _CRUST, shade=0.0)
        canvas.save()
        canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        dx, dy = pen.light[0] * 4.5, pen.light[1] * 4.5
        canvas.translate(dx, dy)
        pen.flat(path, _BAKED)
        canvas.translate(0.6 * dx, 0.6 * dy)
        pen.flat(path, _DOUGH)
        canvas.translate(-1.6 * dx, -1.6 * dy)
        for x, y, r in _CHIPS:
            pen.spot(x + 1.2, y + 1.6, r, (140, 84, 40))
            pen.spot(x, y, r, _CHIP)
            pen.spot(x + pen.light[0] * r * 0.4, y + pen.light[1] * r * 0.4, r * 0.28, (170, 116, 84))
        for x, y in ((-6, -68), (16, -64), (-22, -56), (14, -40), (-14, -38), (-30, -28), (8, -26)):
            pen.line(trace((x - 2, y), (x, y - 0.8), (x + 2, y)), _BAKED, 1.8)
        canvas.restore()
        if not pose.roll:
            _crumbs(pen, pose.bitten)


COOKIE = Subject(
    name="cookie",
    words=Words(
        en=("cookie", "chocolate chip cookie"),
        en_plural=("cookies", "chocolate chip cookies"),
        ja=("クッキー", "チョコチップクッキー"),
    ),
    height=2.6,
    aspect=1.0,
    actions=("idle", "bite", "roll"),
    places=("kitchen_table",),
    draw=draw,
    mass=0.4,
    bounciness=0.15,
)
