from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from soramame.errors import MediaError
from soramame.media import Clip, Limits, read_picture
from soramame.media.content import decode_metadata
from soramame.media.read import read


def _png_claiming(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "broken png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "huge png": _png_claiming(50_000, 50_000),
    "long png": _png_claiming(1, 2_000_000_000),
    "broken mp4": b"\0\0\0\x20ftypisom" + b"\xff" * 64,
    "broken webm": b"\x1a\x45\xdf\xa3" + b"\xff" * 64,
    "broken gif": b"GIF89a" + b"\xff" * 64,
    "broken webp": b"RIFF\xff\xff\xff\x7fWEBPVP8X" + b"\xff" * 64,
    "broken jpeg": b"\xff\xd8\xff" + b"\xff" * 64,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(MediaError, match=r"^[^\n]+\.$"):
        Clip.load(path)


@pytest.mark.parametrize("form", ["#EXTM3U\n#EXTINF:1,\n{}\n", "ffconcat version 1.0\nfile {}\n"])
def test_a_file_cannot_make_other_files_be_read(clip: Clip, tmp_path: Path, form: str) -> None:
    other = clip.save(tmp_path / "private.mp4")
    path = tmp_path / "list.mp4"
    path.write_text(form.format(other.name))
    with pytest.raises(MediaError, match="not a video or picture"):
        Clip.load(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.webp", "a.png"])
def test_files_that_were_cut_off_are_refused(tmp_path: Path, name: str) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (1 if name.endswith("png") else 9, 64, 64, 3), np.uint8)
    path = Clip(frames=frames, fps=8).save(tmp_path / name)
    data = path.read_bytes()
    for share in (0.3, 0.6):
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(MediaError, match="cut off"):
            Clip.load(path)


@pytest.mark.parametrize("kind", ["mp4", "webm", "gif", "webp", "png"])
def test_damaged_files_are_read_or_refused_never_worse(clip: Clip, tmp_path: Path, kind: str) -> None:
    data = clip.save(tmp_path / f"a.{kind}").read_bytes()
    rng, path, refused = random.Random(0), tmp_path / "damaged", 0
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(min(len(data), 1200))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            read(path)
        except MediaError:
            refused += 1
    assert refused > 0


@pytest.mark.parametrize(
    "limits",
    [Limits(frames=3), Limits(edge=40), Limits(file_bytes=100), Limits(pixels=1000), Limits(seconds=0.5)],
    ids=["frames", "edge", "bytes", "pixels", "seconds"],
)
def test_limits_are_kept(clip: Clip, tmp_path: Path, limits: Limits) -> None:
    with pytest.raises(MediaError):
        Clip.load(clip.save(tmp_path / "a.mp4"), limits)


def test_a_long_animation_of_a_small_file_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    images = [Image.new("L", (500, 500), shade) for shade in range(40)]
    images[0].save(tmp_path / "a.gif", save_all=True, append_images=images[1:])
    with pytest.raises(MediaError, match="too long"):
        Clip.load(tmp_path / "a.gif", Limits(pixels=5_000_000))


def test_uncommon_codecs_are_named(clip: Clip, tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=8)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for frame in clip.frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame)))
        file.mux(stream.encode(None))
    with pytest.raises(MediaError, match="ffv1"):
        Clip.load(path)


def test_sound_alone_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.rate = 8000
        file.mux(stream.encode(sound))
        file.mux(stream.encode(None))
    with pytest.raises(MediaError, match="no video"):
        Clip.load(path)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.mp4", Path("/dev/zero"), Path("a\0b")):
        with pytest.raises(MediaError):
            Clip.load(path)


def test_a_picture_is_the_first_frame(clip: Clip, tmp_path: Path) -> None:
    clip.save(tmp_path / "a.png")
    assert np.array_equal(read_picture(tmp_path / "a.png"), clip.frames[0])
    path = clip.save(tmp_path / "a.mp4")
    assert np.array_equal(read_picture(path, Limits(frames=1)), Clip.load(path).frames[0])


@pytest.mark.parametrize("text", ["", "hello", "[1]", "7", b"\xff", None, 3, "[" * 100_000])
def test_other_peoples_comments_are_not_metadata(text: object) -> None:
    assert decode_metadata(text) == {}
