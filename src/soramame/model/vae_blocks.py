"""Parts of the causal video VAE: residual blocks, attention inside a frame, and resampling in space and time.

Follows Wan 2.1 and 2.2 (Wan-Video, Apache-2.0), with their special cases: in time, the first frame of a clip is never
mixed into an upsampling and never halved by a downsampling.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from einops import rearrange, reduce, repeat
from torch import Tensor, nn

from soramame.nn.attention import attend
from soramame.nn.streaming import CausalConv3d, ChannelNorm, Stream, frames, unframes


def patchify(x: Tensor, patch: int) -> Tensor:
    """Pixels of a ``patch x patch`` square as channels, in Wan's order: colour, column, row."""
    return rearrange(x, "b c t (y q) (x r) -> b (c r q) t y x", q=patch, r=patch) if patch > 1 else x


def unpatchify(x: Tensor, patch: int) -> Tensor:
    """The inverse of :func:`patchify`."""
    return rearrange(x, "b (c r q) t y x -> b c t (y q) (x r)", q=patch, r=patch) if patch > 1 else x


def average_down(x: Tensor, channels: int, *, time: int, space: int) -> Tensor:
    """Shortcut past a downsampling: space and time into channels, then the mean of each group of channels.

    ``x (B, C, T, H, W)``; zeros are put before the first frame if ``time`` does not divide T.
    """
    x = F.pad(x, (0, 0, 0, 0, -x.shape[2] % time, 0))
    x = rearrange(x, "b c (t s) (h p) (w q) -> b (c s p q) t h w", s=time, p=space, q=space)
    return reduce(x, "b (c g) t h w -> b c t h w", "mean", c=channels)


def duplicate_up(x: Tensor, channels: int, *, time: int, space: int, first: bool) -> Tensor:
    """Shortcut past an upsampling: channels repeated, then spread over space and time.

    ``first``: ``x`` begins with a clip's first frame, which stays one frame.
    """
    copies = channels * time * space * space // x.shape[1]
    x = repeat(x, "b c t h w -> b (c g) t h w", g=copies)
    x = rearrange(x, "b (c s p q) t h w -> b c (t s) (h p) (w q)", s=time, p=space, q=space)
    return x[:, :, time - 1 :] if first else x


