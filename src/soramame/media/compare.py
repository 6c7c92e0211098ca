"""How alike two clips are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB of uint8 frames of one shape; infinite if they are equal."""
    if a.shape != b.shape or a.dtype != np.uint8 or b.dtype != np.uint8:
        raise MediaError(f"only uint8 frames of one shape can be compared, not {a.shape} and {b.shape}.")
    error = float(np.square(a.astype(np.float32) - b.astype(np.float32)).mean(dtype=np.float64))
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)
