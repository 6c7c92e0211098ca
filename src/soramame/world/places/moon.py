"""The moon: grey craters, black sky, the earth."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import closed, fill, mix, shade_of
from soramame.world.light import light_in_space
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.paint import LEFT, RIGHT, Easel, hills, polygon
from soramame.world.places.walls import rock
from soramame.world.words import Words

_DUST: RGB = (190, 190, 204)
_DARK: RGB = (118, 118, 140)


def _sky(e: Easel) -> None:
    e.wash(-9.0, 3.0, ((5, 6, 20), 1.0), ((12, 14, 40), 1.0), ((26, 28, 70), 1.0), sky=True)
    band = closed([(-20, 0.5), (-8, -2.6), (4, -5.4), (20, -9.5), (20, -7.0), (5, -3.2), (-8, -0.4), (-20, 2.8)])
    e.canvas.drawPath(band, fill((74, 72, 150), 0.22))
    for number in range(90):
        x, y = e.rng.uniform(-14, 14), e.rng.uniform(-9.5, 2.2)
        e.canvas.drawCircle(x, y, (0.045, 0.06, 0.05, 0.09)[number % 4], fill((255, 252, 236), 0.95))
    _earth(e, e.rng.choice((-4.5, 4.5)) + e.vary(0, 0.6), -2.7, 1.55)


def _earth(e: Easel, x: float, y: float, r: float) -> None:
    canvas = e.canvas
    e.glow(x, y, 2.3 * r, (96, 168, 255), 0.55)
    for reach, alpha in ((1.62, 0.1), (1.32, 0.16)):
        canvas.drawCircle(x, y, reach * r, fill((110, 176, 255), alpha))
    globe = skia.Path.Circle(x, y, r)
    canvas.drawPath(globe, fill((46, 124, 222)))
    canvas.save()
    canvas.clipPath(globe, skia.ClipOp.kIntersect, True)
    for land in (
        [(-0.95, -0.5), (-0.45, -0.85), (-0.05, -0.5), (-0.28, -0.1), (-0.5, 0.22), (-0.75, -0.12)],
        [(-0.32, 0.2), (0.02, 0.28), (-0.02, 0.62), (-0.22, 0.95), (-0.36, 0.6)],
        [(0.3, -0.7), (0.75, -0.6), (1.0, -0.2), (0.8, 0.2), (0.5, 0.05), (0.36, -0.3)],
    ):
        canvas.drawPath(closed([(x + r * a, y + r * b) for a, b in land]), fill((92, 186, 112)))
    for a, b, w in ((-0.3, -0.42, 0.62), (0.35, 0.32, 0.7), (-0.5, 0.5, 0.45), (0.1, -0.82, 0.5)):
        swirl = closed([(x + r * (a - w), y + r * b), (x + r * a, y + r * (b - 0.1)), (x + r * (a + w), y + r * (b + 0.03)),
            (x + r * a, y + r * (b + 0.08))])  # fmt: skip
        canvas.drawPath(swirl, fill((246, 250, 255), 0.94))
    dark = skia.Path.Circle(x, y, 1.5 * r)
    dark.addCircle(x - 0.42 * r, y - 0.3 * r, 1.12 * r)
    dark.setFillType(skia.PathFillType.kEvenOdd)
    canvas.drawPath(dark, fill((10, 16, 60), 0.5))
    canvas.restore()


def _twinkle(e: Easel, seconds: float) -> None:
    for number in range(7):
        x, y = e.rng.uniform(-8, 8), e.rng.uniform(-4.6, 0.4)
        size = 0.08 + 0.1 * max(0.0, math.sin(2 * math.pi * (0.4 * seconds + number / 7)))
        star = polygon((x, y - 2 * size), (x + 0.4 * size, y - 0.4 * size), (x + 2 * size, y), (x + 0.4 * size, y + 0.4 * size),
            (x, y + 2 * size), (x - 0.4 * size, y + 0.4 * size), (x - 2 * size, y), (x - 0.4 * size, y - 0.4 * size))  # fmt: skip
        e.canvas.drawPath(star, fill((255, 250, 224)))


def _hills(e: Easel) -> None:
    for base, low, high, rgb in ((2.3, 0.5, 2.6, (84, 84, 112)), (2.6, 0.1, 1.3, (128, 128, 152))):
        heights = [e.rng.uniform(low, high) for _ in range(13)]
        path = hills(base, heights)
        e.land(path, rgb)
        shade = skia.Path(path)
        shade.offset(0.9, 0.35)
        e.clipped(path, shade, mix(rgb, shade_of(rgb), 0.5))


def _crater(e: Easel, x: float, y: float, r: float) -> None:
    """A pit seen from the side: raised rim, lit far wall, dark near the light."""
    flat = 0.26
    e.dot(x, y - 0.02 * r, 1.16 * r, (214, 214, 226), flat=flat)
    pit = closed([(x - r, y), (x, y - flat * r), (x + r, y), (x, y + flat * r)])
    e.plain(pit, _DARK)
    e.clipped(pit, closed([(x - 0.75 * r, y + 0.06 * r), (x + 0.25 * r, y - 0.12 * r), (x + 1.15 * r, y + 0.06 * r),
        (x + 0.25 * r, y + 0.34 * r)]), (160, 160, 180))  # fmt: skip
    e.hatch(pit, (60, 60, 80), gap=0.2)


def _ground(e: Easel) -> None:
    e.land(hills(2.55, [e.vary(0.2, 0.2) for _ in range(11)]), _DUST, fade=(142, 142, 166))
    places = [(-17, 3.0), (-13.5, 4.2), (-10, 3.0), (-6.2, 4.35), (-5.6, 2.95), (-1.4, 3.2), (2.2, 4.5), (5.4, 3.05)]
    places += [(6.9, 4.4), (10.2, 3.2), (13.4, 4.3), (17, 3.2), (-3.4, 6.4), (2.9, 7.3), (-1, 9.6), (7, 8.0), (-8, 8.0)]
    for x, y in places:
        _crater(e, e.vary(x, 0.7), e.vary(y, 0.12), e.vary(0.8, 0.35) * (0.7 + 0.14 * y))
    for _ in range(16):
        x, y, r = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.8, 8.5), e.rng.uniform(0.08, 0.2)
        e.dot(x + 0.6 * r, y + 0.5 * r, 1.3 * r, _DARK, flat=0.4)
        e.dot(x, y, r, (214, 214, 226), flat=0.8)


def _rocks(e: Easel) -> None:
    heights = [0.3, -0.2, 0.5, 0.1, -0.5, -0.6, -0.5, 0.2, 0.6, -0.1, 0.3]
    e.land(hills(5.0, heights if e.rng.random() < 0.5 else heights[::-1]), (120, 120, 146))


MOON = Place(
    name="moon",
    words=Words(
        en=("moon", "surface of the moon", "lunar surface", "moon's grey dust"),
        en_plural=("moons",),
        ja=("月面", "月の上", "月"),
    ),
    times=("night",),
    weathers=("clear",),
    layers=(
        Layer(depth=0.03, paint=_sky),
        Layer(depth=0.03, live=_twinkle),
        Layer(depth=0.45, paint=_hills),
        Layer(depth=1.0, paint=_ground),
        Layer(depth=1.2, paint=_rocks, where="before"),
    ),
    light=light_in_space,
    gravity=6.0,
    wall=rock,
    refuses=("fly", "swim"),
)
