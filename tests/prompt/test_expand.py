"""Expansion: the user's words first and untouched, never contradicted, the same on every machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soramame.model.text import LENGTH, words_of
from soramame.prompt import words_en, words_ja
from soramame.prompt.expand import Expansion
from soramame.prompt.expand import expand as expand_as_it_is
from soramame.prompt.said import said
from soramame.prompt.sentences import joined, language_of
from soramame.prompt.words import words

PAGE = Path(__file__).parents[2] / "docs" / "prompts.md"
SEEDS = range(40)


def added(prompt: str) -> str:
    """All that any of some seeds adds, in small letters."""
    return " | ".join(sentence for seed in SEEDS for sentence in expand(prompt, seed=seed).added)


expand = partial(expand_as_it_is, looks=True)

TIME = sorted(
    {word for table in (words_en.TIMES, words_en.TIME_SENTENCES) for several in table.values() for word in several}
)
WEATHER = sorted(
    {
        word
        for table in (words_en.WEATHERS, words_en.WEATHER_SENTENCES)
        for several in table.values()
        for word in several
    }
)
PLACE = sorted({word for several in words_en.PLACES.values() for word in several})
DETAIL = sorted({word for several in words_en.DETAILS.values() for word in several})
LOOK = ["it is a ", "they are ", " is wearing "]
STYLE = list(words_en.STYLES)
TIME_JA = sorted({word for several in words_ja.TIME_SENTENCES.values() for word in several} | set("昼夜夕朝"))
WEATHER_JA = sorted({word for several in words_ja.WEATHER_SENTENCES.values() for word in several} | set("雨霧曇晴"))


def silent(prompt: str, *wordings: list[str]) -> None:
    """No seed adds any of these wordings."""
    told = added(prompt)
    for wording in (one for table in wordings for one in table):
        assert not re.search(rf"(?<!\w){re.escape(wording)}", told) if wording.isascii() else wording not in told, (
            wording
        )


def test_an_open_prompt_gets_place_air_detail_look_and_style() -> None:
    prompt, tables = "a dog runs", (PLACE, TIME, WEATHER, DETAIL, LOOK, STYLE)
    for seed in SEEDS:
        expansion = expand(prompt, seed=seed)
        assert expansion.text == joined(prompt, expansion.added)
        assert len(expansion.added) == 4
        for table in tables:
            assert any(wording in " | ".join(expansion.added) for wording in table), expansion.text


def test_looks_are_told_only_if_one_asks_for_them() -> None:
    for seed in SEEDS:
        plain, whole = expand_as_it_is("a dog runs", seed=seed), expand("a dog runs", seed=seed)
        assert set(plain.added) < set(whole.added)
        assert not any(wording in plain.text for wording in LOOK)


def test_it_reads_like_a_caption() -> None:
    assert expand("a dog runs", seed=1) == Expansion(
        text="a dog runs. On a city street in the daytime in clear weather. Tall buildings stand in the background. "
        "It is a brown dog. Cut-paper animation.",
        added=(
            "on a city street in the daytime in clear weather",
            "tall buildings stand in the background",
            "it is a brown dog",
            "cut-paper animation",
        ),
    )


def test_the_same_seed_adds_the_same_and_others_vary() -> None:
    texts = [expand("a woman walks", seed=seed).text for seed in SEEDS]
    assert texts == [expand("a woman walks", seed=seed).text for seed in SEEDS]
    assert len(set(texts)) > 20


def test_neither_the_interpreters_hash_nor_skia_nor_pymunk_matters() -> None:
    code = (
        "import sys\n"
        "from soramame.prompt import expand, events, llm, storyboard\n"
        "print(ascii([expand.expand(p, seed=s, looks=True).text for p in ('a dog', '犬') for s in range(9)]))\n"
        "assert not [name for name in sys.modules if name in ('skia', 'pymunk') or name.startswith('soramame.world')]\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        run.stdout == ascii([expand(prompt, seed=seed).text for prompt in ("a dog", "犬") for seed in range(9)]) + "\n"
    )


def test_a_storyboard_is_checked_without_loading_torch() -> None:
    code = "import sys, soramame.prompt.storyboard, soramame.prompt.events; assert 'torch' not in sys.modules"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


@given(prompt=st.text(max_size=60) | st.text("犬が走る海夜。、 A dog runs.,;", max_size=60), seed=st.integers(0, 2**63))
def test_any_prompt_stays_at_the_beginning_and_all_is_read(prompt: str, seed: int) -> None:
    expansion = expand(prompt, seed=seed)
    if not expansion.added:
        assert expansion.text == prompt
        return
    assert expansion.text.startswith(prompt.rstrip())
    assert expansion.text == joined(prompt, expansion.added)
    assert len(words_of(expansion.text)) < LENGTH


UNCHANGED = {
    "": "nothing",
    " \n": "blank",
    "собака бежит по пляжу": "a language that is not known",
    "개가 달린다": "another",
    "12345 !?": "no letters",
    "a dog " * 13: "long",
    "犬" * 41: "long",
    "a" * 301: "long in another way",
    "a brown dog runs on the beach at dusk under a clear sky, waves behind, paper art": "all is said",
    "夕方の晴れた砂浜を走る茶色い犬、後ろに波、切り絵": "all is said",
}


@pytest.mark.parametrize("prompt", UNCHANGED)
def test_what_is_long_or_complete_or_not_understood_comes_back_unchanged(prompt: str) -> None:
    for seed in SEEDS:
        assert expand(prompt, seed=seed) == Expansion(text=prompt, added=())


ENDS = {
    "a dog runs": "a dog runs. ",
    "a dog runs.": "a dog runs. ",
    "a dog runs!  ": "a dog runs! ",
    "A dog runs…": "A dog runs… ",
    "犬が走る": "犬が走る。",
    "犬が走る！": "犬が走る！",
}


@pytest.mark.parametrize("prompt", ENDS)
def test_sentences_follow_the_end_that_the_user_made(prompt: str) -> None:
    text = expand(prompt, seed=3).text
    assert text.startswith(ENDS[prompt])
    assert text.endswith("。" if language_of(prompt) == "ja" else ".")
    assert text[len(ENDS[prompt])] == text[len(ENDS[prompt])].upper()


def test_a_prompt_that_breaks_off_goes_on() -> None:
    assert expand("a dog runs,", seed=3).text.startswith("a dog runs, " + expand("a dog runs,", seed=3).added[0])


@pytest.mark.parametrize(
    "word",
    words(
        "night|at midnight|by moonlight|at noon|in the morning|at sunset|under the stars|in the dark|"
        "sunny day|at breakfast|at 5 pm|at 10pm|at 22:00|in the golden hour|late|by candlelight|in the evening|before dawn"
    ),
)
def test_no_other_time_beside_the_one_that_is_said(word: str) -> None:
    silent(f"a dog runs on the beach, {word}", TIME)
    silent(f"a dog runs {word}", TIME)


@pytest.mark.parametrize(
    "word",
    words(
        "in the rain|in a storm|while it snows|in the fog|in the mist|on a sunny day|under a blue sky|"
        "in the wind|without rain|with no clouds|it is not raining|with an umbrella|in a blizzard|"
        "under a rainbow|in hot summer|in the cold"
    ),
)
def test_no_other_weather_beside_the_one_that_is_said_or_denied(word: str) -> None:
    silent(f"a dog runs in a meadow {word}", WEATHER)
    silent(f"a dog runs {word}", WEATHER)


@pytest.mark.parametrize(
    "place",
    words(
        "in a library|in the middle of the flibber|in front of a tavern|nowhere|"
        "in Paris|in the flibber|on Mars|at the airport|in outer space|inside a cave|at home|"
        "on a bridge|in the jungle|by a lake|indoors|underwater|in a desert|at school|on the roof|"
        "in a snowy forest"
    ),
)
def test_a_place_that_the_world_lacks_gets_no_place_no_air_no_detail(place: str) -> None:
    silent(f"a dog runs {place}", PLACE, TIME, WEATHER, DETAIL)


def test_two_places_are_none_of_both() -> None:
    silent("a dog on the beach and in the city", PLACE, TIME, WEATHER, DETAIL)


@pytest.mark.parametrize(
    "prompt", ["an astronaut on the moon", "a cookie on the kitchen table", "a ball rolls over the table"]
)
def test_moon_and_table_have_neither_hour_nor_weather(prompt: str) -> None:
    silent(prompt, PLACE, TIME, WEATHER)


@pytest.mark.parametrize(
    "word",
    words(
        "a brown dog|a dog in a hat|a striped dog|a dog with a scarf|a golden retriever|a fluffy dog|"
        "a poodle|two dogs, one black|a colourful dog|a dog of glass"
    ),
)
def test_no_colour_beside_one_that_is_said(word: str) -> None:
    silent(f"{word} runs", LOOK)


@pytest.mark.parametrize(
    "word",
    words("in a long dress|in jeans|wearing a suit|with blonde hair|in red|with sunglasses|in a kimono|naked"),
)
def test_no_clothes_beside_those_that_are_said(word: str) -> None:
    silent(f"a woman {word} walks", LOOK)


@pytest.mark.parametrize(
    "prompt",
    words(
        "a woman and a dog walk|a cat sleeps|a girl dances|a police car|no dog|a beach without a dog|"
        "a wolf pack|a dog and another dog|a dog and a small dog|two women talk|a dragon|an empty street|"
        "nobody on the beach"
    ),
)
def test_no_look_where_it_is_not_plain_whose(prompt: str) -> None:
    silent(prompt, LOOK)


def test_a_subject_that_is_denied_is_not_dressed_but_the_other_is() -> None:
    assert "wolf" in added("not a dog but a wolf")
    assert "dog" not in added("not a dog but a wolf")
    silent("no people", PLACE, LOOK)


@pytest.mark.parametrize(
    "word",
    words(
        "a photo of a dog|a dog, watercolour|anime dog|a dog, photorealistic|pixel art dog|a dog in ink|"
        "a dog, 3d render|claymation of a dog|cinematic shot of a dog|a drawing of a dog"
    ),
)
def test_no_other_style_beside_the_one_that_is_said(word: str) -> None:
    silent(word, STYLE)


@pytest.mark.parametrize(
    "word",
    words("with no trees|without flowers|with flowers|and nothing else|seen from above|among ruins, abandoned"),
)
def test_no_detail_where_the_background_is_said_or_denied(word: str) -> None:
    silent(f"a dog in a meadow {word}", DETAIL)


def test_seasons_forbid_what_they_exclude() -> None:
    silent("a dog plays in summer", [word for word in PLACE if "snow" in word], WEATHER)
    silent("a dog plays in winter", PLACE)
    silent("a dog in a meadow in winter", DETAIL, WEATHER)


@pytest.mark.parametrize(
    ("prompt", "places"),
    [
        ("a dog swims", ("beach:water",)),
        ("a boat", ("beach:water",)),
        ("a mammoth", ("snowfield",)),
        ("a mammoth walks in the fog", ("meadow",)),
        ("an astronaut jumps", ("moon",)),
        ("an astronaut walks with a dog", ("neon_street", "snowfield", "beach", "meadow", "city")),
        ("a cookie", ("kitchen_table",)),
        ("a ball outside", ("meadow", "beach")),
        ("a ball in the rain", ("meadow",)),
        ("a man drives a car at noon", ("city",)),
        ("a bird flies in the rain", ("meadow", "city")),
        ("a woman walks in falling snow", ("snowfield",)),
    ],
)
def test_the_place_fits_subject_act_hour_and_weather(prompt: str, places: tuple[str, ...]) -> None:
    allowed = [wording for place in places for wording in words_en.PLACES[place]]
    for seed in SEEDS:
        assert expand(prompt, seed=seed).added[0].startswith(tuple(allowed)), expand(prompt, seed=seed)


def test_who_cannot_meet_in_the_world_is_put_nowhere() -> None:
    silent("a boat and a cookie", PLACE, TIME, WEATHER, DETAIL)
    silent("a dragon breathes fire", PLACE, TIME, WEATHER, DETAIL)


def test_the_moon_in_the_sky_is_no_place() -> None:
    silent("a wolf howls at the moon", list(words_en.PLACES["moon"]), TIME, WEATHER)
    assert "in the" in added("a wolf howls at the moon")


@pytest.mark.parametrize(
    ("prompt", "look"),
    [
        ("two dogs play", "they are brown dogs"),
        ("a wolf cub plays", "it is a grey wolf cub"),
        ("a yacht", "with white sails"),
        ("a lady walks", "the lady is wearing"),
    ],
)
def test_the_look_is_told_with_the_users_own_noun(prompt: str, look: str) -> None:
    assert look in added(prompt)


@pytest.mark.parametrize(
    "prompt",
    words("夜の砂浜を走る犬|砂浜の朝、犬が走る|星空の下の砂浜の犬|暗い砂浜に立つ犬|夕焼けの砂浜"),
)
def test_japanese_no_other_time(prompt: str) -> None:
    silent(prompt, TIME_JA)


@pytest.mark.parametrize(
    "prompt",
    words("雨の草原を走る犬|雨の降らない草原の犬|晴れた草原の犬|嵐の草原の犬|青空の草原の犬|霧の草原"),
)
def test_japanese_no_other_weather(prompt: str) -> None:
    silent(prompt, WEATHER_JA)


@pytest.mark.parametrize(
    "prompt",
    words("図書館で本を読む犬|宇宙船の中の犬|パリの犬|森を歩く犬|自転車に乗る犬とフリブル村|北海道の犬"),
)
def test_japanese_no_air_for_a_place_that_the_world_lacks(prompt: str) -> None:
    silent(prompt, TIME_JA, WEATHER_JA, sorted({word for several in words_ja.DETAILS.values() for word in several}))


@pytest.mark.parametrize(
    "prompt",
    words("赤い車が走る|着物の女性が歩く|電車が走る|犬のいない砂浜|誰もいない街|犬と猫が遊ぶ|パトカー"),
)
def test_japanese_no_look_where_it_is_said_or_nobodys(prompt: str) -> None:
    for seed in SEEDS:
        assert not any(re.search("(?:犬|車|女性)だ$", sentence) for sentence in expand(prompt, seed=seed).added)


def test_words_inside_other_words_are_not_heard() -> None:
    assert said("電車が通る", "ja").kinds == ()
    assert said("宇宙船", "ja").kinds == ()
    assert said("子犬", "ja").named[0].noun == "子犬"
    assert said("a hot dog", "en").kinds == ()
    assert said("a carpet and a womanizer", "en").kinds == ()
    assert said("a wolf pup", "en").named[0].noun == "wolf pup"


def test_the_page_shows_what_the_function_returns() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 6
    assert {language_of(prompt) for prompt, _, _ in rows} == {"en", "ja"}
    for prompt, seed, text in rows:
        assert text == expand_as_it_is(prompt, seed=int(seed)).text
        assert text.startswith(prompt)
