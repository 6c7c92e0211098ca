from __future__ import annotations

import numpy as np
import pytest

from soramame.geometry import Size
from soramame.media import agreeing, enlarge, psnr

DICE = np.random.default_rng(0)
SMOOTH = np.stack([np.add.outer(np.arange(40), np.arange(64))] * 3, -1)[None].repeat(2, 0).astype(np.uint8)


def shrunk(frames: np.ndarray, width: int, height: int) -> np.ndarray:
    return enlarge(frames, Size(width=width, height=height))


def test_enlarging_and_shrinking_come_back() -> None:
    large = enlarge(SMOOTH, Size(width=128, height=80))
    assert large.shape == (2, 80, 128, 3)
    assert large.dtype == np.uint8
    assert psnr(shrunk(large, 64, 40), SMOOTH) > 45


def test_what_is_made_up_agrees_with_what_was_small() -> None:
    made_up = DICE.integers(60, 190, (2, 80, 128, 3), np.uint8)
    small = shrunk(enlarge(SMOOTH, Size(width=128, height=80)), 64, 40)
    agreed = agreeing(made_up, small)
    assert psnr(shrunk(made_up, 64, 40), small) < 20
    assert psnr(shrunk(agreed, 64, 40), small) > 32
    fine = agreed.astype(int) - enlarge(small, Size(width=128, height=80))
    assert fine.std() > 10, "the detail stays"


def test_what_agrees_already_hardly_changes() -> None:
    large = enlarge(SMOOTH, Size(width=128, height=80))
    assert psnr(agreeing(large, shrunk(large, 64, 40)), large) > 45


def test_every_large_frame_needs_its_small_one() -> None:
    with pytest.raises(ValueError, match="shorter"):
        agreeing(enlarge(SMOOTH, Size(width=128, height=80)), SMOOTH[:1])
