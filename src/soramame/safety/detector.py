"""Whether frames look as if this system had painted them, for files whose credentials and mark are gone: the weakest evidence of all.

What a decoder paints differs from what a camera or a pen draws in what is left when a picture is taken from its own blur: a grid as
wide as the decoder's patches, missing grain, and how both change from frame to frame. A small network looks at that in short stacks
of small cut-outs, of brightness alone, and the mean of what it says of all of them becomes a probability. How well that goes, and
where it fails: docs/detector.md; what it was fitted on: recipes/detector.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from soramame.media import Frames

WEIGHTS = Path(__file__).with_name("weights") / "detector.npz"
SIDE, STACK = 64, 5
"""Pixels to a side of a cut-out, and its frames: a latent frame's four, and one of its neighbour."""
ROWS, COLUMNS, TIMES = 2, 4, 6
"""Places of cut-outs in a picture, and times in a piece of a video."""
LUMA = (0.299, 0.587, 0.114)
BLUR = np.array([1, 4, 6, 4, 1], np.float32) / 16
LOUDEST, SCALE = 24.0, 8.0
"""What is left of a picture is cut off here, in [0, 255], so that strong edges do not outshout the rest, and divided by this."""
FLAT = 0.25
"""Mean of what is left, in [0, 255], below which a cut-out says nothing: black, or one colour."""
FEWEST = 8
"""Cut-outs that must say something."""

Array = NDArray[np.float32]
Cuts = NDArray[np.uint8]


class Answer(StrEnum):
    """What frames look like; none of these is a proof."""

    LIKELY = "likely made by this system"
    NONE = "no sign of it"
    UNSURE = "cannot say"


@dataclass(frozen=True, kw_only=True)
class Detection:
    """An answer and why. ``probability``: that this system made it, if half of all that is asked about were its own; None if the
    frames were not judged."""

    answer: Answer
    reason: str
    probability: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return {"answer": str(self.answer), "probability": self.probability, "reason": self.reason}


def detect(pieces: Iterable[Frames]) -> Detection:
    """Judge pieces of a video, each of consecutive frames uint8 ``(T, H, W, 3)``, as :func:`soramame.media.glimpses` gives them."""
    if not WEIGHTS.is_file():
        return Detection(answer=Answer.UNSURE, reason="the detector has not been fitted (recipes/detector does that).")
    told, seen = [], 0
    for frames in pieces:
        if min(frames.shape[1:3]) < SIDE:
            return Detection(answer=Answer.UNSURE, reason=f"its pictures are too small: under {SIDE} pixels to a side.")
        seen = max(seen, len(frames))
        found = cuts(frames)
        left = residual(found)
        told.append(judge(left[np.abs(left).mean((1, 2, 3)) >= FLAT / SCALE]))
    if seen < STACK:
        return Detection(answer=Answer.UNSURE, reason=f"it is too short: under {STACK} frames in a row.")
    return _answered(np.concatenate(told))


def _answered(told: Array) -> Detection:
    if len(told) < FEWEST:
        return Detection(
            answer=Answer.UNSURE, reason="there is too little in its pictures to go by: they are nearly flat."
        )
    weights = _weights()
    share = probability(float(told.mean()))
    if share >= weights["likely"]:
        reason = "its fine structure is like that of clips painted here; that is a likeness, and no proof."
        return Detection(answer=Answer.LIKELY, probability=share, reason=reason)
    if share <= weights["none"]:
        reason = "its fine structure is not like that of clips painted here; hard compression or scaling hides it too."
        return Detection(answer=Answer.NONE, probability=share, reason=reason)
    reason = "its fine structure is a little like that of clips painted here, too little to tell."
    return Detection(answer=Answer.UNSURE, probability=share, reason=reason)


def probability(score: float) -> float:
    """A mean of the network's answers as a probability (a logistic curve fitted on other clips: Platt 1999)."""
    weights = _weights()
    return 1.0 / (1.0 + math.exp(-float(np.clip(weights["slope"] * score + weights["offset"], -30.0, 30.0))))


def cuts(frames: Frames) -> Cuts:
    """Cut-outs uint8 ``(N, STACK, SIDE, SIDE)`` of brightness, at even distances in space and time; none if there are too few frames."""
    count, height, width = frames.shape[:3]
    if count < STACK:
        return np.zeros((0, STACK, SIDE, SIDE), np.uint8)
    starts = np.unique(np.linspace(0, count - STACK, TIMES).round().astype(int))
    rows = np.unique(np.linspace(0, height - SIDE, ROWS).round().astype(int))
    columns = np.unique(np.linspace(0, width - SIDE, COLUMNS).round().astype(int))
    made = []
    for start in starts:
        made += [frames[start : start + STACK, y : y + SIDE, x : x + SIDE] for y in rows for x in columns]
    return brightness(np.stack(made))


def brightness(frames: Frames) -> Cuts:
    """Pictures ``(…, 3)`` in one channel."""
    grey: Cuts = np.rint(frames @ np.array(LUMA, np.float32)).astype(np.uint8)
    return grey


def residual(cut: Cuts) -> Array:
    """What is left of cut-outs ``(N, STACK, SIDE, SIDE)`` without their blur: float32 ``(N, SIDE - 4, SIDE - 4, STACK)``."""
    shown = cut.astype(np.float32)
    blurred = sliding_window_view(sliding_window_view(shown, 5, 2) @ BLUR, 5, 3) @ BLUR
    left = np.clip(shown[:, :, 2:-2, 2:-2] - blurred, -LOUDEST, LOUDEST) / SCALE
    return np.ascontiguousarray(left.transpose(0, 2, 3, 1), np.float32)


def judge(left: Array) -> Array:
    """What the network says ``(N,)`` of :func:`residual`: three layers, each of half the size, and a mean over the picture."""
    weights, layers = _weights(), 0
    while f"layer{layers}" in weights:
        left = _layer(left, weights[f"layer{layers}"], weights[f"bias{layers}"])
        layers += 1
    said: Array = left.mean((1, 2)) @ weights["out"] + weights["out_bias"]
    return said


def _layer(x: Array, kernel: Array, bias: Array) -> Array:
    """A convolution of every second place with a ``kernel`` ``(k, k, C, O)``, and what is positive of it."""
    size = kernel.shape[0]
    around = sliding_window_view(x, (size, size), (1, 2))[:, ::2, ::2]  # (N, H, W, C, k, k)
    taps = kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[3])
    flat = around.reshape(*around.shape[:3], len(taps)) @ taps
    positive: Array = np.maximum(flat + bias, 0)
    return positive


@cache
def _weights() -> Mapping[str, Array]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
