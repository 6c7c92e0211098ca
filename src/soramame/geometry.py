"""Frames, pixels, latent grids and tokens: what is legal, and how one becomes the other.

Axes, everywhere: pixels ``(B, 3, T, H, W)``, latents ``(B, C, F, Y, X)``, tokens ``(B, N, D)``. A causal video VAE turns the
first frame alone into the first latent frame and every ``stride`` further frames into one more: ``F = 1 + (T - 1) / stride``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from soramame.errors import DurationError, SizeError

MAX_SECONDS = 60.0
MIN_EDGE = 64
MAX_EDGE = 4096


@dataclass(frozen=True, kw_only=True)
class Size:
    """Width and height of a picture in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, kw_only=True)
class LatentGrid:
    """How a model divides space and time: pixels an edge of a latent cell, frames a latent frame, cells an edge of a token."""

    space: int = 16
    time: int = 4
    patch: int = 2

    @property
    def multiple(self) -> int:
        """Width and height have to be multiples of this many pixels."""
        return self.space * self.patch

    def latent_shape(self, channels: int, num_frames: int, size: Size) -> tuple[int, int, int, int]:
        """Shape ``(C, F, Y, X)`` of the latents of a clip; ``num_frames`` must be ``1 + k * time``."""
        frames = latent_frames(num_frames, self.time)
        return channels, frames, size.height // self.space, size.width // self.space

    def check(self, size: Size) -> Size:
        """The size, if the model can paint it; :class:`SizeError` names the nearest legal one otherwise."""
        for edge in (size.width, size.height):
            if not MIN_EDGE <= edge <= MAX_EDGE:
                raise SizeError(f"size {size} is out of range; each edge has to be {MIN_EDGE} to {MAX_EDGE} pixels.")
        if size.width % self.multiple or size.height % self.multiple:
            near = Size(width=_nearest(size.width, self.multiple), height=_nearest(size.height, self.multiple))
            raise SizeError(f"size {size} does not fit: edges have to be multiples of {self.multiple}; try {near}.")
        return size


def _nearest(value: int, multiple: int) -> int:
    low = math.ceil(MIN_EDGE / multiple) * multiple
    return max(low, round(value / multiple) * multiple)


def parse_size(text: str) -> Size:
    """``"256x160"`` (width x height; ``×`` is understood too) as a :class:`Size`; :class:`SizeError` if it is not one."""
    match = re.fullmatch(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*", text)
    if match is None:
        raise SizeError(f"size {text!r} is not WIDTHxHEIGHT; write it like 256x160.")
    return Size(width=int(match[1]), height=int(match[2]))


def check_seconds(seconds: float) -> float:
    """The duration, if it is more than 0 and at most 60 seconds; :class:`DurationError` otherwise (also for NaN)."""
    if not (math.isfinite(seconds) and 0 < seconds <= MAX_SECONDS):
        raise DurationError(f"seconds has to be more than 0 and at most {MAX_SECONDS:g}, not {seconds:g}.")
    return float(seconds)


def frames_for(seconds: float, fps: float, stride: int = 4) -> int:
    """Number of frames ``1 + k * stride`` nearest to a duration (one frame, a picture, for less than half a stride)."""
    return 1 + stride * max(0, round((check_seconds(seconds) * fps) / stride))


def latent_frames(num_frames: int, stride: int = 4) -> int:
    """Latent frames of a clip of ``1 + k * stride`` frames; :class:`DurationError` for any other number."""
    if num_frames < 1 or (num_frames - 1) % stride:
        raise DurationError(f"a clip has 1 + a multiple of {stride} frames here, not {num_frames}.")
    return 1 + (num_frames - 1) // stride


def pixel_frames(frames: int, stride: int = 4) -> int:
    """Frames that ``frames`` latent frames decode to: the inverse of :func:`latent_frames`."""
    return 1 + (frames - 1) * stride


def shown_at(count: int, fps: float, new_fps: float) -> list[int]:
    """Numbers of the frames, of ``count`` at ``fps``, that are shown at the middle of each frame of another rate."""
    if fps == new_fps:
        return list(range(count))
    return [min(int((n + 0.5) / new_fps * fps), count - 1) for n in range(max(1, round(count / fps * new_fps)))]
