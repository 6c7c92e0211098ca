"""Parts of the diffusion transformer. Attribute names are those of the original Wan checkpoints, so that these load
as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.nn.attention import Backend
from soramame.nn.layers import Attention, LayerNorm, Linear, feed_forward, gate_add, modulate
from soramame.nn.rope import Rotation


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every block reads beside the tokens: text and picture tokens ``(B, L, D)``, rotation, masks, backend."""

    text: Tensor
    text_mask: Tensor | None
    picture: Tensor | None
    turn: Rotation
    self_mask: Tensor | None
    backend: Backend


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where in a picture of ``whole`` rows and columns of tokens a piece lies: its first ``row`` and ``column (B,)``."""

    row: Tensor
    column: Tensor
    whole: tuple[int, int]

    def cells(self, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """Numbers of the rows ``(B, Y)`` and columns ``(B, X)`` of a piece of ``size`` rows and columns."""
        rows, columns = (torch.arange(n, device=self.row.device) for n in size)
        return self.row[:, None] + rows, self.column[:, None] + columns


class Block(nn.Module):
    """Self-attention, attention to text (and a picture), feed-forward; modulated by one table of offsets to the
    shared time.
    """

    def __init__(self, dim: int, heads: int, ffn: int, *, eps: float, image: bool) -> None:
        super().__init__()
        self.norm1 = LayerNorm(dim, eps, elementwise_affine=False)
        self.self_attn = Attention(dim, heads, eps=eps)
        self.norm3 = LayerNorm(dim, eps)
        self.cross_attn = Attention(dim, heads, eps=eps, image=image)
        self.norm2 = LayerNorm(dim, eps, elementwise_affine=False)
        self.ffn = feed_forward(dim, ffn)
        self.modulation = nn.Parameter(torch.zeros(1, 6, dim))

    def forward(self, x: Tensor, time: Tensor, context: Context) -> Tensor:
        """``x (B, N, D)`` float32, ``time (B, F, 6, D)`` float32; the result is like ``x``."""
        shift, scale, gate, ffn_shift, ffn_scale, ffn_gate = (self.modulation[:, None].float() + time).unbind(2)
        h = self.self_attn(
            modulate(self.norm1(x), shift, scale), turn=context.turn, mask=context.self_mask, backend=context.backend
        )
        x = gate_add(x, h, gate)
        h = self.cross_attn(
            self.norm3(x), context.text, mask=context.text_mask, picture=context.picture, backend=context.backend
        )
        x = x + h
        return gate_add(x, self.ffn(modulate(self.norm2(x), ffn_shift, ffn_scale)), ffn_gate)


class Head(nn.Module):
    """Tokens to patches of the output, modulated by time."""

    def __init__(self, dim: int, out: int, *, eps: float) -> None:
        super().__init__()
        self.norm = LayerNorm(dim, eps, elementwise_affine=False)
        self.head = Linear(dim, out)
        self.modulation = nn.Parameter(torch.zeros(1, 2, dim))

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """``x (B, N, D)`` and ``time (B, F, D)`` to ``(B, N, out)``."""
        shift, scale = (self.modulation[:, None].float() + time[:, :, None]).unbind(2)
        out: Tensor = self.head(modulate(self.norm(x), shift, scale))
        return out


class ImageEmbedding(nn.Module):
    """Features of a picture's encoder ``(B, P, image_dim)`` to tokens ``(B, P, dim)`` (Wan 2.1 I2V; FLF2V with
    positions).
    """

    def __init__(self, image_dim: int, dim: int, *, positions: int | None) -> None:
        super().__init__()
        self.proj = nn.Sequential(
            LayerNorm(image_dim), Linear(image_dim, image_dim), nn.GELU(), Linear(image_dim, dim), LayerNorm(dim)
        )
        self.emb_pos = nn.Parameter(torch.zeros(1, positions, image_dim)) if positions else None

    def forward(self, features: Tensor) -> Tensor:
        """In float32, since it ends in a norm."""
        out: Tensor = self.proj(features if self.emb_pos is None else features + self.emb_pos)
        return out


class AbsolutePositions(nn.Module):
    """Learned embeddings of where and when a token is: rotary positions are relative and do not know left from right.

    Space is a small grid over the picture, interpolated to any size (so left stays left at every aspect); time is a
    table over latent frames, interpolated between them and held beyond its end.
    """

    def __init__(self, dim: int, grid: tuple[int, int], frames: int) -> None:
        super().__init__()
        self.space = nn.Parameter(torch.zeros(1, dim, *grid))
        self.time = nn.Parameter(torch.zeros(frames, dim))

    def forward(self, frames: Tensor, size: tuple[int, int], window: Window | None = None) -> Tensor:
        """For frames at coordinates ``(B or 1, F)`` of ``size`` rows and columns, the whole picture or a window of it:
        ``(B or 1, F * Y * X, dim)``.
        """
        space, whole = self.space.float(), size if window is None else window.whole
        if whole != self.space.shape[2:]:
            space = F.interpolate(space, whole, mode="bilinear", align_corners=False)
        if window is not None:
            rows, columns = window.cells(size)
            space = space[0][:, rows[:, :, None], columns[:, None]].movedim(0, 1)
        at = frames.float().clamp(0, len(self.time) - 1)
        low = at.floor().long()
        share = (at - low)[..., None]
        table = self.time.float()
        time = torch.lerp(table[low], table[(low + 1).clamp(max=len(table) - 1)], share)
        return (time[:, :, None] + space.flatten(2).mT[:, None]).flatten(1, 2)


class TextRefiner(nn.Module):
    """One transformer block over text tokens, so that their meanings meet before the video reads them."""

    def __init__(self, dim: int, heads: int, *, eps: float) -> None:
        super().__init__()
        self.norm1, self.norm2 = LayerNorm(dim, eps), LayerNorm(dim, eps)
        self.attn = Attention(dim, heads, eps=eps)
        self.ffn = feed_forward(dim, 2 * dim)

    def forward(self, text: Tensor, mask: Tensor | None, backend: Backend) -> Tensor:
        """Same shape ``(B, L, D)``; ``mask (B, 1, 1, L)`` is true where there is a token."""
        text = text + self.attn(self.norm1(text), mask=mask, backend=backend)
        out: Tensor = text + self.ffn(self.norm2(text))
        return out
