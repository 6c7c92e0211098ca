"""Layers of the transformer: closed forms, and the precision they promise."""

from __future__ import annotations

import math

import torch
from torch import nn

from soramame.nn.layers import Attention, LayerNorm, Linear, RMSNorm, gate_add, modulate, sinusoid


def test_sinusoid_counts_cosines_first_and_is_exact_at_late_times() -> None:
    out = sinusoid(torch.tensor([[0.0, 999.0]]), 8)
    assert torch.equal(out[0, 0], torch.tensor([1.0] * 4 + [0.0] * 4))
    expected = [f(999 * 10000 ** (-i / 4)) for f in (math.cos, math.sin) for i in range(4)]
    assert torch.allclose(out[0, 1], torch.tensor(expected), atol=1e-6)


def test_modulation_is_by_frame() -> None:
    x, shift, scale = torch.ones(1, 6, 2), torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), torch.zeros(1, 2, 2)
    assert modulate(x, shift, scale)[0, :, 0].tolist() == [2, 2, 2, 4, 4, 4]
    assert gate_add(x, x, shift)[0, :, 1].tolist() == [3, 3, 3, 5, 5, 5]


def test_the_stream_stays_wide_when_the_weights_are_not() -> None:
    x, gate = torch.full((1, 2, 4), 1.0), torch.full((1, 1, 4), 1e-4)
    branch = Linear(4, 4).to(torch.bfloat16)(x)
    assert branch.dtype == torch.bfloat16
    moved = gate_add(x, branch, gate)
    assert moved.dtype == torch.float32
    assert not torch.equal(moved, x), "bfloat16 would have rounded the step away"
    assert LayerNorm(4)(branch).dtype == RMSNorm(4, eps=1e-6)(branch).dtype == torch.float32


def test_attention_normalises_over_all_heads_together() -> None:
    """One loud head makes the others quiet: with a norm a head they would not hear each other."""
    torch.manual_seed(0)
    layer = Attention(8, 2, eps=1e-6)
    x = torch.randn(1, 5, 8)
    before = layer(x)
    with torch.no_grad():
        layer.q.weight[4:] *= 50
    q = layer.norm_q(layer.q(x))
    assert torch.allclose(q.square().mean(-1), torch.ones(1, 5), atol=1e-4)
    assert q[..., :4].square().mean() < 0.1
    assert not torch.allclose(layer(x), before, atol=1e-4)


def test_keys_of_a_picture_add_to_those_of_text() -> None:
    layer = Attention(8, 2, eps=1e-6, image=True)
    x, text, picture = torch.randn(1, 3, 8), torch.randn(1, 4, 8), torch.randn(1, 6, 8)
    with torch.no_grad():
        alone = layer(x, text)
        nn.init.zeros_(layer.v_img.weight)
        assert layer.v_img.bias is not None
        nn.init.ones_(layer.v_img.bias)
        both = layer(x, text, picture=picture)
        expected = alone + layer.o.weight.sum(1)
    assert torch.allclose(both, expected, atol=1e-5)
