"""A forest meadow: hills, a line of round trees, flowers."""

from __future__ import annotations

from soramame.world.ink import closed
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words


def _sky(e: Easel) -> None:
    top = e.tone((150, 170, 222), (96, 184, 240), (110, 90, 168), (20, 30, 66))
    low = e.tone((255, 222, 190), (222, 244, 250), (255, 178, 130), (50, 76, 110))
    e.wash(-9.5, 2.0, top, low)
    if e.time != "night":
        for _ in range(4):
            e.cloud(
                e.rng.uniform(LEFT, RIGHT),
                e.rng.uniform(-4.4, -2.4),
                e.rng.uniform(0.7, 1.2),
                e.tone((255, 240, 230), (255, 255, 255), (255, 206, 180), (90, 100, 140)),
            )
    else:
        for _ in range(26):
            e.pen.spot(e.rng.uniform(LEFT, RIGHT), e.rng.uniform(-6, -1), 0.06, (255, 250, 220))


def _trees(e: Easel) -> None:
    e.ridge(
        1.9,
        [e.rng.uniform(0.5, 1.6) for _ in range(8)],
        e.tone((140, 178, 150), (126, 200, 134), (132, 128, 120), (34, 70, 82)),
    )
    for i in range(9):
        x, y = LEFT + 3.0 * i + e.rng.uniform(-0.6, 0.6), 2.2
        tall = e.rng.uniform(2.2, 3.4)
        e.box(
            x - 0.2,
            y - tall * 0.5,
            0.4,
            tall * 0.6,
            e.tone((110, 80, 70), (122, 86, 58), (84, 60, 62), (36, 36, 52)),
            plain=True,
        )
        green = e.rng.choice(
            (
                e.tone((98, 150, 112), (62, 160, 88), (92, 108, 88), (24, 62, 66)),
                e.tone((122, 168, 116), (94, 182, 92), (118, 118, 88), (34, 76, 72)),
            )
        )
        e.pen.sheet(_crown(x, y - tall * 0.85, tall * 0.42), green, shade=0.35)


def _crown(x: float, y: float, size: float) -> object:
    return closed(
        [
            (x - size, y + 0.3 * size),
            (x - 0.75 * size, y - 0.65 * size),
            (x, y - size),
            (x + 0.75 * size, y - 0.65 * size),
            (x + size, y + 0.3 * size),
            (x, y + 0.75 * size),
        ]
    )


def _grass(e: Easel) -> None:
    top = e.tone((170, 206, 140), (140, 214, 108), (178, 168, 96), (46, 96, 84))
    low = e.tone((120, 172, 112), (82, 178, 86), (122, 126, 80), (26, 66, 66))
    e.ridge(2.3, [e.rng.uniform(0, 0.4) for _ in range(8)], top)
    e.wash(2.7, BOTTOM, top, low)
    for _ in range(34):
        x, y = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.7, 4.9)
        colour = e.rng.choice(((255, 246, 240), (255, 206, 84), (246, 130, 160), (190, 140, 240)))
        e.box(x - 0.03, y, 0.06, 0.28, low, plain=True)
        e.pen.spot(x, y, 0.14, colour if e.time != "night" else (150, 160, 190))


MEADOW = Place(
    name="meadow",
    words=Words(
        en=("forest meadow", "meadow", "flowery meadow", "clearing in the forest"),
        en_plural=("meadows",),
        ja=("森の草原", "草原", "花咲く野原"),
    ),
    times=("day", "day", "dusk", "dawn", "night"),
    weathers=("clear", "cloudy", "rain", "fog"),
    layers=(Layer(depth=0.1, paint=_sky), Layer(depth=0.5, paint=_trees), Layer(depth=1.0, paint=_grass)),
    wall=(156, 110, 74),
)
