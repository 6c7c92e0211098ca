"""The classifier: scores for texts and clauses, and an embedding that knows what is alike."""

from __future__ import annotations

import numpy as np
import pytest

from soramame.safety.classify import BUCKETS, CATEGORIES, LONG_WORDS, MOST_CLAUSES, pieces, scores, split
from soramame.safety.embed import SIZE, embed

HARM = "he is stabbed again and again while he screams"
CALM = "The morning light falls on a quiet valley, a river winds past old stone houses and birds cross the sky."


def test_embeddings_are_unit_vectors_and_know_what_is_alike() -> None:
    dog, puppy, tax = embed(["a dog runs", "a puppy is running", "the tax office closes"])
    assert dog.shape == (SIZE,)
    assert np.linalg.norm(dog) == pytest.approx(1, abs=1e-4)
    assert dog @ puppy > dog @ tax + 0.2
    assert embed([]).shape == (0, SIZE)


def test_scores_are_of_every_category_and_between_0_and_1() -> None:
    for text in (HARM, "", "...", "裸", "1 2 3", "word " * 500):
        told = scores(text)
        assert tuple(told) == CATEGORIES
        assert all(0 <= score <= 1 for score in told.values())


def test_harm_scores_above_its_harmless_twin() -> None:
    assert scores(HARM)["violence"] > scores("he is hugged again and again while he laughs")["violence"] + 0.3


def test_a_long_harmless_text_around_it_does_not_hide_harm() -> None:
    hidden = f"{CALM} {HARM}. {CALM}"
    assert scores(hidden)["violence"] > 0.9 * scores(HARM)["violence"]


def test_clauses_hold_all_words_and_are_not_long() -> None:
    english, japanese = split("one two, three four five six. " + "word " * 60 + "。猫が走る。犬も走る")
    assert all(len(clause.split()) <= LONG_WORDS for clause in english)
    assert "one two, three four five six" in english
    assert japanese[:2] == ["猫が走る", "犬も走る"]
    assert len(split("so it goes on and on. " * 99)[0]) == MOST_CLAUSES


def test_pieces_do_not_know_kana_from_kana() -> None:
    assert pieces("ころす") == pieces("コロス")
    assert all(0 <= piece < BUCKETS for piece in pieces("猫が走る"))
