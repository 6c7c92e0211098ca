"""Larger pictures: scaled up, and made to agree with the small ones that they came from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soramame.geometry import Size

Frames = NDArray[np.uint8]
ROUNDS = 3


def enlarge(frames: Frames, size: Size) -> Frames:
    """Frames uint8 ``(T, H, W, 3)`` scaled to ``size`` with a Lanczos filter."""
    return np.stack([_bytes(_scaled(frame.astype(np.float32), size)) for frame in frames])


def agreeing(frames: Frames, small: Frames) -> Frames:
    """Large frames changed so that they become the ``small`` ones when they are shrunk: what is made up is only what these leave open.

    Iterative back-projection (Irani & Peleg 1991): what shrinking shows to be wrong is scaled up and taken away.
    """
    height, width = frames.shape[1:3]
    large, low = Size(width=width, height=height), Size(width=small.shape[2], height=small.shape[1])
    made = []
    for frame, wanted in zip(frames, small, strict=True):
        picture = frame.astype(np.float32)
        for _ in range(ROUNDS):
            picture = picture + _scaled(wanted.astype(np.float32) - _scaled(picture, low), large)
        made.append(_bytes(picture))
    return np.stack(made)


def _scaled(picture: NDArray[np.float32], size: Size) -> NDArray[np.float32]:
    """A picture of floats ``(H, W, 3)``, one channel at a time: Pillow filters floats in single channels only."""
    edges = (size.width, size.height)
    channels = [Image.fromarray(np.ascontiguousarray(picture[..., c])) for c in range(3)]
    scaled = [np.asarray(channel.resize(edges, Image.Resampling.LANCZOS)) for channel in channels]
    return np.stack(scaled, -1).astype(np.float32)


def _bytes(picture: NDArray[np.float32]) -> Frames:
    return picture.round().clip(0, 255).astype(np.uint8)
