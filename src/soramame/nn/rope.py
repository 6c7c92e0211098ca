"""Rotary positions over three axes with real coordinates (Su et al. 2021; axes split as in Wan 2.1).

Tables are made in float64 and used in float32. A head of ``d`` channels is split in time, row, column: row and column
get ``2 * (d // 6)`` each, time the rest; each pair of neighbouring channels is turned by position times its
frequency.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

THETA = 10000.0


class Rotation(NamedTuple):
    """Cosine and sine for each token and pair of channels, both ``(B or 1, 1, N, d / 2)`` in float32."""

    cos: Tensor
    sin: Tensor


def axis_dims(head_dim: int) -> tuple[int, int, int]:
    """Channels of a head for time, row and column."""
    space = 2 * (head_dim // 6)
    return head_dim - 2 * space, space, space


def rotation(frames: Tensor, rows: Tensor, columns: Tensor, head_dim: int) -> Rotation:
    """The rotation of tokens at every frame, row and column, ordered so.

    ``frames (B or 1, F)``, ``rows (Y,)`` and ``columns (X,)`` are coordinates in tokens; fractions and offsets are
    fine.
    """
    shape = (frames.shape[0], frames.shape[1], len(rows), len(columns))
    parts = []
    for axis, (positions, dim) in enumerate(zip((frames, rows, columns), axis_dims(head_dim), strict=True)):
        steps = torch.arange(0, dim, 2, dtype=torch.float64, device=positions.device)
        angles = positions.double()[..., None] * THETA ** (-steps / dim)
        if axis == 0:
            angles = angles[:, :, None, None]
        elif axis == 1:
            angles = angles[None, None, :, None]
        parts.append(angles.expand(*shape, -1))
    whole = torch.cat(parts, -1).flatten(1, 3)[:, None]
    return Rotation(whole.cos().float(), whole.sin().float())


def rotate(x: Tensor, by: Rotation) -> Tensor:
    """``x (B, heads, N, d)`` turned; computed and returned in float32."""
    even, odd = x.float().view(*x.shape[:-1], -1, 2).unbind(-1)
    return torch.stack((even * by.cos - odd * by.sin, even * by.sin + odd * by.cos), -1).flatten(-2)
