"""Tricks are undone, and what is no trick stays as it is."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soramame.safety.disguise import clean, readings
from soramame.safety.lexicon import Lexicon
from soramame.safety.rules import bundled

LEXICON = Lexicon(["naked", "porn", "trump"])
PLAIN = "a naked woman dances in the room"


def first(text: str) -> str:
    return readings(text, LEXICON)[0].lower()


@pytest.mark.parametrize(
    "disguised",
    [
        "a n4k3d w0m4n d4nc3s in the r00m",
        "a n@ked w0man danc3s 1n the room",
        "a nаkеd wоmаn dаnсеs in thе rооm",
        "a na\u200bk\u200ded wo\u2060man da\u00adnces in the room",
        "a \u202enaked\u202c woman dances in the room",
        "a n.a.k.e.d w.o.m.a.n dances in the room",
        "a n-a-k-e-d woman dances in the room",
        "a nnnaaakkkeeeddd woman dances in the room",
        "ａ ｎａｋｅｄ ｗｏｍａｎ dances in the room",
        "a 𝓷𝓪𝓴𝓮𝓭 𝔀𝓸𝓶𝓪𝓷 dances in the room",
        "a ɴᴀᴋᴇᴅ woman dances in the room",
        "a n̶a̷k̵e̴d̵ woman dances in the room",
        "a 🅽🅰🅺🅴🅳 woman dances in the room",
        "a n*ked woman dances in the room",
        "a dekan namow secnad in the room",
        "a&#32;naked woman dances in the room",
        "a%20naked%20woman%20dances in the room",
        "anakedwoman dances in the room",
        PLAIN[::-1],
        codecs.encode(PLAIN, "rot13"),
        base64.b64encode(PLAIN.encode()).decode(),
        PLAIN.encode().hex(),
    ],
)
def test_tricks_are_undone(disguised: str) -> None:
    assert "naked" in first(disguised)
    assert "woman" in first(disguised)


def test_a_whole_prompt_in_single_letters_is_read_as_words() -> None:
    assert first(" ".join(PLAIN.replace(" ", ""))) == PLAIN
    assert first("   ".join(" ".join(word) for word in PLAIN.split())).endswith("naked woman dances in the room")


@pytest.mark.parametrize("disguised", ["裸 の 女 性", "裸・の・女・性", "裸\u200bの女\u200b性", "裸_の_女_性"])
def test_japanese_letters_apart_are_put_together(disguised: str) -> None:
    assert first(disguised) == "裸の女性"


def test_half_width_kana_are_made_whole() -> None:
    assert first("ﾇｰﾄﾞ") == "ヌード"


@pytest.mark.parametrize(
    "innocent",
    [
        "50 cent, pass the class",
        "a 4k drone shot of a 3d printed mp4 player from the 1980s",
        "Momotaro meets Tezcatlipoca on the 2nd day",
        "a 35mm film of the U.S. coast at 16x9",
        "the well-known baker's mother-in-law sells 100 cakes",
        "桃太郎と犬が島へ行く",
        "おばあさんの家、ケーキ",
    ],
)
def test_what_is_no_trick_stays(innocent: str) -> None:
    assert readings(innocent, LEXICON)[0].replace(" ", "") == innocent.replace(" ", "")


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(reading, str) for reading in readings(text, LEXICON))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ,.", max_size=60))
def test_plain_letters_are_clean(text: str) -> None:
    assert clean(text) == text


def test_of_two_things_between_letters_as_often_the_last_is_the_spacing() -> None:
    """In every process: "3 a.m." was read as "ea m" in every second one."""
    assert readings("asleep at 3 a.m.", bundled().lexicon())[0] == "asleep at 3 am."
