"""The truth of a clip: JSON-able, and in agreement with the states that it tells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from soramame.world.camera import Frame
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Camera, Cast, Event, Scene, Shot, Side
from soramame.world.simulate import simulate
from soramame.world.truth import count_visible, cuts, side_of, truth


def told(*events: Event, casts: tuple[Cast, ...], place: str = "city") -> dict[str, Any]:
    scene = Scene(seed=0, shots=(Shot(place=place, casts=casts, events=events),))
    return truth(scene, simulate(scene, 33, 8))


def test_truth_survives_json() -> None:
    for seed in range(20):
        scene = sample_scene(seed, Curriculum.world())
        data = truth(scene, simulate(scene, 17, 8))
        assert json.loads(json.dumps(data))["frames"] == data["frames"]
        assert len(data["frames"]) == 17
        assert len(data["shots"]) == len(scene.shots)


def test_cuts_are_the_first_frames_of_later_shots() -> None:
    shot = Shot(place="moon")
    scene = Scene(seed=0, shots=(shot, shot, shot))
    states = simulate(scene, 33, 8)
    assert cuts(states) == [11, 22]
    assert truth(scene, states)["cuts"] == [11, 22]
    assert [shot["frames"] for shot in truth(scene, states)["shots"]] == [[0, 11], [11, 22], [22, 33]]


def test_everyone_is_counted_in_every_frame() -> None:
    data = told(casts=(Cast(kind="dog", count=3), Cast(kind="ball")))
    assert all(frame["counts"] == {"ball": 1, "dog": 3} for frame in data["frames"])


def test_a_hidden_one_is_not_counted_but_still_told() -> None:
    data = told(Event(cast=0, action="hide", direction="right"), casts=(Cast(kind="man"),))
    hidden = data["shots"][0]["actors"][0]["hidden_frames"]
    assert hidden
    assert [n for n, frame in enumerate(data["frames"]) if frame["counts"] == {"man": 0}] == hidden
    assert 0 not in hidden
    assert 32 not in hidden
    assert {actor["id"] for frame in data["frames"] for actor in frame["actors"]} == {"0.0"}


def test_bites_are_told_once_by_their_first_frame() -> None:
    data = told(Event(cast=0, action="bite"), casts=(Cast(kind="cookie"),), place="kitchen_table")
    bites = data["shots"][0]["actors"][0]["bites"]
    assert isinstance(bites, list)
    assert len(bites) == 1
    bitten = [frame["actors"][0]["bitten"] for frame in data["frames"]]
    assert bitten[bites[0] - 1] == 0
    assert bitten[bites[0]] > 0
    assert bitten[-1] == 1


@pytest.mark.parametrize("side", ["left", "centre", "right"])
def test_boxes_are_shares_of_the_picture(side: Side) -> None:
    data = told(casts=(Cast(kind="woman", side=side),))
    left, top, right, bottom = data["frames"][0]["actors"][0]["box"]
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    assert data["shots"][0]["sides_at_start"] == [side]
    third = ("left", "centre", "right")[int((left + right) / 2 * 3)]
    assert third == side


def test_boxes_move_against_the_camera() -> None:
    shot = Shot(place="city", casts=(Cast(kind="woman"),), camera=Camera(move="pan right"))
    scene = Scene(seed=0, shots=(shot,))
    frames = truth(scene, simulate(scene, 33, 8))["frames"]
    assert frames[-1]["actors"][0]["box"][0] < frames[0]["actors"][0]["box"][0] - 0.1


def test_events_have_frames() -> None:
    events = (
        Event(cast=0, action="walk", direction="right", end=0.5),
        Event(cast=0, action="jump", direction="right", start=0.5),
    )
    data = told(*events, casts=(Cast(kind="dog"),))
    assert [event["frames"] for event in data["shots"][0]["events"]] == [[0, 16], [16, 33]]
    assert data["frames"][8]["actors"][0]["action"] == "walk"
    assert data["frames"][24]["actors"][0]["action"] == "jump"


def test_counting_can_ask_for_a_clear_view() -> None:
    scene = Scene(seed=0, shots=(Shot(place="city", casts=(Cast(kind="man", count=2),)),))
    state = simulate(scene, 1, 8)[0]
    assert count_visible(state, "man", least=0.5) == 2
    assert count_visible(state, "dog") == 0
    assert side_of(state, 5, Frame()) is None
