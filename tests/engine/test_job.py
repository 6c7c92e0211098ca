from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from soramame.engine import Request, Soramame, begun, storyboard, tasks
from soramame.engine.film import Film
from soramame.engine.job import folder_of
from soramame.errors import CancelledError, OptionError, OutputError
from soramame.media import Clip
from soramame.prompt.storyboard import parse_storyboard
from tests.engine.clips import moving


def films(sora: Soramame) -> dict[str, Film]:
    """One of every way of painting in more than one window."""
    how: dict[str, Any] = {"steps": 2, "solver": "renoise"}
    one, mask = moving(22), np.zeros((64, 128), bool)
    mask[10:30, 20:50] = True
    return {
        "generate": tasks.generate(sora, Request(prompt="a dog", seconds=3.0, **how)),
        "extend": tasks.extend(sora, one, seconds=2.5, backward=False, prompt=None, **how),
        "backward": tasks.extend(sora, one, seconds=2.5, backward=True, prompt=None, **how),
        "fill": tasks.fill(sora, one, one, seconds=2.5, prompt=None, **how),
        "remix": tasks.remix(sora, one, "snow", strength=0.5, **how),
        "inpaint": tasks.inpaint(sora, one, mask, "snow", **how),
        "mend": tasks.mend(sora, one, [(2, 5), (10, 17)], prompt=None, **how),
        "blend": tasks.blend(sora, one, one, seconds=2.0, prompt=None, **how),
        "board": storyboard(sora, parse_storyboard(BOARD, name="film.toml", folder=Path()), steps=2),
        "euler": tasks.generate(sora, Request(prompt="a dog", seconds=2.0, steps=3, solver="euler")),
    }


NAMES = ("generate", "extend", "backward", "fill", "remix", "inpaint", "mend", "blend", "board", "euler")
BOARD = """
size = "128x64"
[[shots]]
seconds = 2.0
prompt = "a dog"
[[shots]]
seconds = 3.0
prompt = "snow"
transition = "dissolve"
"""


class Stopped(KeyboardInterrupt):
    """Ctrl-C."""


def interrupted(sora: Soramame, monkeypatch: pytest.MonkeyPatch, walks: int) -> None:
    """Ctrl-C comes when the model is asked for another walk after so many."""
    whole, left = Soramame.walk, [walks]

    def walk(self: Soramame, *arguments: Any, **options: Any) -> Iterator[Any]:
        if not left[0]:
            raise Stopped
        left[0] -= 1
        yield from whole(self, *arguments, **options)

    monkeypatch.setattr(Soramame, "walk", walk)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("walks", [1, 2, 6, 7])
def test_resumed_is_uninterrupted(
    sora: Soramame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, walks: int
) -> None:
    film, target = films(sora)[name], tmp_path / "out.png"
    whole = sora.show(film).frames
    with monkeypatch.context() as patch:
        interrupted(sora, patch, walks)
        try:
            sora.write(film, target)
        except (CancelledError, Stopped):
            pass
        else:
            return  # it had fewer walks
    assert not list(tmp_path.glob("*.png"))
    assert begun(target)["prompt"] == film.metadata["prompt"]
    asked: list[int] = []
    written = sora.write(film, target, resume=True, on_progress=lambda at: asked.append(at.step))
    assert written.frames == len(whole)
    assert asked == sorted(asked)
    assert np.array_equal(Clip.load(target).frames, whole)
    assert not folder_of(target).exists(), "nothing is left when it is done"


def test_a_written_film_is_the_film_shown(sora: Soramame, tmp_path: Path) -> None:
    for name, film in films(sora).items():
        written = sora.write(film, tmp_path / f"{name}.png")
        assert np.array_equal(Clip.load(tmp_path / f"{name}.png").frames, sora.show(film).frames)
        assert written.frames == len(sora.show(film).frames)


def test_who_is_stopped_is_told_how_to_go_on(sora: Soramame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = films(sora)["extend"]
    interrupted(sora, monkeypatch, 2)
    with pytest.raises(CancelledError, match="--resume"):
        sora.write(film, tmp_path / "out.mp4")


def test_another_film_is_not_taken_up(sora: Soramame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.mp4"
    with monkeypatch.context() as patch:
        interrupted(sora, patch, 2)
        with pytest.raises(CancelledError):
            sora.write(films(sora)["extend"], target)
    other = tasks.extend(sora, moving(22), seconds=2.5, backward=False, prompt=None, steps=2, seed=9)
    with pytest.raises(OptionError, match=r"begun with another .*seed"):
        sora.write(other, target, resume=True)
    assert folder_of(target).exists(), "and nothing is lost"
    sora.write(films(sora)["extend"], target)
    assert not folder_of(target).exists()


@pytest.mark.parametrize("content", [b"{", b"", b'{"metadata": {}, "windows": [1]}'])
@pytest.mark.parametrize("damage", ["film.json", "frames", "kept"])
def test_a_damaged_folder_is_one_sentence(
    sora: Soramame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, content: bytes
) -> None:
    target = tmp_path / "out.mp4"
    with monkeypatch.context() as patch:
        interrupted(sora, patch, 2)
        with pytest.raises(CancelledError):
            sora.write(films(sora)["extend"], target)
    for path in folder_of(target).glob(f"{damage}*"):
        path.write_bytes(content)
    with pytest.raises(OptionError, match="leave --resume out"):
        sora.write(films(sora)["extend"], target, resume=True)


def test_a_folder_of_somebody_elses_is_left_alone(sora: Soramame, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out.mp4")
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="is something else"):
        sora.write(films(sora)["extend"], tmp_path / "out.mp4")
    assert (folder / "thesis.txt").read_text() == "years of work"


def test_other_parts_with_the_same_recipe_are_not_mixed(
    sora: Soramame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = [
        parse_storyboard(BOARD.replace("dissolve", kind), name="x", folder=Path()) for kind in ("dissolve", "cut")
    ]
    one, other = (storyboard(sora, board, steps=2) for board in boards)
    with monkeypatch.context() as patch:
        interrupted(sora, patch, 3)
        with pytest.raises((CancelledError, Stopped)):
            sora.write(one, tmp_path / "out.mp4")
    with pytest.raises(OptionError, match="begun with another"):
        sora.write(replace(other, metadata=one.metadata), tmp_path / "out.mp4", resume=True)


def test_nobody_who_watches_is_left_in_inference_mode(sora: Soramame) -> None:
    seen = []
    sora.generate("a dog", steps=2, on_progress=lambda _: seen.append(torch.is_inference_mode_enabled()))
    assert seen == [False, False]


def test_there_has_to_be_something_to_take_up(sora: Soramame, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="leave --resume out"):
        sora.write(films(sora)["extend"], tmp_path / "out.mp4", resume=True)
