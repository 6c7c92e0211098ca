"""What actors pass behind, place by place. Each drawing covers the whole box of its wall."""

from __future__ import annotations

import skia

from soramame.world.ink import closed, fill, mix, shade_of
from soramame.world.palette import RGB
from soramame.world.places.paint import Easel, box
from soramame.world.scene import Wall


def _shadow(e: Easel, wall: Wall) -> None:
    rect = skia.Rect(wall.x - 0.25, wall.y - 0.25, wall.x + wall.width + 0.6, wall.y + 0.3)
    e.canvas.drawOval(rect, fill((20, 16, 50), 0.32))


def _body(e: Easel, wall: Wall, rgb: RGB, corner: float = 0.0) -> skia.Path:
    """The box itself, its right side in shade."""
    _shadow(e, wall)
    path = box(wall.x, wall.y - wall.height, wall.width, wall.height, corner)
    e.sheet(path, rgb)
    side = 0.18 * wall.width
    e.clipped(path, box(wall.x + wall.width - side, wall.y - wall.height, side, wall.height), shade_of(rgb), alpha=0.55)
    return path


def brick(e: Easel, wall: Wall) -> None:
    """A brick wall with a stone top and a poster."""
    _masonry(e, wall, (186, 92, 76))
    if wall.width > 1.5:
        w = min(0.42 * wall.width, 1.6)
        x, y = wall.x + 0.22 * wall.width, wall.y - 0.72 * wall.height
        e.sheet(box(x, y, w, 1.35 * w), (250, 240, 214))
        e.dot(x + 0.5 * w, y + 0.5 * w, 0.28 * w, (236, 96, 84))
        for row in (0.98, 1.14):
            e.bar(x + 0.16 * w, y + row * w, 0.68 * w, 0.08 * w, (70, 80, 110))


def _masonry(e: Easel, wall: Wall, rgb: RGB) -> None:
    path = _body(e, wall, rgb)
    rows = max(4, round(wall.height / 0.62))
    tall, joint = wall.height / rows, mix(rgb, (255, 226, 200), 0.4)
    for row in range(rows):
        y = wall.y - wall.height + tall * row
        e.clipped(path, box(wall.x, y, wall.width, 0.06), joint)
        for number in range(round(wall.width / 1.1) + 1):
            e.clipped(path, box(wall.x + 1.1 * (number + 0.5 * (row % 2)), y, 0.06, tall), joint)
    e.sheet(box(wall.x - 0.15, wall.y - wall.height - 0.22, wall.width + 0.3, 0.4), (236, 214, 190))


def kiosk(e: Easel, wall: Wall) -> None:
    """A dark stand with glowing panels."""
    _body(e, wall, (74, 48, 112) if e.time != "night" else (120, 84, 190))
    top, inset = wall.y - wall.height, 0.14 * wall.width
    glass = box(wall.x + inset, top + 0.5, wall.width - 2 * inset, 0.62 * wall.height, 0.12)
    e.sheet(glass, (255, 66, 150), bare=True)
    e.canvas.save()
    e.canvas.clipPath(glass, skia.ClipOp.kIntersect, True)
    cx, cy, r = wall.x + wall.width / 2, top + 0.5 + 0.24 * wall.height, 0.3 * wall.width
    e.canvas.drawCircle(cx, cy, r, fill((255, 212, 92)))
    e.canvas.drawCircle(cx + 0.5 * r, cy + 1.7 * r, 1.1 * r, fill((60, 214, 236)))
    e.canvas.drawRect(skia.Rect.MakeXYWH(wall.x, cy + 1.5 * r, wall.width, wall.height), fill((92, 50, 190)))
    for row in range(2):
        w = (0.5 - 0.14 * row) * wall.width
        e.canvas.drawRect(skia.Rect.MakeXYWH(cx - w / 2, cy + 1.8 * r + 0.36 * row, w, 0.16), fill((255, 244, 250)))
    e.canvas.restore()
    e.sheet(box(wall.x - 0.14, top - 0.2, wall.width + 0.28, 0.42), (64, 226, 240), bare=True)
    base = box(wall.x - 0.1, wall.y - 0.3, wall.width + 0.2, 0.34)
    e.sheet(base, (60, 44, 84))


