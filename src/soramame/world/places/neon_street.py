"""A street of neon signs on a rainy night; the wet ground mirrors everything."""

from __future__ import annotations

import skia

from soramame.world.ink import fill, stroke
from soramame.world.palette import RGB
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words

_NEON: tuple[RGB, ...] = (
    (255, 72, 150),
    (64, 226, 240),
    (255, 178, 56),
    (152, 108, 255),
    (255, 88, 88),
    (98, 240, 160),
)


def _sky(e: Easel) -> None:
    e.wash(-9.5, 2.0, (16, 12, 40), (54, 26, 84), (120, 44, 112))
    for i in range(9):
        x = LEFT + 3 * i + e.rng.uniform(-0.5, 0.5)
        e.box(x, -5.2 + e.rng.uniform(-1.4, 1.6), 2.6, 12, (42, 26, 74))


def _glyph(e: Easel, x: float, y: float, size: float, rgb: RGB) -> None:
    """A sign's made-up letter: a few strokes in a square."""
    paint = stroke(rgb, 0.16 * size)
    for _ in range(3):
        a, b = e.rng.uniform(-0.4, 0.4), e.rng.uniform(-0.4, 0.4)
        if e.rng.random() < 0.5:
            e.pen.canvas.drawLine(x - 0.36 * size, y + a * size, x + 0.36 * size, y + a * size, paint)
        else:
            e.pen.canvas.drawLine(x + b * size, y - 0.4 * size, x + b * size, y + 0.4 * size, paint)


def _sign(e: Easel, x: float, y: float, letters: int, rgb: RGB) -> None:
    e.glow(x, y + letters * 0.55, 2.6, rgb, 0.4)
    e.box(x - 0.62, y - 0.1, 1.24, letters * 1.1 + 0.25, (30, 16, 46))
    frame = skia.Path()
    frame.addRect(skia.Rect.MakeXYWH(x - 0.52, y, 1.04, letters * 1.1 + 0.05))
    e.pen.canvas.drawPath(frame, stroke(rgb, 0.1))
    for i in range(letters):
        _glyph(e, x, y + 0.58 + 1.1 * i, 0.8, rgb)


def _houses(e: Easel) -> None:
    x = LEFT
    while x < RIGHT:
        wide = e.rng.uniform(3.2, 4.4)
        e.box(x, -7.5 + e.rng.uniform(0, 3.0), wide, 12, e.rng.choice(((36, 22, 58), (28, 20, 52), (48, 26, 62))))
        for row in range(4):
            for column in range(3):
                if e.rng.random() < 0.35:
                    lit = e.rng.choice(((255, 214, 130), (140, 220, 240)))
                    e.box(x + 0.4 + column * 0.95, -4.6 + row * 1.15, 0.5, 0.6, lit, plain=True)
        shop = e.rng.choice(_NEON)
        e.box(x + 0.35, 0.6, wide - 0.7, 1.6, (255, 226, 170), plain=True)
        e.box(x + 0.2, 0.25, wide - 0.4, 0.45, shop)
        _sign(
            e,
            x + wide * e.rng.uniform(0.25, 0.75),
            -4.4 + e.rng.uniform(-0.6, 0.8),
            e.rng.choice((2, 3)),
            e.rng.choice(_NEON),
        )
        x += wide


def _street(e: Easel) -> None:
    e.wash(2.1, BOTTOM, (58, 34, 86), (26, 18, 52), (18, 14, 40))
    e.box(LEFT, 2.1, RIGHT - LEFT, 0.16, (150, 96, 160), plain=True)
    x = LEFT
    while x < RIGHT:
        rgb = e.rng.choice(_NEON)
        long = e.rng.uniform(1.6, 3.4)
        paint = skia.Paint(AntiAlias=True)
        ends = [skia.Color(*rgb, 150), skia.Color(*rgb, 0)]
        paint.setShader(skia.GradientShader.MakeLinear([(0, 2.25), (0, 2.25 + long)], ends))
        e.pen.canvas.drawRect(skia.Rect.MakeXYWH(x, 2.25, e.rng.uniform(0.7, 1.3), long), paint)
        x += e.rng.uniform(1.3, 2.2)
    for _ in range(9):
        x, y = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.8, 4.8)
        e.pen.canvas.drawOval(skia.Rect.MakeXYWH(x, y, e.rng.uniform(1.0, 2.6), 0.16), fill((170, 150, 220), 0.35))


NEON_STREET = Place(
    name="neon_street",
    words=Words(
        en=("neon street", "street of neon signs", "city street full of glowing signs", "neon-lit street"),
        en_plural=("neon streets",),
        ja=("ネオン街", "ネオンの通り", "ネオンの街"),
    ),
    times=("night",),
    weathers=("rain", "rain", "clear"),
    layers=(Layer(depth=0.35, paint=_sky), Layer(depth=0.8, paint=_houses), Layer(depth=1.0, paint=_street)),
    far=2.9,
    near=4.4,
    wall=(196, 60, 96),
    wet=True,
)
