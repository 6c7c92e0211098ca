"""A kitchen table, close: wooden top, tiled wall, window, lamp."""

from __future__ import annotations

import math
from dataclasses import replace

from soramame.world.ink import closed, curve, fill, mix, stroke
from soramame.world.light import light_at, light_indoors
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.paint import LEFT, RIGHT, Easel, box, hills, polygon
from soramame.world.places.walls import boxes
from soramame.world.scene import Wall
from soramame.world.words import Words

_WOOD: RGB = (222, 156, 98)
_DARK: RGB = (186, 118, 74)
_FRAME: RGB = (252, 246, 234)


def _side(e: Easel) -> float:
    """Where the window is: -1 left, 1 right."""
    return e.shared(1).choice((-1.0, 1.0))


def _wall(e: Easel) -> None:
    side = _side(e)
    e.plain(box(LEFT - 1, -14, RIGHT - LEFT + 2, 28), (250, 226, 184))
    e.plain(box(LEFT - 1, -1.3, RIGHT - LEFT + 2, 14), (196, 226, 220))
    for row in range(4):
        for number in range(28):
            x, y = LEFT + 1.5 * number + 0.75 * (row % 2), -1.25 + 0.95 * row
            e.plain(box(x, y, 1.42, 0.87, 0.08), (222, 240, 234) if (number + 2 * row) % 5 else (168, 212, 208))
    e.sheet(box(LEFT - 1, -1.55, RIGHT - LEFT + 2, 0.3), (232, 176, 120))
    _window(e, side * 3.9)
    _shelf(e, -side * 5.4)
    _lamp(e, -side * 0.9)


def _window(e: Easel, x: float) -> None:
    e.sheet(box(x - 2.35, -4.8, 4.7, 3.2, 0.1), _FRAME)
    glass = box(x - 2.05, -4.5, 4.1, 2.7)
    e.canvas.save()
    e.canvas.clipPath(glass, doAntiAlias=True)
    e.canvas.translate(x, -2.2)
    e.canvas.scale(0.42, 0.42)
    out = replace(e, light=light_at(e.time, "clear"))
    out.sky(2.4 if x < 0 else -2.4, 0.6, height=4.2, radius=1.0)
    out.cloud(-2.0 if x < 0 else 2.0, -3.2, 1.0)
    heights = [0.3, 0.9, 0.2, 0.8, 0.3, 0.9, 0.2, 0.9, 0.3, 0.8, 0.2, 0.8, 0.3, 0.6, 0.1, 0.7, 0.3, 0.9]
    out.land(hills(0.4, heights), (126, 198, 132))
    e.canvas.restore()
    for path in (box(x - 0.09, -4.5, 0.18, 2.7), box(x - 2.05, -3.25, 4.1, 0.18)):
        e.plain(path, _FRAME)
    e.sheet(box(x - 2.7, -1.75, 5.4, 0.34, 0.1), _FRAME)
    for way in (-1, 1):
        edge = x + way * 2.6
        curtain = closed([(edge + way * 0.25, -5.0, 0.0), (edge - way * 1.5, -5.0, 0.0), (edge - way * 1.2, -3.6), (edge - way * 0.4, -2.5),
            (edge - way * 0.5, -1.75, 0.1), (edge + way * 0.3, -1.75, 0.1)])  # fmt: skip
        e.sheet(curtain, (240, 128, 108))
        fold = polygon((edge, -5.1), (edge - way * 0.5, -5.1), (edge - way * 0.1, -1.7), (edge + way * 0.1, -1.7))
        e.clipped(curtain, fold, (216, 98, 90))
    e.sheet(box(x - 3.0, -5.1, 6.0, 0.28, 0.1), _DARK)
    _pot(e, x + (1.2 if x < 0 else -1.2), -1.75)


def _pot(e: Easel, x: float, y: float) -> None:
    for angle in (-0.7, 0.0, 0.7):
        tip = (x + 1.0 * math.sin(angle), y - 0.6 - 1.0 * math.cos(angle))
        mid = x + 0.5 * math.sin(angle)
        e.sheet(closed([(x, y - 0.6, 0.1), (mid - 0.24, y - 1.1), (*tip, 0.1), (mid + 0.24, y - 1.1)]), (76, 168, 104))
    e.sheet(polygon((x - 0.42, y - 0.72), (x + 0.42, y - 0.72), (x + 0.3, y), (x - 0.3, y)), (232, 124, 84))


def _shelf(e: Easel, x: float) -> None:
    """Jars and bowls over the tiles."""
    e.sheet(box(x - 2.7, -2.7, 5.4, 0.28), _DARK)
    for dx, w, h, rgb in ((-2.1, 0.8, 1.3, (86, 156, 196)), (-1.05, 0.8, 1.0, (250, 206, 110)), (0.05, 0.8, 1.45, (232, 110, 96)),
            (1.3, 1.3, 0.62, (250, 246, 236))):  # fmt: skip
        e.sheet(box(x + dx, -2.7 - h, w, h, 0.14), rgb)
        e.plain(box(x + dx, -2.7 - 0.6 * h, w, 0.26 * h), mix(rgb, (255, 255, 250), 0.55))
        e.sheet(box(x + dx + 0.08, -2.84 - h, w - 0.16, 0.22, 0.06), _DARK)


