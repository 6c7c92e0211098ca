from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soramame.engine import Soramame, storyboard
from soramame.errors import ConfigError
from soramame.prompt.storyboard import parse_storyboard
from tests.engine.clips import moving

FILM = """
seed = 3
size = "128x64"
style = "ink"
[characters.rex]
look = "a brown dog"
[[shots]]
seconds = 2.0
prompt = "{rex} runs"
[[shots.cards]]
at = 1.0
prompt = "{rex} sits"
[[shots]]
seconds = 1.5
prompt = "{rex} in the snow"
TRANSITION
"""


def film(sora: Soramame, text: str, folder: Path, **options: int) -> np.ndarray:
    board = parse_storyboard(text, name="film.toml", folder=folder)
    return sora.show(storyboard(sora, board, **{"steps": 1, **options})).frames


@pytest.mark.parametrize(("transition", "frames"), [("", 28), ('transition = "dissolve"', 24)])
def test_shots_follow_one_another(sora: Soramame, tmp_path: Path, transition: str, frames: int) -> None:
    """A dissolve is a time that both shots share."""
    made = film(sora, FILM.replace("TRANSITION", transition), tmp_path)
    assert made.shape == (frames, 64, 128, 3)
    cut = film(sora, FILM.replace("TRANSITION", ""), tmp_path)
    shared = 16 - (28 - frames)
    assert np.array_equal(made[:shared], cut[:shared])
    if transition:
        assert np.array_equal(made[16:], cut[20:]), "the second shot is the same behind the dissolve"


def test_what_is_said_from_a_card_on_matters_from_there_on(sora: Soramame, tmp_path: Path) -> None:
    one, other = (
        film(sora, FILM.replace("TRANSITION", "").replace("sits", verb), tmp_path) for verb in ("sits", "eats")
    )
    assert np.array_equal(one[:8], other[:8])
    assert not np.array_equal(one[8:16], other[8:16])
    assert np.array_equal(one[16:], other[16:])


def test_pictures_and_clips_stand_where_their_cards_say(sora: Soramame, tmp_path: Path) -> None:
    picture, clip = moving(1).frames[0][::-1].copy(), moving(6, first=20)
    Image.fromarray(picture).save(tmp_path / "a.png")
    clip.save(tmp_path / "b.gif")
    text = FILM.replace(
        "TRANSITION", '[[shots.cards]]\nat = 0\nimage = "a.png"\n[[shots.cards]]\nat = 0.6\nclip = "b.gif"'
    )
    made = film(sora, text, tmp_path)
    assert made.shape[0] == 28
    assert np.array_equal(made[16], picture)
    assert np.array_equal(made[21:27], clip.frames)


@pytest.mark.parametrize("kind", ["image", "clip"])
def test_a_known_beginning_can_be_dissolved_into(sora: Soramame, tmp_path: Path, kind: str) -> None:
    moving(6).save(tmp_path / "b.gif")
    Image.fromarray(moving(1).frames[0]).save(tmp_path / "a.png")
    name = {"image": "a.png", "clip": "b.gif"}[kind]
    text = FILM.replace("TRANSITION", f'transition = "dissolve"\n[[shots.cards]]\nat = 0\n{kind} = "{name}"')
    made = film(sora, text, tmp_path)
    if kind == "clip":
        assert np.array_equal(made[16:18], moving(6).frames[4:])
    assert len(made) == 24


def test_a_shot_may_lead_up_to_a_clip(sora: Soramame, tmp_path: Path) -> None:
    moving(6).save(tmp_path / "b.gif")
    text = FILM.replace("TRANSITION", '[[shots.cards]]\nat = 1.0\nclip = "b.gif"')
    made = film(sora, text, tmp_path)
    assert len(made) == 28
    assert np.array_equal(made[24:28], moving(6).frames[:4]), "what would be beyond the shot is cut"


