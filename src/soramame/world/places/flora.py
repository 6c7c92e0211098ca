"""Trees and plants of paper."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import closed, curve, mix, shade_of
from soramame.world.palette import RGB
from soramame.world.places.paint import Easel, box, polygon

BARK: RGB = (122, 84, 62)


def pine(e: Easel, x: float, y: float, height: float, rgb: RGB, *, snow: bool = False, far: float = 0.0) -> None:
    """A pine of three tiers, its right half in shade, with snow on the tiers if told."""
    trunk = 0.045 * height
    e.sheet(box(x - trunk, y - 0.2 * height, 2 * trunk, 0.2 * height), BARK, far=far)
    for wide, low, high in ((0.3, 0.12, 0.56), (0.24, 0.36, 0.78), (0.17, 0.6, 1.0)):
        w, bottom, top = wide * height, y - low * height, y - high * height
        sag = 0.05 * height
        tier = closed([(x - w, bottom, 0.1), (x, top, 0.1), (x + w, bottom, 0.1), (x, bottom + sag)])
        e.sheet(tier, rgb, far=far)
        e.clipped(tier, polygon((x, top), (x + w, bottom), (x + 0.15 * w, bottom + sag)), shade_of(rgb), far=far)
        if snow:
            cut = top + 0.58 * (bottom - top)
            points = [(x, top - 0.02 * height), (x - w, bottom + 0.01 * height), (x - 0.62 * w, bottom - 0.02 * height)]
            points += [(x - 0.36 * w, cut + 0.1 * height), (x - 0.18 * w, cut), (x + 0.08 * w, cut + 0.07 * height)]
            points += [(x + 0.24 * w, cut - 0.06 * height), (x + 0.56 * w, cut + 0.01 * height)]
            e.clipped(tier, polygon(*points), (250, 253, 255), far=far)


def leafy(e: Easel, x: float, y: float, height: float, rgb: RGB, *, far: float = 0.0) -> None:
    """A round tree: a trunk that forks, a large crown with a lit top and a shaded foot."""
    w, top = 0.055 * height, y - 0.62 * height
    trunk = closed([(x - 1.5 * w, y, 0.1), (x - 0.8 * w, y - 0.3 * height), (x - 0.7 * w, top), (x + 0.7 * w, top),
        (x + 0.8 * w, y - 0.3 * height), (x + 1.5 * w, y, 0.1)])  # fmt: skip
    e.sheet(trunk, BARK, far=far)
    r = 0.36 * height
    crown = e.blob(x, y - 0.66 * height, r, 0.92 * r, bumps=7, rough=0.07)
    e.sheet(crown, rgb, far=far, soft=False)
    e.clipped(crown, e.blob(x + 0.24 * r, y - 0.66 * height + 0.62 * r, 1.02 * r, 0.6 * r, bumps=6, rough=0.1),
        shade_of(rgb), far=far, alpha=0.6)  # fmt: skip
    e.clipped(crown, e.blob(x - 0.3 * r, y - 0.66 * height - 0.36 * r, 0.56 * r, 0.42 * r, bumps=5, rough=0.1),
        mix(rgb, (255, 250, 190), 0.36), far=far)  # fmt: skip


def palm(e: Easel, x: float, y: float, height: float, lean: float) -> None:
    """A palm with a ringed, leaning trunk and seven hanging leaves."""
    top_x, top_y, w = x + lean, y - height, 0.16

    def spine(t: float) -> tuple[float, float]:
        return x + lean * t * t, y - height * t

    left = [(spine(t)[0] - w * (1.6 - 0.7 * t), spine(t)[1]) for t in (0.0, 0.35, 0.7, 1.0)]
    right = [(spine(t)[0] + w * (1.6 - 0.7 * t), spine(t)[1]) for t in (1.0, 0.7, 0.35, 0.0)]
    trunk = closed([(*left[0], 0.1), *left[1:], *right[:-1], (*right[-1], 0.1)])
    e.sheet(trunk, (168, 118, 78))
    for number in range(1, 10):
        cx, cy = spine(number / 10)
        e.clipped(trunk, box(cx - 0.5, cy, 1.0, 0.09), (120, 80, 62))
    for angle, reach, tone in ((-2.95, 2.6, 0.4), (-0.2, 2.6, 0.4), (-2.3, 2.2, 0.2), (-0.85, 2.2, 0.2),
            (-3.5, 2.2, 0.0), (0.35, 2.2, 0.0), (-1.85, 1.7, 0.0)):  # fmt: skip
        tip = (
            top_x + reach * math.cos(angle),
            top_y + reach * math.sin(angle) * 0.75 + 0.62 * abs(math.cos(angle)) * reach * 0.6,
        )
        mid = ((top_x + tip[0]) / 2, min(top_y, tip[1]) - 0.34)
        leaf = closed([(top_x, top_y, 0.1), (mid[0], mid[1] - 0.06), (*tip, 0.1), (mid[0], mid[1] + 0.62)])
        rgb = mix((48, 158, 96), (24, 104, 84), tone)
        e.sheet(leaf, rgb)
        e.line(curve([(top_x, top_y), (mid[0], mid[1] + 0.26), tip]), mix(rgb, (230, 255, 190), 0.4), 0.07)
    for dx in (-0.2, 0.2):
        e.dot(top_x + dx, top_y + 0.22, 0.2, (126, 78, 52))


def flower(e: Easel, x: float, y: float, size: float, rgb: RGB, *, stalk: RGB = (70, 150, 80)) -> None:
    """A flower of five petals, tilted to the watcher."""
    e.line(curve([(x, y), (x + 0.1 * size, y + 0.8 * size), (x, y + 1.7 * size)]), stalk, 0.13 * size + 0.02)
    for number in range(5):
        angle = 2 * math.pi * (number / 5 - 0.25)
        e.dot(x + 0.42 * size * math.cos(angle), y + 0.36 * size * math.sin(angle), 0.34 * size, rgb, flat=0.9)
    e.dot(x, y, 0.24 * size, (255, 214, 84) if rgb[2] > 130 else (255, 246, 214))


def tuft(x: float, y: float, height: float, *, blades: int = 5, bend: float = 0.0) -> skia.Path:
    """Blades of grass from one root."""
    path = skia.Path()
    for number in range(blades):
        side = (number - (blades - 1) / 2) / blades
        tip_x = x + 1.1 * side * height + bend
        tip_y = y - height * (1 - 0.9 * side * side)
        w = 0.085 * height
        path.moveTo(x + 0.5 * side * height - w, y)
        path.quadTo(x + 0.5 * side * height - w, y - 0.5 * height, tip_x, tip_y)
        path.quadTo(x + 0.5 * side * height + w, y - 0.45 * height, x + 0.5 * side * height + w, y)
        path.close()
    return path
