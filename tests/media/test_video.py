from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.codec import UnknownCodecError

from soramame.errors import MediaError
from soramame.media import Clip, Limits
from soramame.media.read import read
from tests.media import files
from tests.media.files import shades


def levels(clip: Clip) -> list[int]:
    """The grey of each frame, to the nearest ten."""
    return [int(10 * round(float(frame.mean()) / 10)) for frame in clip.frames]


CODERS = {"a.mp4": "libx264", "a.webm": "libvpx-vp9", "a.mkv": "libx264"}


@pytest.mark.parametrize("name", CODERS)
def test_a_varying_rate_becomes_constant(tmp_path: Path, name: str) -> None:
    times = [0, 40, 80, 120, 520, 560, 600, 1000]
    path = files.video(tmp_path / name, shades(*range(0, 240, 30)), codec=CODERS[name], times=times)
    clip = Clip.load(path)
    assert clip.fps == 6 or clip.fps == 8
    middles = (np.arange(len(clip.frames)) + 0.5) / clip.fps * 1000
    expected = [30 * (int(np.searchsorted(times, middle, "right")) - 1) for middle in middles]
    assert levels(clip) == expected
    assert clip.notes == (f"made constant at {clip.fps:g} frames a second",)


@pytest.mark.parametrize("name", CODERS)
@pytest.mark.parametrize("fps", [8, 12.5, 23.976])
def test_a_constant_rate_comes_back_frame_by_frame(tmp_path: Path, name: str, fps: float) -> None:
    times = [round(1000 * n / fps) for n in range(24)]
    clip = Clip.load(files.video(tmp_path / name, shades(*range(0, 240, 10)), codec=CODERS[name], times=times))
    assert levels(clip) == list(range(0, 240, 10))
    assert clip.notes == ()
    assert clip.fps == pytest.approx(fps, rel=0.02)


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
@pytest.mark.parametrize("fps", [7.3, 24, 29.97, 60])
def test_what_this_system_writes_needs_nothing_done(tmp_path: Path, kind: str, fps: float) -> None:
    frames = shades(*range(0, 250, 5))
    clip = Clip.load(Clip(frames=frames, fps=fps).save(tmp_path / f"a{kind}"))
    assert clip.fps == pytest.approx(fps)
    assert clip.notes == ()
    assert len(clip.frames) == 50
    assert np.abs(clip.frames.astype(int) - frames).max() <= 3


@pytest.mark.parametrize("times", [[0, 100, 3_000_000], [0, 40, 200_000]])
def test_times_far_apart_are_refused_and_do_not_fill_the_memory(tmp_path: Path, times: Sequence[int]) -> None:
    path = files.video(tmp_path / "a.mkv", shades(0, 90, 200), times=times)
    with pytest.raises(MediaError, match=r"too long|seconds long"):
        Clip.load(path, Limits(seconds=100, frames=200))


@pytest.mark.parametrize("name", CODERS)
def test_a_clip_of_one_frame_is_a_clip(tmp_path: Path, name: str) -> None:
    clip = Clip.load(files.video(tmp_path / name, shades(90), codec=CODERS[name]))
    assert levels(clip) == [90]
    assert clip.notes == ()


@pytest.mark.parametrize("codec", ["mjpeg", "mpeg4", "libx265", "libvpx", "libsvtav1", "libvpx-vp9", "libx264"])
def test_every_coder_that_is_let_in_is_read(tmp_path: Path, codec: str) -> None:
    form = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    options = {"x265-params": "log-level=none:bframes=0:frame-threads=1:pools=none"} if codec == "libx265" else {}
    path = files.video(tmp_path / "a.mkv", shades(30, 120, 210), codec=codec, form=form, options=options)
    assert levels(Clip.load(path)) == [30, 120, 210]


def clear(alpha: Sequence[int]) -> list[av.VideoFrame]:
    """Red on top of nothing, more or less transparent from left to right."""
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[..., 0], pixels[..., 3] = 200, np.repeat(alpha, 64 // len(alpha))
    return [av.VideoFrame.from_ndarray(pixels, "rgba")] * 3


def test_transparency_in_webm_is_shown_on_white(tmp_path: Path) -> None:
    frames = clear([0, 128, 255, 255])
    clip = Clip.load(files.video(tmp_path / "a.webm", frames, codec="libvpx-vp9", form="yuva420p"))
    assert len(clip.frames) == 3
    assert clip.notes == ("transparency shown on white",)
    for x, expected in ((5, (255, 255, 255)), (24, (227, 127, 127)), (50, (200, 0, 0))):
        assert np.abs(clip.frames[1, 24, x].astype(int) - expected).max() <= 6


def test_transparency_that_no_decoder_sees_is_left_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.video(tmp_path / "a.webm", clear([0, 255]), codec="libvpx-vp9", form="yuva420p")

    class Missing:
        @staticmethod
        def create(name: str, mode: str) -> None:
            raise UnknownCodecError(name)

    monkeypatch.setattr(av, "CodecContext", Missing)
    clip = Clip.load(path)
    assert clip.notes == ("transparency left out",)
    assert np.abs(clip.frames[0, 24, 5].astype(int) - (200, 0, 0)).max() <= 6


def test_the_first_picture_is_as_it_is_in_the_clip(tmp_path: Path) -> None:
    path = files.video(tmp_path / "a.mp4", files.corners(), prepare=lambda stream: stream.set_display_rotation(90))
    first = read(path, first_only=True)
    assert np.array_equal(first.frames, Clip.load(path).frames[:1])
    assert first.notes == ("turned upright by 90 degrees",)
