"""How much of everyone is seen: by the picture's edge, walls, and nearer actors."""

from __future__ import annotations

import math

import pytest

from soramame.world.camera import Frame
from soramame.world.scene import Pose, View, Wall
from soramame.world.visibility import box_of, visible

POSE = Pose(x=0.0, y=3.0, height=4.0)


def seen(*poses: Pose, view: View | None = None, walls: tuple[Wall, ...] = ()) -> list[float]:
    return visible([poses], [2.0] * len(poses), [view or View()], walls, Frame())[0]


def at(x: float, y: float = 3.0) -> Pose:
    return Pose(x=x, y=y, height=4.0)


def test_nobody() -> None:
    assert visible([[], []], [], [View(), View()], (), Frame()) == [[], []]


@pytest.mark.parametrize(("x", "share"), [(0.0, 1.0), (7.0, 1.0), (8.0, 0.5), (9.1, 0.0), (-8.0, 0.5), (-20.0, 0.0)])
def test_the_edge_of_the_picture(x: float, share: float) -> None:
    assert seen(at(x)) == [pytest.approx(share)]


def test_the_camera_s_place_and_zoom_count() -> None:
    assert seen(at(8.0), view=View(x=3.0)) == [1.0]
    assert seen(at(6.0), view=View(zoom=2.0)) == [0.0]


@pytest.mark.parametrize(("width", "share"), [(2.0, 0.0), (1.0, 0.5), (0.5, 0.75)])
def test_walls_hide(width: float, share: float) -> None:
    wall = Wall(x=-1.0, y=3.2, width=width, height=5.0)
    assert seen(POSE, walls=(wall,)) == [pytest.approx(share)]


def test_nearer_actors_hide_farther_ones_and_not_the_other_way() -> None:
    far, near = seen(at(0.0, 2.8), at(0.0, 3.2))
    assert far < 0.7
    assert near == 1.0


def test_actors_that_lie_have_lying_boxes() -> None:
    left, top, right, bottom = box_of(Pose(x=0.0, y=3.0, height=4.0, lift=-1.0, roll=math.pi / 2), 2.0)
    assert right - left == pytest.approx(4.0)
    assert bottom - top == pytest.approx(2.0)
    assert bottom == pytest.approx(3.0)


def test_round_things_keep_their_box_when_they_roll() -> None:
    assert box_of(Pose(x=0.0, y=3.0, height=2.0, roll=0.7), 2.0) == (-1.0, 1.0, 1.0, 3.0)
