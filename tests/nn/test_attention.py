"""Attention is the textbook formula, whichever backend computes it."""

from __future__ import annotations

import math
from typing import cast

import pytest
import torch
from torch import Tensor

import soramame.nn.attention as module
from soramame.nn.attention import Backend, attend


def inputs(queries: int, keys: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(queries)
    shapes = ((2, 3, queries, 8), (2, 3, keys, 8), (2, 3, keys, 8))
    q, k, v = (torch.randn(shape, generator=generator) for shape in shapes)
    return q, k, v


def formula(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    scores = torch.einsum("bhnd,bhmd->bhnm", q.double(), k.double()) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return torch.einsum("bhnm,bhmd->bhnd", scores.softmax(-1), v.double()).float()


@pytest.mark.parametrize("backend", ["auto", "sdpa", "chunked"])
@pytest.mark.parametrize("masked", ["none", "keys", "pairs"])
def test_attention_is_the_formula(backend: Backend, masked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SCORES", 6 * 11 * 4)  # four queries at a time, so that chunks do not divide 7
    q, k, v = inputs(7, 11)
    mask = None
    if masked == "keys":
        mask = torch.arange(11).expand(2, 1, 1, 11) < torch.tensor([4, 11]).view(2, 1, 1, 1)
    elif masked == "pairs":
        mask = torch.arange(7)[:, None] >= torch.arange(11)[None, :]
    assert torch.allclose(attend(q, k, v, mask=mask, backend=backend), formula(q, k, v, mask), atol=1e-5)


def test_backends_have_equal_gradients() -> None:
    gradients = []
    backends: tuple[Backend, Backend] = ("sdpa", "chunked")
    for backend in backends:
        parts = [part.requires_grad_() for part in inputs(5, 9)]
        torch.autograd.backward(attend(*parts, backend=backend).square().sum())
        gradients.append([cast(Tensor, part.grad) for part in parts])
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(*gradients, strict=True))


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="chunked"):
        attend(*inputs(2, 2), backend=cast(Backend, "flash9"))
