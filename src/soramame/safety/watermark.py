"""An invisible mark in every frame, that a key puts in and only that key reads (:mod:`soramame.safety.watermark_read`).

A keyed tile of noise (:mod:`soramame.safety.watermark_tile`) is laid over each frame: fine and faint in brightness, coarser and
stronger in blue, where the eye sees least. It is the same in every frame, so nothing flickers, and a reader may average. Where
the picture is busy more of it is hidden; where it is dark, less.

Spread-spectrum marks: Cox and others 1997; tiled ones that are found again by correlation: JAWS, Kalker and others 1999.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError
from soramame.safety.code import Payload
from soramame.safety.watermark_tile import Tile, unit_of

Frames = NDArray[np.uint8]
Floats = NDArray[np.float32]
SMALLEST = 64
"""Pixels of the shorter side."""
FLAT, BUSY, MOST = 0.7, 0.22, 2.6
"""Standard deviation in levels of 255 of the pattern of brightness: in flat areas, for each level of activity, at most."""
BLUE = 1.0
"""Standard deviation of the pattern of blue."""
POWER = 2.75
"""Mean square of the pattern of brightness in a frame, at most: where all is busy it is fainter, so that 42.5 dB are left."""
DARK = 48.0
"""Brightness below which the pattern gets fainter, to a half at black."""
AREA, LEAST = 256 * 160, 0.6
"""Pixels of the pattern up to which it is as strong as that; where there are more it is fainter, by their fourth root, at least so."""
WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)


class Watermark:
    """The marks of a secret ``key`` of at least 16 bytes; :class:`OptionError` if it is shorter."""

    def __init__(self, key: bytes) -> None:
        self.tile = Tile(key)

    def mark(self, frames: Frames, payload: Payload) -> Frames:
        """Frames uint8 ``(T, H, W, 3)`` with the mark, new. Each frame is marked by itself: chunks give what the whole gives.

        :class:`MediaError` for anything but such frames, or with a side below 64 pixels.
        """
        check_frames(frames)
        return _laid(frames, self.tile.pictures(payload, unit_of(*frames.shape[1:3])))

    def unmark(self, frames: Frames, payload: Payload) -> Frames:
        """Frames of the size in which they were marked, without that mark, as far as they still show it; new. Errors as above."""
        check_frames(frames)
        return _laid(frames, -self.tile.pictures(payload, unit_of(*frames.shape[1:3])))


def check_frames(frames: Frames) -> None:
    """:class:`MediaError` in one sentence if these are not frames that can be marked, or read."""
    if not isinstance(frames, np.ndarray) or frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3:
        said = f"{frames.dtype} {frames.shape}" if isinstance(frames, np.ndarray) else type(frames).__name__
        raise MediaError(f"frames to be marked have to be uint8 (T, H, W, 3), not {said}.")
    if not len(frames):
        raise MediaError("there are no frames to be marked.")
    if min(frames.shape[1:3]) < SMALLEST:
        raise MediaError(
            f"frames of {frames.shape[2]}x{frames.shape[1]} are too small for a watermark; both sides need {SMALLEST} pixels."
        )


def _laid(frames: Frames, tiles: Floats) -> Frames:
    """Tiles of brightness and of blue over frames, as strong as each place allows."""
    height, width = frames.shape[1:3]
    unit, side = unit_of(height, width), tiles.shape[1]
    light, blue = np.tile(tiles, (1, -(-height // side), -(-width // side)))[:, :height, :width]
    share = max(LEAST, min(1.0, (AREA * unit**2 / (height * width)) ** 0.25))
    light, blue = np.float32(share) * light, np.float32(share * BLUE) * blue
    return np.stack([_marked(frame, light, blue, unit) for frame in frames])


def _marked(frame: NDArray[np.uint8], light: Floats, blue: Floats, unit: int) -> NDArray[np.uint8]:
    height, width = light.shape
    strength = _strength(frame[::unit, ::unit] @ WEIGHTS)
    if unit > 1:
        strength = strength.repeat(unit, 0)[:height].repeat(unit, 1)[:, :width]
    added = (strength * light + np.float32(0.5))[..., None] + frame
    added[..., 2] += blue
    marked: NDArray[np.uint8] = added.clip(0, 255).astype(np.uint8)
    return marked


def _strength(luma: Floats) -> Floats:
    """How strong the pattern of brightness is at each pixel ``(H, W)``. Beside an edge it is as in the flat area there."""
    mean = box(luma, 2)
    activity = np.sqrt(box(np.square(luma - mean), 2))
    for axis in (0, 1):
        padded = np.pad(activity, [(2, 2) if axis == along else (0, 0) for along in (0, 1)], "edge")
        count = activity.shape[axis]
        activity = np.minimum.reduce([padded.take(np.arange(k, k + count), axis) for k in range(5)])
    shade: Floats = np.minimum(0.5 + mean / (2 * DARK), 1).astype(np.float32)
    strength = np.minimum(FLAT + BUSY * activity, MOST) * shade
    too_much = float(np.square(strength, dtype=np.float64).mean()) / POWER
    even: Floats = (strength / max(1.0, too_much) ** 0.5).astype(np.float32)
    return even


def box(picture: Floats, reach: int) -> Floats:
    """The mean over ``reach`` pixels to each side, the edge repeated, ``(H, W)``."""
    for axis in (0, 1):
        padded = np.pad(picture, [(reach, reach) if axis == along else (0, 0) for along in (0, 1)], "edge")
        count = picture.shape[axis]
        total = np.zeros_like(picture)
        for k in range(2 * reach + 1):
            total += padded[k : k + count] if axis == 0 else padded[:, k : k + count]
        picture = total / np.float32(2 * reach + 1)
    return picture
