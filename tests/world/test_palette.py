from __future__ import annotations

from itertools import combinations

import pytest

from soramame.world.palette import COLOURS, rgb_of

NAMES = [
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "black",
    "white",
    "grey",
    "gold",
    "silver",
    "teal",
    "beige",
]


def test_the_palette_has_the_fifteen_agreed_names() -> None:
    assert list(COLOURS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_colour_is_told_by_its_own_name_and_in_japanese(name: str) -> None:
    words = COLOURS[name].words
    assert words.en[0] == name
    assert words.ja
    assert all(word.endswith(("い", "の")) for word in words.ja), "Japanese words must be attributive"


def test_no_two_colours_can_be_mistaken_for_each_other() -> None:
    for a, b in combinations(COLOURS.values(), 2):
        distance = sum((x - y) ** 2 for x, y in zip(a.rgb, b.rgb, strict=True)) ** 0.5
        assert distance > 32, f"{a.name} and {b.name} look alike"


def test_no_word_names_two_colours() -> None:
    words = [word for colour in COLOURS.values() for word in (*colour.words.en, *colour.words.ja)]
    assert len(words) == len(set(words))


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(KeyError):
        rgb_of("mauve")
