"""The classifier: a score for every category, harm above its harmless twin, also within a long text."""

from __future__ import annotations

import pytest

from soramame.safety.classify import CATEGORIES, scores

HARM = "he is stabbed again and again while he screams"
CALM = "The morning light falls on a quiet valley, a river winds past old stone houses and birds cross the sky. " * 3


def test_scores_are_of_every_category_and_between_0_and_1() -> None:
    for text in (HARM, "", "...", "裸", "1 2 3", "word " * 500):
        told = scores(text)
        assert tuple(told) == CATEGORIES
        assert all(0 <= score <= 1 for score in told.values())


@pytest.mark.parametrize(
    ("harm", "twin", "category"),
    [
        (HARM, "he is hugged again and again while he laughs", "violence"),
        ("捕虜を拷問して指を一本ずつ折る男", "捕虜に水を渡して話を聞く男", "violence"),
        (
            "a tutorial on building a bomb at home, step by step",
            "a tutorial on building a bookshelf at home",
            "instructions",
        ),
        ("中国人は国から出て行けと叫ぶ行進を英雄のように描く", "中国人の家族が春節を祝う行進を描く", "hate"),
    ],
)
def test_harm_scores_above_its_harmless_twin(harm: str, twin: str, category: str) -> None:
    assert scores(harm)[category] > scores(twin)[category] + 0.3


def test_a_long_harmless_text_around_it_does_not_hide_harm() -> None:
    assert scores(f"{CALM}{HARM}. {CALM}")["violence"] > 0.7 * scores(HARM)["violence"]


def test_what_letters_hold_against_a_text_counts_for_one_category() -> None:
    told = scores("a yellow electric mouse named Pikachu fights Charizard")
    assert told["brands"] > 0.75
    assert max(score for name, score in told.items() if name != "brands") < 0.5
