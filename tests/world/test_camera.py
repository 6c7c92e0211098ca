"""Camera moves: directions, eases, and what stays in view."""

from __future__ import annotations

from itertools import pairwise

import pytest

from soramame.world.camera import CLOSE, REACH, Frame, room, views
from soramame.world.scene import Camera, Move, Pose

SHARES = [i / 32 for i in range(33)]
STILL = [[(0, Pose(x=3.0, y=3.5, height=4.0), 2.0)]] * 33


@pytest.mark.parametrize(("aspect", "width", "height"), [(1.6, 8.0, 5.0), (1.0, 5.0, 5.0), (0.5, 5.0, 10.0)])
def test_the_frame_is_ten_units_along_its_shorter_side(aspect: float, width: float, height: float) -> None:
    assert Frame.of(aspect) == Frame(half_width=width, half_height=height)


def test_a_static_camera_does_not_move() -> None:
    assert len(set(views(Camera(), Frame(), SHARES, STILL, alone=True))) == 1


@pytest.mark.parametrize(("move", "sign"), [("pan right", 1), ("pan left", -1)])
def test_pans_go_one_way_from_rest_to_rest(move: Move, sign: int) -> None:
    xs = [sign * view.x for view in views(Camera(move=move), Frame(), SHARES, STILL, alone=True)]
    steps = [b - a for a, b in pairwise(xs)]
    assert min(steps) > 0
    assert steps[0] < 0.2 * max(steps)
    assert steps[-1] < 0.2 * max(steps)
    assert xs[-1] - xs[0] > 2


@pytest.mark.parametrize("alone", [True, False])
def test_zooms_come_closer_and_keep_everyone_whole(alone: bool) -> None:
    path = views(Camera(move="zoom in"), Frame(), SHARES, STILL, alone=alone)
    zooms = [view.zoom for view in path]
    assert zooms == sorted(zooms)
    assert zooms[0] == 1
    assert 1.1 <= zooms[-1] <= CLOSE
    last, pose = path[-1], STILL[0][0][1]
    assert abs(pose.x - last.x) + 1.0 < 8 / last.zoom
    assert last.y - 5 / last.zoom < pose.y - pose.height
    assert pose.y < last.y + 5 / last.zoom


def test_zooming_out_is_zooming_in_backwards() -> None:
    near = views(Camera(move="zoom in"), Frame(), SHARES, STILL, alone=True)
    far = views(Camera(move="zoom out"), Frame(), SHARES, STILL, alone=True)
    assert [view.zoom for view in far] == pytest.approx([view.zoom for view in reversed(near)])


def test_following_keeps_the_followed_where_it_was_in_the_picture() -> None:
    walk = [[(0, Pose(x=-1 + share * 4, y=3.5, height=4.0), 2.0)] for share in SHARES]
    path = views(Camera(move="follow", cast=0), Frame(), SHARES, walk, alone=True)
    places = [row[0][1].x - view.x for row, view in zip(walk, path, strict=True)]
    assert max(places) - min(places) < 1e-9


def test_following_ends_where_the_scenery_ends() -> None:
    walk = [[(0, Pose(x=share * 40, y=3.5, height=4.0), 2.0)] for share in SHARES]
    assert views(Camera(move="follow", cast=0), Frame(), SHARES, walk, alone=True)[-1].x == REACH


@pytest.mark.parametrize("move", ["static", "pan left", "pan right"])
def test_the_room_is_seen_in_every_frame(move: Move) -> None:
    seen = room(Camera(move=move), Frame())
    for view in views(Camera(move=move), Frame(), SHARES, STILL, alone=True):
        assert view.x - 8 <= seen.low + 1e-9
        assert seen.high - 1e-9 <= view.x + 8
    first = views(Camera(move=move), Frame(), SHARES, STILL, alone=True)[0]
    assert seen.middle == first.x
