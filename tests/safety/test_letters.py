"""Letters as a second opinion: the same n-grams always, harm above its harmless twin, any text at all."""

from __future__ import annotations

import numpy as np
import pytest

from soramame.safety.letters import harm, strings, valued, words


@pytest.mark.parametrize("text", ["", " ", "...", "x", "裸", "\ud800", "\x00", "猫" * 3000, "word " * 500])
def test_any_text_has_odds(text: str) -> None:
    assert np.isfinite(harm(text))


@pytest.mark.parametrize(
    ("harmful", "twin"),
    [
        ("he is stabbed again and again while he screams", "he is hugged again and again while he laughs"),
        ("how to build a pipe bomb at home", "how to build a bird house at home"),
        ("捕虜を拷問して指を一本ずつ折る男", "捕虜に水を渡して話を聞く男"),
    ],
)
def test_harm_lies_above_its_harmless_twin(harmful: str, twin: str) -> None:
    assert harm(harmful) > harm(twin) + 2


def test_writing_a_text_wide_or_large_changes_nothing() -> None:
    assert harm("ＡＤＯＧ ＲＵＮＳ") == harm("adog runs")


def test_values_have_a_norm_of_one_and_grow_slowly_with_the_count() -> None:
    keys, values = valued(words("dog dog dog cat"))
    assert len(keys) == len(words("dog dog dog cat"))
    assert np.linalg.norm(values) == pytest.approx(1)
    assert values.max() / values.min() == pytest.approx(1 + np.log(3))
    assert strings("aa")["aa"] == 1
