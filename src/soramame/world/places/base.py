"""What a place of the paper world is: words, air, ground, gravity, and layers of paper from far to near."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import skia

from soramame.world.ink import Pen, fill, shape
from soramame.world.palette import RGB
from soramame.world.scene import Time, Weather
from soramame.world.words import Words

LEFT, RIGHT, TOP, BOTTOM = -13.0, 13.0, -9.5, 9.5
"""How far layers are painted, in stage units: enough for pans and for portrait frames."""


@dataclass(frozen=True, kw_only=True)
class Easel:
    """What a layer is painted with: a pen, the scene's own chance, and the air."""

    pen: Pen
    rng: random.Random
    time: Time
    weather: Weather

    def tone(self, dawn: RGB, day: RGB, dusk: RGB, night: RGB) -> RGB:
        """The colour for the time of day."""
        return {"dawn": dawn, "day": day, "dusk": dusk, "night": night}[self.time]

    def wash(self, top: float, bottom: float, *colours: RGB) -> None:
        """A vertical gradient across the whole width."""
        paint = skia.Paint(AntiAlias=True)
        stops = [skia.Color(*colour) for colour in colours]
        paint.setShader(skia.GradientShader.MakeLinear([(0, top), (0, bottom)], stops))
        self.pen.canvas.drawRect(skia.Rect(LEFT, top, RIGHT, BOTTOM), paint)

    def glow(self, x: float, y: float, radius: float, rgb: RGB, alpha: float = 0.6) -> None:
        """A round light that fades out."""
        paint = skia.Paint(AntiAlias=True)
        ends = [skia.Color(*rgb, round(255 * alpha)), skia.Color(*rgb, 0)]
        paint.setShader(skia.GradientShader.MakeRadial((x, y), radius, ends))
        self.pen.canvas.drawCircle(x, y, radius, paint)

    def ridge(self, base: float, heights: list[float], rgb: RGB, *, jag: bool = False) -> None:
        """Hills or mountains from edge to edge: ``heights`` above ``base``, evenly spread."""
        step = (RIGHT - LEFT) / (len(heights) - 1)
        points = [(LEFT + step * i, base - height) for i, height in enumerate(heights)]
        path = skia.Path()
        path.moveTo(LEFT - 1, BOTTOM)
        path.lineTo(*points[0])
        for (x0, y0), (x1, y1) in pairwise(points):
            if jag:
                path.lineTo(x1, y1)
            else:
                path.cubicTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)
        path.lineTo(RIGHT + 1, BOTTOM)
        path.close()
        self.pen.sheet(path, rgb, shade=0.0)

    def box(self, x: float, y: float, width: float, height: float, rgb: RGB, *, plain: bool = False) -> None:
        """A rectangle by its left upper corner."""
        path = skia.Path()
        path.addRect(skia.Rect.MakeXYWH(x, y, width, height))
        if plain:
            self.pen.canvas.drawPath(path, fill(rgb))
        else:
            self.pen.sheet(path, rgb, shade=0.0)

    def cloud(self, x: float, y: float, size: float, rgb: RGB) -> None:
        """A paper cloud of bumps on a flat base."""
        path = skia.Path()
        for dx, dy, r in ((-1.0, 0.0, 0.55), (-0.35, -0.35, 0.75), (0.45, -0.2, 0.62), (1.05, 0.05, 0.42)):
            path.addCircle(x + dx * size, y + dy * size, r * size)
        path.addRect(skia.Rect.MakeLTRB(x - 1.1 * size, y, x + 1.2 * size, y + 0.45 * size))
        path.setFillType(skia.PathFillType.kWinding)
        self.pen.canvas.drawPath(path, fill(rgb))

    def pine(self, x: float, y: float, height: float, rgb: RGB, snow: RGB | None = None) -> None:
        """A pine of three tiers, snow on each if given."""
        self.box(x - 0.05 * height, y - 0.16 * height, 0.1 * height, 0.16 * height, (92, 66, 52), plain=True)
        for i in range(3):
            wide, low, high = (0.3 - 0.065 * i) * height, y - (0.12 + 0.26 * i) * height, y - (0.5 + 0.25 * i) * height
            self.pen.sheet(shape((x - wide, low, 1.0), (x, high, 1.0), (x + wide, low, 1.0)), rgb, shade=0.0)
            if snow is not None:
                cap = shape(
                    (x - wide * 0.5, (low + high) / 2, 1.0), (x, high, 1.0), (x + wide * 0.5, (low + high) / 2, 1.0)
                )
                self.pen.canvas.drawPath(cap, fill(snow))


Painter = Callable[[Easel], None]
Live = Callable[[skia.Canvas, float, random.Random, Time], None]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One sheet of scenery: how much of the camera's pan it follows (0 infinitely far, 1 where the actors are)."""

    depth: float
    paint: Painter


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place. ``far`` and ``near`` are the ground's y at lanes 0 and 1; ``sea`` is the y of open water, if there is some.

    ``gravity`` in stage units / s². ``live`` draws what moves by itself behind the actors, each frame. ``wall`` is the colour
    of things that one passes behind. ``wet`` ground mirrors in the rain. ``refuses`` names actions that cannot be here.
    """

    name: str
    words: Words
    times: tuple[Time, ...]
    weathers: tuple[Weather, ...]
    layers: tuple[Layer, ...]
    far: float = 2.4
    near: float = 4.2
    gravity: float = 24.0
    sea: float | None = None
    wall: RGB = (150, 84, 70)
    wet: bool = False
    live: Live | None = None
    refuses: tuple[str, ...] = ()

    def ground(self, lane: float) -> float:
        """y of the ground at a lane, 0 far to 1 near."""
        return self.far + (self.near - self.far) * lane

    def shore(self, lane: float) -> float:
        """y of the water's surface for those who swim or sail at a lane."""
        return self.ground(lane) if self.sea is None else self.sea + 0.9 * lane

    def scale(self, lane: float) -> float:
        """Size of an actor at a lane."""
        return 0.9 + 0.2 * lane

    def allows(self, action: str) -> bool:
        """Whether an action can happen here."""
        return action not in self.refuses and (action not in ("swim", "sail") or self.sea is not None)
