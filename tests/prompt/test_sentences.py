from __future__ import annotations

import pytest

from soramame.prompt.sentences import joined, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a dog", "en"),
        ("Un café à Besançon", "en"),
        ("犬", "ja"),
        ("イヌ and a dog", "ja"),
        ("собака", None),
        ("a собака", None),
        ("강아지", None),
        ("123 !", None),
        ("", None),
    ],
)
def test_the_language_is_that_of_the_script(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "further", "whole"),
    [
        ("a dog", (), "a dog"),
        ("a dog", ("it is night",), "a dog. It is night."),
        ("A dog!", ("it is night.", "paper art"), "A dog! It is night. Paper art."),
        ("a dog,", ("at night",), "a dog, at night."),
        ("犬", ("夜である", "切り絵風"), "犬。夜である。切り絵風。"),
        ("犬、", ("夜",), "犬、夜。"),
        ("犬", ("paper art",), "犬。Paper art."),
    ],
)
def test_sentences_are_joined_in_their_own_language(text: str, further: tuple[str, ...], whole: str) -> None:
    assert joined(text, further) == whole
