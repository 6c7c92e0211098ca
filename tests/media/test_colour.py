from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from soramame.errors import MediaError
from soramame.media import Clip, Limits
from soramame.media.colour import changes, shown
from tests.media import files
from tests.media.files import corners, flat

COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (120, 120, 120))


def seen(frame: NDArray[np.uint8]) -> list[int]:
    """Which of the four colours stands at top left, top right, bottom left, bottom right."""
    height, width = frame.shape[:2]
    spots = [frame[y, x].astype(int) for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)]
    return [int(np.argmin([np.abs(spot - colour).sum() for colour in COLOURS])) for spot in spots]


@pytest.mark.parametrize(
    ("degrees", "flip", "order", "note"),
    [
        (0, False, [0, 1, 2, 3], ()),
        (90, False, [1, 3, 0, 2], ("turned upright by 90 degrees",)),
        (-90, False, [2, 0, 3, 1], ("turned upright by 90 degrees",)),
        (180, False, [3, 2, 1, 0], ("turned upright by 180 degrees",)),
        (0, True, [1, 0, 3, 2], ("mirrored as the file says",)),
    ],
)
def test_what_lies_on_its_side_is_turned_upright(
    tmp_path: Path, degrees: int, flip: bool, order: list[int], note: tuple[str, ...]
) -> None:
    path = files.video(
        tmp_path / "a.mp4", corners(), prepare=lambda stream: stream.set_display_rotation(degrees, hflip=flip)
    )
    clip = Clip.load(path)
    assert clip.frames.shape[1:3] == ((64, 32) if abs(degrees) == 90 else (32, 64))
    assert seen(clip.frames[0]) == order
    assert clip.notes == note


@pytest.mark.parametrize(
    ("aspect", "size"),
    [(Fraction(4, 3), (85, 32)), (Fraction(1, 2), (64, 64)), (Fraction(1), (64, 32)), (Fraction(200, 199), (64, 32))],
)
def test_pixels_become_square(tmp_path: Path, aspect: Fraction, size: tuple[int, int]) -> None:
    def prepare(stream: VideoStream) -> None:
        stream.codec_context.sample_aspect_ratio = aspect

    clip = Clip.load(files.video(tmp_path / "a.mp4", corners(), prepare=prepare))
    width, height = size
    assert clip.frames.shape == (2, height, width, 3)
    assert seen(clip.frames[0]) == [0, 1, 2, 3]
    note = f"scaled from 64x32 to {width}x{height} for square pixels"
    assert clip.notes == ((note,) if size != (64, 32) else ())


def test_pixels_that_would_become_too_large_are_refused(tmp_path: Path) -> None:
    def prepare(stream: VideoStream) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(4)

    path = files.video(tmp_path / "a.mp4", corners(), prepare=prepare)
    with pytest.raises(MediaError, match="256x32"):
        Clip.load(path, Limits(edge=200))


@pytest.mark.parametrize(("codec", "size"), [("libvpx-vp9", (65, 33)), ("libx264", (65, 33)), ("libvpx", (1, 1))])
def test_odd_sizes_are_read(tmp_path: Path, codec: str, size: tuple[int, int]) -> None:
    width, height = size
    form = "yuv444p" if codec == "libx264" else "yuv420p"
    frames = np.stack([np.full((height, width, 3), 90, np.uint8)] * 2)
    clip = Clip.load(files.video(tmp_path / "a.mkv", frames, codec=codec, form=form, options={}))
    assert clip.frames.shape == (2, height, width, 3)
    assert np.abs(clip.frames.astype(int) - 90).max() <= 4


KR_KB = {5: (0.299, 0.114), 6: (0.299, 0.114), 1: (0.2126, 0.0722), 9: (0.2627, 0.0593)}
"""ITU-T H.273: matrix coefficients → weights of red and blue in luma."""


