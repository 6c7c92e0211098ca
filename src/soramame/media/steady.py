"""Stillness: where nothing moves, a picture keeps its pixels from frame to frame.

What a decoder paints differs a little from one frame to the next even where nothing moves, and from a source that it goes on from. A
change as small as that grain is taken for stillness, by the mean over a few pixels around: noise averages out there, movement does
not (motion-adaptive recursive filtering: Dubois and Sabri 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
Picture = NDArray[np.uint8]
REACH = 2
"""Pixels to each side over which a change is averaged."""
MOVED = 3.0
"""How many times the grain a change is that is taken as it is; between, some of it."""
ANCHOR = 2.0
"""How many times the grain what was painted may differ from what the decoder makes of a source, and still be that."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What frames join, as it is shown; and, where a source is known there, its ``real`` picture and what the decoder makes of that.
    Pictures are uint8 ``(H, W, 3)``.
    """

    shown: Picture
    real: Picture | None = None
    decoded: Picture | None = None


def steady(frames: Frames, before: Edge | None, after: Edge | None = None, *, grain: float) -> Frames:
    """Frames uint8 ``(T, H, W, 3)`` that stand still where they change by less than ``grain`` (mean change in [0, 255]).

    They go on from what is ``before`` and lead to what is ``after``. Where they look like what the decoder makes of a source's
    picture there, what it loses of that is added again. A ``grain`` of 0 leaves all as it is.
    """
    if not grain or not len(frames):
        return frames
    forwards = _held(frames, before, grain)
    if after is None:
        return forwards
    backwards = _held(frames[::-1], after, grain)[::-1]
    if before is None:
        return backwards
    share = (np.arange(1, len(frames) + 1) / (len(frames) + 1))[:, None, None, None]
    return _bytes(forwards + share * (backwards.astype(np.float32) - forwards))


def _held(frames: Frames, edge: Edge | None, grain: float) -> Frames:
    """Each frame as the one before it and as much of the change as is movement."""
    made, last = [], None if edge is None else edge.shown
    for frame in frames:
        if edge is not None and edge.real is not None and edge.decoded is not None:
            lost = edge.real.astype(np.float32) - edge.decoded
            frame = _bytes(frame + (1 - _moved(frame, edge.decoded, ANCHOR * grain)) * lost)
        if last is not None:
            was = last.astype(np.float32)
            frame = _bytes(was + _moved(frame, last, grain) * (frame - was))
        made.append(frame)
        last = frame
    return np.stack(made)


def _moved(frame: Picture, other: Picture, grain: float) -> NDArray[np.float32]:
    """How surely there is movement between two pictures ``(H, W, 1)``, in [0, 1]."""
    change = np.abs(frame.astype(np.float32) - other).mean(-1)
    around = np.pad(change, REACH, mode="edge")
    for axis in (0, 1):
        around = sliding_window_view(around, 2 * REACH + 1, axis).mean(-1)
    share: NDArray[np.float32] = ((around / grain - 1) / (MOVED - 1)).clip(0, 1).astype(np.float32)
    return share[..., None]


def _bytes(picture: NDArray[Any]) -> Frames:
    rounded: Frames = np.rint(picture).clip(0, 255).astype(np.uint8)
    return rounded
