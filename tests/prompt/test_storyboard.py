"""Storyboards: what is read, and what is refused in one sentence with file, line, key and way out."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from soramame.errors import ConfigError
from soramame.geometry import Size
from soramame.prompt.storyboard import Card, Shot, Storyboard, parse_storyboard, read_storyboard

PAGE = Path(__file__).parents[2] / "docs" / "storyboard.md"

FILM = """\
title = "Lost at the market"
size = "256x160"
seed = 7
style = "a calm illustrated film"

[characters.mira]
look = "a woman in a long red dress"

[[shots]]
seconds = 4.0
prompt = "{mira} walks along the neon street at night"
camera = "the camera follows {mira}"

[[shots.cards]]
at = 2.0
prompt = "then {mira} stops"

[[shots]]
seconds = 3
prompt = "it rains."
transition = "dissolve"
transition_seconds = 1.5
"""


def parsed(text: str) -> Storyboard:
    return parse_storyboard(text, name="film.toml", folder=Path("nowhere"))


def shot(text: str, folder: Path = Path("nowhere")) -> Shot:
    """The only shot of a storyboard; the text begins in line 3."""
    return parse_storyboard(f"[[shots]]\nseconds = 4\n{text}", name="film.toml", folder=folder).shots[0]


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parsed(text)
    return str(caught.value)


def test_a_storyboard_is_read() -> None:
    red = "a woman in a long red dress"
    end = f"The camera follows {red}. A calm illustrated film."
    assert parsed(FILM) == Storyboard(
        title="Lost at the market",
        size=Size(width=256, height=160),
        seed=7,
        shots=(
            Shot(
                seconds=4.0,
                cards=(
                    Card(at=0.0, prompt=f"{red} walks along the neon street at night. {end}", line=11),
                    Card(at=2.0, prompt=f"then {red} stops. {end}", line=14),
                ),
                line=9,
            ),
            Shot(
                seconds=3.0,
                cards=(Card(at=0.0, prompt="it rains. A calm illustrated film.", line=20),),
                transition="dissolve",
                transition_seconds=1.5,
                line=18,
            ),
        ),
    )
    assert parsed(FILM).seconds == 7.0


def test_almost_all_may_be_left_out() -> None:
    board = parsed('[[shots]]\nseconds = 1\nprompt = "a dog"')
    assert board == Storyboard(
        title=None, size=None, seed=0, shots=(Shot(seconds=1.0, cards=(Card(at=0.0, prompt="a dog", line=3),), line=1),)
    )


def test_the_results_are_frozen_and_named() -> None:
    board = parsed(FILM)
    for value in (board, board.shots[0], board.shots[0].cards[0]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            value.seed = 8  # type: ignore[misc, union-attr]
    with pytest.raises(TypeError):
        Card(1.0)  # type: ignore[call-arg]


def test_the_latest_prompt_holds(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    cards = "[[shots.cards]]\nat = 3\nprompt = 'third'\n[[shots.cards]]\nat = 1\nprompt = 'second'\n"
    cards += "[[shots.cards]]\nat = 2\nimage = 'a.png'\n"
    one = shot("prompt = 'first'\n" + cards, tmp_path)
    assert [card.at for card in one.cards] == [0, 1, 2, 3], "cards come in the order of time"
    times = (-1.0, 0.0, 0.99, 1.0, 2.5, 3.0, 99.0)
    assert [one.prompt_at(time) for time in times] == ["first"] * 3 + ["second"] * 2 + ["third"] * 2


def test_the_prompt_of_the_beginning_may_stand_in_a_card() -> None:
    assert shot("[[shots.cards]]\nat = 0\nprompt = 'a dog'").prompt_at(0) == "a dog"


def test_pictures_and_clips_lie_beside_the_storyboard(tmp_path: Path) -> None:
    for name in ("turn.png", "turn.mp4"):
        (tmp_path / name).touch()
    text = "prompt = 'a dog'\n[[shots.cards]]\nat = 0\nimage = 'turn.png'\n[[shots.cards]]\nat = 1.5\nclip = 'turn.mp4'"
    first, second = shot(text, tmp_path).cards
    assert first == Card(at=0.0, prompt="a dog", image=tmp_path / "turn.png", line=4), (
        "one card for what begins at once"
    )
    assert second == Card(at=1.5, clip=tmp_path / "turn.mp4", line=7)


def test_camera_and_style_are_sentences_in_the_language_of_the_prompt() -> None:
    text = "style = '{}'\n[[shots]]\nseconds = 1\nprompt = '{}'\ncamera = '{}'"
    told = [
        parsed(text.format(*words)).shots[0].prompt_at(0)
        for words in (
            ("paper art", "a dog!", "slow zoom in."),
            ("切り絵風", "砂浜を走る犬", "カメラが寄る"),
            ("paper art", "砂浜を走る犬。", "カメラが寄る"),
        )
    ]
    assert told == [
        "a dog! Slow zoom in. Paper art.",
        "砂浜を走る犬。カメラが寄る。切り絵風。",
        "砂浜を走る犬。カメラが寄る。Paper art.",
    ]


def test_a_prompt_may_run_over_lines_and_name_characters_of_any_script() -> None:
    text = (
        "[characters.\"ミラ\"]\nlook = '赤いドレスの女性'\n[[shots]]\nseconds = 1\nprompt = '''\n{ ミラ }が\n  歩く'''"
    )
    assert parsed(text).shots[0].prompt_at(0) == "赤いドレスの女性が 歩く"


@pytest.mark.parametrize(
    ("seconds", "length"), [(None, 0.5), (0.25, 0.25), (1.0, 1.0)], ids=["its default", "short", "half of the shot"]
)
def test_a_dissolve_has_a_length(seconds: float | None, length: float) -> None:
    text = "[[shots]]\nseconds = 2\nprompt = 'a'\n[[shots]]\nseconds = 4\nprompt = 'b'\ntransition = 'dissolve'\n"
    text += "" if seconds is None else f"transition_seconds = {seconds}"
    assert parsed(text).shots[1].transition_seconds == length


def test_the_default_of_a_dissolve_is_no_more_than_half_of_the_shorter_shot() -> None:
    text = "[[shots]]\nseconds = 0.5\nprompt = 'a'\n[[shots]]\nseconds = 4\nprompt = 'b'\ntransition = 'dissolve'\n"
    assert parsed(text).shots[1].transition_seconds == 0.25
    assert parsed(text.replace("dissolve", "cut")).shots[1].transition_seconds == 0.0


BAD = {
    "not TOML": ('title = "Lost at the market"', 'title = "Lost', 1, "not TOML"),
    "not TOML at the end": ("transition_seconds = 1.5\n", "transition_seconds = '''", 22, "not TOML"),
    "a bare key of other letters": ("[characters.mira]", "[characters.ミラ]", 6, 'like [characters."ミラ"]'),
    "key twice": ("seed = 7", "seed = 7\nseed = 8", 4, "not TOML"),
    "digits without end": ("seed = 7", "seed = " + "9" * 5000, 3, "more digits"),
    "nested without end": ("seed = 7", "seed = " + "[" * 50_000, 3, "nested too deeply"),
    "dots without end": ("seed = 7", "seed" + ".a" * 50_000 + " = 7", 3, "too many dots"),
    "unknown key": ("title =", "titel =", 1, "titel is not known; did you mean title?"),
    "unknown key, nothing near": ("title =", "xyz =", 1, "xyz is not known; there are: title, size, seed, style"),
    "unknown table": ("[characters.", "[actors.", 6, "actors is not known"),
    "unknown key of a shot": ("camera =", "camra =", 12, "camra of shot 1 is not known; did you mean camera?"),
    "unknown key of a card": ("at = 2.0", "at = 2.0\nimages = 'a'", 16, "images of card 1 of shot 1 is not known; did"),
    "unknown key of a character": ("look =", "looks =", 7, "looks of character mira is not known; did you mean look?"),
    "a key with a line break": ("title =", '"ti\\ntle" =', 1, "ti tle is not known; did you mean title?"),
    "title": ('"Lost at the market"', "3", 1, 'title has to be text, not 3; write title = "..."'),
    "blank title": ('"Lost at the market"', '" "', 1, "title is empty"),
    "size": ('"256x160"', '"256"', 2, 'size is "256", not WIDTHxHEIGHT; write size = "256x160"'),
    "seed of text": ("seed = 7", 'seed = "7"', 3, 'seed has to be a whole number, not "7"'),
    "seed of a fraction": ("seed = 7", "seed = 7.5", 3, "whole number"),
    "seed of truth": ("seed = 7", "seed = true", 3, "seed has to be a whole number, not true"),
    "seed below 0": ("seed = 7", "seed = -1", 3, "from 0 to 9223372036854775807, not -1"),
    "seed too large": ("seed = 7", f"seed = {2**63}", 3, "from 0 to 9223372036854775807"),
    "seed that cannot be printed": ("seed = 7", "seed = 0x1" + "0" * 9000, 3, "not a number so large"),
    "no table of characters": ("[characters.mira]\nlook", "[characters]\nmira", 7, "character mira has to be a table"),
    "characters in a list": ("[characters.mira]", "[[characters]]", 6, "characters has to be a table"),
    "a name with blanks": ("characters.mira", 'characters."mi ra"', 6, "character mi ra needs a name of letters"),
    "no look": ('look = "a woman in a long red dress"', "", 6, "character mira has no look; write look ="),
    "a brace in a look": ("a woman in", "a {woman} in", 7, "look of character mira has a brace"),
    "no seconds": ("seconds = 4.0", "", 9, "shot 1 has no seconds; write seconds = 4.0"),
    "seconds of text": ("seconds = 4.0", 'seconds = "4"', 10, "seconds of shot 1 has to be a number"),
    "seconds of truth": ("seconds = 4.0", "seconds = true", 10, "seconds of shot 1 has to be a number, not true"),
    "no seconds at all": ("seconds = 4.0", "seconds = 0", 10, "more than 0 and at most 60, not 0"),
    "seconds below 0": ("seconds = 4.0", "seconds = -1", 10, "more than 0 and at most 60, not -1"),
    "seconds without number": ("seconds = 4.0", "seconds = nan", 10, "ordinary number, not nan"),
    "seconds without end": ("seconds = 4.0", "seconds = inf", 10, "ordinary number, not inf"),
    "seconds too large for a float": ("seconds = 4.0", "seconds = 1" + "0" * 999, 10, "ordinary number"),
    "more than a minute": ("seconds = 3", "seconds = 56.5", 19, "seconds of shot 2 makes 60.5 s of all shots so far"),
    "a table for shots": (
        FILM[FILM.index("[[shots]]") :],
        "[shots]\nseconds = 1",
        9,
        "shots has to be written [[shots]]",
    ),
    "no shots": (FILM[FILM.index("[[shots]]") :], "", 1, "the storyboard has no shots; write [[shots]]"),
    "empty prompt": ('"it rains."', '""', 20, "prompt of shot 2 is empty"),
    "prompt of a number": ('"it rains."', "1", 20, "prompt of shot 2 has to be text, not 1"),
    "endless prompt": ("it rains.", "a" * 2001, 20, "has 2001 characters; at most 2000 are read"),
    "no prompt": ('prompt = "it rains."', "", 18, 'shot 2 has no prompt for its beginning; write prompt = "..."'),
    "a prompt too late": ('prompt = "{mira} walks', 'style = "{mira} walks', 11, "style of shot 1 is not known"),
    "unknown character": ("then {mira}", "then {mina}", 16, "names an unknown character {mina}; did you mean {mira}?"),
    "brace that stays open": (
        "then {mira}",
        "then {mira",
        16,
        "has a brace that names no character; there are: {mira}.",
    ),
    "brace that was not open": ("then {mira}", "then mira}", 16, "has a brace that names no character"),
    "nothing in braces": ("then {mira}", "then {}", 16, "has a brace that names no character"),
    "brace in the camera": ("follows {mira}", "follows {her}", 12, "camera of shot 1 names an unknown character {her}"),
    "brace in the style": ("a calm", "a {calm}", 4, "style names an unknown character {calm}"),
    "a table for cards": ("[[shots.cards]]", "[shots.cards]", 14, "cards of shot 1 has to be written [[shots.cards]]"),
    "no time": ("at = 2.0", "", 14, "card 1 of shot 1 has no time; write at = 2.0"),
    "card before its shot": ("at = 2.0", "at = -0.5", 15, "at of card 1 of shot 1 is -0.5, which is not in the shot"),
    "card behind its shot": ("at = 2.0", "at = 4.0", 15, "from 0 to less than 4"),
    "card without time": ("at = 2.0", "at = nan", 15, "at of card 1 of shot 1 has to be an ordinary number"),
    "card over the prompt": ("at = 2.0", "at = 0", 11, "and the card at 0 in line 14 overlap"),
    "card close to the prompt": ("at = 2.0", "at = 0.1", 14, "overlaps that of line 11"),
    "empty card": ('prompt = "then {mira} stops"', "", 14, "card 1 of shot 1 has nothing to show"),
    "no picture": ('prompt = "then', 'image = "then', 16, "image of card 1 of shot 1 is"),
    "no possible file": ('prompt = "then {mira} stops"', 'clip = "a\\u0000"', 16, "there is no file"),
    "transition of the first shot": ("camera =", 'transition = "cut"\ncamera =', 12, "is said of the first shot"),
    "unknown transition": ('"dissolve"', '"wipe"', 21, 'transition of shot 2 has to be cut or dissolve, not "wipe"'),
    "a cut with a length": ('"dissolve"', '"cut"', 22, "transition_seconds of shot 2 belongs to a dissolve"),
    "a length without transition": ('transition = "dissolve"', "", 22, "belongs to a dissolve"),
    "a dissolve too long": ("transition_seconds = 1.5", "transition_seconds = 1.6", 22, "at most 1.5, half of the"),
    "a dissolve without length": ("transition_seconds = 1.5", "transition_seconds = 0", 22, "more than 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_in_one_sentence_with_its_line(case: str) -> None:
    old, new, line, told = BAD[case]
    assert FILM.count(old) == 1 or case.startswith(("seconds", "no seconds")), "the case changes one thing"
    message = refused(FILM.replace(old, new, 1))
    assert re.match(rf"film\.toml, line {line}\b", message), message
    assert told in message
    assert "\n" not in message


def test_a_picture_and_a_clip_exclude_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(ConfigError, match=r"line 7: clip of card 1 of shot 1 excludes image"):
        shot("prompt = 'a'\n[[shots.cards]]\nat = 1\nimage = 'a'\nclip = 'a'", tmp_path)


@pytest.mark.parametrize("at", [0.175, 1.0, 0.3])
def test_cards_are_an_eighth_of_a_second_apart_at_least(at: float) -> None:
    text = f"prompt = 'a'\n[[shots.cards]]\nat = {at}\nprompt = 'b'\n[[shots.cards]]\nat = %s\nprompt = 'c'"
    assert len(shot(text % (at + 0.125)).cards) == 3
    for late in (at, at + 0.12):
        with pytest.raises(ConfigError, match=r"line 7: at of the card overlaps that of line 4"):
            shot(text % late)


def test_a_picture_at_the_beginning_still_needs_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(ConfigError, match="no prompt for its beginning"):
        shot("[[shots.cards]]\nat = 0\nimage = 'a'\n[[shots.cards]]\nat = 1\nprompt = 'b'", tmp_path)


def test_looks_do_not_make_a_prompt_endless() -> None:
    text = f"[characters.m]\nlook = '{'a' * 2000}'\n[[shots]]\nseconds = 1\nprompt = '{'{m}' * 600}'"
    assert "more than 32000 characters" in refused(text)


def test_without_characters_a_brace_says_how_to_name_one() -> None:
    assert "there are: none; write [characters.NAME]" in refused('[[shots]]\nseconds = 1\nprompt = "{mira} walks"')


def test_a_film_of_a_minute_is_not_too_long() -> None:
    assert len(parsed("[[shots]]\nseconds = 0.1\nprompt = 'a'\n" * 600).shots) == 600


def test_a_file_is_read_with_any_line_ends_and_mark(tmp_path: Path) -> None:
    path = tmp_path / "film.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILM.replace("\n", "\r\n").encode())
    assert read_storyboard(path) == parsed(FILM)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.toml"
    with pytest.raises(ConfigError, match=r"film\.toml: there is no such file"):
        read_storyboard(path)
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)"):
        read_storyboard(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_storyboard(Path("a\0b"))
    path.write_bytes(FILM.encode() + "# ".encode("utf-16"))
    with pytest.raises(ConfigError, match=r"film\.toml, line 23: this is not UTF-8"):
        read_storyboard(path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(ConfigError, match="at most 1 MiB"):
        read_storyboard(path)


def test_errors_name_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "film.toml"
    path.write_text("seed = -1\n[[shots]]\nseconds = 1\nprompt = 'a'")
    with pytest.raises(ConfigError, match=rf"^{re.escape(str(path))}, line 1: seed "):
        read_storyboard(path)


def page() -> list[str]:
    """The storyboards on the page."""
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_film_of_the_page_is_a_storyboard_of_three_shots() -> None:
    board = parsed(page()[0])
    assert [shot.transition for shot in board.shots] == ["cut", "dissolve", "cut"]
    quoted = re.search(r"^> (a woman .*)\n> (.*)$", PAGE.read_text(encoding="utf-8"), re.M)
    assert quoted is not None
    assert board.shots[0].prompt_at(0) == f"{quoted[1]} {quoted[2]}"


def test_the_card_of_the_page_begins_with_a_picture(tmp_path: Path) -> None:
    (tmp_path / "beach.png").touch()
    (card,) = parse_storyboard(page()[1], name="film.toml", folder=tmp_path).shots[0].cards
    assert card.image == tmp_path / "beach.png"


def test_the_error_of_the_page_is_what_a_slip_gives() -> None:
    told = re.search(r"^> (film\.toml, line .*)$", PAGE.read_text(encoding="utf-8"), re.M)
    assert told is not None
    assert refused(page()[0].replace("{mira} walks", "{mra} walks")) == told[1]


def test_the_page_names_every_key() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## All that can be said")[1]
    keys = {"title", "size", "seed", "style", "look", "seconds", "prompt", "camera", "at", "image", "clip"}
    assert set(re.findall(r"^\|[^|]*\| `(\w+)` \|", table, re.M)) == keys | {"transition", "transition_seconds"}
