"""The moon: grey craters, black sky, the earth."""

from __future__ import annotations

from soramame.world.ink import closed
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words


def _sky(e: Easel) -> None:
    e.wash(-9.5, 3.0, (6, 7, 20), (14, 16, 40))
    for _ in range(60):
        e.pen.spot(
            e.rng.uniform(LEFT, RIGHT), e.rng.uniform(-8.5, 2.0), e.rng.choice((0.04, 0.06, 0.09)), (255, 252, 236)
        )
    x, y = e.rng.choice((-4.6, 4.6)) + e.rng.uniform(-0.8, 0.8), -2.9
    e.glow(x, y, 2.2, (96, 160, 250), 0.5)
    e.pen.spot(x, y, 1.25, (52, 122, 214))
    land = closed([(x - 0.8, y - 0.4), (x - 0.1, y - 0.8), (x + 0.3, y - 0.2), (x - 0.3, y + 0.3)])
    e.pen.flat(land, (98, 176, 110))
    e.pen.flat(closed([(x + 0.3, y + 0.2), (x + 0.85, y + 0.15), (x + 0.6, y + 0.8)]), (98, 176, 110))
    e.pen.flat(
        closed([(x - 0.9, y + 0.35), (x, y + 0.42), (x + 0.5, y + 0.55), (x - 0.3, y + 0.7)]), (240, 246, 255), 0.85
    )


def _hills(e: Easel) -> None:
    e.ridge(2.6, [e.rng.uniform(0.2, 1.7) for _ in range(9)], (96, 98, 116))


def _ground(e: Easel) -> None:
    e.ridge(2.5, [e.rng.uniform(0, 0.4) for _ in range(9)], (168, 168, 180))
    e.wash(2.9, BOTTOM, (168, 168, 180), (116, 116, 134))
    for _ in range(9):
        x, y, r = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(2.9, 4.8), e.rng.uniform(0.4, 1.2)
        e.pen.oval(x, y, r, 0.24 * r, (108, 108, 126))
        e.pen.oval(x, y + 0.09 * r, 0.84 * r, 0.17 * r, (88, 88, 108))


MOON = Place(
    name="moon",
    words=Words(
        en=("moon", "surface of the moon", "lunar surface", "moon's grey dust"),
        en_plural=("moons",),
        ja=("月面", "月の上", "月"),
    ),
    times=("night",),
    weathers=("clear",),
    layers=(Layer(depth=0.05, paint=_sky), Layer(depth=0.5, paint=_hills), Layer(depth=1.0, paint=_ground)),
    gravity=6.0,
    wall=(132, 130, 146),
    refuses=("fly", "swim"),
)
