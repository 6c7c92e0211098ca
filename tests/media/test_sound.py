"""Sound in files: soramame.media.sound and the sound of soramame.media.encode."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from soramame.errors import MediaError
from soramame.media import Audio, Clip, Limits, cut, read_picture, silence
from soramame.media.audio import converted
from tests.media.files import shades, tone


def likeness(a: Audio, b: Audio) -> float:
    """Correlation of two sounds of one length, at no shift."""
    x, y = a.samples.astype(float).ravel(), b.samples.astype(float).ravel()
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def chirp(seconds: float, rate: int, channels: int) -> Audio:
    """A rising tone, which is like itself at no other shift."""
    t = np.arange(round(seconds * rate)) / rate
    wave = 9000 * np.sin(2 * np.pi * (200 + 600 * t) * t)
    return Audio(samples=np.repeat(wave[:, None], channels, axis=1).astype(np.int16), rate=rate)


def heard(path: Path) -> Audio:
    audio = Clip.load(path).audio
    assert audio is not None
    return audio


def film(
    path: Path, audio: Audio, *, coder: str = "aac", times: Sequence[float] = (0.0,), picture_at: float = 0.0
) -> Path:
    """One second of pictures from ``picture_at`` on, the sound beginning at each of ``times`` in seconds."""
    with av.open(str(path), "w") as file:
        video, sound = file.add_stream("libx264", rate=8), file.add_stream(coder, rate=audio.rate, layout="mono")
        assert isinstance(video, VideoStream)
        assert isinstance(sound, AudioStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for number, frame in enumerate(shades(*[9] * 8)):
            picture = av.VideoFrame.from_ndarray(frame)
            picture.pts, picture.time_base = number + round(8 * picture_at), Fraction(1, 8)
            file.mux(video.encode(picture))
        file.mux(video.encode(None))
        for time in times:
            block = av.AudioFrame.from_ndarray(audio.samples.reshape(1, -1), "s16", "mono")
            block.sample_rate, block.time_base, block.pts = (
                audio.rate,
                Fraction(1, audio.rate),
                round(time * audio.rate),
            )
            file.mux(sound.encode(block))
        file.mux(sound.encode(None))
    return path


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 44_100, 48_000])
@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_sound_travels_in_step(clip: Clip, tmp_path: Path, kind: str, rate: int, channels: int) -> None:
    audio = chirp(clip.seconds, rate, channels)
    back = heard(replace(clip, audio=audio).save(tmp_path / f"a{kind}"))
    assert back.rate == (rate if kind == ".mp4" else 48_000)
    assert back.samples.shape == (round(clip.seconds * back.rate), channels)
    assert likeness(back, converted(audio, back.rate, channels)) > 0.98


def test_a_rate_that_aac_does_not_know_is_converted(clip: Clip, tmp_path: Path) -> None:
    audio = chirp(clip.seconds, 9000, 1)
    back = heard(replace(clip, audio=audio).save(tmp_path / "a.mp4"))
    assert likeness(back, converted(audio, 48_000, 1)) > 0.98


@pytest.mark.parametrize("kind", [".gif", ".webp", ".png"])
def test_other_kinds_are_the_same_with_and_without_sound(clip: Clip, tmp_path: Path, kind: str) -> None:
    mute = clip.save(tmp_path / f"a{kind}")
    assert replace(clip, audio=tone(0.75)).save(tmp_path / f"b{kind}").read_bytes() == mute.read_bytes()


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_the_same_sound_is_the_same_file_whatever_lay_in_memory_before(tmp_path: Path, kind: str) -> None:
    lines = (
        "import sys",
        "from pathlib import Path",
        "from soramame.media import Clip",
        "from tests.media.files import shades, tone",
        "Clip(frames=shades(*range(0, 200, 40)), fps=8, audio=tone(0.6, rate=44100)).save(Path(sys.argv[1]))",
    )
    files = []
    for filling in ("1", "85", "200"):
        path = tmp_path / f"{filling}{kind}"
        environment = {**os.environ, "MALLOC_PERTURB_": filling}
        root = Path(__file__).parents[2]
        environment["PYTHONPATH"] = f"{root / 'src'}{os.pathsep}{root}"
        subprocess.run([sys.executable, "-c", "\n".join(lines), str(path)], env=environment, check=True)
        files.append(path.read_bytes())
    assert files[0] == files[1] == files[2]


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_sound_is_cut_where_the_picture_ends_and_quiet_where_it_ends_itself(
    clip: Clip, tmp_path: Path, kind: str
) -> None:
    long = replace(clip, audio=tone(3.0)).save(tmp_path / f"a{kind}")
    assert Clip.load(long).notes == ()  # cut when written
    assert heard(long).seconds == clip.seconds
    short = heard(replace(clip, audio=tone(0.3)).save(tmp_path / f"b{kind}"))
    assert short.seconds == clip.seconds
    assert np.abs(short.samples[:12_000]).max() > 5000
    assert np.abs(short.samples[-12_000:]).max() < 200


def test_a_sound_of_no_length_is_no_sound(clip: Clip, tmp_path: Path) -> None:
    path = replace(clip, audio=silence(0, tone())).save(tmp_path / "a.mp4")
    assert path.read_bytes() == clip.save(tmp_path / "b.mp4").read_bytes()
    assert Clip.load(path).audio is None


def test_sound_and_picture_are_woven(tmp_path: Path) -> None:
    """Long films start to play before they are whole: in the file, neither runs far ahead of the other."""
    frames = np.random.default_rng(0).integers(0, 255, (96, 32, 32, 3), np.uint8)
    path = Clip(frames=frames, fps=8, audio=tone(12.0)).save(tmp_path / "a.mp4")
    reached = {"video": 0.0, "audio": 0.0}
    with av.open(str(path)) as file:
        for packet in file.demux():
            if packet.dts is not None and packet.time_base is not None:
                reached[packet.stream.type] = float(packet.dts * packet.time_base)
                assert abs(reached["video"] - reached["audio"]) < 2


def test_sound_keeps_its_place_when_it_begins_before_or_after_the_picture(tmp_path: Path) -> None:
    audio = chirp(0.5, 48_000, 1)
    late = heard(film(tmp_path / "late.mkv", audio, times=[0.25]))
    assert likeness(late, cut(audio, -0.25, 1.0)) > 0.98
    early = heard(film(tmp_path / "early.mkv", audio, picture_at=0.25))
    assert likeness(early, cut(audio, 0.25, 1.0)) > 0.98


def test_a_gap_in_the_sound_is_quiet(tmp_path: Path) -> None:
    back = heard(film(tmp_path / "a.mkv", tone(0.2, channels=1), coder="pcm_s16le", times=[0.0, 0.6]))
    loud = np.abs(back.samples[:, 0].astype(int)).reshape(20, -1).max(1) > 1000
    assert loud.tolist() == [True] * 4 + [False] * 8 + [True] * 4 + [False] * 4


def test_sound_beyond_the_last_picture_is_cut_and_that_is_said(tmp_path: Path) -> None:
    clip = Clip.load(film(tmp_path / "a.mkv", tone(2.5, channels=1)))
    assert clip.audio is not None
    assert clip.audio.seconds == clip.seconds == 1
    assert clip.notes == ("sound cut to the length of the picture",)


def test_sound_of_a_coder_that_is_not_let_in_is_left_out(tmp_path: Path) -> None:
    clip = Clip.load(film(tmp_path / "a.mkv", tone(0.5, channels=1), coder="tta"))
    assert clip.audio is None
    assert len(clip.frames) == 8
    assert clip.notes == ("sound left out: it is coded as tta, which is not read",)


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_files_with_sound_that_were_cut_off_are_refused(tmp_path: Path, kind: str) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (9, 64, 64, 3), np.uint8)
    path = Clip(frames=frames, fps=8, audio=tone(9 / 8)).save(tmp_path / f"a{kind}")
    data = path.read_bytes()
    for share in (0.3, 0.6):
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(MediaError, match="cut off"):
            Clip.load(path)


def test_damaged_sound_never_makes_the_picture_unreadable(clip: Clip, tmp_path: Path) -> None:
    path = replace(clip, audio=tone(0.75)).save(tmp_path / "a.mp4")
    with av.open(str(path)) as file:
        places = [(p.pos, p.size) for p in file.demux(audio=0) if p.pos is not None and p.size]
    data = bytearray(path.read_bytes())
    for place, size in places:
        data[place : place + size] = b"\xff" * size
    path.write_bytes(data)
    back = Clip.load(path)
    assert len(back.frames) == 6
    assert back.audio is None
    assert back.notes == ("sound left out: it cannot be decoded",)


@pytest.mark.parametrize("kind", [".mp4", ".webm"])
def test_damaged_files_with_sound_are_read_or_refused_never_worse(clip: Clip, tmp_path: Path, kind: str) -> None:
    data = replace(clip, audio=tone(0.75)).save(tmp_path / f"a{kind}").read_bytes()
    rng, path = random.Random(0), tmp_path / "damaged"
    for _ in range(40):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(min(len(data), 1800))] = rng.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(MediaError):
            audio = Clip.load(path).audio
            assert audio is None or audio.seconds < Limits().seconds + 1


def test_a_picture_is_read_without_its_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "a.mkv", tone(0.5, channels=1))

    def deaf(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("soramame.media.video.hear", deaf)
    assert read_picture(path).shape == (48, 64, 3)
