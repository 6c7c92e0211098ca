"""What frames hold beside what they show: the part of each pixel that its neighbours do not predict, summed over the frames.

A pixel is predicted by the mean of those around it that are nearly as bright and as blue (the sigma filter, Lee 1983): so an edge
is no surprise, and what is left of a flat area is the mark and the coder's noise. It is weighed by the power of what is left
around, so a busy place has no say beside a quiet one. Sums are kept at several sizes, each half of the one before, because a clip
may have been enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soramame.safety.watermark import WEIGHTS, box

Floats = NDArray[np.float32]
ALIKE = (7.0, 9.0)
"""Levels of brightness and of blue within which a neighbour predicts a pixel."""
NEIGHBOURS = tuple(
    (y, x) for y in range(-6, 7, 2) for x in range(-6, 7, 2) if 0 < y * y + x * x <= 37 and (y, x) > (0, 0)
)
"""One of each pair of opposite neighbours."""
FLOOR = 1.5
"""Levels of noise that are there at least."""
LIMIT = 2.0
"""Standard deviations that a pixel counts for at most."""
LARGEST, SMALLEST, LEVELS = 512, 48, 3
"""Shorter side of the largest and the smallest sum that are kept, and how many at most."""


@dataclass(kw_only=True)
class Evidence:
    """Sums ``(2, h, w)`` of brightness and blue by level, of ``count`` frames; ``size`` is the frames' ``(height, width)``.

    A level's pixel is ``2 ** level`` pixels of the frame to a side.
    """

    size: tuple[int, int]
    count: int = 0
    sums: dict[int, Floats] = field(default_factory=dict)

    def add(self, frame: NDArray[np.uint8]) -> None:
        """One more frame uint8 ``(H, W, 3)``."""
        first = first_level(self.size)
        luma = frame @ WEIGHTS
        planes = np.stack([luma, frame[..., 2] - luma])
        for level in range(first + LEVELS):
            if level >= first and (level == first or min(planes.shape[1:]) >= SMALLEST):
                left = surprise(planes)
                self.sums[level] = self.sums[level] + left if level in self.sums else left
            planes = _halved(planes)
        self.count += 1


def first_level(size: tuple[int, int]) -> int:
    """The first level that is kept for frames ``(height, width)``."""
    level = 0
    while min(size) >> level > LARGEST:
        level += 1
    return level


def surprise(planes: Floats) -> Floats:
    """Brightness and blue ``(2, h, w)`` → what is left when neighbours have predicted them, weighed, in the same shape."""
    left, count = np.zeros_like(planes), np.ones(planes.shape[1:], np.float32)
    _, height, width = planes.shape
    for y, x in NEIGHBOURS:
        here = (slice(0, height - y), slice(max(0, -x), width - max(0, x)))
        there = (slice(y, height), slice(max(0, x), width + min(0, x)))
        change = planes[(slice(None), *there)] - planes[(slice(None), *here)]
        alike = ((np.abs(change[0]) < ALIKE[0]) & (np.abs(change[1]) < ALIKE[1])).astype(np.float32)
        change *= alike
        left[(slice(None), *here)] -= change
        left[(slice(None), *there)] += change
        count[here] += alike
        count[there] += alike
    left /= count
    return np.stack([_weighed(plane) for plane in left])


def _weighed(left: Floats) -> Floats:
    noise = np.sqrt(box(np.square(left), 4) + np.float32(FLOOR**2))
    weighed: Floats = (left / noise).clip(-LIMIT, LIMIT)
    return weighed


def _halved(planes: Floats) -> Floats:
    height, width = planes.shape[1] // 2 * 2, planes.shape[2] // 2 * 2
    even = planes[:, :height, :width]
    halved: Floats = (even[:, ::2, ::2] + even[:, 1::2, ::2] + even[:, ::2, 1::2] + even[:, 1::2, 1::2]) / np.float32(4)
    return halved
