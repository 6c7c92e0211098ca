"""A street of neon signs on a rainy night; the wet ground mirrors everything."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import curve, fill, mix, stroke
from soramame.world.light import light_of_signs
from soramame.world.palette import RGB
from soramame.world.places.base import Layer, Place
from soramame.world.places.paint import LEFT, RIGHT, Easel, box, polygon
from soramame.world.places.walls import kiosk
from soramame.world.words import Words

_NEON: tuple[RGB, ...] = (
    (255, 64, 150),
    (56, 226, 244),
    (255, 176, 56),
    (160, 104, 255),
    (255, 84, 84),
    (90, 242, 160),
)
_KERB = 2.4
_SIGNS: tuple[tuple[float, float, int], ...] = (
    (-14.6, -4.6, 3), (-11.9, -3.2, 2), (-7.1, -4.6, 3), (-4.5, -3.4, 3), (-2.9, -4.3, 2),
    (2.9, -3.6, 3), (4.7, -4.5, 2), (7.2, -3.9, 3), (11.7, -4.4, 2), (14.4, -3.4, 3), (-3.3, -9.6, 3), (3.4, -8.6, 2),
)  # fmt: skip
"""Where the upright signs hang: x, y of the top, letters."""


def _sky(e: Easel) -> None:
    deep = {"night": ((13, 10, 40), (44, 22, 84), (128, 40, 122), (236, 88, 140))}.get(
        e.time, tuple(mix(colour, (90, 40, 110), 0.35) for colour in e.light.sky[:2] + e.light.sky[3:])
    )
    e.wash(-8.0, 2.0, *((colour, 1.0) for colour in deep), sky=True)
    e.glow(0, 1.2, 7.0, (255, 96, 160), 0.5)


def _far(e: Easel) -> None:
    """The far end of the street: pale towers before the glow, small signs along them."""
    for rgb, low, high, gap in (((150, 52, 138), 3.6, 5.6, 0.0), ((98, 38, 120), 3.0, 6.4, 1.0)):
        x = LEFT
        while x < RIGHT:
            wide = e.vary(1.3, 0.3)
            tall = e.rng.uniform(low, high) - (1.6 if abs(x + wide / 2) < 1.4 else 0.0)
            if abs(x + wide / 2) >= gap:
                _tower(e, x, wide, tall, rgb)
            x += wide
    for x, y, rgb in ((-1.75, -1.2, _NEON[1]), (1.7, -0.7, _NEON[2]), (-1.25, 0.3, _NEON[0]), (1.2, 0.5, _NEON[5])):
        e.glow(x, y + 0.5, 1.0, rgb, 0.5)
        e.canvas.drawRoundRect(
            skia.Rect.MakeXYWH(x - 0.16, y, 0.32, 1.0), 0.08, 0.08, fill(mix(rgb, (255, 255, 255), 0.25))
        )


def _tower(e: Easel, x: float, wide: float, tall: float, rgb: RGB) -> None:
    _flat(e, box(x, 2.3 - tall, wide, tall + 1), rgb)
    for row in range(int(tall / 0.5)):
        if e.rng.random() < 0.6:
            lit = e.rng.choice(((255, 214, 160), (255, 150, 200), (150, 224, 250)))
            at = x + 0.2 + 0.36 * e.rng.randrange(2)
            e.canvas.drawRect(skia.Rect.MakeXYWH(at, 2.6 - tall + 0.5 * row, 0.24, 0.24), fill(lit, 0.8))


def _flat(e: Easel, path: skia.Path, rgb: RGB) -> None:
    e.sheet(path, rgb, bare=True)


def _block(e: Easel, x: float, wide: float, top: float, rgb: RGB) -> None:
    """A house front: rows of windows, a ledge, a lit shop."""
    _flat(e, box(x, top, wide, 2.6 - top), rgb)
    e.canvas.drawRect(skia.Rect.MakeXYWH(x + wide - 0.4, top, 0.4, 2.6 - top), fill(mix(rgb, (8, 6, 26), 0.45)))
    _flat(e, box(x - 0.12, top - 0.2, wide + 0.24, 0.34), mix(rgb, (150, 90, 190), 0.35))
    columns = max(2, round(wide / 1.15))
    step = wide / columns
    for row in range(int((0.1 - top) / 1.25)):
        for column in range(columns):
            lit = e.rng.random()
            rgb_pane = (
                (255, 206, 130) if lit < 0.22 else (120, 200, 236) if lit < 0.32 else mix(rgb, (120, 90, 190), 0.22)
            )
            e.canvas.drawRect(
                skia.Rect.MakeXYWH(x + step * (column + 0.5) - 0.3, top + 0.45 + 1.25 * row, 0.6, 0.72), fill(rgb_pane)
            )
    _shop(e, x, wide)


def _shop(e: Easel, x: float, wide: float) -> None:
    neon = e.rng.choice(_NEON)
    glass = skia.Rect.MakeXYWH(x + 0.25, 0.75, wide - 0.5, 1.75)
    e.glow(x + wide / 2, 1.7, 0.7 * wide, (255, 196, 120), 0.4)
    light: RGB = e.rng.choice(((255, 216, 150), (255, 216, 150), (150, 232, 236), (255, 176, 190)))
    e.canvas.drawRect(glass, fill(light))
    e.canvas.drawRect(skia.Rect.MakeXYWH(x + 0.25, 1.75, wide - 0.5, 0.75), fill(mix(light, (220, 90, 90), 0.4)))
    for number in range(1, 3):
        e.canvas.drawRect(skia.Rect.MakeXYWH(x + wide * number / 3 - 0.05, 0.75, 0.1, 1.75), fill((92, 48, 92)))
    _flat(e, box(x + 0.08, 0.1, wide - 0.16, 0.72, 0.1), (38, 18, 62))
    frame = box(x + 0.18, 0.2, wide - 0.36, 0.52, 0.08)
    e.canvas.drawPath(frame, stroke(neon, 0.09))
    count = max(2, int((wide - 0.8) / 0.62))
    for number in range(count):
        _glyph(e, x + wide / 2 + 0.6 * (number - (count - 1) / 2), 0.46, 0.38, mix(neon, (255, 255, 255), 0.55))
    if e.rng.random() < 0.6:
        for side in (0.08, 0.92):
            _lantern(e, x + side * wide, 1.15)


def _lantern(e: Easel, x: float, y: float) -> None:
    e.glow(x, y, 0.9, (255, 90, 70), 0.5)
    body = skia.Path()
    body.addOval(skia.Rect(x - 0.27, y - 0.36, x + 0.27, y + 0.36))
    e.canvas.drawPath(body, fill((240, 66, 62)))
    e.canvas.drawRect(skia.Rect(x - 0.14, y - 0.42, x + 0.14, y - 0.32), fill((40, 20, 40)))
    e.canvas.drawRect(skia.Rect(x - 0.14, y + 0.32, x + 0.14, y + 0.42), fill((40, 20, 40)))
    e.canvas.drawRect(skia.Rect(x - 0.05, y - 0.22, x + 0.05, y + 0.22), fill((255, 220, 170)))


def _glyph(e: Easel, x: float, y: float, size: float, rgb: RGB) -> None:
    """A made-up letter: bars, posts and a sweep in a square."""
    paint, h = stroke(rgb, round(0.17 * size, 3)), 0.42 * size
    path = skia.Path()
    rows = e.rng.sample((-1.0, -0.35, 0.3, 0.95), 2)
    for row in rows:
        short = e.rng.choice((1.0, 1.0, 0.62))
        path.moveTo(x - h * short, y + h * row)
        path.lineTo(x + h * short, y + h * row)
    post = e.rng.choice((-0.55, 0.0, 0.55))
    path.moveTo(x + h * post, y - h)
    path.lineTo(x + h * post, y + h)
    kind = e.rng.randrange(3)
    if kind == 0:
        path.moveTo(x + h * post, y)
        path.quadTo(x + h * 0.3, y + 0.5 * h, x + h, y + h)
    elif kind == 1:
        path.moveTo(x - h, y - 0.2 * h)
        path.lineTo(x - h, y + h)
    else:
        path.moveTo(x + 0.4 * h, y - 0.3 * h)
        path.quadTo(x, y + 0.5 * h, x - h, y + h)
    e.canvas.drawPath(path, paint)


def _sign(e: Easel, x: float, y: float, letters: int, rgb: RGB) -> None:
    """An upright sign: a glowing frame round glowing letters, or letters cut out of light."""
    w, h = 1.36, 1.22 * letters + 0.36
    full = e.rng.random() < 0.4
    _flat(e, box(x - w / 2 - 0.08, y - 0.08, w + 0.16, h + 0.16, 0.16), (30, 14, 48))
    plate = box(x - w / 2 + 0.06, y + 0.06, w - 0.12, h - 0.12, 0.12)
    pale = mix(rgb, (255, 255, 255), 0.62)
    if full:
        e.canvas.drawPath(plate, fill(rgb))
    else:
        e.canvas.drawPath(plate, stroke(rgb, 0.15))
        e.canvas.drawPath(plate, stroke(pale, 0.05))
    for number in range(letters):
        _glyph(e, x, y + 0.79 + 1.22 * number, 0.92, (255, 250, 244) if full else pale)


def _colours(e: Easel) -> list[RGB]:
    """The colours of the signs: neighbours differ."""
    rng = e.shared(1)
    first, step = rng.randrange(6), rng.choice((1, 5))
    return [_NEON[(first + step * number) % 6] for number in range(len(_SIGNS))]


def _houses(e: Easel) -> None:
    colours = _colours(e)
    walls = ((42, 26, 78), (32, 22, 66), (52, 28, 80))
    for start, way in ((-2.1, -1.0), (2.1, 1.0)):
        x, number = start, 0
        while abs(x) < 20:
            wide = e.vary(3.7, 0.4)
            _block(e, x - wide if way < 0 else x, wide, e.vary(-8.6, 1.6), walls[number % 3])
            x += way * wide
            number += 1
    for y, sag in ((-1.9, 0.7), (-2.5, 0.5)):
        e.canvas.drawPath(curve([(-2.4, y), (0, y + sag), (2.4, y - 0.2)]), stroke((24, 12, 44), 0.07))
    for number in range(5):
        x = -1.7 + 0.85 * number
        y = -1.9 + 0.7 * (1 - (x / 2.4) ** 2) + 0.22
        e.glow(x, y, 0.55, (255, 214, 140), 0.5)
        e.canvas.drawCircle(x, y, 0.15, fill((255, 234, 190)))
    for (x, y, letters), rgb in zip(_SIGNS, colours, strict=True):
        half = 0.61 * letters + 0.18
        e.glow(x, y + half, 1.24 * half + 1.3, rgb, 0.55)
    for (x, y, letters), rgb in zip(_SIGNS, colours, strict=True):
        _sign(e, x, y, letters, rgb)


def _road(e: Easel) -> None:
    canvas = e.canvas
    e.wash(_KERB, 5.6, ((62, 38, 100), 1.0), ((36, 24, 74), 1.0), ((22, 16, 52), 1.0))
    canvas.drawRect(skia.Rect.MakeXYWH(LEFT - 1, _KERB, RIGHT - LEFT + 2, 0.14), fill((150, 104, 182)))
    canvas.drawRect(skia.Rect.MakeXYWH(LEFT - 1, _KERB + 0.14, RIGHT - LEFT + 2, 0.22), fill((84, 54, 124)))
    for number in range(-8, 9):
        x = 1.9 * number
        canvas.drawPath(
            polygon((x * 0.9, 3.05), (x * 0.9 + 0.75, 3.05), (x * 1.35 + 1.1, 5.0), (x * 1.35, 5.0)),
            fill((190, 170, 230), 0.16),
        )
    for _ in range(9):
        x, y, w = e.rng.uniform(LEFT, RIGHT), e.rng.uniform(3.0, 8.5), e.vary(1.2, 0.5)
        canvas.drawOval(skia.Rect(x - w, y - 0.11 * w, x + w, y + 0.11 * w), fill((120, 92, 180), 0.25))


def _flicker(e: Easel, seconds: float) -> None:
    """Two signs breathe, one stutters."""
    colours = _colours(e)
    for number, place in enumerate(e.rng.sample(range(2, 8), 3)):
        (x, y, letters), rgb = _SIGNS[place], colours[place]
        wave = 0.5 + 0.5 * math.sin(2 * math.pi * (0.4 * seconds + 0.31 * number))
        if number == 2:
            wave = 1.0 if math.sin(9.0 * seconds) + math.sin(23.0 * seconds) > -0.4 else 0.0
        h = 1.22 * letters + 0.36
        paint = skia.Paint(
            AntiAlias=True,
            BlendMode=skia.BlendMode.kPlus,
            Shader=skia.GradientShader.MakeRadial(
                (x, y + h / 2), 2.2, [skia.Color(*rgb, round(110 * wave)), skia.Color(*rgb, 0)]
            ),
        )
        e.canvas.drawCircle(x, y + h / 2, 2.2, paint)


NEON_STREET = Place(
    name="neon_street",
    words=Words(
        en=("neon street", "street of neon signs", "city street full of glowing signs", "neon-lit street"),
        en_plural=("neon streets",),
        ja=("ネオン街", "ネオンの通り", "ネオンの街"),
    ),
    times=("night",),
    weathers=("rain", "rain", "clear"),
    layers=(
        Layer(depth=0.05, paint=_sky),
        Layer(depth=0.35, paint=_far),
        Layer(depth=0.85, paint=_houses),
        Layer(depth=0.85, live=_flicker),
        Layer(depth=1.0, paint=_road),
    ),
    far=2.9,
    near=4.4,
    wall=kiosk,
    light=light_of_signs,
    mirror=_KERB,
)
