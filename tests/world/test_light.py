from __future__ import annotations

import pytest

from soramame.world.light import light_at, light_in_space, light_indoors
from soramame.world.palette import COLOURS
from soramame.world.scene import TIMES, WEATHERS, Time


def luma(rgb: tuple[int, int, int]) -> float:
    return 0.3 * rgb[0] + 0.59 * rgb[1] + 0.11 * rgb[2]


def test_the_palette_is_that_of_a_clear_day() -> None:
    light = light_at("day", "clear")
    assert all(light.lit(colour.rgb) == colour.rgb for colour in COLOURS.values())


@pytest.mark.parametrize("time", TIMES)
def test_far_things_fade_into_the_haze(time: Time) -> None:
    light = light_at(time, "clear")
    assert light.lit((40, 90, 60), 1.0) == light.haze
    near, far = (
        sum(abs(a - b) for a, b in zip(light.lit((40, 90, 60), d), light.haze, strict=True)) for d in (0.2, 0.7)
    )
    assert far < near


def test_night_is_darker_and_bluer_and_dusk_is_redder() -> None:
    grey = (150, 150, 150)
    night, dusk = light_at("night", "clear").lit(grey), light_at("dusk", "clear").lit(grey)
    assert luma(night) < luma(dusk) < luma(grey)
    assert night[2] > night[0]
    assert dusk[0] > dusk[2]


def test_clouds_take_the_colour_from_the_sky() -> None:
    for time in TIMES:
        grey = light_at(time, "clear").grey
        far = {
            weather: sum(abs(a - b) for a, b in zip(light_at(time, weather).sky[0], grey, strict=True))
            for weather in WEATHERS
        }
        assert far["rain"] < far["cloudy"] < far["clear"]


def test_rooms_have_a_lamp_at_night_and_space_has_no_night() -> None:
    white = (240, 240, 240)
    assert luma(light_indoors("night", "clear").lit(white)) > luma(light_at("night", "clear").lit(white))
    assert light_in_space("night", "rain").lit(white) == white


@pytest.mark.parametrize("time", TIMES)
def test_actors_keep_most_of_their_colours(time: Time) -> None:
    assert min(light_at(time, "clear").figure) > 0.8
