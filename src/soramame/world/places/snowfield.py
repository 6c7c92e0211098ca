"""A snowfield before white mountains, with pines."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import closed, curve
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.flora import pine
from soramame.world.places.paint import LEFT, RIGHT, Easel, hills, polygon
from soramame.world.places.walls import snow_bank
from soramame.world.words import Words

_ROCK: RGB = (126, 150, 196)
_SNOW: RGB = (247, 251, 255)
_BLUE: RGB = (186, 212, 244)
_PINE: RGB = (44, 112, 104)


def _sky(e: Easel) -> None:
    e.sky(e.rng.choice((-4.4, 4.4)) + e.vary(0, 0.6), 2.2, height=5.2)
    if e.time == "night" and e.light.cover < 0.3:
        _aurora(e)
    e.clouds((-6.8, -2.6, 1.0), (1.4, -2.4, 0.9), (7.6, -2.9, 1.1))


def _aurora(e: Easel) -> None:
    """Green curtains over the night."""
    for rgb, y, phase in (((86, 240, 190), -2.4, 0.0), ((120, 150, 255), -3.6, 1.3)):
        knots = [(x, y + 0.7 * math.sin(0.42 * x + phase + e.rng.random() * 0.4)) for x in range(-20, 21, 2)]
        path = curve(knots)
        for width, alpha in ((2.2, 0.1), (1.5, 0.12), (0.8, 0.16), (0.28, 0.3)):
            paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width)
            paint.setColor(skia.Color(*rgb, round(255 * alpha)))
            e.canvas.save()
            e.canvas.translate(0, -0.4 * width)
            e.canvas.drawPath(path, paint)
            e.canvas.restore()


def _peak(e: Easel, x: float, base: float, height: float, far: float) -> None:
    """A mountain with a lit and a shaded side and a cap of snow with a torn edge."""
    w, top = 0.92 * height, base - height
    body = polygon((x - w, base + 1), (x - 0.42 * w, base - 0.52 * height), (x, top), (x + 0.36 * w, base - 0.6 * height),
        (x + w, base + 1))  # fmt: skip
    e.sheet(body, _ROCK, far=far)
    shade = polygon((x, top), (x + 0.36 * w, base - 0.6 * height), (x + w, base + 1), (x + 0.1 * w, base + 1),
        (x + 0.22 * w, base - 0.3 * height), (x - 0.06 * w, base - 0.55 * height))  # fmt: skip
    e.clipped(body, shade, (96, 118, 174), far=far)
    snow = top + 0.46 * height
    ridge = [
        (x, top - 0.2),
        (x - w, snow + 0.2),
        (x - 0.46 * w, snow - 0.02 * height),
        (x - 0.3 * w, snow + 0.12 * height),
    ]
    ridge += [
        (x - 0.18 * w, snow - 0.1 * height),
        (x - 0.06 * w, snow + 0.06 * height),
        (x + 0.05 * w, snow - 0.06 * height),
    ]
    ridge += [
        (x + 0.16 * w, snow + 0.1 * height),
        (x + 0.28 * w, snow - 0.08 * height),
        (x + 0.44 * w, snow + 0.02 * height),
    ]
    cap = polygon(*ridge, (x + w, snow))
    e.clipped(body, cap, _SNOW, far=far)
    e.canvas.save()
    e.canvas.clipPath(cap, skia.ClipOp.kIntersect, True)
    e.clipped(body, shade, _BLUE, far=far)
    e.canvas.restore()
    e.hatch(shade, (70, 84, 140), far=far)


def _mountains(e: Easel) -> None:
    main = e.rng.choice((-3.2, 3.2)) + e.vary(0, 0.5)
    for x, height in ((-16, 4.6), (-10.5, 5.2), (main - 4.6, 4.2), (main + 5.0, 4.4), (11.5, 5.0), (16.5, 4.4)):
        _peak(e, e.vary(x, 0.6), 2.6, e.vary(height, 0.4), 0.5)
    _peak(e, main, 2.6, 6.4, 0.26)
    wood = [e.vary(0.75, 0.3) if i % 2 else e.vary(0.2, 0.15) for i in range(61)]
    e.sheet(hills(2.5, wood, sharp=True), (86, 140, 160), far=0.34)


def _pines(e: Easel) -> None:
    e.land(hills(2.5, [e.vary(0.3, 0.25) for _ in range(9)]), (226, 239, 252), far=0.1)
    for x in (-15.5, -13, -11.2, -9.0, -6.9, -5.6, -3.9, 3.7, 5.2, 6.6, 8.8, 10.9, 13.2, 15.4):
        pine(e, e.vary(x, 0.5), e.vary(2.5, 0.1), e.vary(2.1, 0.5), _PINE, snow=True, far=0.16)


def _snow(e: Easel) -> None:
    for x in (-17.5, -12.6, -7.3, 7.2, 12.4, 17.0):
        pine(e, e.vary(x, 0.5), 2.6, e.vary(4.2, 0.5), _PINE, snow=True)
    e.land(hills(2.45, [e.vary(0.15, 0.16) for _ in range(11)]), _SNOW, fade=(214, 231, 249))
    for y, rise in ((3.5, 0.22), (5.4, 0.35), (7.4, 0.4), (10.0, 0.4)):
        drift = hills(y, [e.vary(0.0, rise) for _ in range(8)])
        e.canvas.save()
        e.canvas.translate(0.3, -0.16)
        e.plain(drift, _BLUE, alpha=0.5)
        e.canvas.restore()
        e.plain(drift, (238, 246, 254))
    for _ in range(14):
        x, y, w = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.9, 8.5), e.vary(1.0, 0.4)
        e.plain(closed([(x - w, y), (x, y - 0.09), (x + w, y + 0.03), (x, y + 0.1)]), _BLUE, alpha=0.6)


def _drift(e: Easel) -> None:
    heights = [0.15, 0.55, 0.2, -0.2, 0.1, 0.6, 0.1, -0.4, -0.5, -0.3, 0.2, 0.7, 0.3, -0.1, 0.1, 0.5, 0.2]
    if e.rng.random() < 0.5:
        heights = heights[::-1]
    e.land(hills(5.0, heights), _SNOW, fade=_BLUE)


SNOWFIELD = Place(
    name="snowfield",
    words=Words(
        en=("snowfield", "snowy field", "snow", "snow-covered plain"),
        en_plural=("snowfields",),
        ja=("雪原", "雪の原", "雪の中"),
    ),
    times=("day", "day", "dusk", "dawn", "night"),
    weathers=("clear", "snow", "cloudy"),
    layers=(
        Layer(depth=0.05, paint=_sky),
        Layer(depth=0.25, paint=_mountains),
        Layer(depth=0.6, paint=_pines),
        Layer(depth=1.0, paint=_snow),
        Layer(depth=1.2, paint=_drift, where="before"),
    ),
    wall=snow_bank,
)
