"""A beach: sea with moving waves, sand, a palm."""

from __future__ import annotations

import math
import random

import skia

from soramame.world.ink import closed, fill, shape
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.scene import Time
from soramame.world.words import Words


def _sky(e: Easel) -> None:
    top = e.tone((142, 156, 214), (74, 164, 236), (112, 72, 150), (18, 24, 62))
    low = e.tone((255, 214, 186), (204, 238, 252), (255, 152, 96), (58, 74, 128))
    e.wash(-9.5, -0.4, top, low)
    sun = e.tone((255, 236, 190), (255, 248, 214), (255, 214, 120), (240, 242, 255))
    x, y = e.rng.uniform(-4, 4), (-3.0 if e.time in ("day", "night") else -1.3)
    e.glow(x, y, 2.6, sun, 0.55)
    e.pen.spot(x, y, 0.75, sun)
    if e.time != "night":
        for _ in range(3):
            e.cloud(
                e.rng.uniform(LEFT, RIGHT),
                e.rng.uniform(-4.0, -1.8),
                e.rng.uniform(0.6, 1.1),
                e.tone((255, 236, 226), (252, 254, 255), (255, 190, 160), (90, 100, 150)),
            )


def _sea(e: Easel) -> None:
    e.wash(
        -0.5,
        3.0,
        e.tone((150, 160, 210), (40, 140, 214), (196, 104, 130), (28, 44, 98)),
        e.tone((120, 190, 214), (78, 200, 222), (232, 140, 120), (40, 74, 130)),
    )
    foam = e.tone((250, 236, 240), (226, 248, 252), (255, 206, 170), (130, 160, 210))
    for row in range(4):
        y = 0.1 + 0.55 * row
        for _ in range(6):
            e.box(e.rng.uniform(LEFT, RIGHT), y, e.rng.uniform(0.6, 1.8), 0.07, foam, plain=True)


def _sand(e: Easel) -> None:
    sand = e.tone((246, 214, 186), (250, 224, 166), (236, 166, 122), (92, 88, 122))
    wet = e.tone((214, 184, 170), (222, 190, 136), (204, 132, 108), (72, 72, 108))
    e.ridge(2.45, [e.rng.uniform(0, 0.25) for _ in range(7)], wet)
    e.ridge(2.75, [e.rng.uniform(0, 0.25) for _ in range(7)], sand)
    e.wash(3.2, BOTTOM, sand, wet)
    x = e.rng.choice((-6.6, 6.6)) + e.rng.uniform(-0.4, 0.4)
    lean = -0.9 if x > 0 else 0.9
    trunk = shape(
        (x - 0.22, 3.3),
        (x + lean * 0.5, 0.4),
        (x + lean - 0.1, -2.4),
        (x + lean + 0.2, -2.4),
        (x + lean * 0.6 + 0.2, 0.4),
        (x + 0.26, 3.3),
    )
    e.pen.sheet(trunk, e.tone((130, 92, 78), (150, 104, 66), (110, 66, 66), (52, 46, 70)), shade=0.0)
    green = e.tone((96, 140, 110), (58, 158, 92), (86, 92, 84), (30, 66, 74))
    for dx, dy in ((-2.3, 0.5), (-1.7, -0.9), (0.2, -1.5), (1.9, -0.8), (2.3, 0.6)):
        cx, cy = x + lean, -2.4
        e.pen.sheet(
            closed(
                [(cx, cy), (cx + dx * 0.6, cy + dy - 0.5), (cx + dx, cy + dy + 0.25), (cx + dx * 0.5, cy + dy + 0.15)]
            ),
            green,
            shade=0.0,
        )


def _waves(canvas: skia.Canvas, time: float, rng: random.Random, hour: Time) -> None:
    """Two lines of surf that come and go."""
    for row, (y, speed) in enumerate(((1.35, 0.22), (2.3, 0.16))):
        swing = 0.14 * math.sin(2 * math.pi * (speed * time + 0.4 * row))
        path = skia.Path()
        path.moveTo(LEFT, y + swing)
        x = LEFT
        while x < RIGHT:
            path.quadTo(x + 0.8, y + swing - 0.28, x + 1.6, y + swing)
            x += 1.6
        path.lineTo(RIGHT, y + swing + 0.16)
        path.lineTo(LEFT, y + swing + 0.16)
        canvas.drawPath(path, fill((255, 255, 255), 0.75 if hour != "night" else 0.4))


BEACH = Place(
    name="beach",
    words=Words(
        en=("beach", "seaside", "seashore", "sandy beach"), en_plural=("beaches",), ja=("砂浜", "海辺", "ビーチ")
    ),
    times=("day", "day", "dusk", "dawn", "night"),
    weathers=("clear", "clear", "cloudy"),
    layers=(Layer(depth=0.1, paint=_sky), Layer(depth=0.6, paint=_sea), Layer(depth=1.0, paint=_sand)),
    far=3.2,
    near=4.4,
    sea=1.2,
    wall=(214, 160, 104),
    live=_waves,
)
