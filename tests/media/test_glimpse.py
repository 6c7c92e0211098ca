from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import Clip, glimpses
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
    assert [round(at, 2) for at, _ in pieces] == [0.0, 3.12, 6.25, 9.38]
    means = [frames.mean() for _, frames in pieces]
    assert means == sorted(means)


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
