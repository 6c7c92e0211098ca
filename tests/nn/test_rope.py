"""Rotary positions keep lengths, and products depend on distances alone, along each of the three axes."""

from __future__ import annotations

import torch
from torch import Tensor

from soramame.nn.rope import axis_dims, rotate, rotation

DIM = 32


def at(frame: float, row: float, column: float) -> Tensor:
    """One vector, turned to a place."""
    x = torch.randn(1, 1, 1, DIM, generator=torch.Generator().manual_seed(0))
    return rotate(x, rotation(torch.tensor([[frame]]), torch.tensor([row]), torch.tensor([column]), DIM))


def product(a: Tensor, b: Tensor) -> float:
    return float((a * b).sum())


def test_axes_share_a_head() -> None:
    assert axis_dims(128) == (44, 42, 42)
    assert axis_dims(64) == (24, 20, 20)


def test_turning_keeps_length() -> None:
    assert abs(at(3.5, 2, 7).norm() - at(0, 0, 0).norm()) < 1e-5


def test_products_depend_on_distance_alone() -> None:
    for step in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5, 2, 3)):
        near = product(at(0, 0, 0), at(*step))
        far = product(at(9, 4, 2.5), at(9 + step[0], 4 + step[1], 2.5 + step[2]))
        assert abs(near - far) < 1e-4
        assert abs(near - product(at(0, 0, 0), at(0, 0, 0))) > 1e-2


def test_tokens_are_ordered_by_frame_row_column_and_items_may_start_anywhere() -> None:
    frames = torch.tensor([[0.0, 1.0], [5.0, 6.5]])
    turn = rotation(frames, torch.arange(2), torch.arange(3), DIM)
    assert turn.cos.shape == (2, 1, 12, DIM // 2)
    one = rotation(torch.tensor([[6.5]]), torch.tensor([1]), torch.tensor([2]), DIM)
    assert torch.equal(turn.sin[1, 0, 11], one.sin[0, 0, 0])
