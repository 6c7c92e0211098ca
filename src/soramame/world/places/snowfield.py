"""A snowfield before white mountains, with pines."""

from __future__ import annotations

from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words


def _sky(e: Easel) -> None:
    top = e.tone((120, 140, 200), (92, 160, 226), (88, 80, 150), (22, 28, 66))
    low = e.tone((255, 206, 190), (206, 234, 250), (250, 166, 140), (64, 78, 130))
    e.wash(-9.5, 2.4, top, low)
    e.glow(-4.6 + e.rng.uniform(-1, 1), -2.6, 2.2, (255, 250, 226), 0.8 if e.time != "night" else 0.35)


def _mountains(e: Easel) -> None:
    far = e.tone((176, 168, 208), (150, 182, 220), (132, 112, 168), (58, 68, 118))
    heights = [e.rng.uniform(1.2, 2.6) if i % 2 else e.rng.uniform(3.0, 5.0) for i in range(11)]
    e.ridge(2.6, heights, far, jag=True)
    e.ridge(
        2.7,
        [h * 0.62 for h in heights[::-1]],
        e.tone((232, 220, 236), (226, 240, 252), (206, 178, 206), (104, 120, 172)),
        jag=True,
    )


def _pines(e: Easel) -> None:
    green = e.tone((70, 104, 116), (48, 110, 104), (62, 70, 100), (26, 48, 72))
    snow = e.tone((255, 236, 232), (250, 253, 255), (240, 206, 210), (150, 166, 210))
    for _ in range(9):
        e.pine(e.rng.uniform(LEFT, RIGHT), 2.75, e.rng.uniform(2.0, 3.4), green, snow)


def _snow(e: Easel) -> None:
    top = e.tone((252, 232, 230), (244, 250, 255), (228, 196, 206), (132, 150, 200))
    low = e.tone((224, 206, 224), (206, 226, 246), (190, 160, 190), (88, 106, 162))
    e.ridge(2.35, [e.rng.uniform(0, 0.35) for _ in range(9)], top)
    e.wash(2.9, BOTTOM, top, low)
    for _ in range(6):
        x, y = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(3.0, 4.9)
        e.pen.oval(x, y, e.rng.uniform(0.8, 1.8), 0.12, low)


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
        Layer(depth=0.1, paint=_sky),
        Layer(depth=0.3, paint=_mountains),
        Layer(depth=0.7, paint=_pines),
        Layer(depth=1.0, paint=_snow),
    ),
    wall=(222, 236, 250),
)
