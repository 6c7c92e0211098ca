from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from soramame.errors import MediaError, OutputError
from soramame.media import Clip, contact_sheet
from soramame.media import write as writing
from soramame.media.read import Limits, read


def moving(count: int = 6, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """A smooth gradient with a block that moves."""
    y, x = np.mgrid[0:height, 0:width]
    frames = np.stack([np.stack([x * 3, y * 4, np.full_like(x, 90)], -1)] * count).astype(np.uint8)
    for t in range(count):
        frames[t, 10:26, 4 * t : 4 * t + 16] = (220, 40, 60)
    return frames


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, np.square(a.astype(float) - b.astype(float)).mean())))


METADATA = {"prompt": "狼が雪の中で遊ぶ — five wolves", "seed": 7, "options": {"steps": 12}}


@pytest.mark.parametrize(("name", "floor"), [("a.mp4", 32), ("a.webm", 28), ("a.gif", 24), ("a.webp", 30)])
def test_round_trip_keeps_pixels_rate_and_metadata(tmp_path: Path, name: str, floor: float) -> None:
    clip = Clip(frames=moving(), fps=8, metadata=METADATA)
    back = Clip.load(clip.save(tmp_path / name))
    assert back.frames.shape == clip.frames.shape
    assert back.fps == pytest.approx(8, rel=0.05)  # GIF counts in hundredths of a second
    assert psnr(back.frames, clip.frames) > floor
    assert back.metadata == METADATA
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_pictures_are_exact(tmp_path: Path) -> None:
    frames = moving()
    Clip(frames=frames, fps=8, metadata=METADATA).save(tmp_path / "a.png")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"a-{n:04d}.png" for n in range(1, 7)]
    back = Clip.load(tmp_path / "a-0003.png")
    assert np.array_equal(back.frames[0], frames[2])
    assert back.metadata == METADATA


def test_odd_edges_are_padded_for_video(tmp_path: Path) -> None:
    back = Clip.load(Clip(frames=moving(3, 33, 65), fps=8).save(tmp_path / "a.mp4"))
    assert back.frames.shape[1:3] == (34, 66)


def test_the_index_comes_first_in_mp4(tmp_path: Path) -> None:
    data = Clip(frames=moving(), fps=8).save(tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\0\0\0\x20ftypisom" + b"\xff" * 64]
)
def test_hostile_files_are_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"^[^\n]+\.$"):
        Clip.load(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.webp", "a.png"])
def test_truncated_files_are_one_sentence(tmp_path: Path, name: str) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (1 if name.endswith("png") else 5, 64, 64, 3), np.uint8)
    path = Clip(frames=frames, fps=8).save(tmp_path / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(MediaError, match=r"^[^\n]+\.$"):
        Clip.load(path)


def test_limits_are_kept(tmp_path: Path) -> None:
    path = Clip(frames=moving(), fps=8).save(tmp_path / "a.mp4")
    for limits in (Limits(frames=3), Limits(edge=40), Limits(file_bytes=100), Limits(pixels=1000)):
        with pytest.raises(MediaError):
            read(path, limits)


def test_transparent_is_white_and_rotation_is_applied(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 4), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (Clip.load(tmp_path / "a.png").frames == 255).all()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 4)).save(tmp_path / "b.jpg", exif=exif)
    assert Clip.load(tmp_path / "b.jpg").frames.shape == (1, 8, 4, 3)


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = Clip(frames=moving(), fps=8)
    for path in (tmp_path / "none" / "a.mp4", tmp_path / "a.avi", tmp_path):
        with pytest.raises(OutputError):
            clip.save(path)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "_encode", full)
    with pytest.raises(OutputError, match="No space left"):
        clip.save(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_it_shows_itself_in_a_notebook() -> None:
    page = Clip(frames=moving(), fps=8, metadata={"prompt": "<wolf>"})._repr_html_()
    assert "data:video/mp4;base64," in page
    assert "&lt;wolf&gt;" in page


def test_a_sheet_holds_every_clip() -> None:
    sheet = contact_sheet([moving(), moving()], columns=2, per_clip=3, labels=["a", "b"])
    assert sheet.size == (2 * 3 * 64 + 6, 48 + 22)
    assert np.array_equal(np.asarray(sheet)[:48, :64], moving()[0])
