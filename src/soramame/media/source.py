"""Pictures and clips that people bring, brought to the size and frame rate of a model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soramame.geometry import Size, shown_at
from soramame.media.clip import Clip

Frames = NDArray[np.uint8]


def fit(picture: Frames, size: Size) -> Frames:
    """A picture uint8 ``(H, W, 3)`` scaled to cover ``size`` and cut to it about its middle."""
    height, width = picture.shape[:2]
    if (width, height) == (size.width, size.height):
        return picture
    scale = max(size.width / width, size.height / height)
    box_width, box_height = size.width / scale, size.height / scale
    left, top = (width - box_width) / 2, (height - box_height) / 2
    image = Image.fromarray(picture).resize(
        (size.width, size.height), Image.Resampling.LANCZOS, box=(left, top, left + box_width, top + box_height)
    )
    return np.array(image, np.uint8)


def conform(clip: Clip, size: Size, fps: float) -> tuple[Frames, str]:
    """The frames ``(T, H, W, 3)`` of a clip at ``size`` and ``fps``, and what was done to them in words, empty if nothing.

    Frames are those shown at the middle of each new frame's time; what has the size and the rate already comes back as it is.
    """
    done = []
    frames = clip.frames
    if clip.fps != fps:
        frames = frames[shown_at(len(frames), clip.fps, fps)]
        done.append(f"from {clip.fps:g} to {fps:g} frames a second")
    height, width = frames.shape[1:3]
    if (width, height) != (size.width, size.height):
        frames = np.stack([fit(frame, size) for frame in frames])
        cut = width * size.height != height * size.width
        done.append(f"scaled{' and cut' if cut else ''} from {width}x{height} to {size}")
    return frames, " and ".join(done)
