"""A city by day: pastel houses, a pavement, street trees."""

from __future__ import annotations

from soramame.world.palette import RGB
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words

_WALLS: tuple[RGB, ...] = (
    (246, 196, 170),
    (190, 214, 236),
    (250, 226, 170),
    (206, 226, 190),
    (232, 190, 210),
    (214, 202, 236),
)


def _sky(e: Easel) -> None:
    e.wash(
        -9.5,
        2.0,
        e.tone((146, 164, 216), (110, 186, 240), (126, 96, 160), (24, 28, 60)),
        e.tone((255, 222, 196), (228, 244, 252), (255, 186, 140), (70, 70, 110)),
    )
    for _ in range(3):
        e.cloud(e.rng.uniform(LEFT, RIGHT), e.rng.uniform(-4.6, -3.0), e.rng.uniform(0.7, 1.1), (255, 250, 246))
    tower = e.tone((190, 186, 212), (176, 204, 226), (168, 140, 170), (44, 48, 84))
    for i in range(12):
        high = e.rng.uniform(2.6, 5.6)
        e.box(LEFT + 2.3 * i, 1.9 - high, e.rng.uniform(1.5, 2.1), 9, tower)


def _houses(e: Easel) -> None:
    x = LEFT
    while x < RIGHT:
        wide, high = e.rng.uniform(2.8, 3.8), e.rng.uniform(3.4, 5.2)
        wall = e.rng.choice(_WALLS)
        e.box(x, 2.2 - high, wide - 0.1, high + 1, wall)
        e.box(x - 0.1, 2.0 - high, wide + 0.1, 0.32, (150, 98, 92))
        for row in range(int(high / 1.35)):
            for column in range(2):
                e.box(x + 0.5 + column * (wide - 1.7), 2.55 - high + row * 1.3, 0.75, 0.8, (92, 132, 172), plain=True)
        x += wide


def _street(e: Easel) -> None:
    e.box(LEFT, 2.1, RIGHT - LEFT, BOTTOM, e.tone((206, 196, 200), (216, 212, 206), (200, 164, 160), (92, 92, 116)))
    e.wash(
        2.9,
        BOTTOM,
        e.tone((128, 126, 146), (124, 132, 146), (112, 94, 116), (48, 50, 74)),
        e.tone((104, 102, 126), (100, 108, 124), (88, 72, 98), (36, 38, 62)),
    )
    e.box(LEFT, 2.82, RIGHT - LEFT, 0.14, (240, 236, 228), plain=True)
    for i in range(11):
        e.box(LEFT + 2.6 * i, 3.75, 1.3, 0.14, (244, 240, 226), plain=True)
    for i in range(4):
        x = LEFT + 2 + 7.4 * i + e.rng.uniform(-1, 1)
        e.box(x - 0.12, 0.2, 0.24, 2.3, (112, 82, 66), plain=True)
        e.pen.spot(x, -0.35, 1.05, (86, 170, 110))
        e.pen.spot(x - 0.25, -0.6, 0.55, (128, 200, 130))


CITY = Place(
    name="city",
    words=Words(
        en=("city", "city street", "downtown street", "town"),
        en_plural=("cities",),
        ja=("街", "都会の通り", "町なか"),
    ),
    times=("day", "day", "dusk", "dawn"),
    weathers=("clear", "clear", "cloudy", "rain"),
    layers=(Layer(depth=0.3, paint=_sky), Layer(depth=0.8, paint=_houses), Layer(depth=1.0, paint=_street)),
    far=3.0,
    near=4.4,
    wall=(176, 92, 78),
)
