from __future__ import annotations

import numpy as np
import pytest
import skia
from numpy.typing import NDArray

from soramame.world.light import light_at
from soramame.world.scene import WEATHERS, View, Weather
from soramame.world.weather import Sky

SIZE = (256, 160)


def drawn(weather: Weather, seconds: float = 0.4, *, seed: int = 0, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """The weather alone, RGBA over nothing."""
    sky = Sky(weather, light_at("day", weather), size, seed)
    surface = skia.Surface(*size)
    sky.behind(surface.getCanvas(), seconds)
    sky.before(surface.getCanvas(), seconds)
    pixels: NDArray[np.uint8] = surface.toarray()
    return pixels


@pytest.mark.parametrize("weather", WEATHERS)
def test_only_rain_snow_and_fog_are_drawn(weather: Weather) -> None:
    assert (drawn(weather)[..., 3] > 0).any() == (weather in ("rain", "snow", "fog"))


@pytest.mark.parametrize("weather", ["rain", "snow", "fog"])
def test_weather_is_a_function_of_time_and_seed(weather: Weather) -> None:
    assert np.array_equal(drawn(weather), drawn(weather))
    assert not np.array_equal(drawn(weather), drawn(weather, 0.9))


@pytest.mark.parametrize("weather", ["rain", "snow"])
def test_what_falls_is_modest_and_on_both_sides(weather: Weather) -> None:
    for seconds in (0.0, 0.5, 1.0):
        seen = drawn(weather, seconds)[..., 3] > 60
        assert 0.002 < seen.mean() < 0.08
        assert seen[:, :128].any()
        assert seen[:, 128:].any()


def test_snow_falls_downwards() -> None:
    """Of all small shifts, one downwards fits the next moment best."""
    first = drawn("snow", 1.0)[..., 3].astype(float)
    later = drawn("snow", 1.12)[..., 3].astype(float)
    fits = {shift: (np.roll(first, shift, 0) * later).sum() for shift in range(-6, 7)}
    assert max(fits, key=lambda shift: fits[shift]) > 0


def test_weather_keeps_its_scale_at_every_size() -> None:
    shares = [(drawn("snow", size=size)[..., 3] > 60).mean() for size in (SIZE, (768, 480))]
    assert shares[0] == pytest.approx(shares[1], rel=0.25)


def test_fog_hides_more_of_the_ground_than_of_the_sky() -> None:
    alpha = drawn("fog")[..., 3].astype(float)
    assert alpha[100:140].mean() > 2 * alpha[:30].mean()


def test_drops_splash_on_the_ground_and_move_with_it() -> None:
    def rings(weather: Weather, view: View) -> NDArray[np.uint8]:
        surface = skia.Surface(*SIZE)
        canvas = surface.getCanvas()
        canvas.translate(128, 80)
        canvas.scale(16, 16)
        Sky(weather, light_at("night", weather), SIZE, 0).splashes(canvas, view, 0.3, 2.9, 4.4)
        pixels: NDArray[np.uint8] = surface.toarray()
        return pixels[..., 3]

    here, there = rings("rain", View()), rings("rain", View(x=1.0))
    assert not rings("clear", View()).any()
    assert np.argwhere(here)[:, 0].min() > 80 + 16 * 2.4
    fits = {shift: (np.roll(here.astype(float), shift, 1) * there).sum() for shift in range(-20, 21)}
    assert max(fits, key=lambda shift: fits[shift]) == -16
