"""What comes out of a job: the clip, a thumbnail, a spritesheet, and previews while it is painted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soramame.media import contact_sheet, glimpses

Frames = NDArray[np.uint8]
TYPES = {"video": "video/mp4", "thumbnail": "image/webp", "spritesheet": "image/jpeg"}
SUFFIXES = {"video": ".mp4", "thumbnail": ".webp", "spritesheet": ".jpg"}
PICTURES, COLUMNS = 16, 4
"""Moments in a spritesheet, in the order of reading, and how many lie side by side."""
WIDEST = 320
"""Pixels that a picture in a spritesheet is wide at most."""


def pictures(video: Path, folder: Path) -> dict[str, Path]:
    """Thumbnail and spritesheet of a video, as files in a folder."""
    spans = [frames for _, frames in glimpses(video, spans=PICTURES, frames=16)]
    frames = spans[0][_even(len(spans[0]))] if len(spans) == 1 else np.stack([span[0] for span in spans])
    made = {name: folder / f"{name}{SUFFIXES[name]}" for name in ("thumbnail", "spritesheet")}
    Image.fromarray(frames[0]).save(made["thumbnail"], "WEBP", quality=85)
    cells = [np.asarray(_small(frame))[None] for frame in frames]
    contact_sheet(cells, columns=COLUMNS, per_clip=1).save(made["spritesheet"], "JPEG", quality=88)
    return made


def preview(frames: Frames, fps: float) -> bytes:
    """Frames ``(T, H, W, 3)`` as an animated WebP."""
    data, images = io.BytesIO(), [_small(frame) for frame in frames]
    images[0].save(
        data, "WEBP", save_all=True, append_images=images[1:], duration=round(1000 / fps), loop=0, quality=60, method=0
    )
    return data.getvalue()


def _even(count: int) -> Sequence[int]:
    picks: list[int] = np.linspace(0, count - 1, min(PICTURES, count)).round().astype(int).tolist()
    return picks


def _small(frame: Frames) -> Image.Image:
    image = Image.fromarray(frame)
    image.thumbnail((WIDEST, WIDEST))
    return image
