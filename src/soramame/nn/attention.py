"""Attention: one function, the backend an argument."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

Backend = Literal["auto", "sdpa", "chunked"]

_SCORES = 1 << 22
"""Scores that the chunked backend holds at a time: 16 MiB in float32, about what stays in cache."""


def attend(q: Tensor, k: Tensor, v: Tensor, *, mask: Tensor | None = None, backend: Backend = "auto") -> Tensor:
    """Softmax attention of ``q (B, heads, N, d)`` over ``k`` and ``v (B, heads, M, d)``; the result is ``(B, heads,
    N, d)``.

    ``mask``: bool, broadcastable to ``(B, heads, N, M)``, true where a key is seen. ``sdpa`` is torch's own kernel;
    ``chunked`` is plain matrix products over some queries at a time, which on some CPUs runs three times as fast,
    most of all in bfloat16; ``auto`` is ``sdpa`` (the runtime times both and names one).
    """
    if backend == "chunked":
        return _chunked(q, k, v, mask)
    if backend in ("auto", "sdpa"):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    raise ValueError(f"attention backend has to be auto, sdpa or chunked, not {backend!r}")


def _chunked(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    queries, keys = q.shape[-2], k.shape[-2]
    rows = max(1, min(queries, _SCORES // max(1, keys * q.shape[0] * q.shape[1])))
    kt = (k * q.shape[-1] ** -0.5).mT
    out = []
    for start in range(0, queries, rows):
        scores = q[..., start : start + rows, :] @ kt
        if mask is not None:
            part = mask[..., start : start + rows, :] if mask.shape[-2] > 1 else mask
            scores = scores.masked_fill(~part, float("-inf"))
        out.append(torch.softmax(scores, -1) @ v)
    return torch.cat(out, -2)
