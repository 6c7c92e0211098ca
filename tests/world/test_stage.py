from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soramame.world.places import PLACES
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Camera, Cast, FrameState, Scene, Shot, View
from soramame.world.stage import Stage


def empty(place: str, **fields: object) -> Scene:
    where = PLACES[place]
    shot = Shot(place=place, time=where.times[0], weather=where.weathers[0])
    return Scene(seed=0, shots=(replace(shot, **fields),))  # type: ignore[arg-type]


def still(view: View | None = None, time: float = 0.0) -> FrameState:
    return FrameState(shot=0, time=time, view=view or View(), actors=())


@pytest.mark.parametrize("place", sorted(PLACES))
def test_places_differ_and_are_drawn_the_same_each_time(place: str) -> None:
    one, same = (Stage(empty(place), (128, 80)).draw(still()) for _ in range(2))
    assert np.array_equal(one, same)
    for other in set(PLACES) - {place}:
        assert np.abs(one.astype(int) - Stage(empty(other), (128, 80)).draw(still())).mean() > 8


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("size", [(80, 128), (96, 96), (160, 64)])
@pytest.mark.parametrize("view", [View(x=-3.0), View(x=3.0), View(zoom=1.35)])
def test_no_hole_shows_at_the_edges(place: str, size: tuple[int, int], view: View) -> None:
    """Scenery is painted over a marker colour: none of it may be left."""
    stage = Stage(empty(place), size)
    marker = np.array([255, 0, 255])
    stage._surface.getCanvas().clear(0xFFFF00FF)
    frame = stage.draw(still(view))
    edges = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
    assert not (np.abs(edges - marker).max(-1) < 3).any()


def test_weather_and_hour_change_the_picture() -> None:
    day = Stage(empty("snowfield", time="day", weather="clear"), (128, 80)).draw(still())
    for fields in ({"time": "night"}, {"weather": "snow"}, {"time": "dusk"}):
        other = Stage(empty("snowfield", **({"time": "day", "weather": "clear"} | fields)), (128, 80)).draw(still())
        assert not np.array_equal(day, other)


def test_snow_falls_and_the_sea_moves() -> None:
    for place, fields in (("snowfield", {"weather": "snow"}), ("beach", {})):
        stage = Stage(empty(place, **fields), (128, 80))
        assert not np.array_equal(stage.draw(still(time=0.0)), stage.draw(still(time=0.6)))


def test_wet_ground_mirrors_the_actor() -> None:
    cast = Cast(kind="ball", look=(("body", "white"),))
    shot = Shot(place="neon_street", time="night", weather="rain", casts=(cast,), camera=Camera())
    with_ball = render(Scene(seed=1, shots=(shot,)), num_frames=1).frames[0].astype(int)
    without = render(Scene(seed=1, shots=(replace(shot, casts=()),)), num_frames=1).frames[0].astype(int)
    changed = np.argwhere(np.abs(with_ball - without).max(-1) > 12)[:, 0]
    ball_rows, below = changed.max() - changed.min(), changed.max()
    assert ball_rows > 30
    assert below > 140


@pytest.mark.parametrize("seed", range(6))
def test_rendering_is_bit_reproducible(seed: int) -> None:
    one, two = (render(sample_scene(seed, Curriculum.world()), size=(96, 64), num_frames=5).frames for _ in range(2))
    assert np.array_equal(one, two)