def _lamp(e: Easel, x: float) -> None:
    e.canvas.drawLine(x, -14, x, -4.6, stroke(e.lit((92, 70, 74)), 0.1))
    strong = 0.75 if e.lamps else 0.4
    cone = polygon((x - 1.2, -3.5), (x + 1.2, -3.5), (x + 4.6, 2.4), (x - 4.6, 2.4))
    e.canvas.drawPath(cone, fill((255, 236, 170), round(0.2 * strong, 2)))
    e.glow(x, -3.2, 3.4, (255, 232, 160), strong)
    e.canvas.drawCircle(x, -3.5, 0.46, fill((255, 248, 214)))
    shade = closed([(x - 1.35, -3.4, 0.05), (x - 0.85, -4.3), (x - 0.22, -4.75, 0.3), (x + 0.22, -4.75, 0.3), (x + 0.85, -4.3),
        (x + 1.35, -3.4, 0.05)])  # fmt: skip
    rgb = (226, 84, 72)
    e.sheet(shade, rgb)
    e.clipped(shade, polygon((x + 0.2, -5), (x + 1.6, -5), (x + 1.6, -3), (x + 0.7, -3)), (176, 56, 64))
    e.plain(box(x - 1.3, -3.52, 2.6, 0.14), (255, 226, 150))


def _table(e: Easel) -> None:
    side = _side(e)
    e.land(hills(1.75, [0.0, 0.0]), _WOOD, fade=(206, 136, 84))
    e.bar(LEFT - 1, 1.75, RIGHT - LEFT + 2, 0.16, (240, 184, 124))
    for number, y in enumerate((2.3, 3.0, 3.95, 5.2, 6.8, 8.8)):
        e.bar(LEFT - 1, y, RIGHT - LEFT + 2, 0.05 + 0.012 * number, _DARK)
        for _ in range(5):
            x = e.rng.uniform(LEFT, RIGHT)
            e.line(curve([(x, y + 0.26), (x + 1.1, y + 0.2), (x + 2.4, y + 0.28)]), (202, 134, 84), 0.06)
    if e.lamps:
        e.canvas.save()
        e.canvas.scale(1, 0.22)
        e.glow(-side * 0.9, 3.2 / 0.22, 7.0, (255, 224, 150), 0.4)
        e.canvas.restore()
    _cup(e, side * 6.3, 2.75)
    _plate(e, -side * 6.3, 2.7)
    for way in (-1, 1):
        boxes(e, Wall(x=way * 13.0 - 0.9, y=2.75, width=1.8, height=2.3))


def _cup(e: Easel, x: float, y: float) -> None:
    e.dot(x + 0.15, y + 0.12, 1.5, (158, 98, 66), flat=0.2, alpha=0.7)
    e.sheet(closed([(x - 1.3, y - 0.02), (x, y - 0.2), (x + 1.3, y - 0.02), (x, y + 0.26)]), (250, 246, 236))
    grip = curve([(x + 0.6, y - 1.15), (x + 1.15, y - 0.9), (x + 0.6, y - 0.4)])
    e.canvas.drawPath(grip, stroke(e.lit((62, 140, 190)), 0.2))
    cup = closed([(x - 0.78, y - 1.45, 0.1), (x - 0.66, y - 0.3), (x - 0.35, y, 0.3), (x + 0.35, y, 0.3), (x + 0.66, y - 0.3),
        (x + 0.78, y - 1.45, 0.1)])  # fmt: skip
    e.sheet(cup, (74, 158, 204))
    e.clipped(cup, box(x - 1, y - 1.0, 2, 0.24), (250, 246, 236))
    e.clipped(cup, box(x + 0.34, y - 2, 1, 3), (50, 120, 176), alpha=0.6)
    e.dot(x, y - 1.45, 0.78, (222, 240, 246), flat=0.22)
    e.dot(x, y - 1.42, 0.64, (120, 74, 54), flat=0.2)


def _plate(e: Easel, x: float, y: float) -> None:
    """A bowl of oranges."""
    e.dot(x + 0.15, y + 0.1, 1.5, (158, 98, 66), flat=0.18, alpha=0.7)
    for dx, dy in ((-0.62, -1.02), (0.6, -1.05), (0.0, -1.42)):
        fruit = box(x + dx - 0.52, y + dy - 0.5, 1.04, 1.0, 0.5)
        e.sheet(fruit, (246, 152, 56))
        e.dot(x + dx - 0.16, y + dy - 0.2, 0.14, (255, 206, 130))
    bowl = closed([(x - 1.4, y - 0.95, 0.05), (x - 0.95, y - 0.2), (x - 0.4, y + 0.06, 0.3), (x + 0.4, y + 0.06, 0.3), (x + 0.95, y - 0.2),
        (x + 1.4, y - 0.95, 0.05)])  # fmt: skip
    e.sheet(bowl, (246, 240, 226))
    e.clipped(bowl, box(x - 2, y - 0.66, 4, 0.16), (74, 158, 204))


def _steam(e: Easel, seconds: float) -> None:
    """Steam over the cup."""
    side = _side(e)
    for number in range(2):
        x, rise = side * 6.3 + 0.3 * (number - 0.5), 0.25 * seconds + 0.5 * number
        knots = []
        for step in range(5):
            u = step / 4
            knots.append((x + 0.16 * math.sin(2 * math.pi * (u - rise)) * (0.3 + u), 1.0 - 1.5 * u))
        e.canvas.drawPath(curve(knots), stroke((255, 255, 255), 0.16, 0.45))


KITCHEN_TABLE = Place(
    name="kitchen_table",
    words=Words(
        en=("kitchen table", "table in the kitchen", "wooden table", "table top"),
        en_plural=("kitchen tables",),
        ja=("台所のテーブルの上", "キッチンのテーブル", "木のテーブルの上"),
    ),
    times=("day", "day", "dusk", "night"),
    weathers=("clear",),
    layers=(
        Layer(depth=0.7, paint=_wall),
        Layer(depth=1.0, paint=_table),
        Layer(depth=1.0, live=_steam),
    ),
    far=2.6,
    near=4.2,
    light=light_indoors,
    wall=boxes,
    refuses=("fly", "swim"),
)
