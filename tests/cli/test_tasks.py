from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soramame.engine import Soramame
from soramame.media import Audio, Clip

Run = Callable[..., int]


@pytest.fixture
def model(tiny: Path) -> tuple[str, ...]:
    return "--model", str(tiny), "--device", "cpu", "--steps", "1"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    frames = np.random.default_rng(0).integers(0, 255, (6, 64, 128, 3), np.uint8)
    return Clip(frames=frames, fps=8, metadata={"prompt": "a dog"}).save(tmp_path / "clip.mp4")


def test_a_clip_is_extended_both_ways_joined_and_closed(
    run: Run, model: tuple[str, ...], clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mp4"
    name = str(clip)
    for command, frames in (
        (("extend", name, "--seconds", "1"), 14),
        (("extend", name, "--seconds", "1", "--backward", "--prompt", "snow"), 14),
        (("fill", name, name, "--seconds", "1"), 20),
        (("loop", name, "--seconds", "0.5"), 10),
    ):
        assert run(*command, "-o", str(out), "--json", *model) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["frames"] == len(Clip.load(out).frames) == frames
        assert told["task"].startswith(command[0])
    assert run("extend", name, "-o", str(out), *model) == 0
    assert capsys.readouterr().out.startswith(f"{out}: 2.8 s of video, 128x64, seed 0, made in ")


def test_a_clip_is_cut(
    run: Run, model: tuple[str, ...], clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, model = tmp_path / "out.mp4", model[:4]  # nothing is painted: it has no steps
    assert run("cut", str(clip), "--start", "0.25", "--end", "0.5", "-o", str(out), "--json", *model) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["task"], told["frames"], len(Clip.load(out).frames)) == ("cut", 2, 2)
    assert run("cut", str(clip), "-o", str(out), *model) == 0
    assert capsys.readouterr().out.startswith(f"{out}: 0.8 s of video, 128x64, made in ")
    assert run("cut", str(clip), "--start", "3", "-o", str(out), *model) == 2
    assert "a cut begins at 0 or later" in capsys.readouterr().err


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    white = np.zeros((1, 64, 128, 3), np.uint8)
    white[:, 10:40, 20:60] = 255
    return Clip(frames=white, fps=8).save(tmp_path / "mask.png")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    path = tmp_path / "film.toml"
    path.write_text(
        '[[shots]]\nseconds = 1.0\nprompt = "a dog"\n[[shots]]\nseconds = 1.0\nprompt = "snow"\ntransition = "dissolve"\n'
    )
    return path


def test_every_task_is_a_command(
    run: Run,
    model: tuple[str, ...],
    clip: Path,
    mask: Path,
    board: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, name = tmp_path / "out.mp4", str(clip)
    for command, frames, task in (
        (("fill", name, "--missing", "2-3,5"), 6, "fill missing"),
        (("blend", name, name, "--seconds", "0.5", "--strength", "0.8"), 6 + 6 - 4, "blend"),
        (("remix", name, "snow", "--strength", "0.5"), 6, "remix"),
        (("inpaint", name, "a ball", "--mask", str(mask)), 6, "inpaint"),
        (("upres", name, "--scale", "1.5"), 6, "upres"),
        (("storyboard", str(board), "--seed", "5"), 8 + 8 - 4, "storyboard"),
    ):
        if task == "blend":
            long = Clip(frames=np.repeat(Clip.load(clip).frames, 2, 0), fps=8).save(tmp_path / "long.mp4")
            command, frames = ("blend", str(long), str(long), *command[3:]), 20
        assert run(*command, "-o", str(out), "--json", *model) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["frames"] == len(Clip.load(out).frames) == frames
        assert told["task"] == task
        assert Clip.load(out).metadata["task"] == task


def test_what_was_stopped_goes_on(
    run: Run,
    model: tuple[str, ...],
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, whole = tmp_path / "out.mp4", tmp_path / "whole.mp4"
    command = ("extend", str(clip), "--seconds", "3", *model)
    assert run(*command, "-o", str(whole)) == 0
    walk, left = Soramame.walk, [2]

    def stopped(self: Soramame, *arguments: Any, **options: Any) -> Iterator[Any]:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        yield from walk(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Soramame, "walk", stopped)
        capsys.readouterr()
        assert run(*command, "-o", str(out)) == 130
    assert "the same command with --resume goes on from them" in capsys.readouterr().err
    assert not out.exists()
    assert run(*command, "-o", str(out), "--resume", "--seed", "9") == 2
    assert "begun with another" in capsys.readouterr().err
    assert run(*command, "-o", str(out), "--resume") == 0
    assert out.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.part"))
    assert run(*command, "-o", str(out), "--resume") == 2
    assert "leave --resume out" in capsys.readouterr().err


def test_sound_travels_and_is_missed_where_it_cannot(
    run: Run, model: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (8, 64, 128, 3), np.uint8)
    tone = (8000 * np.sin(np.arange(48000) / 20)).astype(np.int16)[:, None]
    source = Clip(frames=frames, fps=8, audio=Audio(samples=tone, rate=48000)).save(tmp_path / "tone.mp4")
    assert run("extend", str(source), "--seconds", "0.5", "-o", str(tmp_path / "out.mp4"), *model) == 0
    heard = Clip.load(tmp_path / "out.mp4").audio
    assert heard is not None
    assert np.abs(heard.samples[: heard.rate // 2]).max() > 4000
    capsys.readouterr()
    assert run("extend", str(source), "--seconds", "0.5", "-o", str(tmp_path / "out.gif"), *model) == 0
    assert ".gif has no sound" in capsys.readouterr().err


def test_what_was_done_to_a_source_is_said(
    run: Run, model: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wide = Clip(frames=np.zeros((12, 90, 160, 3), np.uint8), fps=12).save(tmp_path / "wide.mp4")
    assert run("extend", str(wide), "--seconds", "0.5", "-o", str(tmp_path / "out.mp4"), *model) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"{wide}: from 12 to 8 frames a second and scaled and cut from 160x90 to 128x64"


def test_bad_input_is_one_sentence_and_leaves_nothing(
    run: Run, model: tuple[str, ...], clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mp4"
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    for command in (
        ("extend", str(tmp_path / "none.mp4")),
        ("extend", str(broken)),
        ("extend", str(clip), "--seconds", "61"),
        ("loop", str(clip), "--steps", "0"),
        ("fill", str(clip), str(clip), "--solver", "magic"),
        ("fill", str(clip)),
        ("fill", str(clip), str(clip), "--missing", "1"),
        ("fill", str(clip), "--missing", "1", "--seconds", "2"),
        ("fill", str(clip), "--missing", "1-x"),
        ("fill", str(clip), "--missing", "0-5"),
        ("blend", str(clip), str(clip)),
        ("remix", str(clip), "snow", "--strength", "0"),
        ("inpaint", str(clip), "a ball", "--mask", str(clip), "--strength", "nan"),
        ("upres", str(clip), "--scale", "0"),
        ("storyboard", str(clip)),
        ("storyboard", str(tmp_path / "none.toml")),
    ):
        assert run(*command, "-o", str(out), *model[:4]) != 0
        said = capsys.readouterr().err
        assert said.startswith("soramame: ")
        assert said.count("\n") == 1
        assert not out.exists()


def test_a_clip_that_was_extended_is_not_repeated_as_if_it_were_generated(
    run: Run, model: tuple[str, ...], clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mp4"
    assert run("extend", str(clip), "--seconds", "0.5", "-o", str(out), *model) == 0
    assert run("generate", "--like", str(out), "-o", str(tmp_path / "b.mp4"), *model) != 0
    assert "was made by 'extend'" in capsys.readouterr().err
