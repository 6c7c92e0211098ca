"""A beach: sea with moving waves, sand, a palm, a parasol."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import closed, fill, light_of, mix
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.flora import palm
from soramame.world.places.paint import BOTTOM, LEFT, RIGHT, Easel, hills, polygon
from soramame.world.places.walls import sea_rock
from soramame.world.words import Words

_HORIZON = -0.7
_WAVES: tuple[tuple[float, RGB, float, float, float], ...] = (
    (-0.2, (34, 138, 208), 1.5, 0.07, 0.22),
    (0.45, (48, 164, 218), 2.1, 0.1, -0.26),
    (1.15, (72, 190, 226), 2.8, 0.13, 0.3),
    (1.9, (112, 212, 230), 3.6, 0.15, -0.34),
)
"""y, colour, length, height, speed of the bands of water, far ones first."""


def _sun_x(e: Easel) -> float:
    return (-3.4, 3.4, 0.4)[e.shared(1).randrange(3)]


def _water_colour(e: Easel, rgb: RGB) -> RGB:
    """Water takes on the colour of the sky."""
    return mix(e.lit(rgb), e.light.sky[2], {"day": 0.0, "night": 0.2}.get(e.time, 0.42))


def _sky(e: Easel) -> None:
    x = _sun_x(e)
    e.sky(x, _HORIZON, height={"day": 3.0, "dusk": 0.75, "dawn": 1.0, "night": 3.0}[e.time], radius=0.85)
    side = -1.0 if x > 0 else 1.0
    for dx, dy, size in ((8.4, -1.9, 1.5), (5.9, -1.55, 1.0), (10.5, -1.2, 1.2), (4.3, -1.0, 0.62)):
        e.cloud(side * dx * 0.82, dy, size, far=0.12)
    e.clouds((-12.5, -3.3, 0.62), (-side * 6.4, -3.5, 0.62), (13.0, -3.2, 0.7))


def _far_sea(e: Easel) -> None:
    x = _sun_x(e)
    side = 1.0 if x > 0 else -1.0
    island = closed([(-side * 2.2 - 2.6, _HORIZON + 0.06, 0.1), (-side * 2.2 - 1.5, -1.2), (-side * 2.2 - 0.3, -1.0),
        (-side * 2.2 + 0.7, -1.5), (-side * 2.2 + 2.4, _HORIZON + 0.06, 0.1)])  # fmt: skip
    e.sheet(island, (84, 150, 130), far=0.42)
    water = _water_colour(e, (24, 116, 192))
    e.canvas.drawRect(skia.Rect(LEFT - 1, _HORIZON, RIGHT + 1, BOTTOM), fill(water))


def _water(e: Easel, seconds: float) -> None:
    """Bands of paper water that slide to and fro, and the light's way on them."""
    canvas, view = e.canvas, e.canvas.getLocalClipBounds()
    sun = _sun_x(e)
    for number, (y, rgb, length, height, speed) in enumerate(_WAVES):
        colour = _water_colour(e, rgb)
        slide = 0.8 * math.sin(2 * math.pi * speed * seconds * 0.45 + number)
        top = y + 0.05 * math.sin(2 * math.pi * (0.21 * seconds + 0.3 * number))
        low = min(y + 1.3, BOTTOM)
        path = skia.Path()
        x = length * math.floor((view.left() - slide) / length) + slide
        path.moveTo(x, low)
        path.lineTo(x, top)
        while x < view.right():
            path.cubicTo(x + 0.32 * length, top, x + 0.3 * length, top - height, x + 0.5 * length, top - height)
            path.cubicTo(x + 0.7 * length, top - height, x + 0.68 * length, top, x + length, top)
            x += length
        path.lineTo(x, low)
        path.close()
        line = fill(mix(colour, (10, 20, 60), 0.62)) if e.ink else fill((8, 24, 84), 0.16)
        for shift, paint in ((-0.08, line), (0.08, fill(mix(colour, light_of(colour), 0.75))), (0.1, fill(colour))):
            canvas.translate(0, shift)
            canvas.drawPath(path, paint)
        canvas.translate(0, -0.1)
        if e.light.cover < 0.4:
            sheen = fill(mix(e.light.sun, colour, 0.2), 0.85)
            for dash in range(3):
                swing = math.sin(2 * math.pi * (0.4 * seconds + 0.27 * dash + 0.41 * number))
                half = (0.55 + 0.3 * number) * (0.75 + 0.25 * swing)
                at, level = sun + 0.16 * (dash - 1) * (number + 2) * swing, y + 0.2 + 0.17 * dash
                canvas.drawOval(skia.Rect(at - half, level - 0.045, at + half, level + 0.045), sheen)


def _surf(e: Easel, seconds: float) -> None:
    """The last thin wave, running up the sand and back."""
    run = 0.2 * math.sin(2 * math.pi * 0.24 * seconds)
    for lift, rgb, alpha in ((0.0, (255, 255, 255), 0.95), (-0.16, (150, 224, 232), 1.0)):
        path = skia.Path()
        path.moveTo(LEFT, 2.3)
        x, y, length = LEFT, 2.62 + run + lift, 2.5
        path.lineTo(x, y)
        while x < RIGHT + length:
            path.quadTo(x + length / 2, y + 0.3, x + length, y)
            x += length
        path.lineTo(RIGHT + length, 2.3)
        path.close()
        e.canvas.drawPath(path, fill(_water_colour(e, rgb) if lift else e.lit(rgb), alpha))


