"""Light: how the hour and the air turn the one daylight palette in which places are painted into dawn, dusk and night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import skia

from soramame.world.ink import mix
from soramame.world.palette import RGB
from soramame.world.scene import Time, Weather

Gain = tuple[float, float, float]

_OVERCAST: dict[Weather, float] = {"clear": 0.0, "cloudy": 0.5, "rain": 0.72, "snow": 0.55, "fog": 0.7}
_LUMA = (0.3, 0.59, 0.11)


@dataclass(frozen=True, kw_only=True)
class Light:
    """The light of an hour.

    ``low`` and ``high`` are what remains of red, green and blue in dark and in light colours, ``lift`` is added. ``haze``
    is what far things fade to, ``sky`` goes from the zenith to the horizon, ``grey`` is the colour of a closed cloud
    cover and ``cover`` its share. ``figure`` is what remains of the colours of actors: less is taken from them, so that
    a red coat is still called red at night.
    """

    low: Gain
    high: Gain
    lift: RGB
    haze: RGB
    sky: tuple[RGB, ...]
    sun: RGB
    cloud: RGB
    grey: RGB
    figure: Gain
    edge: tuple[RGB, float]
    cover: float = 0.0

    def lit(self, rgb: RGB, far: float = 0.0) -> RGB:
        """A daylight colour in this light, ``far`` (0 to 1) of the way into the haze."""
        return _lit(self, rgb, far)

    def filter(self) -> skia.ColorFilter:
        """The same for drawn actors, milder."""
        (r, g, b), (x, y, z) = self.figure, (value / 255 * 0.5 for value in self.lift)
        return skia.ColorFilters.Matrix([r, 0, 0, 0, x, 0, g, 0, 0, y, 0, 0, b, 0, z, 0, 0, 0, 1, 0])


@lru_cache(maxsize=8192)
def _lit(light: Light, rgb: RGB, far: float) -> RGB:
    bright = sum(share * value for share, value in zip(_LUMA, rgb, strict=True)) / 255
    red, green, blue = (
        min(255, round(value * (low + (high - low) * bright) + lift))
        for value, low, high, lift in zip(rgb, light.low, light.high, light.lift, strict=True)
    )
    return mix(mix((red, green, blue), light.grey, 0.22 * light.cover), light.haze, far)


_LIGHTS: dict[Time, Light] = {
    "dawn": Light(
        low=(0.80, 0.74, 0.92),
        high=(1.0, 0.91, 0.91),
        lift=(10, 4, 8),
        haze=(250, 212, 210),
        sky=((112, 124, 196), (156, 148, 208), (206, 172, 212), (246, 198, 198), (255, 226, 198)),
        sun=(255, 246, 214),
        cloud=(255, 226, 222),
        grey=(206, 194, 206),
        figure=(1.0, 0.95, 0.97),
        edge=((96, 60, 120), 0.16),
    ),
    "day": Light(
        low=(1.0, 1.0, 1.0),
        high=(1.0, 1.0, 1.0),
        lift=(0, 0, 0),
        haze=(206, 232, 248),
        sky=((62, 142, 222), (92, 172, 236), (132, 200, 244), (178, 223, 249), (224, 243, 251)),
        sun=(255, 250, 222),
        cloud=(255, 255, 255),
        grey=(184, 198, 210),
        figure=(1.0, 1.0, 1.0),
        edge=((20, 50, 110), 0.1),
    ),
    "dusk": Light(
        low=(0.84, 0.60, 0.76),
        high=(1.02, 0.81, 0.70),
        lift=(20, 1, 6),
        haze=(246, 150, 126),
        sky=((58, 48, 120), (112, 66, 146), (186, 88, 142), (242, 126, 112), (255, 192, 116)),
        sun=(255, 236, 164),
        cloud=(255, 178, 158),
        grey=(156, 120, 146),
        figure=(1.0, 0.91, 0.88),
        edge=((52, 14, 72), 0.26),
    ),
    "night": Light(
        low=(0.34, 0.42, 0.62),
        high=(0.56, 0.65, 0.82),
        lift=(4, 8, 26),
        haze=(62, 80, 144),
        sky=((14, 18, 54), (20, 29, 76), (30, 44, 100), (45, 64, 126), (72, 94, 156)),
        sun=(246, 246, 224),
        cloud=(86, 104, 164),
        grey=(48, 56, 92),
        figure=(0.86, 0.9, 1.0),
        edge=((4, 6, 30), 0.34),
    ),
}


_INDOORS = replace(
    _LIGHTS["dusk"],
    low=(0.74, 0.58, 0.62),
    high=(0.88, 0.76, 0.68),
    lift=(10, 2, 10),
    figure=(0.98, 0.93, 0.9),
    edge=((30, 10, 40), 0.4),
)


def light_indoors(time: Time, weather: Weather) -> Light:
    """The light of a room: of the hour by day, of a lamp at night."""
    return _INDOORS if time == "night" else light_at(time, "clear")


def light_in_space(time: Time, weather: Weather) -> Light:
    """No air and no weather: the sun lights the ground, whatever the hour on earth."""
    return replace(light_at("day", "clear"), edge=((0, 0, 10), 0.4))


def light_of_signs(time: Time, weather: Weather) -> Light:
    """The night of a street of lights: those who walk there are lit by them."""
    return replace(light_at(time, weather), figure=(0.98, 0.92, 1.0)) if time == "night" else light_at(time, weather)


@cache
def light_at(time: Time, weather: Weather) -> Light:
    """The light of an hour under the sky of a weather: under clouds greyer and without glow."""
    clear, cover = _LIGHTS[time], _OVERCAST[weather]
    return replace(
        clear,
        cover=cover,
        sky=tuple(mix(colour, clear.grey, cover) for colour in clear.sky),
        haze=mix(clear.haze, clear.grey, 0.8 * cover),
        cloud=mix(clear.cloud, clear.grey, 0.5 * cover),
    )
