"""Small layers of transformers: projections that keep to their own dtype, norms in float32, modulation, sinusoids."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.nn.attention import Backend, attend
from soramame.nn.rope import Rotation, rotate


class Linear(nn.Linear):
    """A projection that takes any float dtype and returns its weight's: the residual stream may be wider than the
    weights.
    """

    def forward(self, input: Tensor) -> Tensor:
        """``(..., in)`` to ``(..., out)``."""
        return super().forward(input.to(self.weight.dtype))


class RMSNorm(nn.Module):
    """``x / rms(x) * weight`` over the last axis, in float32."""

    def __init__(self, dim: int, *, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Same shape, in float32."""
        return F.rms_norm(x.float(), self.weight.shape, self.weight.float(), self.eps)


class LayerNorm(nn.LayerNorm):
    """Layer norm in float32, whatever comes in."""

    def forward(self, input: Tensor) -> Tensor:
        """Same shape, in float32."""
        weight = None if self.weight is None else self.weight.float()
        bias = None if self.bias is None else self.bias.float()
        return F.layer_norm(input.float(), self.normalized_shape, weight, bias, self.eps)


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """``x * (1 + scale) + shift``: tokens ``(B, F * S, D)`` with one ``(B, F, D)`` for all S tokens of a frame."""
    framed = _framed(x, shift)
    return torch.addcmul(shift[:, :, None], framed, 1 + scale[:, :, None]).flatten(1, 2)


def gate_add(x: Tensor, branch: Tensor, gate: Tensor) -> Tensor:
    """``x + branch * gate`` in the dtype of ``x (B, F * S, D)``, with one gate ``(B, F, D)`` for all tokens of a
    frame.
    """
    moved = torch.addcmul(_framed(x, gate), _framed(branch.to(x.dtype), gate), gate[:, :, None])
    return moved.flatten(1, 2)


def _framed(x: Tensor, like: Tensor) -> Tensor:
    """Tokens ``(B, F * S, D)`` as ``(B, F, S, D)``, with F from ``like (B, F, D)``."""
    return x.reshape(x.shape[0], like.shape[1], -1, x.shape[2])


def sinusoid(positions: Tensor, dim: int) -> Tensor:
    """Cosines then sines of positions (any shape) at ``dim / 2`` frequencies from 1 down to 1 / 10000; computed in
    float64.
    """
    half = dim // 2
    steps = torch.arange(half, dtype=torch.float64, device=positions.device)
    angles = positions.double()[..., None] * torch.exp(-math.log(10000.0) * steps / half)
    return torch.cat((angles.cos(), angles.sin()), -1).float()


def feed_forward(dim: int, inner: int) -> nn.Sequential:
    """Two projections with a GELU (tanh form) between."""
    return nn.Sequential(Linear(dim, inner), nn.GELU(approximate="tanh"), Linear(inner, dim))


class Attention(nn.Module):
    """Multi-head attention whose queries and keys are normalised over all heads together.

    With ``image`` a second set of keys and values for picture tokens shares the queries; both results are added (Wan
    2.1 I2V).
    """

    def __init__(self, dim: int, heads: int, *, eps: float, image: bool = False) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (Linear(dim, dim) for _ in range(4))
        self.norm_q, self.norm_k = RMSNorm(dim, eps=eps), RMSNorm(dim, eps=eps)
        if image:
            self.k_img, self.v_img = Linear(dim, dim), Linear(dim, dim)
            self.norm_k_img = RMSNorm(dim, eps=eps)

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        turn: Rotation | None = None,
        mask: Tensor | None = None,
        picture: Tensor | None = None,
        backend: Backend = "auto",
    ) -> Tensor:
        """``x (B, N, D)`` attends to ``context (B, M, D)`` (to itself if None), and to ``picture (B, P, D)`` if given.

        ``mask`` is bool, broadcastable to ``(B, heads, N, M)``; ``turn`` rotates queries and keys.
        """
        source = x if context is None else context
        v = self.v(source)
        q, k = self._split(self.norm_q(self.q(x))), self._split(self.norm_k(self.k(source)))
        if turn is not None:
            q, k = rotate(q, turn), rotate(k, turn)
        q, k = q.to(v.dtype), k.to(v.dtype)
        out = self._join(attend(q, k, self._split(v), mask=mask, backend=backend))
        if picture is not None:
            k = self._split(self.norm_k_img(self.k_img(picture))).to(v.dtype)
            out = out + self._join(attend(q, k, self._split(self.v_img(picture)), backend=backend))
        result: Tensor = self.o(out)
        return result

    def _split(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _join(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2).flatten(2)
