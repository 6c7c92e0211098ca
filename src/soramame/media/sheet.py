"""Contact sheets: a few frames of every clip, side by side, with a line of text beneath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Frames = NDArray[np.uint8]
LINE = 22


def contact_sheet(
    clips: Sequence[Frames], *, columns: int = 1, per_clip: int = 4, labels: Sequence[str] | None = None
) -> Image.Image:
    """A picture of ``per_clip`` evenly spaced frames of each clip uint8 ``(T, H, W, 3)`` in so many columns of clips.

    All clips are shown at the size of the first. Labels that the bundled font cannot show (Japanese) come out as boxes.
    """
    height, width = clips[0].shape[1:3]
    rows = -(-len(clips) // columns)
    line = LINE if labels is not None else 0
    gap = 6
    sheet = Image.new("RGB", (columns * (per_clip * width + gap) - gap, rows * (height + line)), (250, 249, 246))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for number, clip in enumerate(clips):
        row, column = divmod(number, columns)
        left, top = column * (per_clip * width + gap), row * (height + line)
        for place, at in enumerate(np.linspace(0, len(clip) - 1, per_clip).round().astype(int)):
            frame = Image.fromarray(clip[at])
            sheet.paste(
                frame if frame.size == (width, height) else frame.resize((width, height)), (left + place * width, top)
            )
        if labels is not None:
            draw.text((left + 4, top + height + 2), labels[number], fill=(40, 38, 52), font=font)
    return sheet
