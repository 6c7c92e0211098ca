"""A city by day: pastel houses, a pavement, street trees."""

from __future__ import annotations

from soramame.world.ink import closed, fill, mix
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.flora import leafy
from soramame.world.places.paint import LEFT, RIGHT, Easel, box, hills, polygon
from soramame.world.places.walls import brick
from soramame.world.words import Words

_WALLS: tuple[RGB, ...] = (
    (250, 198, 170),
    (186, 214, 238),
    (252, 228, 168),
    (200, 226, 190),
    (238, 190, 208),
    (212, 202, 240),
)
_ROOF: RGB = (178, 96, 92)
_PANE: RGB = (104, 152, 194)
_LAMP: RGB = (255, 220, 140)


def _sky(e: Easel) -> None:
    e.sky(e.rng.choice((-4.8, 4.8)) + e.vary(0, 0.5), 1.6, height=5.2)


def _clouds(e: Easel) -> None:
    e.clouds((-6.2, -3.9, 0.9), (1.4, -4.1, 0.75), (6.8, -3.2, 0.9), (-13.0, -3.4, 1.0), (13.0, -3.8, 1.0))


def _skyline(e: Easel) -> None:
    x = LEFT
    while x < RIGHT:
        wide, high = e.vary(1.6, 0.4), e.vary(4.2, 1.3)
        e.sheet(box(x, 2.2 - high, wide, 9), (150, 186, 218), far=0.5)
        if e.rng.random() < 0.4:
            e.sheet(box(x + 0.4 * wide, 1.5 - high, 0.2 * wide, 0.8), (150, 186, 218), far=0.5)
        for row in range(round(high / 0.7)):
            e.bar(x + 0.2, 2.6 - high + 0.7 * row, wide - 0.4, 0.22, _LAMP if e.lamps and e.rng.random() < 0.5 else (176, 208, 232),
                far=0.5)  # fmt: skip
        x += wide + 0.1
    _tower(e, 0.6 + e.vary(0, 0.2), 2.2)


def _tower(e: Easel, x: float, y: float) -> None:
    """A red and white mast, the city's mark."""
    leg = closed([(x - 1.25, y, 0.0), (x - 0.42, y - 2.6), (x - 0.12, y - 5.6, 0.1), (x + 0.12, y - 5.6, 0.1), (x + 0.42, y - 2.6),
        (x + 1.25, y, 0.0)])  # fmt: skip
    e.sheet(leg, (236, 96, 76), far=0.16)
    for low, high in ((1.9, 2.5), (3.4, 3.9), (4.7, 5.1)):
        e.clipped(leg, box(x - 2, y - high, 4, high - low), (252, 244, 236), far=0.16)
    e.sheet(box(x - 0.62, y - 2.75, 1.24, 0.34, 0.08), (252, 244, 236), far=0.16)
    e.sheet(box(x - 0.34, y - 4.3, 0.68, 0.26, 0.06), (252, 244, 236), far=0.16)
    e.sheet(polygon((x - 0.05, y - 5.5), (x, y - 7.0), (x + 0.05, y - 5.5)), (236, 96, 76), far=0.16)


def _house(e: Easel, x: float, wide: float, high: float, rgb: RGB) -> None:
    top = 2.4 - high
    e.sheet(box(x, top, wide, high + 1), rgb, far=0.04)
    e.plain(box(x + 0.84 * wide, top, 0.16 * wide, high + 1), mix(rgb, (130, 110, 170), 0.3), far=0.04)
    if e.rng.random() < 0.45:
        e.sheet(
            polygon(
                (x - 0.2, top + 0.1), (x + 0.35, top - 0.9), (x + wide - 0.35, top - 0.9), (x + wide + 0.2, top + 0.1)
            ),
            _ROOF,
        )
    else:
        e.sheet(box(x - 0.14, top - 0.22, wide + 0.28, 0.4), mix(rgb, (255, 255, 250), 0.55))
    columns = 2 if wide < 3.1 else 3
    step = wide / columns
    for row in range(round((high - 1.9) / 1.35)):
        for column in range(columns):
            wx, wy = x + step * (column + 0.5) - 0.36, top + 0.5 + 1.35 * row
            e.plain(box(wx - 0.1, wy - 0.1, 0.92, 1.02), (255, 250, 240))
            lit = e.lamps and e.rng.random() < 0.6
            if lit:
                e.canvas.drawRect(box(wx, wy, 0.72, 0.82).getBounds(), fill(_LAMP))
            else:
                e.bar(wx, wy, 0.72, 0.82, _PANE)
                e.plain(polygon((wx, wy + 0.6), (wx, wy + 0.2), (wx + 0.3, wy), (wx + 0.6, wy)), (164, 204, 232))
    _shop(e, x, wide)


