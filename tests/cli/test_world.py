from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soramame.media import Clip

Run = Callable[..., int]


def test_render_writes_clips_captions_and_truth_from_the_seed(run: Run, tmp_path: Path) -> None:
    options = ("--count", "2", "--seed", "5", "--size", "96x64", "--seconds", "0.5", "--fps", "8")
    for name in ("one", "two"):
        assert run("world", "render", "-o", str(tmp_path / name), *options) == 0
    names = ["000005.json", "000005.mp4", "000006.json", "000006.mp4"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    told = json.loads((tmp_path / "one" / "000005.json").read_text())
    clip = Clip.load(tmp_path / "one" / "000005.mp4")
    assert clip.frames.shape == (5, 64, 96, 3)
    assert clip.metadata["prompt"] in [caption["text"] for caption in told["captions"]]
    assert {caption["language"] for caption in told["captions"]} == {"en", "ja"}


def test_sheet_is_a_picture(run: Run, tmp_path: Path) -> None:
    assert run("world", "sheet", "-o", str(tmp_path / "a.png"), "--count", "1", "--curriculum", "mame") == 0
    assert Clip.load(tmp_path / "a.png").frames.shape[2] == 4 * 256


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("render", "-o", "new", "--size", "0x0"), 2),
        (("render", "-o", "new", "--size", "65x64"), 2),
        (("render", "-o", "new", "--seconds", "nan"), 2),
        (("render", "-o", "new", "--count", "0"), 2),
        (("render", "-o", "new", "--seed", "-1"), 2),
        (("render", "-o", "new", "--curriculum", "x"), 2),
        (("render",), 2),
        (("render", "-o", "there/sub", "--seconds", "0.1"), 5),
        (("sheet", "-o", "sheet.mp4"), 5),
        (("sheet", "-o", "none/sheet.png"), 5),
    ],
    ids=str,
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    run: Run,
    arguments: tuple[str, ...],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "there").write_text("a file where a folder should be")
    monkeypatch.chdir(tmp_path)
    assert run("world", *arguments) == status
    message = capsys.readouterr().err
    assert message.startswith("soramame: ")
    assert message.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
