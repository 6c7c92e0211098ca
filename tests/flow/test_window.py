from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soramame.errors import DurationError
from soramame.flow.canvas import between
from soramame.flow.window import Piece, pieces


@given(before=st.integers(0, 40), paint=st.integers(1, 200), after=st.integers(0, 40), length=st.integers(3, 12))
def test_windows_hold_what_a_model_can_and_paint_what_is_asked_for(
    before: int, paint: int, after: int, length: int
) -> None:
    if (not before and after < 4) or (before and 0 < after < 4):
        with pytest.raises(DurationError):
            pieces(before, paint, after, length=length)
        return
    plan = pieces(before, paint, after, length=length)
    made, early, late = 0, before, after
    for piece in plan:
        assert piece.before + piece.paint + piece.after <= length
        assert piece.paint > 0
        new = 4 * piece.paint if piece.before else 1 + 4 * (piece.paint - 1)
        assert piece.before == 0 if not before else 1 + 4 * (piece.before - 1) <= early
        assert 4 * piece.after <= late
        made += new
        early, late = (early + new, late) if before else (0, late + new)
    assert paint <= made < paint + 4
    assert (plan[-1].after > 0) == (after > 0), "the last window sees what comes"


def test_a_window_sees_half_of_what_it_holds() -> None:
    assert pieces(33, 64, 0, length=9) == (Piece(before=5, paint=4, after=0),) * 4
    assert pieces(0, 33, 33, length=9) == (Piece(before=0, paint=5, after=4),) * 2
    assert pieces(33, 16, 33, length=9) == (Piece(before=3, paint=4, after=2),)
    assert pieces(1, 28, 0, length=9)[0] == Piece(before=1, paint=7, after=0)
    with pytest.raises(DurationError, match="takes 3"):
        pieces(33, 16, 0, length=2)


def test_between_gives_both_sides_and_paints_the_middle() -> None:
    one, two = torch.randn(2, 3, 2, 4, 5), torch.randn(2, 3, 1, 4, 5)
    board = between(one, two, 3)
    assert board.start.tolist() == [[0, 0, 1, 1, 1, 0]] * 2
    begun = board.begin(torch.ones(2, 3, 6, 4, 5))
    assert torch.equal(begun[:, :, :2], one)
    assert torch.equal(begun[:, :, -1:], two)
    assert bool((begun[:, :, 2:5] == 1).all())
    assert between(None, two, 2).start.tolist() == [[1, 1, 0]] * 2
    for wrong in ((None, None, 1), (one, None, 0)):
        with pytest.raises(ValueError, match="at least"):
            between(*wrong)
