"""Where everyone stands at first and how far everyone goes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from soramame.world.blocking import SIZES, TALLEST, block
from soramame.world.camera import Frame
from soramame.world.scene import Cast, Event, Shot, Size
from soramame.world.subjects import SUBJECTS


def shot(*casts: Cast, events: tuple[Event, ...] = (), place: str = "city") -> Shot:
    return Shot(place=place, casts=casts, events=events)


def test_nobody_needs_no_marks() -> None:
    plan = block(shot(), frame=Frame(), seconds=4)
    assert (plan.marks, plan.ways, plan.walls) == ((), {}, ())


def test_there_is_a_mark_for_every_member() -> None:
    plan = block(shot(Cast(kind="dog", count=3), Cast(kind="man", count=2)), frame=Frame(), seconds=4)
    assert [(mark.cast, mark.index) for mark in plan.marks] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_sizes_are_told_by_height(kind: str) -> None:
    sizes: tuple[Size, ...] = ("small", "normal", "large")
    place = SUBJECTS[kind].places[0]
    heights = [
        block(shot(Cast(kind=kind, size=size), place=place), frame=Frame(), seconds=4).marks[0].height for size in sizes
    ]
    assert heights == sorted(heights)
    assert heights[0] < 0.75 * heights[1]
    assert heights[2] <= TALLEST
    assert heights[1] == pytest.approx(min(SUBJECTS[kind].height * SIZES["normal"], TALLEST), rel=0.11)


def test_ways_go_the_told_direction_and_end_in_view() -> None:
    for direction, sign in (("left", -1), ("right", 1)):
        event = Event(cast=0, action="run", direction=direction)  # type: ignore[arg-type]
        plan = block(shot(Cast(kind="dog"), events=(event,)), frame=Frame(), seconds=4)
        assert sign * plan.ways[0] > 3
        assert abs(plan.marks[0].x + plan.ways[0]) < 7


def test_all_members_of_a_crowd_of_giants_fit() -> None:
    plan = block(shot(Cast(kind="mammoth", count=5, size="large"), place="snowfield"), frame=Frame(), seconds=4)
    assert all(abs(mark.x) < 7 for mark in plan.marks)
    assert min(b.x - a.x for a, b in pairwise(plan.marks)) > 1.5


def test_walls_are_wide_enough_to_hide_who_passes() -> None:
    event = Event(cast=0, action="hide", direction="left")
    for kind in ("woman", "dog", "car"):
        plan = block(shot(Cast(kind=kind), events=(event,)), frame=Frame(), seconds=4)
        mark, wall = plan.marks[0], plan.walls[0]
        assert wall.width >= mark.height * SUBJECTS[kind].aspect
        assert wall.height > mark.height
        assert mark.x + plan.ways[0] < wall.x < wall.x + wall.width < mark.x


def test_a_falling_thing_starts_high_and_a_bird_in_flight() -> None:
    fall = block(shot(Cast(kind="ball"), events=(Event(cast=0, action="fall"),)), frame=Frame(), seconds=4)
    fly = block(
        shot(Cast(kind="bird"), events=(Event(cast=0, action="fly", direction="left"),)), frame=Frame(), seconds=4
    )
    still = block(shot(Cast(kind="ball")), frame=Frame(), seconds=4)
    assert fall.marks[0].lift > 3
    assert fly.marks[0].lift > 2
    assert still.marks[0].lift == 0


def test_boats_are_on_the_water_and_dogs_on_the_sand() -> None:
    plan = block(shot(Cast(kind="boat"), Cast(kind="dog"), place="beach"), frame=Frame(), seconds=4)
    boat, dog = plan.marks
    assert boat.y < dog.y
