"""The exact state of every frame: reproducible, continuous over events, true at the start, in view to the end."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from soramame.errors import OptionError
from soramame.world.camera import Frame
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import (
    Camera,
    Cast,
    Event,
    FrameState,
    Move,
    Pose,
    Relation,
    RelationName,
    Scene,
    Shot,
    Side,
)
from soramame.world.simulate import shot_frames, simulate
from soramame.world.subjects import SUBJECTS
from soramame.world.truth import side_of


def scene(
    *events: Event, casts: tuple[Cast, ...] = (Cast(kind="dog"),), place: str = "meadow", move: Move = "static"
) -> Scene:
    camera = Camera(move=move, cast=0 if move == "follow" else None)
    return Scene(seed=1, shots=(Shot(place=place, casts=casts, events=events, camera=camera),))


def poses(states: tuple[FrameState, ...], cast: int = 0, index: int = 0) -> list[Pose]:
    return [a.pose for state in states for a in state.actors if (a.actor.cast, a.actor.index) == (cast, index)]


def test_same_scene_same_states_bit_for_bit() -> None:
    for seed in (6, 13, 103):
        script = sample_scene(seed, Curriculum.world())
        assert simulate(script, 33, 8) == simulate(script, 33, 8)


def test_states_count_and_time() -> None:
    states = simulate(scene(Event(cast=0, action="walk", direction="right")), 17, 8)
    assert len(states) == 17
    assert [state.time for state in states] == [i / 8 for i in range(17)]


@pytest.mark.parametrize("num_frames", [1, 2, 3, 5, 240])
def test_any_length_can_be_simulated(num_frames: int) -> None:
    for seed in range(12):
        assert len(simulate(sample_scene(seed, Curriculum.world()), num_frames, 12)) == num_frames


def test_shots_divide_the_time_by_their_shares() -> None:
    shot = Shot(place="moon")
    script = Scene(seed=0, shots=(shot, Shot(place="city", share=2.0), shot))
    assert shot_frames(script, 32) == (range(0, 8), range(8, 24), range(24, 32))


def test_actors_keep_their_look_over_the_cuts() -> None:
    cast = Cast(kind="woman", count=2, look=(("hair", "red"),), seed=9)
    states = simulate(
        Scene(seed=0, shots=(Shot(place="city", casts=(cast,)), Shot(place="beach", casts=(cast,)))), 32, 8
    )
    assert {a.actor for a in states[0].actors} == {a.actor for a in states[-1].actors}


def test_an_actor_is_continuous_over_events() -> None:
    script = scene(
        Event(cast=0, action="walk", direction="right", end=0.25),
        Event(cast=0, action="jump", direction="right", start=0.25, end=0.5),
        Event(cast=0, action="turn", start=0.5, end=0.75),
        Event(cast=0, action="run", direction="left", start=0.75),
    )
    track = poses(simulate(script, 400, 100))
    for a, b in pairwise(track):
        assert abs(b.x - a.x) < 0.06
        assert abs(b.lift - a.lift) < 0.15
        assert abs(b.facing - a.facing) < 0.08
    actions = [pose.action for pose in track]
    assert [a for i, a in enumerate(actions) if i == 0 or actions[i - 1] != a] == ["walk", "jump", "turn", "run"]


@pytest.mark.parametrize("first", ["fly", "jump"])
def test_who_was_in_the_air_lands_before_walking(first: str) -> None:
    script = scene(
        Event(cast=0, action=first, direction="right", end=0.5),
        Event(cast=0, action="walk", direction="right", start=0.5),
        casts=(Cast(kind="bird"),),
    )
    track = poses(simulate(script, 400, 100))
    assert max(pose.lift for pose in track[:200]) > 0.8
    assert all(
        pose.lift == pytest.approx(0, abs=1e-6) for pose in track if pose.action == "walk" and pose is not track[200]
    )
    assert max(abs(b.lift - a.lift) for a, b in pairwise(track)) < 0.15


def test_who_fell_stands_up_again() -> None:
    script = scene(
        Event(cast=0, action="fall", end=0.5),
        Event(cast=0, action="walk", direction="right", start=0.5),
        casts=(Cast(kind="man"),),
    )
    track = poses(simulate(script, 400, 100))
    assert max(abs(pose.roll) for pose in track) > 1.4
    assert track[-1].roll == pytest.approx(0, abs=1e-6)
    assert max(abs(b.roll - a.roll) for a, b in pairwise(track)) < 0.2


@pytest.mark.parametrize("kind", ["woman", "dog", "ball", "car"])
@pytest.mark.parametrize("side", ["left", "centre", "right"])
@pytest.mark.parametrize("move", ["static", "pan left", "pan right", "zoom in", "zoom out", "follow"])
def test_sides_hold_at_the_start(kind: str, side: Side, move: Move) -> None:
    action = {"ball": "roll", "car": "drive"}.get(kind, "walk")
    event = Event(cast=0, action=action, direction="left" if side == "right" else "right")
    states = simulate(scene(event, casts=(Cast(kind=kind, side=side, size="large"),), move=move), 5, 8)
    assert side_of(states[0], 0, Frame()) == side
    assert states[0].actors[0].visible > 0.85


@pytest.mark.parametrize("name", ["left of", "right of", "behind", "in front of"])
@pytest.mark.parametrize("others", ["man", "car"])
def test_relations_hold_at_the_start(name: RelationName, others: str) -> None:
    casts = (Cast(kind="dog", count=2), Cast(kind=others))
    shot = Shot(place="city", casts=casts, relations=(Relation(subject=0, name=name, other=1),))
    state = simulate(Scene(seed=0, shots=(shot,)), 1, 8)[0]
    dogs = [a.pose for a in state.actors if a.actor.cast == 0]
    other = next(a.pose for a in state.actors if a.actor.cast == 1)
    holds = {
        "left of": max(pose.x for pose in dogs) < other.x,
        "right of": min(pose.x for pose in dogs) > other.x,
        "behind": max(pose.y for pose in dogs) < other.y,
        "in front of": min(pose.y for pose in dogs) > other.y,
    }
    assert holds[name]
    assert all(a.visible > 0.5 for a in state.actors)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kind", ["woman", "wolf", "car"])
def test_members_stand_apart_and_stay_in_view(kind: str, count: int) -> None:
    action = "drive" if kind == "car" else "run"
    casts = (Cast(kind=kind, count=count),)
    states = simulate(scene(Event(cast=0, action=action, direction="left"), casts=casts, place="city"), 33, 8)
    for state in states:
        xs = sorted(a.pose.x for a in state.actors)
        width = max(a.pose.height for a in state.actors) * SUBJECTS[kind].aspect
        assert len(xs) == count
        assert all(b - a > 0.6 * width for a, b in pairwise(xs))
        assert all(abs(x) + 0.45 * width < 8 for x in xs)
    assert states[0].actors[0].pose.x - states[-1].actors[0].pose.x > 1.5


def test_scenes_of_the_curriculum_stay_in_view_for_a_static_camera() -> None:
    for seed in range(120):
        script = sample_scene(seed, Curriculum.mame())
        if script.shots[0].camera.move != "static":
            continue
        for state in simulate(script, 33, 8)[::8]:
            for actor in state.actors:
                half = actor.pose.height * SUBJECTS[actor.actor.kind].aspect / 2
                assert abs(actor.pose.x) + 0.8 * half < 8, (seed, actor)
                assert actor.pose.y - actor.pose.lift - actor.pose.height > -5.0, (seed, actor)


def test_a_hidden_one_comes_out_again_on_the_other_side() -> None:
    event = Event(cast=0, action="hide", direction="right")
    states = simulate(scene(event, casts=(Cast(kind="man"),), place="city"), 33, 8)
    seen = [state.actors[0].visible for state in states]
    wall = states[0].walls[0]
    assert seen[0] > 0.95
    assert min(seen) == 0
    assert seen[-1] > 0.95
    assert poses(states)[0].x < wall.x < wall.x + wall.width < poses(states)[-1].x
    assert len({a.actor for state in states for a in state.actors}) == 1


def test_one_that_has_a_target_ends_beside_it() -> None:
    casts = (Cast(kind="dog", side="left"), Cast(kind="ball", side="right"))
    states = simulate(scene(Event(cast=0, action="run", direction="right", target=1), casts=casts), 33, 8)
    dog, ball = poses(states)[-1], poses(states, cast=1)[-1]
    apart = ball.x - dog.x - (dog.height * SUBJECTS["dog"].aspect + ball.height) / 2
    assert -0.5 < apart < 0.5


def test_gravity_is_the_place_s() -> None:
    def flight(place: str) -> int:
        script = scene(Event(cast=0, action="fall"), casts=(Cast(kind="ball"),), place=place)
        return next(i for i, pose in enumerate(poses(simulate(script, 400, 100))) if pose.lift < 0.05)

    assert flight("moon") > 1.5 * flight("meadow")


def test_bites_stay() -> None:
    script = scene(Event(cast=0, action="bite", end=0.5), casts=(Cast(kind="cookie"),), place="kitchen_table")
    bites = [pose.bitten for pose in poses(simulate(script, 33, 8))]
    assert bites == sorted(bites)
    assert bites[-1] == 1.0


def test_portrait_and_square_pictures_keep_everyone_in_view() -> None:
    for aspect in (0.6, 1.0, 2.4):
        frame = Frame.of(aspect)
        script = scene(Event(cast=0, action="run", direction="right"), casts=(Cast(kind="dog", count=3),))
        for state in simulate(script, 9, 8, aspect=aspect):
            assert all(abs(a.pose.x) < frame.half_width for a in state.actors)
            assert all(a.visible > 0.4 for a in state.actors)


def test_far_actors_come_first() -> None:
    for seed in range(30):
        ys = [a.pose.y for a in simulate(sample_scene(seed, Curriculum.world()), 1, 8)[0].actors]
        assert ys == sorted(ys)


def test_no_state_is_infinite() -> None:
    for seed in range(40):
        for state in simulate(sample_scene(seed, Curriculum.world()), 9, 8):
            for actor in state.actors:
                pose = actor.pose
                assert all(map(math.isfinite, (pose.x, pose.y, pose.lift, pose.roll, pose.phase, pose.facing)))
                assert 0 <= actor.visible <= 1


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (scene(place="atlantis"), "no place 'atlantis'"),
        (scene(casts=(Cast(kind="unicorn"),)), "no subject 'unicorn'"),
        (scene(Event(cast=0, action="sing")), "no action 'sing'"),
        (scene(Event(cast=3, action="walk")), "number 3"),
        (scene(Event(cast=0, action="walk", start=0.7, end=0.2)), "0.7 to 0.2"),
        (scene(casts=(Cast(kind="dog", look=(("fur", "plaid"),)),)), "no fur of a dog 'plaid'"),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_in_a_sentence(script: Scene, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        simulate(script, 5, 8)
