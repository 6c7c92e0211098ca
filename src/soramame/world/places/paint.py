"""How scenery is painted: sheets of paper in the light of the hour, from edge to edge or one by one.

Colours are given as by day; the easel's light turns them. In the "paper" style each sheet has a soft shadow all round,
in the "ink" style a dark outline, thinner and paler with distance.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import skia

from soramame.world.ink import fill, light_of, line_of, mix, stroke
from soramame.world.light import Light
from soramame.world.palette import RGB
from soramame.world.scene import Style, Time, Weather

LEFT, RIGHT, TOP, BOTTOM = -20.0, 20.0, -14.0, 14.0
"""How far layers are painted, in stage units: enough for pans and for portrait frames."""

_SOFT = ((0.5, 0.05), (0.32, 0.07), (0.16, 0.1))
_SHADOW: RGB = (28, 18, 60)


def box(x: float, y: float, width: float, height: float, corner: float = 0.0) -> skia.Path:
    """A rectangle by its left upper corner."""
    path = skia.Path()
    rect = skia.Rect.MakeXYWH(x, y, width, height)
    if corner:
        path.addRoundRect(rect, corner, corner)
    else:
        path.addRect(rect)
    return path


def polygon(*points: tuple[float, float]) -> skia.Path:
    """A closed shape with straight sides."""
    path = skia.Path()
    path.addPoly([skia.Point(*point) for point in points], True)
    return path


def hills(base: float, heights: Sequence[float], *, sharp: bool = False) -> skia.Path:
    """Land from edge to edge and down to the bottom: ``heights`` above ``base``, evenly spread."""
    step = (RIGHT - LEFT) / (len(heights) - 1)
    points = [(LEFT + step * i, base - height) for i, height in enumerate(heights)]
    path = skia.Path()
    path.moveTo(LEFT - 1, BOTTOM + 1)
    path.lineTo(LEFT - 1, points[0][1])
    path.lineTo(*points[0])
    for (x0, y0), (x1, y1) in pairwise(points):
        if sharp:
            path.lineTo(x1, y1)
        else:
            path.cubicTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)
    path.lineTo(RIGHT + 1, points[-1][1])
    path.lineTo(RIGHT + 1, BOTTOM + 1)
    path.close()
    return path


@dataclass(frozen=True, kw_only=True)
class Easel:
    """What scenery is painted with: a canvas in stage units, a layer's own chance, the seed that all layers of a scene
    share, the hour, the air, their light."""

    canvas: skia.Canvas
    style: Style
    rng: random.Random
    scenery: int
    time: Time
    weather: Weather
    light: Light

    @property
    def ink(self) -> bool:
        """Whether sheets have outlines."""
        return self.style == "ink"

    @property
    def lamps(self) -> bool:
        """Whether windows and lamps are lit."""
        return self.time in ("dusk", "night")

    def lit(self, rgb: RGB, far: float = 0.0) -> RGB:
        """A daylight colour in the light of the hour."""
        return self.light.lit(rgb, far)

    def vary(self, middle: float, spread: float) -> float:
        """A number about a middle."""
        return middle + spread * (2 * self.rng.random() - 1)

    def shared(self, salt: int) -> random.Random:
        """Chance that falls the same in every layer and every frame of a scene."""
        return random.Random(self.scenery * 7919 + salt)

    def sheet(self, path: skia.Path, rgb: RGB, *, far: float = 0.0, bare: bool = False, soft: bool = True) -> RGB:
        """A sheet with its shadow or outline, in the light; returns its colour as painted. A ``bare`` one has the
        colour given, as a lamp. The shadow of one that is not ``soft`` falls to one side only: quicker for shapes of
        many parts."""
        colour = rgb if bare else self.light.lit(rgb, far)
        if self.ink:
            width = 0.17 * (1 - 0.65 * far)
            self.canvas.drawPath(path, stroke(mix(line_of(colour), colour, 0.15 + 0.6 * far), round(width, 3)))
        elif not soft:
            for shift in (0.06, 0.06):
                self.canvas.translate(shift, 1.4 * shift)
                self.canvas.drawPath(path, fill(_SHADOW, 0.12))
            self.canvas.translate(-0.12, -0.168)
        else:
            self.canvas.save()
            self.canvas.translate(0.05, 0.08)
            for width, alpha in _SOFT:
                self.canvas.drawPath(path, stroke(_SHADOW, width, alpha))
            self.canvas.restore()
        self.canvas.drawPath(path, fill(colour))
        return colour

    def land(self, path: skia.Path, rgb: RGB, *, far: float = 0.0, fade: RGB | None = None) -> None:
        """A sheet from edge to edge with a light upper rim; it may fade to another colour below."""
        colour = self.sheet(path, rgb, far=far)
        if not self.ink:
            self.canvas.drawPath(path, fill(mix(colour, light_of(colour), 0.5)))
            self.canvas.save()
            self.canvas.translate(0, 0.09)
            self.canvas.drawPath(path, fill(colour))
            self.canvas.restore()
        if fade is not None:
            top = path.getBounds().top()
            self.canvas.save()
            self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
            self.wash(top + 0.4, 5.2, (colour, 0.0), (self.light.lit(fade, far), 1.0))
            self.canvas.restore()

    def plain(self, path: skia.Path, rgb: RGB, *, far: float = 0.0, alpha: float = 1.0) -> None:
        """A detail: colour only, in the light."""
        self.canvas.drawPath(path, fill(self.light.lit(rgb, far), alpha))

    def bar(self, x: float, y: float, width: float, height: float, rgb: RGB, *, far: float = 0.0) -> None:
        """A plain rectangle by its left upper corner."""
        self.canvas.drawRect(skia.Rect.MakeXYWH(x, y, width, height), fill(self.light.lit(rgb, far)))

    def dot(self, x: float, y: float, radius: float, rgb: RGB, *, flat: float = 1.0, alpha: float = 1.0) -> None:
        """A plain ellipse, ``flat`` times as high as wide."""
        rect = skia.Rect(x - radius, y - radius * flat, x + radius, y + radius * flat)
        self.canvas.drawOval(rect, fill(self.light.lit(rgb), alpha))

    def line(self, path: skia.Path, rgb: RGB, width: float, alpha: float = 1.0) -> None:
        """A drawn line with round ends."""
        self.canvas.drawPath(path, stroke(self.light.lit(rgb), width, alpha))

    def wash(self, top: float, bottom: float, *stops: tuple[RGB, float], sky: bool = False) -> None:
        """A vertical run of colours with their opacity. The last one goes on below, of the sky the first one above."""
        colours = [skia.Color(*rgb, round(255 * alpha)) for rgb, alpha in stops]
        paint = skia.Paint(Shader=skia.GradientShader.MakeLinear([(0, top), (0, bottom)], colours))
        self.canvas.drawRect(skia.Rect(LEFT - 1, TOP if sky else top, RIGHT + 1, BOTTOM), paint)

    def glow(self, x: float, y: float, radius: float, rgb: RGB, alpha: float = 0.6) -> None:
        """A round light that fades out. Its colour is its own."""
        r, g, b = rgb
        ends = [skia.Color(r, g, b, round(255 * alpha)), skia.Color(r, g, b, round(90 * alpha)), skia.Color(r, g, b, 0)]
        paint = skia.Paint(Shader=skia.GradientShader.MakeRadial((x, y), radius, ends, [0.0, 0.45, 1.0]))
        self.canvas.drawCircle(x, y, radius, paint)

    def sky(self, x: float, horizon: float, *, radius: float = 0.75, height: float = 3.6) -> None:
        """The sky down to the horizon with sun or moon at (x, horizon - height): rings of paper round it, or a run of
        colours in ink and under clouds."""
        sky, y = self.light.sky, horizon - height
        self.wash(-9.0, horizon, *((colour, 1.0) for colour in sky), sky=True)
        if self.light.cover > 0.4:
            return
        if self.time == "night":
            self.stars(46, horizon - 1.5)
        if not self.ink:
            for number, reach in enumerate((8.6, 6.2, 4.1, 2.4)):
                tone = mix(sky[min(number + 1, len(sky) - 1)], self.light.sun, 0.06 + 0.1 * number)
                ring = skia.Path.Circle(x, y, reach)
                for width, alpha in _SOFT:
                    self.canvas.drawPath(ring, stroke(_SHADOW, width, alpha * 0.55))
                self.canvas.drawPath(ring, fill(tone, 0.55))
        self.glow(x, y, radius * 3.4, self.light.sun, 0.55)
        self.canvas.drawCircle(x, y, radius, fill(self.light.sun))
        if self.time == "night":
            for dx, dy, r in ((-0.28, -0.2, 0.2), (0.25, 0.22, 0.26), (0.16, -0.36, 0.12)):
                spot = mix(self.light.sun, (150, 160, 190), 0.35)
                self.canvas.drawCircle(x + dx * radius / 0.75, y + dy * radius / 0.75, r * radius / 0.75, fill(spot))

    def stars(self, count: int, below: float) -> None:
        """Stars over the upper sky, in four sizes."""
        for number in range(count):
            x, y = self.rng.uniform(-13, 13), self.rng.uniform(-9.5, below)
            self.canvas.drawCircle(x, y, (0.05, 0.07, 0.06, 0.1)[number % 4], fill((255, 252, 232), 0.9))

    def clouds(self, *places: tuple[float, float, float]) -> None:
        """Clouds at (x, y) of a size; under a closed sky a low ceiling of them instead."""
        if not self.light.cover:
            for x, y, size in places:
                self.cloud(self.vary(x, 0.9), y, size, far=0.1)
            return
        for number in range(15):
            self.cloud(self.vary(-14.5 + 2.1 * number, 0.7), self.vary(-4.5, 0.35), self.vary(1.25, 0.25), far=0.5)
        for number in range(9):
            self.cloud(self.vary(-14 + 3.6 * number, 0.9), self.vary(-3.2, 0.4), self.vary(1.0, 0.2), far=0.1)

    def cloud(self, x: float, y: float, size: float, far: float = 0.0, alpha: float = 1.0) -> None:
        """A cloud of bumps on a flat base, with a shaded belly."""
        path = skia.Path()
        path.setFillType(skia.PathFillType.kWinding)
        for dx, dy, r in (
            (-1.25, 0.02, 0.42),
            (-0.7, -0.3, 0.6),
            (0.1, -0.55, 0.78),
            (0.85, -0.2, 0.58),
            (1.4, 0.06, 0.36),
        ):
            path.addCircle(x + dx * size, y + dy * size, r * size)
        path.addRoundRect(
            skia.Rect(x - 1.66 * size, y - 0.14 * size, x + 1.75 * size, y + 0.42 * size), 0.28 * size, 0.28 * size
        )
        colour = mix(self.light.cloud, self.light.haze, far)
        if self.ink:
            self.canvas.drawPath(path, stroke(mix(line_of(colour), colour, 0.35), 0.12))
        else:
            self.canvas.save()
            self.canvas.translate(0.07, 0.12)
            self.canvas.drawPath(path, fill(_SHADOW, 0.1))
            self.canvas.restore()
        self.canvas.drawPath(path, fill(colour, alpha))
        self.canvas.save()
        self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        belly = mix(colour, self.light.sky[2], 0.34)
        self.canvas.drawRect(skia.Rect(x - 2 * size, y + 0.14 * size, x + 2 * size, y + size), fill(belly, alpha))
        for dx, dy, r in ((-0.62, 0.12, 0.4), (0.25, 0.08, 0.5), (0.95, 0.16, 0.3)):
            self.canvas.drawCircle(x + dx * size, y + dy * size + 0.1 * size, r * size, fill(belly, alpha))
        self.canvas.restore()

    def hatch(self, path: skia.Path, rgb: RGB, *, gap: float = 0.3, width: float = 0.05, far: float = 0.0) -> None:
        """Slanting lines over a shape: shade in the ink style, nothing in paper."""
        if not self.ink:
            return
        self.canvas.save()
        self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        bounds, lines = path.getBounds(), skia.Path()
        for number in range(math.ceil((bounds.width() + bounds.height()) / gap)):
            x = bounds.left() + number * gap
            lines.moveTo(x, bounds.top())
            lines.lineTo(x - bounds.height(), bounds.bottom())
        self.canvas.drawPath(lines, stroke(self.light.lit(rgb, far), width, 0.5))
        self.canvas.restore()

    def clipped(self, outer: skia.Path, path: skia.Path, rgb: RGB, *, far: float = 0.0, alpha: float = 1.0) -> None:
        """A detail cut off at the edge of a sheet."""
        self.canvas.save()
        self.canvas.clipPath(outer, skia.ClipOp.kIntersect, True)
        self.canvas.drawPath(path, fill(self.light.lit(rgb, far), alpha))
        self.canvas.restore()

    def blob(self, x: float, y: float, rx: float, ry: float, *, bumps: int = 9, rough: float = 0.1) -> skia.Path:
        """A roundish shape with round bumps, as a leafy crown or a bush."""
        turn = self.rng.random()
        path = skia.Path.Oval(skia.Rect(x - rx, y - ry, x + rx, y + ry), skia.PathDirection.kCW)
        path.setFillType(skia.PathFillType.kWinding)
        for number in range(bumps):
            angle = 2 * math.pi * (number + turn) / bumps
            r = (0.42 + rough * self.rng.random()) * min(rx, ry)
            path.addCircle(x + (rx - 0.72 * r) * math.cos(angle), y + (ry - 0.72 * r) * math.sin(angle), r)
        return path