def test_clips_that_overlap_are_named_by_their_lines(sora: Soramame, tmp_path: Path) -> None:
    moving(6).save(tmp_path / "b.gif")
    cards = '[[shots.cards]]\nat = 0\nclip = "b.gif"\n[[shots.cards]]\nat = 0.5\nclip = "b.gif"'
    with pytest.raises(ConfigError, match=r"lines 16 and 19 overlap: .* until 0\.75 s"):
        film(sora, FILM.replace("TRANSITION", cards), tmp_path)


def test_a_shot_too_short_for_its_dissolve_is_named_by_its_line(sora: Soramame, tmp_path: Path) -> None:
    text = FILM.replace("TRANSITION", 'transition = "dissolve"').replace("seconds = 1.5", "seconds = 0.7")
    with pytest.raises(ConfigError, match=r"line 13: transition: a dissolve takes 0\.5 s at least"):
        film(sora, text, tmp_path)


@pytest.mark.parametrize("card", ['prompt = "snow"', 'image = "a.png"'])
def test_a_shot_that_changes_within_its_dissolve_is_named_by_its_line(
    sora: Soramame, tmp_path: Path, card: str
) -> None:
    Image.fromarray(moving(1).frames[0]).save(tmp_path / "a.png")
    text = FILM.replace("TRANSITION", f'transition = "dissolve"\n[[shots.cards]]\nat = 0.25\n{card}')
    with pytest.raises(ConfigError, match=r"line 13: transition: the first card"):
        film(sora, text, tmp_path)


@pytest.mark.parametrize("card", ['prompt = "snow"', 'image = "a.png"'])
@pytest.mark.parametrize("at", [1.75, 1.99])
def test_a_short_end_of_a_shot_is_dissolved_too(sora: Soramame, tmp_path: Path, card: str, at: float) -> None:
    picture = moving(1).frames[0]
    Image.fromarray(picture).save(tmp_path / "a.png")
    text = FILM.replace('prompt = "{rex} sits"', card).replace("at = 1.0", f"at = {at}")
    made = film(sora, text.replace("TRANSITION", 'transition = "dissolve"'), tmp_path)
    cut = film(sora, text.replace("TRANSITION", ""), tmp_path)
    assert len(made) == 24
    assert len(cut) == 28
    assert np.array_equal(made[:12], cut[:12])
    assert np.array_equal(cut[min(15, round(at * 8))], picture) == card.startswith("image")


def test_nothing_of_a_shot_is_known_after_a_cut(sora: Soramame, tmp_path: Path) -> None:
    text = FILM.replace("TRANSITION", '[[shots.cards]]\nat = 0.25\nprompt = "a cat"')
    one, other = (film(sora, text.replace("runs", verb), tmp_path) for verb in ("runs", "eats"))
    assert not np.array_equal(one[:16], other[:16])
    assert np.array_equal(one[16:], other[16:])


def test_a_film_of_known_frames_alone_is_played(sora: Soramame, tmp_path: Path) -> None:
    clip = moving(6)
    clip.save(tmp_path / "b.gif")
    text = 'size = "128x64"\n[[shots]]\nseconds = 0.75\nprompt = "x"\n[[shots.cards]]\nat = 0\nclip = "b.gif"'
    assert np.array_equal(film(sora, text, tmp_path), clip.frames)


def test_the_progress_of_a_film_is_of_all_of_it(sora: Soramame, tmp_path: Path) -> None:
    board = parse_storyboard(FILM.replace("TRANSITION", 'transition = "dissolve"'), name="x", folder=tmp_path)
    steps: list[tuple[int, int]] = []
    made = sora.storyboard(board, steps=2, on_progress=lambda at: steps.append((at.step, at.steps)))
    assert [step for step, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for _, total in steps} == {len(steps)}
    assert made.metadata["task"] == "storyboard"
    assert made.metadata["shots"][1] == ["a brown dog sits. Ink.", 1.0]
