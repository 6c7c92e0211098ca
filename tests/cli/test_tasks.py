from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from soramame.media import Clip

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
