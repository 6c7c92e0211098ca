"""What falls and drifts: rain, snow and fog, few and large, a pure function of time and seed."""

from __future__ import annotations

import math
import random
from functools import lru_cache

import skia

from soramame.world.ink import fill, mix, stroke
from soramame.world.light import Light
from soramame.world.palette import RGB
from soramame.world.scene import View, Weather

_DROPS = ((22, 0.055, 0.8, 1.35, 0.5), (18, 0.09, 1.2, 1.8, 0.72))
"""Rain far and near: drops, width, length, falls through the frame a second, opacity."""
_FLAKES = ((22, 0.085, 0.11, 0.75), (15, 0.16, 0.17, 0.92))
"""Snow far and near: flakes, radius, falls through the frame a second, opacity."""
_SLANT = 0.16


class Sky:
    """Draws the weather of a shot over (or, far fog, behind) the actors in a frame of ``size`` pixels."""

    def __init__(self, weather: Weather, light: Light, size: tuple[int, int], seed: int) -> None:
        self.weather, self.light = weather, light
        self.unit = min(size) / 10
        self.width, self.height = size[0] / self.unit, size[1] / self.unit
        rng = random.Random(seed * 31 + 5)
        bright = sum(light.haze) > 480
        self._drop: RGB = mix(light.haze, (88, 120, 170), 0.7) if bright else mix(light.haze, (236, 244, 255), 0.8)
        # stratified, so that a picture is never bare on one side
        self._chance = [((i + rng.random()) / 40, rng.random(), rng.random()) for i in rng.sample(range(40), 40)]

    def behind(self, canvas: skia.Canvas, seconds: float) -> None:
        """What lies between the scenery and the actors."""
        if self.weather == "fog":
            self._fog(canvas, seconds, ((-1.0, 3.0, 0.62), (1.9, 1.7, 0.72)))

    def splashes(self, canvas: skia.Canvas, view: View, seconds: float, far: float, near: float) -> None:
        """Rings where drops fall on the ground between two y; the canvas is in stage units about the view."""
        if self.weather != "rain":
            return
        for x, y, z in self._chance[:10]:
            grow = (1.1 * seconds + z) % 1.0
            middle, low = (40 * x - view.x) % 20 - 10, far - 0.1 + (near + 0.5 - far) * y - view.y
            reach = 0.12 + 0.42 * grow
            rect = skia.Rect(middle - reach, low - 0.28 * reach, middle + reach, low + 0.28 * reach)
            canvas.drawOval(rect, stroke(mix(self.light.haze, (240, 246, 255), 0.7), 0.06, round(0.7 * (1 - grow), 1)))

    def before(self, canvas: skia.Canvas, seconds: float) -> None:
        """What lies before everyone."""
        canvas.save()
        canvas.scale(self.unit, self.unit)
        if self.weather == "rain":
            self._rain(canvas, seconds)
        elif self.weather == "snow":
            self._snow(canvas, seconds)
        canvas.restore()
        if self.weather == "fog":
            self._fog(canvas, seconds, ((3.5, 1.5, 0.55),))

    def _rain(self, canvas: skia.Canvas, seconds: float) -> None:
        first = 0
        for count, width, length, speed, alpha in _DROPS:
            path = skia.Path()
            for x, y, _ in self._chance[first : first + count]:
                low = (y + speed * seconds) % 1.0 * (self.height + length)
                left = x * (self.width + 1.5) - _SLANT * low
                path.moveTo(left + _SLANT * length, low - length)
                path.lineTo(left, low)
            first += count
            canvas.drawPath(path, stroke(self._drop, width, alpha))

    def _snow(self, canvas: skia.Canvas, seconds: float) -> None:
        first = 0
        for count, radius, speed, alpha in _FLAKES:
            path = skia.Path()
            for x, y, z in self._chance[first : first + count]:
                size = radius * (0.8 + 0.4 * z)
                low = (y + speed * (0.9 + 0.2 * z) * seconds) % 1.0 * (self.height + 2 * size) - size
                sway = 0.35 * math.sin(2 * math.pi * (0.25 * seconds + z))
                path.addCircle((x * self.width + sway + 0.25 * low) % (self.width + 0.4) - 0.2, low, size)
            first += count
            canvas.drawPath(path, fill((255, 255, 255), alpha))

    def _fog(self, canvas: skia.Canvas, seconds: float, banks: tuple[tuple[float, float, float], ...]) -> None:
        """Banks of fog: middle (stage units below the frame's middle), half height, opacity."""
        for number, (middle, half, alpha) in enumerate(banks):
            drift = 1.2 * math.sin(2 * math.pi * (0.04 * seconds + 0.37 * number))
            canvas.save()
            canvas.translate(self.unit * (self.width / 2 + drift), self.unit * (self.height / 2 + middle))
            canvas.scale(self.unit * self.width * 0.75, self.unit * half)
            canvas.drawCircle(0, 0, 1, _bank(mix(self.light.haze, (250, 250, 252), 0.25), alpha))
            canvas.restore()


@lru_cache(maxsize=64)
def _bank(rgb: RGB, alpha: float) -> skia.Paint:
    ends = [skia.Color(*rgb, round(255 * share * alpha)) for share in (1.0, 0.75, 0.0)]
    return skia.Paint(Shader=skia.GradientShader.MakeRadial((0, 0), 1, ends, [0.0, 0.5, 1.0]))
