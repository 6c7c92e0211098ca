"""Causal layers: streamed equals whole, nothing looks ahead, and both ways of computing a convolution agree."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from soramame.nn.streaming import CausalConv3d, ChannelNorm, State, Stream, frames, unframes


def video(channels: int = 3) -> Tensor:
    return torch.randn(2, channels, 7, 4, 5, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("kernel", [(3, 3, 3), (3, 1, 1), (1, 3, 3), (1, 1, 1)])
@pytest.mark.parametrize("cuts", [[7], [1, 2, 4], [1, 1, 1, 1, 3]])
@torch.no_grad()
def test_streamed_convolutions_equal_the_padded_one(kernel: tuple[int, int, int], cuts: list[int]) -> None:
    layers = [CausalConv3d(3, 4, kernel), CausalConv3d(4, 3, kernel)]
    x = video()
    expected = x
    for layer in layers:
        space = (kernel[2] // 2, kernel[2] // 2, kernel[1] // 2, kernel[1] // 2, kernel[0] - 1, 0)
        expected = nn.functional.conv3d(nn.functional.pad(expected, space), layer.weight, layer.bias)
    state: State | None = None
    out = []
    for chunk in torch.split(x, cuts, 2):
        stream = Stream(state)
        for layer in layers:
            chunk = layer(chunk, stream)
        out.append(chunk)
        state = stream.after
    assert torch.allclose(torch.cat(out, 2), expected, atol=1e-5)
    assert torch.allclose(layers[1](layers[0](x)), expected, atol=1e-5)
    assert state is not None
    assert all(part.shape[2] == kernel[0] - 1 for part in state)


def test_frames_are_a_view_of_channels_last() -> None:
    x = video().contiguous(memory_format=torch.channels_last_3d)
    pictures = frames(x)
    assert pictures.data_ptr() == x.data_ptr()
    assert torch.equal(unframes(pictures, 2), x)
    assert torch.equal(pictures[8], x[1, :, 1])


def test_channel_norm_has_unit_rms_and_survives_zeros() -> None:
    norm = ChannelNorm(3)
    y = norm(video() * 100)
    assert torch.allclose(y.square().mean(1), torch.ones(2, 7, 4, 5), atol=1e-5)
    assert torch.equal(norm(torch.zeros(1, 3, 2, 2)), torch.zeros(1, 3, 2, 2))
    half = norm(video().bfloat16())
    assert half.dtype == torch.bfloat16
    assert torch.allclose(half.float(), norm(video()), atol=0.03)
