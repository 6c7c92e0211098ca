from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.context import CodecContext

from soramame.errors import OutputError
from soramame.media import Clip, encode, psnr, save_picture, strip
from soramame.media import write as writing
from soramame.media.write import durations

KINDS = (".mp4", ".webm", ".gif", ".webp", ".png")


@pytest.mark.parametrize(("kind", "floor"), [(".mp4", 32), (".webm", 28), (".gif", 24), (".webp", 30), (".png", 99)])
def test_a_round_trip_keeps_pixels_rate_and_metadata(clip: Clip, tmp_path: Path, kind: str, floor: float) -> None:
    clip.save(tmp_path / f"a{kind}")
    back = Clip.load(tmp_path / f"a{kind}")
    assert back.frames.shape == clip.frames.shape
    assert back.fps == pytest.approx(8, rel=0.05)  # GIF counts in hundredths of a second
    assert psnr(back.frames, clip.frames) > floor
    assert back.metadata == clip.metadata


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_prompt_travels(clip: Clip, tmp_path: Path, kind: str) -> None:
    long = {"prompt": "豆" * 32_000}
    written = replace(clip, frames=clip.frames[:1], metadata=long).save(tmp_path / f"a{kind}")
    assert Clip.load(written).metadata == long


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_clip_is_the_same_file(clip: Clip, tmp_path: Path, kind: str) -> None:
    assert clip.save(tmp_path / f"a{kind}").read_bytes() == clip.save(tmp_path / f"b{kind}").read_bytes()


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_a_file_does_not_depend_on_what_lay_in_memory_before(tmp_path: Path, kind: str) -> None:
    """A coder that reads memory it never wrote is found out where the C library fills fresh memory as told (glibc)."""
    lines = (
        "import sys, numpy as np",
        "from pathlib import Path",
        "from soramame.media import Clip",
        "y, x = np.mgrid[0:96, 0:160].astype(np.float32)",
        "waves = [100 + 60 * np.sin(x / 9 + t) + 60 * np.cos(y / 7 - t / 2) for t in range(9)]",
        "grain = np.random.default_rng(0).normal(0, 12, (9, 96, 160, 3))",
        "frames = (np.stack(waves)[..., None] + grain).clip(0, 255).astype(np.uint8)",
        "Clip(frames=frames, fps=8).save(Path(sys.argv[1]))",
    )
    files = []
    for filling in ("1", "85", "200"):
        path = tmp_path / f"{filling}{kind}"
        environment = {**os.environ, "MALLOC_PERTURB_": filling}
        subprocess.run([sys.executable, "-c", "\n".join(lines), str(path)], env=environment, check=True)
        files.append(path.read_bytes())
    assert files[0] == files[1] == files[2]


def test_videos_play_everywhere(clip: Clip, tmp_path: Path) -> None:
    path = clip.save(tmp_path / "a.mp4")
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as file:
        coder = file.streams.video[0].codec_context
        assert (coder.name, coder.pix_fmt, coder.colorspace, coder.color_range) == ("h264", "yuv420p", 1, 1)


def test_odd_edges_are_padded_for_video(odd: Clip, tmp_path: Path) -> None:
    back = Clip.load(odd.save(tmp_path / "a.mp4"))
    assert back.frames.shape == (3, 34, 66, 3)
    assert psnr(back.frames[:, :33, :65], odd.frames) > 30


def test_a_series_of_pictures_is_numbered_and_exact(clip: Clip, tmp_path: Path) -> None:
    assert clip.save(tmp_path / "a.png") == tmp_path / "a-0001.png"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a-{n:04d}.png" for n in range(1, 7)]
    replace(clip, frames=clip.frames[:4]).save(tmp_path / "a.png")
    assert np.array_equal(Clip.load(tmp_path / "a.png").frames, clip.frames[:4])
    assert np.array_equal(Clip.load(tmp_path / "a-0003.png").frames[0], clip.frames[2])


def test_frames_are_shown_on_time_at_rates_that_a_kind_cannot_count() -> None:
    times = durations(120, 12, 10)
    assert sum(times) == 10_000
    assert set(times) == {80, 90}


@pytest.mark.parametrize(
    "name", ["none/a.mp4", "a.avi", "a", "", "x" * 300 + ".mp4", "a\0.mp4"], ids=lambda name: repr(name[:8])
)
def test_impossible_names_are_refused_in_a_sentence(clip: Clip, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"^[^\n]+\.$"):
        clip.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_metadata_has_to_be_json(clip: Clip, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="JSON"):
        replace(clip, metadata={"a": object()}).save(tmp_path / "a.mp4")


def test_a_folder_in_the_way_is_told(clip: Clip, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(OutputError, match="folder"):
        clip.save(tmp_path / "a.mp4")


def test_a_coder_that_is_not_there_is_told(clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        CodecContext.create("no such coder", "w")

    monkeypatch.setattr(encode, "_fill", missing)
    with pytest.raises(OutputError, match="no such coder"):
        clip.save(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


FULL = """
import resource, sys
import numpy as np
from soramame.errors import OutputError
from soramame.media import Clip
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
frames = np.random.default_rng(0).integers(0, 255, (8, 96, 96, 3), np.uint8)
for kind in ("mp4", "webm", "gif", "webp", "png"):
    try:
        Clip(frames=frames, fps=8).save(f"{sys.argv[1]}/a.{kind}")
    except OutputError as error:
        print(kind, error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system cannot limit the size of files")
def test_where_nothing_more_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    """A real limit on the size of files stands for a full disk: it fails in the same place, inside the coders."""
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["mp4", "webm", "gif", "webp", "png"], done.stderr
    assert all(line.endswith("could not be written: File too large.") for line in done.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupt_leaves_what_was_there_before(
    clip: Clip, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clip.save(tmp_path / f"a{kind}").read_bytes()
    names = {path.name for path in tmp_path.iterdir()}

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(encode, "_fill", interrupted)
    for place in ("_gif", "_webp", "_png"):
        monkeypatch.setattr(writing, place, interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace(clip, frames=strip([clip.frames, clip.frames])).save(tmp_path / f"a{kind}")
    assert {path.name for path in tmp_path.iterdir()} == names
    assert (tmp_path / min(names)).read_bytes() == before


def test_pictures_are_saved_whole(clip: Clip, tmp_path: Path) -> None:
    from PIL import Image

    path = save_picture(Image.fromarray(clip.frames[0]), tmp_path / "sheet.png")
    assert np.array_equal(Clip.load(path).frames, clip.frames[:1])
    with pytest.raises(OutputError, match=r"\.png"):
        save_picture(Image.fromarray(clip.frames[0]), tmp_path / "sheet.mp4")