def fence(e: Easel, wall: Wall) -> None:
    """Upright boards, close together, with two rails."""
    _shadow(e, wall)
    count = max(3, round(wall.width / 0.62))
    w = wall.width / count
    e.sheet(box(wall.x, wall.y - wall.height, wall.width, wall.height), (150, 100, 66))
    for number in range(count):
        x, top = wall.x + w * number, wall.y - wall.height - (0.28 if number % 2 else 0.14)
        rgb = ((206, 148, 98), (192, 134, 88), (214, 158, 108))[number % 3]
        board = closed([(x, wall.y + 0.04, 0.0), (x, top + 0.22, 0.0), (x + w / 2, top - 0.06, 0.4), (x + w, top + 0.22, 0.0),
            (x + w, wall.y + 0.04, 0.0)])  # fmt: skip
        e.sheet(board, rgb)
    for share in (0.24, 0.76):
        y = wall.y - wall.height * (1 - share)
        e.sheet(box(wall.x - 0.14, y, wall.width + 0.28, 0.3), (176, 118, 78))
        for number in range(count):
            e.dot(wall.x + w * (number + 0.5), y + 0.15, 0.06, (96, 62, 50))


def snow_bank(e: Easel, wall: Wall) -> None:
    """A rounded bank of snow with a blue foot."""
    _shadow(e, wall)
    x, y, w, h = wall.x, wall.y, wall.width, wall.height
    bank = closed([(x - 1.1, y + 0.12, 0.1), (x - 0.45, y - 0.3 * h), (x - 0.12, y - 0.75 * h), (x + 0.1 * w, y - h - 0.2),
        (x + 0.4 * w, y - h - 0.5), (x + 0.72 * w, y - h - 0.36), (x + 0.98 * w, y - h - 0.1), (x + w + 0.2, y - 0.66 * h),
        (x + w + 0.6, y - 0.26 * h), (x + w + 1.3, y + 0.12, 0.1)])  # fmt: skip
    e.sheet(bank, (244, 250, 255))
    for low, alpha in ((0.66, 0.5), (0.3, 0.7)):
        shade = closed([(x - 1, y + 1), (x - 1, y - (low - 0.1) * h), (x + 0.3 * w, y - low * h), (x + 0.6 * w, y - (low + 0.1) * h),
            (x + w + 1, y - (low + 0.22) * h), (x + w + 1, y + 1)])  # fmt: skip
        e.clipped(bank, shade, (190, 215, 245), alpha=alpha)


def rock(e: Easel, wall: Wall) -> None:
    """A grey rock of flat faces."""
    _rock(e, wall, (164, 164, 182))


def sea_rock(e: Easel, wall: Wall) -> None:
    """A warm rock on the sand."""
    _rock(e, wall, (176, 140, 116))


def _rock(e: Easel, wall: Wall, rgb: RGB) -> None:
    _shadow(e, wall)
    x, y, w, h = wall.x, wall.y, wall.width, wall.height
    body = closed([(x - 0.5, y + 0.12, 0.1), (x - 0.25, y - 0.6 * h, 0.2), (x, y - h, 0.2), (x + 0.34 * w, y - h - 0.5, 0.3),
        (x + 0.72 * w, y - h - 0.3, 0.2), (x + w, y - h, 0.2), (x + w + 0.3, y - 0.5 * h, 0.2), (x + w + 0.5, y + 0.12, 0.1)])  # fmt: skip
    e.sheet(body, rgb)
    lit = closed([(x - 0.6, y - 0.5 * h, 0.0), (x, y - h - 0.2, 0.0), (x + 0.34 * w, y - h - 0.6, 0.0), (x + 0.42 * w, y - 0.78 * h, 0.0),
        (x + 0.16 * w, y - 0.5 * h, 0.0)])  # fmt: skip
    e.clipped(body, lit, mix(rgb, (255, 255, 250), 0.35))
    dark = closed([(x + 0.62 * w, y - 0.86 * h, 0.0), (x + w + 0.6, y - h, 0.0), (x + w + 0.8, y + 0.4, 0.0), (x + 0.5 * w, y + 0.4, 0.0),
        (x + 0.74 * w, y - 0.4 * h, 0.0)])  # fmt: skip
    e.clipped(body, dark, shade_of(rgb), alpha=0.75)


def boxes(e: Easel, wall: Wall) -> None:
    """A packet standing on the table, with a window and a band."""
    path = _body(e, wall, (86, 156, 196), 0.1)
    x, top, w, h = wall.x, wall.y - wall.height, wall.width, wall.height
    e.clipped(path, box(x, top + 0.16 * h, w, 0.2 * h), (250, 242, 222))
    e.clipped(path, box(x, top + 0.2 * h, w, 0.03 * h), (236, 110, 88))
    e.clipped(path, skia.Path.Circle(x + 0.46 * w, top + 0.64 * h, 0.26 * min(w, h)), (250, 242, 222))
    e.clipped(path, skia.Path.Circle(x + 0.46 * w, top + 0.64 * h, 0.18 * min(w, h)), (240, 170, 80))
