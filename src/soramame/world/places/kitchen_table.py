"""A kitchen table, close: wooden top, tiled wall, window, lamp."""

from __future__ import annotations

from soramame.world.ink import shape
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, Easel, Layer, Place
from soramame.world.words import Words


def _wall(e: Easel) -> None:
    light = e.tone((250, 226, 206), (250, 238, 214), (240, 196, 160), (120, 106, 128))
    e.wash(-9.5, 3.0, light, light)
    line = e.tone((232, 206, 190), (234, 220, 194), (220, 174, 142), (104, 92, 114))
    for i in range(18):
        e.box(LEFT + 1.5 * i, -9.5, 0.07, 13, line, plain=True)
        e.box(LEFT, -8 + 1.5 * i, RIGHT - LEFT, 0.07, line, plain=True)
    x = e.rng.choice((-4.4, 4.4)) + e.rng.uniform(-0.6, 0.6)
    e.box(x - 2.1, -4.6, 4.2, 4.0, (164, 110, 76))
    e.box(x - 1.8, -4.3, 3.6, 3.4, e.tone((255, 214, 190), (160, 216, 246), (255, 164, 110), (28, 34, 74)), plain=True)
    e.box(x - 0.08, -4.3, 0.16, 3.4, (164, 110, 76), plain=True)
    e.box(x - 1.8, -2.7, 3.6, 0.16, (164, 110, 76), plain=True)
    lamp = -x * 0.55
    e.box(lamp - 0.05, -9.5, 0.1, 5.4, (90, 70, 66), plain=True)
    e.glow(lamp, -3.2, 2.6, (255, 236, 170), 0.5)
    e.pen.spot(lamp, -3.75, 0.4, (255, 246, 200))
    e.pen.sheet(
        shape((lamp - 1.2, -3.5, 1.0), (lamp - 0.5, -4.4, 1.0), (lamp + 0.5, -4.4, 1.0), (lamp + 1.2, -3.5, 1.0)),
        (214, 84, 66),
        shade=0.0,
    )


def _table(e: Easel) -> None:
    wood = e.tone((206, 140, 98), (216, 150, 92), (190, 112, 76), (112, 78, 84))
    dark = e.tone((166, 104, 76), (176, 112, 66), (146, 80, 60), (82, 58, 68))
    e.box(LEFT, 1.6, RIGHT - LEFT, BOTTOM, wood)
    e.wash(1.7, BOTTOM, wood, dark)
    for row in range(4):
        e.box(LEFT, 2.25 + 0.75 * row, RIGHT - LEFT, 0.06, dark, plain=True)
    x = e.rng.choice((-6.2, 6.2))
    e.box(x - 0.6, 0.35, 1.2, 1.5, (92, 156, 196))
    e.box(x - 0.6, 0.7, 1.2, 0.25, (240, 244, 248), plain=True)


KITCHEN_TABLE = Place(
    name="kitchen_table",
    words=Words(
        en=("kitchen table", "table in the kitchen", "wooden table", "table top"),
        en_plural=("kitchen tables",),
        ja=("台所のテーブルの上", "キッチンのテーブル", "木のテーブルの上"),
    ),
    times=("day", "day", "dusk", "night"),
    weathers=("clear",),
    layers=(Layer(depth=0.7, paint=_wall), Layer(depth=1.0, paint=_table)),
    far=2.6,
    near=4.2,
    wall=(120, 170, 200),
    refuses=("fly", "swim"),
)
