from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from soramame.world.places import PLACES
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Camera, Cast, Event, FrameState, Scene, Shot, View, Wall
from soramame.world.simulate import simulate
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
    stage.draw(still(view))
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


def picture(shot: Shot, view: View | None = None, time: float = 0.0, **fields: object) -> NDArray[np.int64]:
    """One frame of a shot, with its actors as they stand at first."""
    scene = Scene(seed=1, shots=(shot,))
    state = replace(simulate(scene, 2, 8)[0], time=time, view=view or View(), **fields)  # type: ignore[arg-type]
    return Stage(scene, (256, 160)).draw(state).astype(np.int64)


def test_a_frame_depends_on_its_state_alone() -> None:
    """Whatever was drawn before: the same state, the same bytes."""
    for move in ("static", "pan left"):
        scene = Scene(seed=1, shots=(Shot(place="meadow", camera=Camera(move=move)),))
        stage = Stage(scene, (128, 80))
        one = stage.draw(still(View(x=0.7)))
        for view in (View(x=-1.0), View(x=0.7), View(x=0.7)):
            stage.draw(still(view, time=2.0))
        assert np.array_equal(stage.draw(still(View(x=0.7))), one)


def test_a_resting_camera_sees_what_a_moving_one_would() -> None:
    """One composed picture of the scenery equals its layers drawn one by one, but for rounding."""
    frames = [picture(Shot(place="snowfield", camera=Camera(move=move))) for move in ("static", "pan left")]
    assert np.abs(frames[0] - frames[1]).max() <= 4


def shift_of(before: NDArray[np.int64], after: NDArray[np.int64]) -> int:
    """By how many columns a band of the picture has moved."""
    errors = {s: np.abs(np.roll(before, s, 1) - after)[:, 40:-40].mean() for s in range(-24, 25)}
    return min(errors, key=lambda s: errors[s])


def test_far_layers_move_less() -> None:
    shot = Shot(place="city", camera=Camera(move="pan left"))
    before, after = picture(shot, View(x=0.0)), picture(shot, View(x=1.0))
    sky, street = shift_of(before[:12], after[:12]), shift_of(before[138:150], after[138:150])
    assert street == -16
    assert -14 <= shift_of(before[70:110], after[70:110]) <= -12  # houses, at 0.8
    assert abs(sky) < 5


def test_who_is_behind_a_wall_is_not_seen() -> None:
    cast = Cast(kind="dog")
    shot = Shot(place="city", casts=(cast,))
    wall = Wall(x=-9.0, y=4.6, width=18.0, height=6.0)
    box = np.s_[20:148, :]
    hidden, nobody = picture(shot, walls=(wall,)), picture(replace(shot, casts=()), walls=(wall,))
    assert np.abs(hidden - nobody)[box].max() == 0
    assert np.abs(picture(shot) - picture(replace(shot, casts=()))).max() > 40


def test_a_swimmer_is_cut_by_the_water() -> None:
    cast = Cast(kind="man", look=(("top", "t-shirt"),))
    swim = Event(cast=0, action="swim", direction="right")
    shot = Shot(place="beach", casts=(cast,), events=(swim,))
    state = simulate(Scene(seed=1, shots=(shot,)), 2, 8)[0]
    line = 80 + 16 * state.actors[0].pose.y
    changed = np.abs(picture(shot) - picture(replace(shot, casts=(), events=()))).max(-1) > 90
    rows = np.argwhere(changed)[:, 0]
    assert rows.min() < line - 20
    assert rows.max() < line + 8


def test_a_boat_is_behind_what_stands_on_the_shore() -> None:
    """The sand at the lower edge of the water is in front of a hull that reaches down to it."""
    shot = Shot(place="beach", casts=(Cast(kind="boat", size="large"),))
    state = simulate(Scene(seed=1, shots=(shot,)), 2, 8)[0]
    sunk = tuple(replace(actor, pose=replace(actor.pose, y=4.0)) for actor in state.actors)
    assert np.array_equal(picture(shot, actors=sunk)[132:], picture(replace(shot, casts=()))[132:])


def test_the_shadow_shrinks_as_one_rises() -> None:
    shot = Shot(place="moon", casts=(Cast(kind="ball"),))
    actor = simulate(Scene(seed=1, shots=(shot,)), 2, 8)[0].actors[0]
    nobody = picture(replace(shot, casts=()))
    darker = []
    for lift in (3.0, 5.0):
        risen = replace(actor, pose=replace(actor.pose, lift=lift))
        frame = picture(shot, actors=(risen,))
        foot = round(80 + 16 * actor.pose.y)
        darker.append((nobody - frame)[foot - 6 : foot + 8].clip(0).sum())
    assert darker[0] > darker[1] > 0


def test_wet_ground_mirrors_the_signs() -> None:
    """Below the kerb, the mean colour of each column follows that above it more than chance would."""
    frame = picture(Shot(place="neon_street", time="night", weather="rain"))
    above, below = frame[95:112].mean(0), frame[122:140].mean(0)
    agreement = [np.corrcoef(above[:, c], below[:, c])[0, 1] for c in range(3)]
    assert max(agreement) > 0.35


def test_actors_stay_readable_at_night() -> None:
    cast = Cast(kind="ball", look=(("body", "white"),))
    for place in ("snowfield", "meadow", "beach", "neon_street"):
        shot = Shot(place=place, time="night", casts=(cast,))
        with_ball, without = picture(shot), picture(replace(shot, casts=()))
        assert (np.abs(with_ball - without).max(-1) > 40).sum() > 250