def decoded(codes: tuple[int, int, int], matrix: int, *, full: bool, depth: int = 8) -> NDArray[np.float64]:
    """R'G'B' of 0 to 255 by the formula of H.273, not by a library."""
    scale = 1 << (depth - 8)
    y, u, v = (code / scale for code in codes)
    y, u, v = (
        (y / 255, (u - 128) / 255, (v - 128) / 255) if full else ((y - 16) / 219, (u - 128) / 224, (v - 128) / 224)
    )
    kr, kb = KR_KB[matrix]
    r, b = y + 2 * (1 - kr) * v, y + 2 * (1 - kb) * u
    return 255 * np.array([r, (y - kr * r - kb * b) / (1 - kr - kb), b])


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("matrix", "height", "meant"), [(1, 48, 1), (6, 48, 6), (5, 720, 5), (9, 48, 9), (2, 48, 6), (2, 720, 1)]
)
def test_colours_are_what_the_file_says(matrix: int, height: int, meant: int, full: bool) -> None:
    codes = (110, 90, 170)
    frame = flat(codes, size=(32, height))
    frame.colorspace, frame.color_range = matrix, 2 if full else 1
    assert np.abs(shown(frame, None)[8, 8] - decoded(codes, meant, full=full)).max() <= 2.5  # other matrices: 8 to 40


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_colours_survive_the_file(tmp_path: Path, kind: str) -> None:
    clip = Clip.load(Clip(frames=corners(), fps=8).save(tmp_path / f"a{kind}"))
    for (y, x), colour in zip(((8, 16), (8, 48), (24, 16), (24, 48)), COLOURS, strict=True):
        assert np.abs(clip.frames[0, y, x].astype(int) - colour).max() <= 4


def test_full_range_is_read_from_the_file(tmp_path: Path) -> None:
    def prepare(stream: VideoStream) -> None:
        stream.codec_context.color_range = 2

    frames = [flat((200, 128, 128))] * 2
    for frame in frames:
        frame.color_range = 2
    clip = Clip.load(files.video(tmp_path / "a.mp4", frames, prepare=prepare))
    assert np.abs(clip.frames.astype(int) - 200).max() <= 1


def tagged(primaries: int, transfer: int, matrix: int, codes: tuple[int, int, int], path: Path) -> Clip:
    """A 10-bit HEVC file of one colour with these tags, read."""

    def prepare(stream: VideoStream) -> None:
        coder = stream.codec_context
        coder.color_primaries, coder.color_trc, coder.colorspace, coder.color_range = primaries, transfer, matrix, 1

    frames = [flat(codes, form="yuv420p10le")] * 2
    options = {"x265-params": "log-level=none:bframes=0:frame-threads=1:pools=none", "crf": "4"}
    return Clip.load(files.video(path, frames, codec="libx265", form="yuv420p10le", options=options, prepare=prepare))


def test_ten_bits_are_rounded(tmp_path: Path) -> None:
    codes = (440, 360, 680)
    clip = tagged(1, 1, 1, codes, tmp_path / "a.mkv")
    assert np.abs(clip.frames[0, 8, 8] - decoded(codes, 1, full=False, depth=10)).max() <= 1
    assert clip.notes == ("10-bit pixels rounded to 8",)


@pytest.mark.parametrize(("transfer", "name", "white"), [(16, "PQ", 573), (18, "HLG", 721)])
def test_high_dynamic_range_becomes_standard(tmp_path: Path, transfer: int, name: str, white: int) -> None:
    """203 cd/m² is 58 % in PQ and 75 % in HLG (BT.2408)."""
    clip = tagged(9, transfer, 9, (white, 512, 512), tmp_path / "a.mkv")
    assert np.abs(clip.frames.astype(int) - 243).max() <= 2
    assert clip.notes == (f"HDR ({name}) brought to standard range", "10-bit pixels rounded to 8")


def test_wide_colours_of_standard_range_become_stronger(tmp_path: Path) -> None:
    codes = (440, 360, 680)
    clip = tagged(9, 14, 9, codes, tmp_path / "a.mkv")
    plain = decoded(codes, 9, full=False, depth=10)
    red, green, _ = clip.frames[0, 8, 8].astype(int)
    assert red > plain[0] + 5
    assert green < plain[1] - 5
    assert clip.notes == ("wide colours (BT.2020) brought to sRGB", "10-bit pixels rounded to 8")


@pytest.mark.parametrize("form", ["yuva420p", "rgba", "yuva444p"])
def test_whatever_is_transparent_is_shown_on_white(form: str) -> None:
    pixels = np.full((16, 16, 4), (200, 0, 0, 128), np.uint8)
    frame = av.VideoFrame.from_ndarray(pixels, "rgba").reformat(format=form)
    assert np.abs(shown(frame, None).astype(int) - (227, 127, 127)).max() <= 3
    assert changes(frame, None) == ["transparency shown on white"]
