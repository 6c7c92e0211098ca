"""What every action promises: it begins in the pose it is given, moves without jumps, and keeps its own law of motion."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from soramame.world.actions import ACTIONS, Context
from soramame.world.actions.base import covered, lying
from soramame.world.actions.gait import stride
from soramame.world.actions.jump import launch
from soramame.world.scene import Pose
from soramame.world.subjects import SUBJECTS
from soramame.world.subjects.gait import stance

START = Pose(x=-1.0, y=3.5, height=2.8, phase=0.3)
CONTEXT = Context(kind="wolf", height=2.8, width=4.4, seconds=4.0, way=3.0)
BALL = Context(kind="ball", height=1.8, width=1.8, seconds=4.0, way=3.0, bounciness=0.75, rolls=True)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_motion_begins_in_the_pose_it_is_given(name: str) -> None:
    first = ACTIONS[name].begin(START, replace(CONTEXT, rolls=name in ("bounce", "roll")))(0.0)
    assert _near(first, START)


def _near(a: Pose, b: Pose) -> bool:
    numbers = ("x", "y", "height", "facing", "phase", "roll", "squash", "lift", "bitten")
    return all(abs(getattr(a, name) - getattr(b, name)) < 1e-6 for name in numbers)


@pytest.mark.parametrize("name", sorted(ACTIONS))
@pytest.mark.parametrize("direction", [1.0, -1.0])
def test_motion_has_no_jumps(name: str, direction: float) -> None:
    context = replace(CONTEXT, rolls=name in ("bounce", "roll"), direction=direction, way=3.0 * direction)
    motion = ACTIONS[name].begin(START, context)
    poses = [motion(i / 240) for i in range(961)]
    for a, b in pairwise(poses):
        assert abs(b.x - a.x) < 0.06
        assert abs(b.lift - a.lift) < 0.12
        assert abs(b.facing - a.facing) < 0.06
        assert abs(math.remainder(b.roll - a.roll, 2 * math.pi)) < 0.12


@pytest.mark.parametrize("name", ["walk", "run", "drive", "swim", "sail", "fly", "jump", "hide"])
def test_way_is_gone_exactly(name: str) -> None:
    motion = ACTIONS[name].begin(START, CONTEXT)
    assert motion(CONTEXT.seconds).x - START.x == pytest.approx(3.0, abs=1e-6)


@pytest.mark.parametrize("kind", ["wolf", "dog", "mammoth"])
@pytest.mark.parametrize(("name", "duty"), [("walk", 0.6), ("run", 0.38)])
def test_feet_do_not_slide(kind: str, name: str, duty: float) -> None:
    """While a paw is on the ground it stays where it is on the stage."""
    strides = {"wolf": 15.0, "dog": 14.0, "mammoth": 12.0}
    start = replace(START, action=name, phase=0.0)
    motion = ACTIONS[name].begin(start, replace(CONTEXT, kind=kind))
    places = []
    for i in range(400):
        pose = motion(i / 100)
        if (pose.phase % 1.0) < duty - 0.02 and pose.phase < 1:
            foot_x, foot_y = stance(pose, stride=strides[kind]).hind
            assert foot_y == 0.0
            places.append(pose.x + foot_x / 100 * pose.height)
    assert len(places) > 20
    assert max(places) - min(places) < 0.02


def test_wheels_turn_once_in_their_circumference() -> None:
    assert stride("car", 1.0) == pytest.approx(2 * math.pi * 0.21)


def test_running_is_faster_than_walking_and_has_the_longer_stride() -> None:
    assert ACTIONS["run"].speed(3.0) > 1.5 * ACTIONS["walk"].speed(3.0)
    assert stride("woman", 5.0, running=True) > stride("woman", 5.0)


@pytest.mark.parametrize("gravity", [24.0, 6.0])
def test_jumps_are_ballistic(gravity: float) -> None:
    context = replace(CONTEXT, gravity=gravity)
    motion, tick = ACTIONS["jump"].begin(START, context), 1e-3
    in_air = [u / 100 for u in range(5, 395) if min(motion(u / 100 + d).lift for d in (-0.01, 0.01)) > 0.05]
    assert in_air
    for u in in_air:
        bend = (motion(u + tick).lift - 2 * motion(u).lift + motion(u - tick).lift) / tick**2
        assert bend == pytest.approx(-gravity, rel=1e-3)


def test_jumps_are_higher_and_longer_on_the_moon() -> None:
    earth, moon = launch(CONTEXT), launch(replace(CONTEXT, gravity=6.0))
    assert moon[2] / 6.0 > 1.5 * earth[2] / 24.0
    assert moon[2] ** 2 / 12.0 > 1.5 * earth[2] ** 2 / 48.0


def test_jumps_stay_below_the_ceiling() -> None:
    motion = ACTIONS["jump"].begin(START, replace(CONTEXT, gravity=4.0, ceiling=0.8))
    assert max(motion(u / 50).lift for u in range(201)) <= 0.8 + 1e-9


def test_bounces_come_back_lower_each_time_and_never_below_the_ground() -> None:
    motion = ACTIONS["bounce"].begin(replace(START, height=1.8, lift=3.8), BALL)
    lifts = [motion(u / 200).lift for u in range(801)]
    tops = [b for a, b, c in zip(lifts, lifts[1:], lifts[2:], strict=False) if a < b >= c and b > 0.1]
    assert len(tops) >= 3
    assert tops == sorted(tops, reverse=True)
    assert min(lifts) >= 0


def test_rolling_turns_by_as_much_as_it_goes() -> None:
    motion = ACTIONS["roll"].begin(replace(START, height=1.8), BALL)
    a, b = motion(0.5), motion(3.5)
    assert b.roll - a.roll == pytest.approx((b.x - a.x) / 0.9, rel=0.02)
    assert b.x - a.x > 1.5


def test_one_who_trips_ends_lying_on_the_ground_in_front() -> None:
    context = replace(CONTEXT, kind="woman", height=5.5, width=2.3)
    end = ACTIONS["fall"].begin(replace(START, height=5.5), context)(4.0)
    assert end.roll == pytest.approx(math.pi / 2, abs=0.05)
    assert end.x > START.x
    assert end.lift == pytest.approx(lying(5.5, 2.3 * 0.8, end.roll), abs=0.05)


def test_a_dropped_thing_falls_under_gravity() -> None:
    motion = ACTIONS["fall"].begin(replace(START, height=1.8, lift=4.0), BALL)
    assert motion(0.4).lift == pytest.approx(4.0 - 12.0 * 0.16, abs=0.15)
    assert motion(4.0).lift < 0.05


def test_turning_goes_through_zero_to_the_other_side() -> None:
    motion = ACTIONS["turn"].begin(START, CONTEXT)
    facings = [motion(u / 50).facing for u in range(201)]
    assert facings[0] == 1.0
    assert facings[-1] == pytest.approx(-1.0)
    assert facings == sorted(facings, reverse=True)
    assert min(abs(facing) for facing in facings) < 0.1


def test_one_who_must_go_the_other_way_turns_round() -> None:
    motion = ACTIONS["walk"].begin(START, replace(CONTEXT, direction=-1.0, way=-3.0))
    assert motion(0.0).facing == 1.0
    assert motion(1.0).facing == -1.0


def test_a_bite_is_one_more_and_stays() -> None:
    motion = ACTIONS["bite"].begin(replace(START, bitten=1.0), CONTEXT)
    bites = [motion(u / 50).bitten for u in range(201)]
    assert bites[0] == 1.0
    assert bites[-1] == 2.0
    assert bites == sorted(bites)


def test_playing_pups_tumble_and_the_grown_do_not() -> None:
    pup = ACTIONS["play"].begin(replace(START, height=2.0), replace(CONTEXT, height=2.0, width=3.2, way=1.0))
    grown = ACTIONS["play"].begin(replace(START, height=5.5), replace(CONTEXT, height=5.5, width=2.3, way=1.0))
    assert max(abs(pup(u / 50).roll) for u in range(201)) > 3
    assert max(abs(grown(u / 50).roll) for u in range(201)) == 0


@pytest.mark.parametrize(("from_rest", "to_rest"), [(True, True), (True, False), (False, True), (False, False)])
def test_way_is_covered_smoothly(from_rest: bool, to_rest: bool) -> None:
    context = replace(CONTEXT, from_rest=from_rest, to_rest=to_rest)
    shares = [covered(i / 1000, context) for i in range(1001)]
    steps = [b - a for a, b in pairwise(shares)]
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    assert min(steps) >= 0
    assert (steps[0] < 1e-4) == from_rest
    assert (steps[-1] < 1e-4) == to_rest
    assert max(abs(b - a) for a, b in pairwise(steps)) < 2e-5


def test_every_action_of_a_subject_exists_and_has_words_in_both_languages() -> None:
    for subject in SUBJECTS.values():
        assert set(subject.actions) <= set(ACTIONS)
    for action in ACTIONS.values():
        for verb in action.verbs:
            assert all((verb.base, verb.third, verb.ing, verb.ja, verb.ja_ing))
            assert verb.ing.split()[0].endswith("ing")
