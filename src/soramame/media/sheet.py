"""Contact sheets and strips: several clips in one picture, or in one video."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from soramame.errors import MediaError

Frames = NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
LINE, GAP = 22, 6
PAPER, INK = (250, 249, 246), (40, 38, 52)
JAPANESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansJP-Regular.ttf",
    "fonts-japanese-gothic.ttf",
    "ipagp.ttf",
    "DroidSansFallbackFull.ttf",
    "ヒラギノ角ゴシック W3.ttc",
    "YuGothM.ttc",
    "msgothic.ttc",
)
"""Fonts that many systems have; the first that is found shows what Pillow's own font cannot."""


def contact_sheet(
    clips: Sequence[Frames], *, columns: int = 1, per_clip: int = 4, labels: Sequence[str] | None = None
) -> Image.Image:
    """A picture of ``per_clip`` evenly spaced frames of each clip uint8 ``(T, H, W, 3)`` in so many columns of clips.

    All clips are shown at the size of the first, each with its label in a line beneath. Letters for which this system has
    no font are left out.
    """
    if not clips or columns < 1 or per_clip < 1 or (labels is not None and len(labels) != len(clips)):
        raise MediaError(
            "a contact sheet needs clips, at least one column and frame, and a label for each clip or none."
        )
    height, width = clips[0].shape[1:3]
    columns = min(columns, len(clips))
    cell_width, cell_height = per_clip * width + GAP, height + (LINE if labels is not None else 0)
    rows = -(-len(clips) // columns)
    sheet = Image.new("RGB", (columns * cell_width - GAP, rows * cell_height), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, (clip, label) in enumerate(zip(clips, labels or repeat(""), strict=False)):
        row, column = divmod(number, columns)
        left, top = column * cell_width, row * cell_height
        for place, at in enumerate(np.linspace(0, len(clip) - 1, per_clip).round().astype(int)):
            sheet.paste(_sized(clip[at], width, height), (left + place * width, top))
        _write(pen, label, (left + 4, top + height + 2), cell_width - GAP - 8)
    return sheet


def strip(clips: Sequence[Frames], *, columns: int | None = None) -> Frames:
    """Clips uint8 ``(T, H, W, 3)`` playing side by side in so many columns, as one clip as long as the longest.

    All are shown at the size of the last; one that is shorter stays on its last frame.
    """
    if not clips or (columns is not None and columns < 1):
        raise MediaError("a strip needs clips and at least one column.")
    columns = min(columns or len(clips), len(clips))
    height, width = clips[-1].shape[1:3]
    rows, length = -(-len(clips) // columns), max(map(len, clips))
    frames = np.empty((length, rows * height, columns * width, 3), np.uint8)
    frames[:] = np.asarray(PAPER, np.uint8)
    for number, clip in enumerate(clips):
        top, left = number // columns * height, number % columns * width
        for at in range(length):
            picture = _sized(clip[min(at, len(clip) - 1)], width, height)
            frames[at, top : top + height, left : left + width] = np.asarray(picture)
    return frames


def _sized(frame: Frames, width: int, height: int) -> Image.Image:
    image = Image.fromarray(frame)
    return image if image.size == (width, height) else image.resize((width, height), Image.Resampling.LANCZOS)


def _write(pen: ImageDraw.ImageDraw, label: str, place: tuple[int, int], width: int) -> None:
    """One line, each run of letters in a font that has them, cut with an ellipsis where the cell ends."""
    x, y = place
    end = x + width
    for letter in label.replace("\n", " "):
        font = _font_for(letter)
        if font is None:
            continue
        if x + font.getlength(letter + "…") > end:
            pen.text((x, y), "…", fill=INK, font=_own())
            return
        pen.text((x, y), letter, fill=INK, font=font)
        x += round(font.getlength(letter))


@lru_cache(maxsize=1)
def _own() -> Font:
    return ImageFont.load_default(14)


@lru_cache(maxsize=1)
def _japanese() -> Font | None:
    for name in JAPANESE:
        try:
            return ImageFont.truetype(name, 14)
        except OSError:
            continue
    return None


@lru_cache(maxsize=4096)
def _font_for(letter: str) -> Font | None:
    for font in (_own(), _japanese()):
        if font is not None and (letter.isspace() or _shape(font, letter) != _shape(font, "\U0010fffe")):
            return font
    return None


def _shape(font: Font, letter: str) -> tuple[tuple[int, int], bytes]:
    """The letter as pixels: a letter that a font lacks looks like every other one that it lacks."""
    mask = font.getmask(letter)
    return mask.size, bytes(mask)