def _sand(e: Easel) -> None:
    e.plain(hills(2.62, [e.vary(0, 0.08) for _ in range(9)]), (214, 184, 138))
    e.land(hills(2.98, [e.vary(0.02, 0.08) for _ in range(9)]), (252, 228, 172), fade=(240, 204, 146))
    for y, rise in ((4.1, 0.2), (6.0, 0.3), (8.2, 0.3)):
        e.plain(hills(y, [e.vary(0, rise) for _ in range(9)]), (246, 216, 156))
    for _ in range(22):
        w, cx, cy = e.vary(0.4, 0.2), e.rng.uniform(LEFT, RIGHT), e.rng.uniform(3.3, 8.8)
        e.plain(closed([(cx - w, cy), (cx, cy - 0.05), (cx + w, cy), (cx, cy + 0.06)]), (224, 184, 128))
    for cx, cy in ((-3.1, 4.55), (4.4, 4.6), (11.0, 4.3), (-11.0, 4.4), (0.6, 6.6), (-2.5, 8.0)):
        _star(e, e.vary(cx, 0.8), cy, 0.26)


def _props(e: Easel) -> None:
    x = 6.3 if _sun_x(e) < 0 else -6.3
    _parasol(e, -x, 3.15)
    for at, y, tall, lean in ((x, 3.35, 6.0, -1.5), (x + (5.6 if x > 0 else -5.6), 3.1, 5.0, 1.2)):
        palm(e, at, y, tall, lean if x > 0 else -lean)
        e.dot(at, y + 0.06, 1.0, (226, 190, 134), flat=0.2)
        e.dot(at - 0.1, y - 0.02, 0.8, (252, 228, 172), flat=0.2)


def _star(e: Easel, x: float, y: float, r: float) -> None:
    points = []
    for number in range(10):
        reach, angle = (r if number % 2 == 0 else 0.45 * r), math.pi * (number / 5 - 0.4)
        points.append((x + reach * math.cos(angle), y + 0.6 * reach * math.sin(angle)))
    e.plain(closed(points), (240, 118, 92))


def _parasol(e: Easel, x: float, y: float) -> None:
    """A striped parasol over a towel."""
    e.dot(x + 0.5, y + 0.15, 2.0, (206, 164, 112), flat=0.14, alpha=0.8)
    towel = polygon((x - 1.3, y + 0.05), (x + 0.9, y - 0.1), (x + 1.4, y + 0.4), (x - 1.0, y + 0.6))
    e.sheet(towel, (86, 180, 200))
    e.clipped(towel, polygon((x - 0.5, y - 0.2), (x - 0.1, y - 0.2), (x + 0.4, y + 0.8), (x, y + 0.8)), (246, 250, 250))
    e.sheet(polygon((x - 0.02, y + 0.1), (x + 0.12, y + 0.1), (x - 0.2, y - 3.5), (x - 0.32, y - 3.5)), (246, 240, 228))
    cx, cy, w = x - 0.28, y - 2.35, 2.3
    top = closed([(cx - w, cy + 0.14, 0.1), (cx - 0.75 * w, cy - 0.8), (cx, cy - 1.35), (cx + 0.75 * w, cy - 0.8),
        (cx + w, cy + 0.14, 0.1), (cx + 0.5 * w, cy - 0.04), (cx, cy + 0.12, 0.2), (cx - 0.5 * w, cy - 0.04)])  # fmt: skip
    e.sheet(top, (238, 92, 84))
    for left, right in ((-0.62, -0.25), (0.2, 0.6)):
        stripe = closed([(cx, cy - 1.4, 0.0), (cx + (left - 0.1) * w, cy - 0.6), (cx + left * w, cy + 0.3, 0.0),
            (cx + right * w, cy + 0.3, 0.0), (cx + (right - 0.06) * w, cy - 0.6)])  # fmt: skip
        e.clipped(top, stripe, (255, 246, 234))
    e.dot(cx, cy - 1.38, 0.13, (255, 246, 234))


BEACH = Place(
    name="beach",
    words=Words(
        en=("beach", "seaside", "seashore", "sandy beach"), en_plural=("beaches",), ja=("砂浜", "海辺", "ビーチ")
    ),
    times=("day", "day", "dusk", "dawn", "night"),
    weathers=("clear", "clear", "cloudy"),
    layers=(
        Layer(depth=0.06, paint=_sky),
        Layer(depth=0.25, paint=_far_sea),
        Layer(depth=0.6, live=_water),
        Layer(depth=1.0, paint=_sand, where="shore"),
        Layer(depth=1.0, live=_surf, where="shore"),
        Layer(depth=1.0, paint=_props, where="shore"),
    ),
    far=3.2,
    near=4.4,
    sea=1.2,
    wall=sea_rock,
)
