"""A forest meadow: hills, a line of round trees, flowers."""

from __future__ import annotations

import math

from soramame.world.ink import fill, light_of, mix
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.flora import flower, leafy, pine, tuft
from soramame.world.places.paint import LEFT, RIGHT, Easel, hills
from soramame.world.places.walls import fence
from soramame.world.words import Words

_LEAF: tuple[RGB, ...] = ((64, 164, 96), (98, 186, 92), (44, 142, 106))
_PETALS: tuple[RGB, ...] = ((255, 252, 246), (255, 206, 76), (248, 122, 160), (170, 132, 240))


def _sky(e: Easel) -> None:
    e.sky(e.rng.choice((-4.6, 4.6)) + e.vary(0, 0.5), 1.6, height=4.9)


def _clouds(e: Easel) -> None:
    e.clouds((-7.0, -3.3, 1.05), (0.6, -4.0, 0.8), (6.4, -2.7, 0.95), (-13.0, -3.0, 1.0), (12.6, -3.6, 1.0))


def _hills(e: Easel) -> None:
    e.land(hills(1.5, [e.vary(1.3, 0.7) for _ in range(9)]), (120, 186, 170), far=0.42)
    for x in range(-18, 19, 2):
        pine(e, e.vary(x, 0.7), 1.75, e.vary(1.5, 0.4), (66, 146, 122), far=0.36)
    e.land(hills(1.9, [e.vary(0.5, 0.4) for _ in range(9)]), (138, 204, 128), far=0.2)


def _trees(e: Easel) -> None:
    for x, tall in ((-17, 4.4), (-13.4, 3.6), (-10.4, 4.4), (-4.4, 2.7), (-2.5, 2.2), (2.6, 2.3), (4.6, 2.8), (9.4, 4.2),
            (13, 3.8), (16.4, 4.6)):  # fmt: skip
        leafy(e, e.vary(x, 0.5), 2.3, e.vary(tall, 0.3), e.rng.choice(_LEAF), far=0.14)
    for x in range(-19, 20, 3):
        bush = e.blob(e.vary(x, 0.8), 2.4, e.vary(1.1, 0.3), e.vary(0.55, 0.12), bumps=6, rough=0.12)
        e.sheet(bush, e.rng.choice(_LEAF), far=0.1, soft=False)


def _grass(e: Easel) -> None:
    for x in (-7.3, 7.1):
        leafy(e, e.vary(x, 0.4), 2.9, e.vary(6.2, 0.4), _LEAF[0])
    e.land(hills(2.5, [e.vary(0.12, 0.14) for _ in range(9)]), (156, 218, 110), fade=(98, 186, 92))
    for y, rise, rgb in ((3.4, 0.2, (134, 208, 104)), (5.2, 0.3, (112, 194, 98)), (7.4, 0.3, (96, 180, 92))):
        e.plain(hills(y, [e.vary(0, rise) for _ in range(9)]), rgb, alpha=0.75)
    for _ in range(34):
        x, y = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.9, 8.8)
        e.plain(tuft(x, y, 0.18 + 0.05 * y, blades=3), (70, 160, 84))
    for x in (-15.5, -10.6, -5.8, -1.6, 3.4, 6.8, 11.2, 15.8):
        petals = e.rng.choice(_PETALS)
        for _ in range(6):
            y = e.rng.uniform(2.85, 4.7)
            flower(e, e.vary(x, 1.7), y, 0.05 + 0.06 * y, petals)
    for _ in range(16):
        y = e.rng.uniform(5.2, 8.8)
        flower(e, e.rng.uniform(-9, 9), y, 0.05 + 0.06 * y, e.rng.choice(_PETALS))


def _sway(e: Easel, seconds: float) -> None:
    """Long grass at the lower edge, swaying; fireflies by night."""
    dark, light = e.light.lit((58, 150, 80)), e.light.lit((92, 184, 88))
    for number in range(17):
        x, tall = -19 + 2.4 * number + e.rng.uniform(-0.7, 0.7), e.rng.uniform(0.75, 1.15)
        if abs(x) < 2.5:
            tall *= 0.6
        bend = 0.16 * math.sin(2 * math.pi * (0.3 * seconds + e.rng.random()))
        path = tuft(x, 5.5, tall, blades=7, bend=bend)
        e.canvas.drawPath(path, fill(dark if number % 2 else light))
    if e.time == "night":
        for _ in range(8):
            x, y, own = e.rng.uniform(-7.6, 7.6), e.rng.uniform(0.4, 4.2), e.rng.random()
            x += 0.4 * math.sin(2 * math.pi * (0.13 * seconds + own))
            y += 0.3 * math.sin(2 * math.pi * (0.17 * seconds + 2 * own))
            glow = round(0.5 + 0.5 * math.sin(2 * math.pi * (0.5 * seconds + own)), 1)
            e.canvas.drawCircle(x, y, 0.24, fill((226, 255, 130), round(0.25 * glow, 2)))
            e.canvas.drawCircle(x, y, 0.09, fill(mix(light_of((226, 255, 130)), (255, 255, 220), glow), 0.9))


MEADOW = Place(
    name="meadow",
    words=Words(
        en=("forest meadow", "meadow", "flowery meadow", "clearing in the forest"),
        en_plural=("meadows",),
        ja=("森の草原", "草原", "花咲く野原"),
    ),
    times=("day", "day", "dusk", "dawn", "night"),
    weathers=("clear", "cloudy", "rain", "fog"),
    layers=(
        Layer(depth=0.05, paint=_sky),
        Layer(depth=0.1, paint=_clouds, drift=0.14),
        Layer(depth=0.35, paint=_hills),
        Layer(depth=0.65, paint=_trees),
        Layer(depth=1.0, paint=_grass),
        Layer(depth=1.2, live=_sway, where="before"),
    ),
    wall=fence,
)
