from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import Clip, glimpse, glimpses
from tests.engine.clips import moving


def test_a_short_video_is_one_piece(tmp_path: Path) -> None:
    path = moving(20).save(tmp_path / "a.mp4")
    ((at, frames),) = glimpses(path)
    assert at == 0
    assert np.array_equal(frames, Clip.load(path).frames)


def test_of_a_long_one_pieces_are_seen_at_even_distances(tmp_path: Path) -> None:
    clip = moving(100)
    path = clip.save(tmp_path / "a.mp4")
    pieces = list(glimpses(path, spans=4, frames=3))
    assert [len(frames) for _, frames in pieces] == [3, 3, 3, 3]
    times = [at for at, _ in pieces]
    assert times[0] == 0
    assert np.allclose(times, [0.0, 3.12, 6.25, 9.38], atol=1.5)  # the key frame before
    shown = [
        (frames.mean() - pieces[0][1].mean()) / 2 / 8 for _, frames in pieces
    ]  # two levels brighter a frame, 8 a second
    assert np.allclose(times, shown, atol=0.1)


def test_what_lies_behind_a_far_key_frame_is_not_said_to_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten hours that begin with their only key frame: they can be decoded from there alone."""
    monkeypatch.setattr(glimpse, "SKIPPED", 20)
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=1, options={"g": "9999", "sc_threshold": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(300):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number % 200, np.uint8), format="rgb24")
            frame.pts, frame.time_base = 120 * number, Fraction(1)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    (first, _), (at, frames) = glimpses(path)
    assert (first, at) == (0, 20 * 120)
    assert len(frames) == 32
    assert frames[0].mean() == pytest.approx(20, abs=2)


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.gif"])
def test_pictures_are_one_piece(tmp_path: Path, name: str) -> None:
    moving(5).save(tmp_path / name)
    ((_, frames),) = glimpses(tmp_path / name)
    assert np.array_equal(frames, Clip.load(tmp_path / name).frames)


def test_what_is_no_video_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + b"x" * 99)
    with pytest.raises(MediaError):
        list(glimpses(path))
