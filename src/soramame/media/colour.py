"""A decoded picture as people are meant to see it: sRGB, standard range, upright, square pixels, nothing transparent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from av import VideoFrame
from av.video.reformatter import ColorRange, Interpolation
from numpy.typing import NDArray
from PIL import Image

from soramame.media import hdr
from soramame.media.content import Frames

BT709, BT601, BT2020 = 1, 5, 9
MATRICES = {1: BT709, 4: 4, 5: BT601, 6: BT601, 7: 7, 9: BT2020, 10: BT2020}
"""ITU-T H.273: code of the matrix coefficients → FFmpeg's name for them. Others are not known or not stated."""
FORMATS = {(False, False): "rgb24", (False, True): "rgba", (True, False): "rgb48le", (True, True): "rgba64le"}
"""What is decoded to where colours have to be converted with more than 8 bits, and where there is transparency."""
HIGH_DEFINITION = 720
"""Lines from which a picture that does not say is taken for BT.709, as players do."""


def shown(frame: VideoFrame, aspect: Fraction | None) -> Frames:
    """The picture uint8 ``(H, W, 3)``; ``aspect`` is the width of a pixel by its height, None if not known."""
    picture = _rgb(frame)
    width, height = _square(frame.width, frame.height, aspect)
    if (width, height) != (frame.width, frame.height):
        picture = np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))
    return np.ascontiguousarray(_upright(picture, _matrix(frame)))


def size(frame: VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height before turning, with square pixels."""
    return _square(frame.width, frame.height, aspect)


def changes(frame: VideoFrame, aspect: Fraction | None) -> list[str]:
    """What :func:`shown` has to do to a picture beyond decoding it, in words."""
    done = []
    if frame.color_trc in (hdr.PQ, hdr.HLG):
        done.append(f"HDR ({'PQ' if frame.color_trc == hdr.PQ else 'HLG'}) brought to standard range")
    elif _wide(frame):
        done.append("wide colours (BT.2020) brought to sRGB")
    bits = _bits(frame)
    if bits > 8:
        done.append(f"{bits}-bit pixels rounded to 8")
    if _transparent(frame):
        done.append("transparency shown on white")
    width, height = _square(frame.width, frame.height, aspect)
    if (width, height) != (frame.width, frame.height):
        done.append(f"scaled from {frame.width}x{frame.height} to {width}x{height} for square pixels")
    a, b, c, d = _matrix(frame)
    if a * d - b * c < 0:
        done.append("mirrored as the file says")
    elif degrees := 180 if max(abs(a), abs(b)) == -a else 90 if abs(b) > abs(a) else 0:
        done.append(f"turned upright by {degrees} degrees")
    return done


def _rgb(frame: VideoFrame) -> Frames:
    deep, clear = frame.color_trc in (hdr.PQ, hdr.HLG) or _wide(frame), _transparent(frame)
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    pixels: Any = frame.reformat(
        format=FORMATS[deep, clear],
        interpolation=_care(frame, deep=deep),
        src_colorspace=MATRICES.get(frame.colorspace, BT709 if frame.height >= HIGH_DEFINITION else BT601),
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
    ).to_ndarray()
    colours: Frames
    if deep:
        colours = hdr.to_standard(pixels[..., :3].astype(np.uint16, copy=False), frame.color_trc)
    else:
        colours = pixels[..., :3].astype(np.uint8, copy=False)
    return _on_white(colours, pixels[..., 3:] >> (8 if deep else 0)) if clear else colours


def _care(frame: VideoFrame, *, deep: bool) -> int:
    """How exactly FFmpeg reckons. Its quick way is up to 3 of 255 too dark from more than 8 bits; its most careful way of reckoning
    turns colours into others where the result has 16 bits."""
    if deep:
        return Interpolation.BILINEAR | Interpolation.ACCURATE_RND
    exact = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    return exact if _bits(frame) > 8 else Interpolation.BILINEAR


def _bits(frame: VideoFrame) -> int:
    return max(part.bits for part in frame.format.components)


def _wide(frame: VideoFrame) -> bool:
    return frame.color_primaries == BT2020


def _transparent(frame: VideoFrame) -> bool:
    return frame.format.name.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya"))


def _on_white(colours: Frames, alpha: NDArray[Any]) -> Frames:
    share = alpha.astype(np.uint16)
    return ((colours * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)


def _square(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """Only ever larger, so that nothing is lost. Less than a hundredth is not worth resampling for."""
    if aspect is None or aspect <= 0 or abs(aspect - 1) < Fraction(1, 100):
        return width, height
    return (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))


def _matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """Where right and down go: right to ``(a, b)``, down to ``(c, d)`` (ISO/IEC 14496-12, the matrix of a track)."""
    beside: Any = frame.side_data  # the types that PyAV states are not those it has
    if "DISPLAYMATRIX" in beside:
        a, b, _, c, d = np.frombuffer(bytes(beside["DISPLAYMATRIX"]), np.int32)[:5].tolist()
        return a, b, c, d
    return 1, 0, 0, 1


def _upright(picture: Frames, matrix: tuple[int, int, int, int]) -> Frames:
    """By whole quarter turns and mirrors, whichever the matrix is nearest to."""
    a, b, c, d = matrix
    if abs(b) > abs(a):
        picture, a, d = picture.swapaxes(0, 1), c, b
    return picture[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]
