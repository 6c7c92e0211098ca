"""Convolutions that look back in time only, over a whole clip at once or chunk by chunk with the state as a value.

A causal network run on chunks needs the last input frames of each of its layers. They travel in a :class:`Stream`,
which reads the old state and writes the new one in the order in which the layers run; nothing is stored on a module.
Without a stream, the same layers run the whole clip in one go: zeros stand before its first frame in both cases, so
both give the same result.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

State = tuple[Tensor, ...]
"""What a causal network remembers of the frames it has seen: one tensor a layer with a reach in time."""


class Stream:
    """One pass of a chunk through a causal network: the state before it, layer by layer, and the state after it."""

    def __init__(self, before: State | None) -> None:
        self.first = before is None
        self._before = iter(before or ())
        self._after: list[Tensor] = []

    def recall(self) -> Tensor | None:
        """What the layer that runs now remembered; None on the first chunk."""
        return None if self.first else next(self._before)

    def keep(self, after: Tensor) -> None:
        """Remember ``after`` for the layer that runs now."""
        self._after.append(after.clone(memory_format=torch.contiguous_format))

    @property
    def after(self) -> State:
        """The state for the next chunk."""
        return tuple(self._after)


def frames(x: Tensor) -> Tensor:
    """``(B, C, T, H, W)`` as pictures ``(B * T, C, H, W)``: a view if ``x`` is ``channels_last_3d``."""
    b, c, t, h, w = x.shape
    return x.transpose(1, 2).reshape(b * t, c, h, w)


def unframes(x: Tensor, batch: int) -> Tensor:
    """The inverse of :func:`frames`."""
    return x.view(batch, -1, *x.shape[1:]).transpose(1, 2)


class CausalConv3d(nn.Conv3d):
    """Convolution of ``(B, C, T, H, W)``: zeros around each frame and before the first one, nothing after the last."""

    def __init__(self, in_channels: int, out_channels: int, kernel: tuple[int, int, int]) -> None:
        super().__init__(in_channels, out_channels, kernel, padding=(0, kernel[1] // 2, kernel[2] // 2))
        self.reach = kernel[0] - 1

    def forward(self, input: Tensor, stream: Stream | None = None) -> Tensor:
        """Same shape out, but for the channels; ``stream`` holds the ``reach`` frames before this chunk."""
        if not self.reach:
            pictures = F.conv2d(frames(input), self.weight[:, :, 0], self.bias, padding=self.padding[1:])
            return unframes(pictures, input.shape[0])
        past = stream.recall() if stream is not None else None
        pad = (0, 0, 0, 0, self.reach, 0)
        x = F.pad(input, pad) if past is None else torch.cat([past.to(input), input], 2)
        if stream is not None:
            stream.keep(x[:, :, -self.reach :])
        return self._taps(x) if self.kernel_size[1:] == (1, 1) else super().forward(x)

    def _taps(self, x: Tensor) -> Tensor:
        """A convolution over time alone as one matrix product a tap: on CPUs the convolution kernels are slow at
        this.
        """
        tokens = x.permute(0, 2, 3, 4, 1)
        length = x.shape[2] - self.reach
        y = F.linear(tokens[:, self.reach :], self.weight[:, :, -1, 0, 0], self.bias)
        for tap in range(self.reach):
            y = y + F.linear(tokens[:, tap : tap + length], self.weight[:, :, tap, 0, 0])
        return y.permute(0, 4, 1, 2, 3)


class ChannelNorm(nn.Module):
    """``x / rms(x) * gamma`` over the channels of ``(B, C, ...)`` at each point."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.register_load_state_dict_pre_hook(_flat_gamma)  # type: ignore[no-untyped-call]

    def forward(self, x: Tensor) -> Tensor:
        """Same shape and dtype; the norm is taken in float32 at least."""
        wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        scale = wide.square().mean(1, keepdim=True).clamp_min(1e-24).rsqrt().to(x.dtype)
        return x * scale * self.gamma.to(x.dtype).view(-1, *[1] * (x.ndim - 2))


def _flat_gamma(module: nn.Module, state: dict[str, Any], prefix: str, *_: object) -> None:
    """Public checkpoints store gamma as ``(C, 1, 1)`` or ``(C, 1, 1, 1)``."""
    gamma = state.get(prefix + "gamma")
    if gamma is not None:
        state[prefix + "gamma"] = gamma.flatten()
