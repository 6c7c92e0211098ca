from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from soramame.errors import ConfigError
from soramame.model.text import LENGTH, NULL, PAD, PIECES, TextConfig, TextEncoder, tokenize, words_of

SMALL = TextConfig(dim=32, width=16, layers=2, heads=2, ffn=48)


def encoder(config: TextConfig = SMALL) -> TextEncoder:
    torch.manual_seed(0)
    model = TextEncoder(config).eval()
    for name, weight in model.named_parameters():
        if name.endswith((".out.weight", ".down.weight", "query")):
            torch.nn.init.normal_(weight, std=0.1)
    return model


def like(a: str, b: str) -> float:
    ids, _ = tokenize([a, b])
    first, second = encoder(TextConfig()).embed(ids)[:, 1].detach()
    return float(F.cosine_similarity(first, second, dim=0))


def test_the_bundled_encoder_is_small_and_has_the_agreed_width() -> None:
    model = TextEncoder(TextConfig())
    assert sum(p.numel() for p in model.parameters()) <= 3_000_000
    tokens, pooled = model(*tokenize(["a wolf"]))
    assert tokens.shape == (1, 16, 256)
    assert pooled.shape == (1, 256)


def test_the_empty_prompt_is_one_null_token() -> None:
    ids, mask = tokenize(["", "!?", "wolf"])
    assert mask.sum(1).tolist() == [1, 1, 2]
    assert ids[0, 0, 0] == NULL
    assert torch.equal(ids[0], ids[1])


def test_words_are_normalised() -> None:
    assert words_of("The Wolf's ＳＮＯＷ, 3 snow-covered hills!") == ["wolf", "snow", "3", "snow", "covered", "hills"]
    assert words_of("ﾏﾝﾓｽが三匹、雪原を歩いている。") == [
        "マンモス",
        "が",
        "三",
        "匹",
        "雪",
        "原",
        "を",
        "歩",
        "いている",
    ]


def test_ids_do_not_depend_on_the_process() -> None:
    code = "from soramame.model.text import tokenize; print(int((tokenize(['五匹の狼 wolf'])[0] * 31).sum()))"
    runs = []
    for salt in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(sys.path)}
        runs.append(
            subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
            ).stdout
        )
    assert runs[0] == runs[1]
    assert int(runs[0]) == int((tokenize(["五匹の狼 wolf"])[0] * 31).sum())


def test_shapes_and_limits_of_tokens() -> None:
    ids, mask = tokenize(["wolf " * 500, "雪"])
    assert ids.shape == (2, LENGTH, PIECES)
    assert mask.sum(1).tolist() == [LENGTH, 2]
    assert int(ids.max()) < TextConfig().buckets
    assert (ids[~mask] == PAD).all()
    assert tokenize(["wolf"])[0].shape[1] == 16
    assert tokenize([])[0].shape[0] == 0


def test_features_do_not_depend_on_padding_or_on_neighbours_in_the_batch() -> None:
    model = encoder()
    alone_ids, alone_mask = tokenize(["a red ball on the beach"])
    both_ids, both_mask = tokenize(["a red ball on the beach", "雪原を歩く三頭のマンモス " * 4])
    tokens, pooled = model(alone_ids, alone_mask)
    more, pools = model(both_ids, both_mask)
    count = int(alone_mask.sum())
    torch.testing.assert_close(more[0, :count], tokens[0, :count], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(pools[0], pooled[0], rtol=1e-4, atol=1e-5)
    assert (more[0, count:] == 0).all()


def test_the_order_of_words_counts() -> None:
    first, second = (encoder()(*tokenize([text]))[1] for text in ("dog left of car", "car left of dog"))
    assert (first - second).abs().max() > 1e-3


def test_a_misspelt_word_is_nearer_than_another_word() -> None:
    pairs = (("astronaut", "astornaut"), ("mammoth", "mamoth"), ("snowfield", "snowfeild"), ("kitchen", "kitchin"))
    near = sum(like(word, slip) for word, slip in pairs) / len(pairs)
    far = sum(like(word, other) for word, _ in pairs for other, _ in pairs if word != other) / 12
    assert near > far + 0.1
    assert like("マンモス", "マンモズ") > like("マンモス", "ネオン") + 0.1


def test_kanji_know_their_neighbours() -> None:
    ids, _ = tokenize(["雪原", "雪山"])
    assert ids[0, 1, 0] == ids[1, 1, 0]
    assert not torch.equal(ids[0, 1], ids[1, 1])


def test_gradients_reach_every_parameter() -> None:
    model = encoder().train()
    tokens, pooled = model(*tokenize(["three wolves in the snow", ""]))
    (tokens.square().sum() + pooled.square().sum()).backward()
    missing = [name for name, p in model.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    assert missing == []


def test_blur_hides_whole_forms_in_training_only() -> None:
    model = TextEncoder(SMALL, blur=1.0)
    ids, _ = tokenize(["wolf"])
    blurred: Tensor = model.train().embed(ids)
    clear: Tensor = model.eval().embed(ids)
    assert not torch.allclose(blurred[0, 1], clear[0, 1])


@pytest.mark.parametrize("wrong", [{"dim": 30, "heads": 4}, {"layers": 0}, {"length": 0}, {"buckets": 2}])
def test_impossible_shapes_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        TextConfig(**wrong)