class ResidualBlock(nn.Module):
    """Norm, SiLU, convolution, twice, beside a shortcut. ``factorised``: first 1x3x3, then 3x1x1, instead of 3x3x3
    twice.
    """

    def __init__(self, into: int, out: int, *, factorised: bool) -> None:
        super().__init__()
        first, second = ((1, 3, 3), (3, 1, 1)) if factorised else ((3, 3, 3), (3, 3, 3))
        self.norm1 = ChannelNorm(into)
        self.conv1 = CausalConv3d(into, out, first)
        self.norm2 = ChannelNorm(out)
        self.conv2 = CausalConv3d(out, out, second)
        self.shortcut = CausalConv3d(into, out, (1, 1, 1)) if into != out else nn.Identity()

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, into, T, H, W)`` to ``(B, out, T, H, W)``."""
        h = self.conv1(F.silu(self.norm1(x)), stream)
        h = self.conv2(F.silu(self.norm2(h)), stream)
        out: Tensor = h + self.shortcut(x)
        return out


class FrameAttention(nn.Module):
    """Attention of one head inside each frame."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels)
        self.to_qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape ``(B, C, T, H, W)``."""
        flat = frames(x)
        qkv = rearrange(self.to_qkv(self.norm(flat)), "n (k c) h w -> k n 1 (h w) c", k=3)
        mixed = rearrange(attend(qkv[0], qkv[1], qkv[2]), "n 1 (h w) c -> n c h w", h=x.shape[3])
        projected: Tensor = self.proj(mixed)
        return x + unframes(projected, x.shape[0])


class Middle(nn.Module):
    """Residual block, attention, residual block, at the coarsest grid."""

    def __init__(self, channels: int, *, factorised: bool) -> None:
        super().__init__()
        self.first = ResidualBlock(channels, channels, factorised=factorised)
        self.attention = FrameAttention(channels)
        self.second = ResidualBlock(channels, channels, factorised=factorised)

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """Same shape ``(B, C, T, H, W)``."""
        out: Tensor = self.second(self.attention(self.first(x, stream)), stream)
        return out


class Down(nn.Module):
    """Half the height and width; with ``temporal`` also half the frames, but for the clip's first."""

    def __init__(self, channels: int, *, temporal: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)
        # Its one frame of history is never zeros, so it is put there by forward and not by a CausalConv3d.
        self.time_conv = nn.Conv3d(channels, channels, (3, 1, 1), stride=(2, 1, 1)) if temporal else None

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, C, T, H, W)`` to ``(B, C, T', H / 2, W / 2)``, with ``T' = 1 + (T - 1) / 2`` on the first chunk, T /
        2 later.
        """
        x = unframes(self.conv(F.pad(frames(x), (0, 1, 0, 1))), x.shape[0])
        if self.time_conv is None:
            return x
        past = stream.recall() if stream is not None else None
        if stream is not None:
            stream.keep(x[:, :, -1:])
        if past is not None:
            rest: Tensor = self.time_conv(torch.cat([past.to(x), x], 2))
            return rest
        return x if x.shape[2] == 1 else torch.cat([x[:, :, :1], self.time_conv(x)], 2)


class Up(nn.Module):
    """Twice the height and width; with ``temporal`` also twice the frames, but for the clip's first."""

    def __init__(self, into: int, out: int, *, temporal: bool) -> None:
        super().__init__()
        self.time_conv = CausalConv3d(into, 2 * into, (3, 1, 1)) if temporal else None
        self.conv = nn.Conv2d(into, out, 3, padding=1)

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, into, T, H, W)`` to ``(B, out, T', 2H, 2W)``, with ``T' = 2T - 1`` on the first chunk, 2T later."""
        if self.time_conv is not None:
            x = _double(self.time_conv, x, stream)
        pictures = F.interpolate(frames(x), scale_factor=2.0, mode="nearest-exact")
        return unframes(self.conv(pictures), x.shape[0])


def _double(time_conv: CausalConv3d, x: Tensor, stream: Stream | None) -> Tensor:
    """Two frames for each of ``x (B, C, T, H, W)``, but one for the first of a clip."""
    if stream is not None and not stream.first:
        return _interleave(time_conv(x, stream))
    # The first frame passes by, and the second one sees zeros before it, not the first.
    head, rest = x[:, :, :1], x[:, :, 1:]
    if rest.shape[2]:
        return torch.cat([head, _interleave(time_conv(rest, stream))], 2)
    if stream is not None:
        stream.recall()
        stream.keep(torch.zeros_like(head).expand(-1, -1, time_conv.reach, -1, -1))
    return head


def _interleave(x: Tensor) -> Tensor:
    return rearrange(x, "b (k c) t h w -> b c (t k) h w", k=2)


class DownLevel(nn.Module):
    """Residual blocks, then (but for the last level) :class:`Down`; with ``residual`` beside an averaging shortcut."""

    def __init__(
        self, into: int, out: int, blocks: int, *, down: Down | None, residual: bool, factorised: bool
    ) -> None:
        super().__init__()
        widths = [into] + [out] * blocks
        self.blocks = nn.ModuleList(ResidualBlock(a, b, factorised=factorised) for a, b in pairwise(widths))
        self.resample = down
        self.residual, self.out = residual, out
        self.space = 1 if down is None else 2
        self.time = 2 if down is not None and down.time_conv is not None else 1

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, into, T, H, W)`` to ``(B, out, T', H', W')``."""
        h: Tensor = x
        for block in self.blocks:
            h = block(h, stream)
        if self.resample is not None:
            h = self.resample(h, stream)
        return h + average_down(x, self.out, time=self.time, space=self.space) if self.residual else h


class UpLevel(nn.Module):
    """Residual blocks, then (but for the last level) :class:`Up`; with ``residual`` beside a repeating shortcut."""

    def __init__(self, into: int, out: int, blocks: int, *, up: Up | None, residual: bool, factorised: bool) -> None:
        super().__init__()
        widths = [into] + [out] * blocks
        self.blocks = nn.ModuleList(ResidualBlock(a, b, factorised=factorised) for a, b in pairwise(widths))
        self.resample = up
        self.residual, self.out = residual, out
        self.time = 2 if up is not None and up.time_conv is not None else 1

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, into, T, H, W)`` to ``(B, out, T', H', W')``."""
        h: Tensor = x
        for block in self.blocks:
            h = block(h, stream)
        if self.resample is None:
            return h
        h = self.resample(h, stream)
        if not self.residual:
            return h
        first = stream is None or stream.first
        return h + duplicate_up(x, self.out, time=self.time, space=2, first=first)
