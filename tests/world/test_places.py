from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import skia
from numpy.typing import NDArray

from soramame.world.actions import ACTIONS
from soramame.world.light import light_at, light_in_space
from soramame.world.places import PLACES
from soramame.world.places.base import Place
from soramame.world.places.paint import BOTTOM, LEFT, RIGHT, TOP, Easel
from soramame.world.scene import STYLES, TIMES, WEATHERS, Style, Time, Wall, Weather
from soramame.world.subjects import SUBJECTS

Alpha = NDArray[np.uint8]
EVERY = sorted(PLACES)
SCALE = 6


def easel(canvas: skia.Canvas, *, style: Style = "paper", time: Time = "day", weather: Weather = "clear") -> Easel:
    return Easel(
        canvas=canvas,
        style=style,
        rng=random.Random(1),
        scenery=1,
        time=time,
        weather=weather,
        light=light_at(time, weather),
    )


def canvas_of_stage() -> tuple[skia.Surface, skia.Canvas]:
    surface = skia.Surface(round((RIGHT - LEFT) * SCALE), round((BOTTOM - TOP) * SCALE))
    canvas = surface.getCanvas()
    canvas.scale(SCALE, SCALE)
    canvas.translate(-LEFT, -TOP)
    return surface, canvas


def painted(place: Place, *, style: Style = "paper", time: Time = "day", weather: Weather = "clear") -> Alpha:
    """All that a place paints behind the actors, over nothing."""
    surface, canvas = canvas_of_stage()
    for layer in place.layers:
        if layer.paint is not None and layer.where != "before":
            layer.paint(easel(canvas, style=style, time=time, weather=weather))
        elif layer.live is not None:
            layer.live(easel(canvas, style=style, time=time, weather=weather), 0.7)
    pixels: Alpha = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)
    return pixels


def test_names_are_those_that_subjects_and_scenes_use() -> None:
    assert all(place.name == name for name, place in PLACES.items())
    assert {place for subject in SUBJECTS.values() for place in subject.places} <= set(PLACES)


@pytest.mark.parametrize("name", EVERY)
def test_a_place_lists_real_hours_and_weathers_and_is_described_in_both_languages(name: str) -> None:
    place = PLACES[name]
    assert set(place.times) <= set(TIMES)
    assert set(place.weathers) <= set(WEATHERS)
    assert place.times
    assert place.weathers
    assert place.words.en
    assert place.words.ja
    assert set(place.refuses) <= set(ACTIONS)


@pytest.mark.parametrize("name", EVERY)
def test_the_near_lane_is_lower_and_larger_and_feet_are_inside_the_picture(name: str) -> None:
    place = PLACES[name]
    assert place.ground(0) < place.ground(1) < 4.7
    assert place.scale(0) < place.scale(1)
    assert place.gravity > 0


def test_one_swims_only_where_there_is_water() -> None:
    for place in PLACES.values():
        assert place.allows("swim") == (place.sea is not None and "swim" not in place.refuses)
        if place.sea is not None:
            assert place.sea <= place.shore(0.5) < place.ground(0)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("style", STYLES)
def test_layers_reach_every_edge_of_the_stage(name: str, style: Style) -> None:
    assert painted(PLACES[name], style=style)[..., 3].min() == 255


@pytest.mark.parametrize("name", EVERY)
def test_every_hour_and_weather_can_be_painted_and_ordinary_light_changes_the_picture(name: str) -> None:
    place = PLACES[name]
    base = painted(place).astype(int)
    for time in TIMES:
        for weather in WEATHERS:
            picture = painted(place, time=time, weather=weather).astype(int)
            assert picture[..., 3].min() == 255
            if time != "day" and place.light is not light_in_space:
                assert np.abs(picture - base).mean() > (2 if name == "neon_street" else 5)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [(1.6, 2.2), (5.0, 3.0)])
def test_a_wall_covers_its_box(name: str, style: Style, size: tuple[float, float]) -> None:
    """What is behind a wall is hidden, as visibility takes it to be."""
    surface, canvas = canvas_of_stage()
    wall = Wall(x=-2.0, y=4.0, width=size[0], height=size[1])
    PLACES[name].wall(easel(canvas, style=style), wall)
    alpha = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., 3]
    top, left = round((wall.y - wall.height - TOP) * SCALE), round((wall.x - LEFT) * SCALE)
    bottom, right = round((wall.y - TOP) * SCALE), round((wall.x + wall.width - LEFT) * SCALE)
    assert alpha[top + 1 : bottom - 1, left + 1 : right - 1].min() == 255


@pytest.mark.parametrize("name", EVERY)
def test_sceneries_differ_in_detail_and_agree_in_the_whole(name: str) -> None:
    place = PLACES[name]

    def picture(scenery: int) -> NDArray[np.float64]:
        surface, canvas = canvas_of_stage()
        for number, layer in enumerate(place.layers):
            if layer.paint is not None:
                layer.paint(replace(easel(canvas), rng=random.Random(scenery * 977 + number), scenery=scenery))
        rgb: NDArray[np.float64] = surface.toarray()[..., :3].astype(float)
        return rgb

    one, same, other = picture(0), picture(0), picture(1)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    # the mean colour of each row hardly changes: same composition, same palette
    assert np.abs(one.mean((1,)) - other.mean((1,))).mean() < 14


@pytest.mark.parametrize("name", EVERY)
def test_what_moves_by_itself_is_a_function_of_time(name: str) -> None:
    for layer in PLACES[name].layers:
        if layer.live is None:
            continue
        frames = []
        for seconds in (0.0, 1.1, 0.0):
            surface, canvas = canvas_of_stage()
            layer.live(replace(easel(canvas), rng=random.Random(4)), seconds)
            frames.append(surface.toarray())
        assert np.array_equal(frames[0], frames[2])
        assert not np.array_equal(frames[0], frames[1])