def _shop(e: Easel, x: float, wide: float) -> None:
    """A shop window under a striped awning."""
    e.plain(box(x + 0.25, 1.15, wide - 0.5, 1.5), (96, 78, 96))
    if e.lamps:
        e.canvas.drawRect(box(x + 0.4, 1.3, wide - 0.8, 1.2).getBounds(), fill(_LAMP))
    else:
        e.bar(x + 0.4, 1.3, wide - 0.8, 1.2, (150, 196, 216))
        e.plain(polygon((x + 0.6, 2.5), (x + 1.2, 1.3), (x + 1.6, 1.3), (x + 1.0, 2.5)), (196, 226, 238))
    rgb = e.rng.choice(((236, 96, 84), (70, 160, 150), (86, 132, 206), (240, 164, 70)))
    count = max(4, round(wide / 0.55))
    step = (wide - 0.1) / count
    e.sheet(polygon((x + 0.2, 0.72), (x + wide - 0.2, 0.72), (x + wide + 0.02, 1.42), (x - 0.02, 1.42)), rgb)
    for number in range(0, count, 2):
        e.plain(box(x + 0.05 + step * number, 0.86, step, 0.62, 0.1), (255, 248, 238))


def _houses(e: Easel) -> None:
    x, last, last_gap = LEFT, -1, True
    while x < RIGHT:
        wide, high = e.vary(3.2, 0.5), e.vary(5.0, 1.0)
        choice = e.rng.choice([i for i in range(len(_WALLS)) if i != last])
        _house(e, x, wide, high, _WALLS[choice])
        last = choice
        x += wide + 0.04
        if x > -2.6 and last_gap:
            x, last_gap = x + 2.3, False


def _street(e: Easel) -> None:
    e.land(hills(2.5, [0.0, 0.0]), (226, 220, 216))
    for number in range(28):
        x = LEFT + 1.5 * number
        e.plain(polygon((x, 2.6), (x + 0.05, 2.6), (x + 0.05 + 0.03 * x, 3.02), (x + 0.03 * x, 3.02)), (198, 192, 194))
    e.land(hills(3.06, [0.0, 0.0]), (134, 140, 156), fade=(112, 118, 138))
    e.bar(LEFT - 1, 3.0, RIGHT - LEFT + 2, 0.17, (248, 246, 240))
    e.bar(LEFT - 1, 3.17, RIGHT - LEFT + 2, 0.1, (104, 108, 126))
    for number in range(14):
        x = LEFT + 3.0 * number
        e.plain(polygon((x, 3.92), (x + 1.6, 3.92), (x + 1.66, 4.1), (x + 0.04, 4.1)), (250, 246, 232))
    e.bar(LEFT - 1, 6.9, RIGHT - LEFT + 2, 0.2, (250, 246, 232))
    for x in (-15.6, -10.4, -5.6, 5.4, 10.2, 15.2):
        at = e.vary(x, 0.4)
        e.dot(at + 0.2, 2.8, 0.9, (178, 172, 184), flat=0.2)
        leafy(e, at, 2.78, e.vary(3.7, 0.2), (92, 184, 110))
    for x in (-12.8, -2.9, 2.9, 12.8):
        _lantern(e, x, 2.95)


def _lantern(e: Easel, x: float, y: float) -> None:
    e.sheet(box(x - 0.07, y - 3.1, 0.14, 3.1), (74, 84, 104))
    e.sheet(box(x - 0.16, y - 0.4, 0.32, 0.42), (74, 84, 104))
    if e.lamps:
        e.glow(x, y - 3.35, 1.7, (255, 226, 150), 0.7)
    e.sheet(
        polygon((x - 0.2, y - 3.0), (x - 0.28, y - 3.6), (x + 0.28, y - 3.6), (x + 0.2, y - 3.0)),
        (255, 240, 196),
        bare=e.lamps,
    )
    e.sheet(polygon((x - 0.36, y - 3.56), (x, y - 3.9), (x + 0.36, y - 3.56)), (74, 84, 104))


CITY = Place(
    name="city",
    words=Words(
        en=("city", "city street", "downtown street", "town"),
        en_plural=("cities",),
        ja=("街", "都会の通り", "町なか"),
    ),
    times=("day", "day", "dusk", "dawn"),
    weathers=("clear", "clear", "cloudy", "rain"),
    layers=(
        Layer(depth=0.05, paint=_sky),
        Layer(depth=0.1, paint=_clouds, drift=0.14),
        Layer(depth=0.35, paint=_skyline),
        Layer(depth=0.8, paint=_houses),
        Layer(depth=1.0, paint=_street),
    ),
    far=3.0,
    near=4.4,
    wall=brick,
)
