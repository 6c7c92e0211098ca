from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soramame.errors import DurationError
from soramame.flow.schedule import schedule
from soramame.flow.window import Piece, Roll, at_once, backwards, context


@given(before=st.integers(0, 60), paint=st.integers(1, 60), after=st.integers(0, 60), length=st.integers(3, 12))
def test_one_window_holds_what_a_model_can_and_sees_both_sides(
    before: int, paint: int, after: int, length: int
) -> None:
    piece = at_once(before, paint, after, length=length)
    if piece is None:
        assert -(-paint // 4) > length - 3 - length // 3, "a window is refused only where there is no room"
        return
    assert piece.before + piece.paint + piece.after <= length
    assert (piece.before > 0) == (before > 0)
    assert (piece.after > 0) == (after >= 4)
    assert piece.before == 0 or 1 + 4 * (piece.before - 1) <= before
    assert 4 * piece.after <= after
    made = 4 * piece.paint if before else 1 + 4 * (piece.paint - 1)
    assert paint <= made < paint + 4


def test_the_room_in_a_window_is_for_what_is_known() -> None:
    assert at_once(0, 33, 0, length=9) == Piece(before=0, paint=9, after=0)
    assert at_once(1, 32, 0, length=9) == Piece(before=1, paint=8, after=0)
    assert at_once(1, 28, 4, length=9) == Piece(before=1, paint=7, after=1)
    assert at_once(33, 24, 0, length=9) == Piece(before=3, paint=6, after=0)
    assert at_once(33, 16, 33, length=9) == Piece(before=3, paint=4, after=2)
    assert at_once(33, 28, 0, length=9) is None
    assert at_once(0, 21, 33, length=9) == Piece(before=0, paint=6, after=3)


@given(paint=st.integers(1, 200), after=st.integers(4, 60), length=st.integers(3, 12))
def test_backwards_all_is_painted_and_each_window_sees_what_follows(paint: int, after: int, length: int) -> None:
    made, known = 0, after
    for piece in backwards(paint, after, length=length):
        assert piece.before == 0
        assert piece.paint + piece.after <= length
        assert 4 <= 4 * piece.after <= known
        new = 1 + 4 * (piece.paint - 1)
        made, known = made + new, known + new
    assert paint <= made < paint + 4


def test_a_model_that_holds_too_little_cannot_go_on() -> None:
    assert context(9) == 3
    with pytest.raises(DurationError, match="takes 3"):
        context(2)


@given(steps=st.integers(1, 40), ahead=st.integers(1, 12), together=st.integers(0, 4), count=st.integers(1, 30))
def test_every_frame_of_a_roll_walks_the_whole_ladder_in_order(
    steps: int, ahead: int, together: int, count: int
) -> None:
    roll, ladder = Roll(steps=steps, ahead=ahead, together=together), schedule(steps, shift=3)
    times = roll.times(ladder, range(count), 0, roll.end(count - 1))
    assert bool((times[0] == 1).all())
    assert bool((times[-1] == 0).all())
    for frame in range(count):
        walk = times[:, frame]
        assert torch.equal(torch.unique(walk, sorted=True).flip(0), ladder)
        assert bool((walk[1:] <= walk[:-1]).all())
    assert bool((times[:, 1:] >= times[:, :-1]).all()), "none overtakes the one before it"
    on_the_way = ((times > 0) & (times < 1)).sum(1)
    assert int(on_the_way.max()) <= ahead + together + 1
