from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from soramame.cli.like import like
from soramame.engine import Request, Soramame
from soramame.media import Clip
from soramame.media import encode as encoding

Run = Callable[..., int]


@pytest.fixture
def model(tiny: Path) -> tuple[str, ...]:
    return "--model", str(tiny), "--device", "cpu"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (80, 200, 3), np.uint8)).save(path)
    return path


def test_a_clip_can_be_repeated_bit_for_bit(
    run: Run, model: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    made = (
        "--seed",
        "4",
        "--size",
        "64x96",
        "--seconds",
        "0.5",
        "--steps",
        "2",
        "--guidance",
        "1.5",
        "--negative",
        "no",
    )
    assert run("generate", "a dog", "-o", str(one), *made, "--solver", "heun", *model) == 0
    assert capsys.readouterr().out.startswith(f"{one}: 0.6 s of video, 64x96, seed 4, made in ")
    assert run("generate", "--like", str(one), "-o", str(two), "--json", *model) == 0
    assert one.read_bytes() == two.read_bytes()
    told = json.loads(capsys.readouterr().out)
    assert (told["output"], told["seed"], told["prompt"], told["frames"]) == (str(two), 4, "a dog", 5)


def test_other_options_change_what_is_repeated(run: Run, model: tuple[str, ...], tmp_path: Path) -> None:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    assert run("generate", "a dog", "-o", str(one), "--steps", "2", "--seconds", "0.1", *model) == 0
    assert run("generate", "a cat", "--like", str(one), "--seed", "5", "-o", str(two), *model) == 0
    first, second = Clip.load(one).metadata, Clip.load(two).metadata
    changed = {key for key in first if first[key] != second[key]}
    assert changed == {"prompt", "seed"}


def test_words_that_a_file_keeps_to_itself_are_given_again(
    run: Run, model: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, three = (tmp_path / f"{name}.mp4" for name in ("one", "two", "three"))
    policy = tmp_path / "policy.toml"
    policy.write_text(
        '[record]\nrecipe_prompt = "hash"\n[switches]\nframes = false\ncredentials = false\n', encoding="utf-8"
    )
    made = ("--steps", "1", "--seconds", "0.1", "--negative", "rain")
    common = ("--policy", str(policy), *model)
    assert run("generate", "a dog on the beach", *made, "-o", str(one), *common) == 0
    assert b"beach" not in one.read_bytes()
    assert run("generate", "--like", str(one), "-o", str(two), *common) == 2
    assert "tells its prompt by a hash only: give it again, as a sentence" in capsys.readouterr().err
    assert run("generate", "a dog on the beach", "--like", str(one), "-o", str(two), *common) == 2
    assert "as --negative" in capsys.readouterr().err
    again = ("--like", str(one), "--negative", "rain")
    assert run("generate", "a dog on the beach", *again, "-o", str(two), *common) == 0
    assert one.read_bytes() == two.read_bytes()
    assert run("generate", "a cat on the beach", *again, "-o", str(three), *common) == 0
    assert one.read_bytes() != three.read_bytes()
    assert like(one).is_prompt("a dog on the beach")
    assert not like(one).is_prompt("a cat on the beach")


def test_the_clip_clears_up_out_of_noise(run: Run, tmp_path: Path) -> None:
    clip, noise = tmp_path / "clip.png", tmp_path / "noise.png"
    shape = ("--size", "128x64", "--seconds", "1")
    assert run("generate", "a dog", "-o", str(clip), "--show-denoising", str(noise), *shape) == 0
    made, panels = Clip.load(clip), Clip.load(noise)
    assert panels.frames.shape == (9, 2 * 64, 3 * 128, 3)
    assert np.array_equal(panels.frames[:, 64:, 128:256], made.frames)
    apart = [np.abs(panels.frames[:, :64, x : x + 128].astype(int) - made.frames).mean() for x in (0, 128, 256)]
    assert apart == sorted(apart, reverse=True)
    assert panels.metadata["said"] == "a dog"


def test_pictures_at_both_ends_can_be_repeated_if_they_are_given_again(
    run: Run, model: tuple[str, ...], picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    ends = ("--image", str(picture), "--last-image", str(picture))
    assert run("generate", "it moves", *ends, "-o", str(one), *model) == 0
    assert Clip.load(one).frames.shape == (9, 64, 128, 3)
    assert run("generate", "--like", str(one), "-o", str(two), *ends[:2], *model) == 2
    assert "--last-image" in capsys.readouterr().err
    assert not two.exists()
    assert run("generate", "--like", str(one), "-o", str(two), *ends, *model) == 0
    assert one.read_bytes() == two.read_bytes()


def test_other_weights_repeat_nothing_unless_they_are_named(
    run: Run, model: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sora: Soramame
) -> None:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    clip = sora.generate("a dog", seconds=0.1, steps=1)
    replace(clip, metadata={**clip.metadata, "model_sha256": "0" * 64}).save(one)
    monkeypatch.setattr("soramame.engine.verbs.load_model", lambda name: load(model[1]))
    from soramame.weights.store import load_model as load

    assert run("generate", "--like", str(one), "-o", str(two)) == 2
    assert run("generate", "--like", str(one), "-o", str(two), *model) == 0


STRANGE: list[dict[str, Any]] = [
    {},
    {"generator": "another"},
    {"generator": "soramame"},
    {"seed": "7"},
    {"seed": True},
    {"seconds": None},
    {"seconds": 1e9},
    {"size": "9x9"},
    {"prompt": ["a"]},
    {"device": "abacus"},
    {"attention": "none"},
    {"solver": "magic"},
]


@pytest.mark.parametrize("change", STRANGE, ids=str)
def test_strange_recipes_are_refused(
    run: Run,
    model: tuple[str, ...],
    sora: Soramame,
    tmp_path: Path,
    change: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = dict(sora.recipe(sora.complete(Request(prompt="x"))))
    metadata = change if change == {} or "generator" in change else told | change
    frames = np.zeros((1, 64, 64, 3), np.uint8)
    one = Clip(frames=frames, fps=8, metadata=metadata).save(tmp_path / "one.png")
    assert run("generate", "--like", str(one), "-o", str(tmp_path / "two.png"), *model[:2]) in (2, 3)
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "two.png").exists()


BAD: list[tuple[tuple[str, ...], int]] = [
    (("",), 2),
    (("   ",), 2),
    ((), 2),
    (("x" * 40_000,), 2),
    (("\udcff",), 2),
    (("x", "--size", "0x0"), 2),
    (("x", "--size", "10000x10000"), 2),
    (("x", "--size", "100x100"), 2),
    (("x", "--size", "large"), 2),
    (("x", "--seconds", "0"), 2),
    (("x", "--seconds", "-1"), 2),
    (("x", "--seconds", "61"), 2),
    (("x", "--seconds", "nan"), 2),
    (("x", "--seconds", "long"), 2),
    (("x", "--seed", "-1"), 2),
    (("x", "--steps", "0"), 2),
    (("x", "--guidance", "inf"), 2),
    (("x", "--solver", "magic"), 2),
    (("x", "--frobnicate"), 2),
    (("x", "y"), 2),
    (("x", "--device", "abacus"), 2),
    (("x", "--dtype", "int1"), 2),
    (("x", "--last-image", "text.png"), 3),
    (("x", "--model", "nope"), 4),
    (("x", "--model", "a\0b"), 4),
    (("x", "--image", "missing.png"), 3),
    (("x", "--image", "text.png"), 3),
    (("x", "--image", "."), 3),
    (("x", "--like", "missing.mp4"), 3),
    (("x", "--like", "text.png"), 3),
    (("x", "-o", "no/such/folder/a.mp4"), 5),
    (("x", "-o", "a.avi"), 5),
    (("x", "-o", "."), 5),
    (("x", "-o", "a.mp4", "--show-denoising", "./a.mp4"), 2),
    (("x", "-o", "a.mp4", "--show-denoising", "a.txt"), 5),
]


@pytest.mark.parametrize(("arguments", "status"), BAD, ids=lambda value: ascii(value)[:60])
def test_bad_input_is_one_sentence_and_leaves_nothing(
    run: Run,
    arguments: tuple[str, ...],
    status: int,
    model: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    monkeypatch.chdir(tmp_path)
    chosen = () if "--model" in arguments else model[:2]
    assert run("generate", *chosen, *arguments) == status
    message = capsys.readouterr().err
    assert message.startswith("soramame: ")
    assert message.endswith(".\n")
    assert message.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["text.png"]


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_in_the_middle_leaves_nothing(
    run: Run, model: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, status: int
) -> None:
    def stopped(self: Soramame, *arguments: Any, **options: Any) -> Iterator[Any]:
        for event in whole(self, *arguments, **options):
            signal.raise_signal(signal.Signals[name])
            yield event

    whole = Soramame.walk
    monkeypatch.setattr(Soramame, "walk", stopped)
    before = signal.getsignal(signal.SIGTERM)
    assert run("generate", "x", "-o", str(tmp_path / "a.mp4"), *model) == status
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_while_writing_leaves_nothing(
    run: Run, model: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = encoding.mp4

    def stopped(path: Path, frames: Any, *arguments: Any, **options: Any) -> None:
        whole(path, frames, *arguments, **options)
        assert path.stat().st_size > 0
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(encoding, "mp4", stopped)
    assert run("generate", "x", "-o", str(tmp_path / "a.mp4"), *model) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(
    run: Run,
    model: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encoding, "mp4", full)
    assert run("generate", "x", "-o", str(tmp_path / "a.mp4"), *model) == 5
    assert capsys.readouterr().err == f"soramame: {tmp_path / 'a.mp4'} could not be written: No space left on device.\n"
    assert list(tmp_path.iterdir()) == []


def test_altered_weights_are_refused(run: Run, tiny: Path, tmp_path: Path) -> None:
    for path in tiny.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "dit.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    assert run("generate", "x", "--model", str(tmp_path), "-o", str(tmp_path / "a.mp4")) == 4
    assert not (tmp_path / "a.mp4").exists()
