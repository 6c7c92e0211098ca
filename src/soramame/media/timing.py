"""Pictures that are shown at times of their own, brought to a constant rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COMMON = (
    1,
    2,
    3,
    4,
    5,
    6,
    8,
    10,
    12,
    15,
    16,
    20,
    24000 / 1001,
    24,
    25,
    30000 / 1001,
    30,
    48,
    50,
    60000 / 1001,
    60,
    120,
)
"""Rates in frames a second that a clip of varying rate is brought to."""

ROUNDING = 0.005
"""Share by which an average may miss a common rate and be meant for it: times in files are whole milliseconds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pace:
    """``fps`` frames a second, and for each frame the number of the picture that is shown then."""

    fps: float
    count: int
    starts: NDArray[np.float64]

    @property
    def picks(self) -> NDArray[np.intp]:
        """For each new frame the picture on show in the middle of its time."""
        return np.searchsorted(self.starts, (np.arange(self.count) + 0.5) / self.fps, "right") - 1

    @property
    def changed(self) -> bool:
        """Whether pictures are shown other than once each."""
        return self.count != len(self.starts) or not np.array_equal(self.picks, np.arange(self.count))


def pace(times: Sequence[float], hold: float, fps: float) -> Pace:
    """How pictures that appear at ``times`` in seconds, the last for ``hold`` seconds, are shown at a constant rate.

    Where ``fps``, which the file states, puts every picture within half a frame of its time, that is it, and each is shown once.
    Otherwise the rate is the average at which pictures appear if that does, and the common rate nearest to it if not; the last
    picture is shown once at least. ``picks`` may then be many: check ``count`` before asking for them.
    """
    starts = np.maximum.accumulate(np.asarray(times, np.float64) - times[0])
    count = len(starts)
    if count == 1 or starts[-1] <= 0 or _fits(starts, fps):
        return Pace(fps=fps, count=count, starts=np.arange(count) / fps)
    average = float((count - 1) / starts[-1])
    rate = min(COMMON, key=lambda common: abs(np.log(common / average)))
    if _fits(starts, average) and not (abs(rate / average - 1) < ROUNDING and _fits(starts, rate)):
        rate = average
    return Pace(fps=rate, count=round((starts[-1] + max(hold, 1 / rate)) * rate), starts=starts)


def _fits(starts: NDArray[np.float64], rate: float) -> bool:
    return bool(np.abs(starts - np.arange(len(starts)) / rate).max() < 0.5 / rate)
