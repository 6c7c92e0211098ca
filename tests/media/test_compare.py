from __future__ import annotations

import math

import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import psnr


def test_known_value() -> None:
    a = np.full((1, 4, 4, 3), 100, np.uint8)
    assert psnr(a, a + np.uint8(10)) == pytest.approx(20 * math.log10(255 / 10))


def test_equal_is_infinite() -> None:
    a = np.zeros((1, 2, 2, 3), np.uint8)
    assert math.isinf(psnr(a, a))


def test_shapes_have_to_agree() -> None:
    with pytest.raises(MediaError):
        psnr(np.zeros((1, 2, 2, 3), np.uint8), np.zeros((2, 2, 2, 3), np.uint8))
