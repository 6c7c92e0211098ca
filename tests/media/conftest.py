from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from soramame.media import Clip


def moving(count: int = 6, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """A smooth gradient with a block that moves."""
    y, x = np.mgrid[0:height, 0:width]
    frames = np.stack([np.stack([x * 3, y * 4, np.full_like(x, 90)], -1)] * count).astype(np.uint8)
    for t in range(count):
        frames[t, 10:26, 4 * t : 4 * t + 16] = (220, 40, 60)
    return frames


@pytest.fixture(scope="session")
def metadata() -> dict[str, Any]:
    return {"prompt": "狼が雪の中で遊ぶ — five wolves", "seed": 7, "options": {"steps": 12}}


@pytest.fixture
def clip(metadata: dict[str, Any]) -> Clip:
    """Six frames of 64x48 at 8 fps."""
    return Clip(frames=moving(), fps=8, metadata=metadata)


@pytest.fixture
def odd() -> Clip:
    """Three frames with odd edges, 65x33."""
    return Clip(frames=moving(3, 33, 65), fps=8)
