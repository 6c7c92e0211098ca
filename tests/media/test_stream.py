"""Writing as frames come: ``stream`` of soramame.media.write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from soramame.errors import CancelledError, OutputError
from soramame.media import Clip, sound_kept, stream
from soramame.media.write import write
from tests.media.files import tone

KINDS = (".mp4", ".webm", ".gif", ".webp", ".png")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("cuts", [(1,), (2, 2, 5), (1, 2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_how_frames_are_dealt_out_makes_no_difference(
    clip: Clip, tmp_path: Path, kind: str, cuts: tuple[int, ...]
) -> None:
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    audio = tone(0.75)
    whole = write(tmp_path / "whole" / f"a{kind}", clip.frames, 8, clip.metadata, audio=audio)
    chunks = np.split(clip.frames, cuts)
    parts = stream(tmp_path / "parts" / f"a{kind}", iter(chunks), 8, clip.metadata, audio=audio)
    assert parts.name == whole.name
    assert content(tmp_path / "parts") == content(tmp_path / "whole")


@pytest.mark.parametrize("kind", KINDS)
def test_one_frame_is_one_file(clip: Clip, tmp_path: Path, kind: str) -> None:
    assert stream(tmp_path / f"a{kind}", [clip.frames[:0], clip.frames[:1]], 8, {}) == tmp_path / f"a{kind}"
    assert [path.name for path in tmp_path.iterdir()] == [f"a{kind}"]
    assert len(Clip.load(tmp_path / f"a{kind}").frames) == 1


def failing(frames: NDArray[np.uint8], error: BaseException) -> Iterator[NDArray[np.uint8]]:
    yield frames[:2]
    yield frames[2:4]
    raise error


@pytest.mark.parametrize(
    "error",
    [CancelledError("stopped."), KeyboardInterrupt(), OSError(28, "no space elsewhere"), ValueError("x")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_chunks_raise_passes_through_and_leaves_what_was_there(
    clip: Clip, tmp_path: Path, kind: str, error: BaseException
) -> None:
    clip.save(tmp_path / f"a{kind}")
    before = content(tmp_path)
    with pytest.raises(type(error)) as caught:
        stream(tmp_path / f"a{kind}", failing(255 - clip.frames, error), 8, {}, audio=tone())
    assert caught.value is error
    assert content(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
def test_frames_that_are_none_are_told(clip: Clip, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a{kind}"
    with pytest.raises(OutputError, match="no frames"):
        stream(path, [], 8, {})
    with pytest.raises(OutputError, match="one size"):
        stream(path, [clip.frames, clip.frames[:, :8]], 8, {})
    with pytest.raises(OutputError, match="uint8"):
        stream(path, [clip.frames[..., :2]], 8, {})
    with pytest.raises(OutputError, match="frames a second"):
        stream(path, [clip.frames], 0, {})
    assert content(tmp_path) == {}


@pytest.mark.parametrize("kind", [".mp4", ".webm", ".png"])
def test_frames_are_pulled_only_as_they_are_written(tmp_path: Path, kind: str) -> None:
    """Memory does not grow with length: what has been written is let go of, but for the few frames a coder looks ahead."""
    alive = ALIVE.replace("KIND", repr(kind))
    done = subprocess.run([sys.executable, "-c", alive, str(tmp_path)], capture_output=True, text=True, check=True)
    short, long = map(int, done.stdout.split())
    assert long - short < 6 << 20  # of 35 MiB of frames


ALIVE = """
import resource, sys
from pathlib import Path
import numpy as np
from soramame.media import stream

def chunks(count):
    for number in range(count):
        yield np.full((4, 240, 320, 3), number, np.uint8)

for count in (20, 60):
    stream(Path(sys.argv[1]) / ("a" + KIND), chunks(count), 8, {})
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10)
"""


def test_a_series_is_named_last_by_its_first_file(clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str] = []
    replace = os.replace

    def watched(source: Path, target: Path) -> None:
        named.append(target.name)
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    stream(tmp_path / "a.png", [clip.frames], 8, {})
    assert named[-1] == "a-0001.png"
    assert len(named) == 6


def test_a_series_in_which_every_file_says_the_number_is_still_read(clip: Clip, tmp_path: Path) -> None:
    """As series were written before they could be streamed."""
    for number, frame in enumerate(clip.frames, 1):
        info = PngImagePlugin.PngInfo()
        info.add_text("fps", "12")
        info.add_text("frames", "6")
        Image.fromarray(frame).save(tmp_path / f"old-{number:04d}.png", pnginfo=info)
    back = Clip.load(tmp_path / "old.png")
    assert np.array_equal(back.frames, clip.frames)
    assert back.fps == 12


def test_which_files_keep_sound_can_be_asked() -> None:
    assert [sound_kept(Path(f"a{kind}")) for kind in KINDS] == [True, True, False, False, False]
    assert sound_kept(Path("A.MP4"))
