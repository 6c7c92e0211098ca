"""Scenes from seeds: the same each time, legal, and of the breadth that the curriculum tells."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest

from soramame.world.actions import ACTIONS
from soramame.world.legal import check
from soramame.world.places import PLACES
from soramame.world.sample import LIKELY, Curriculum, fingerprint, sample_scene
from soramame.world.scene import MOVES, Scene
from soramame.world.subjects import SUBJECTS

BREADTHS = {"world": Curriculum.world(), "mame": Curriculum.mame()}
SCENES: dict[str, list[Scene]] = {
    name: [sample_scene(seed, breadth) for seed in range(600)] for name, breadth in BREADTHS.items()
}


@pytest.mark.parametrize("name", BREADTHS)
def test_same_seed_same_scene(name: str) -> None:
    assert SCENES[name][:50] == [sample_scene(seed, BREADTHS[name]) for seed in range(50)]
    assert len(set(SCENES[name])) == len(SCENES[name])


def test_scenes_do_not_depend_on_the_hash_seed() -> None:
    code = "from soramame.world.sample import *; print(sample_scene(77, Curriculum.world()))"
    out = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(out) == 1


@pytest.mark.parametrize("name", BREADTHS)
def test_everything_drawn_is_legal(name: str) -> None:
    for scene in SCENES[name]:
        check(scene)
        for shot in scene.shots:
            place = PLACES[shot.place]
            assert shot.time in place.times
            assert shot.weather in place.weathers
            for cast in shot.casts:
                assert shot.place in SUBJECTS[cast.kind].places
            for event in shot.events:
                assert event.action in SUBJECTS[shot.casts[event.cast].kind].actions
                assert place.allows(event.action)
                assert event.direction is None or ACTIONS[event.action].directed


@pytest.mark.parametrize("name", BREADTHS)
def test_events_of_a_cast_follow_each_other_and_fill_the_shot(name: str) -> None:
    for scene in SCENES[name]:
        for shot in scene.shots:
            for number in range(len(shot.casts)):
                spans = [(event.start, event.end) for event in shot.events if event.cast == number]
                assert spans[0][0] == 0
                assert spans[-1][1] == 1
                assert all(a[1] == b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize("name", BREADTHS)
def test_every_place_subject_and_action_appears(name: str) -> None:
    shots = [shot for scene in SCENES[name] for shot in scene.shots]
    assert {shot.place for shot in shots} == set(PLACES)
    assert {cast.kind for shot in shots for cast in shot.casts} == set(SUBJECTS)
    seen = Counter(event.action for shot in shots for event in shot.events)
    possible = {action for subject in SUBJECTS.values() for action in subject.actions}
    assert set(seen) >= possible - {"swim"}
    assert {shot.camera.move for shot in shots} == set(MOVES)
    counts = {sum(cast.count for cast in shot.casts) for shot in shots}
    assert counts >= {0, 1, 2, 3, 4, 5}


def test_mame_is_one_quiet_shot_of_few() -> None:
    shots = [scene.shots[0] for scene in SCENES["mame"]]
    assert {len(scene.shots) for scene in SCENES["mame"]} == {1}
    assert {scene.style for scene in SCENES["mame"]} == {"paper"}
    assert sum(shot.camera.move == "static" for shot in shots) > 0.8 * len(shots)
    assert sum(len(shot.casts) == 1 for shot in shots) > 0.75 * len(shots)
    likely = sum(shot.casts[0].kind in LIKELY[shot.place] for shot in shots if shot.casts)
    assert 0.8 < likely / sum(bool(shot.casts) for shot in shots) < 0.99


def test_the_world_has_all_of_its_breadth() -> None:
    scenes = SCENES["world"]
    assert {len(scene.shots) for scene in scenes} == {1, 2, 3}
    assert {scene.style for scene in scenes} == {"paper", "ink"}
    relations = {relation.name for scene in scenes for shot in scene.shots for relation in shot.relations}
    assert relations == {"left of", "right of", "behind", "in front of"}
    assert any(event.target is not None for scene in scenes for shot in scene.shots for event in shot.events)


def test_casts_are_the_same_in_all_shots_of_a_scene() -> None:
    for scene in SCENES["world"]:
        looks = [
            [(cast.kind, cast.count, cast.look, cast.size, cast.seed) for cast in shot.casts] for shot in scene.shots
        ]
        assert all(look == looks[0] for look in looks)


def test_the_camera_follows_only_who_goes_somewhere() -> None:
    for scenes in SCENES.values():
        for shot in (shot for scene in scenes for shot in scene.shots if shot.camera.move == "follow"):
            assert all(event.direction for event in shot.events if event.cast == shot.camera.cast)


def test_who_has_turned_round_goes_the_other_way() -> None:
    for scene in SCENES["world"]:
        for shot in scene.shots:
            for number in range(len(shot.casts)):
                way, turned = None, False
                for event in (event for event in shot.events if event.cast == number):
                    turned ^= event.action == "turn"
                    if event.direction:
                        assert way is None or (event.direction != way) == turned
                        way, turned = event.direction, False


def test_the_fingerprint_tells_whether_seeds_mean_the_same_scenes() -> None:
    world, mame = BREADTHS["world"], BREADTHS["mame"]
    assert fingerprint(mame) == fingerprint(Curriculum.mame())
    assert fingerprint(mame) != fingerprint(world)
    assert fingerprint(mame, range(8)) != fingerprint(mame, range(1, 9))
