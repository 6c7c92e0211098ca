"""Small clips in which every frame is another."""

from __future__ import annotations

import numpy as np

from soramame.media import Clip


def moving(frames: int, size: tuple[int, int] = (128, 64), *, fps: float = 8, first: int = 0) -> Clip:
    """A ramp that grows brighter from frame to frame, from ``first`` on."""
    width, height = size
    ramp = np.arange(width) * 100 // width
    levels = ramp[None] + 2 * np.arange(first, first + frames)[:, None]
    clip = np.broadcast_to(levels[:, None, :, None], (frames, height, width, 3))
    return Clip(frames=np.ascontiguousarray(clip).astype(np.uint8), fps=fps, metadata={"prompt": "a dog"})
