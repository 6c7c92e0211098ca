"""The video VAE: pixels to latents and back, causal in time, one module for Wan 2.1, Wan 2.2 and the bundled model.

A clip of ``1 + 4k`` frames has ``1 + k`` latent frames: the first frame alone, then one for every four. A whole clip
runs in one go; the same network runs chunk by chunk (:meth:`VAE.encode_chunk`, :meth:`VAE.decode_chunk`) with the
same result and constant memory. Architecture: Wan 2.1 and 2.2 (Wan-Video, Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.errors import ConfigError, SizeError
from soramame.geometry import latent_frames
from soramame.model.transform import BlockTransform
from soramame.model.vae_blocks import (
    Down,
    DownLevel,
    FrameAttention,
    Middle,
    ResidualBlock,
    Up,
    UpLevel,
    patchify,
    unpatchify,
)
from soramame.model.wan_constants import VAE21_MEAN, VAE21_STD, VAE22_MEAN, VAE22_STD
from soramame.nn.streaming import CausalConv3d, ChannelNorm, State, Stream


@dataclass(frozen=True, kw_only=True)
class VAEConfig:
    """Shape of a VAE. Widths are listed from the finest grid to the coarsest, for the encoder and for the decoder."""

    latent_channels: int
    encoder_widths: tuple[int, ...]
    decoder_widths: tuple[int, ...]
    temporal: tuple[bool, ...]
    """For each downsampling, from the finest: does it halve the frames too?"""
    encoder_blocks: int = 2
    decoder_blocks: int = 3
    patch: int = 1
    """Edge of the square of pixels that become the channels of the finest grid."""
    residual: bool = False
    """Averaging and repeating shortcuts past every level (Wan 2.2)."""
    factorised: bool = False
    """Convolutions 1x3x3 then 3x1x1 instead of 3x3x3: about a fifth of the cost."""
    transform: tuple[int, int] | None = None
    """Still and moving components of a fixed linear transform of blocks that encodes alone; the decoder adds to what it
    gives back. With it there are no ``encoder_widths``."""
    latent_mean: tuple[float, ...] = ()
    latent_std: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            if isinstance(value := getattr(self, field.name), list):
                object.__setattr__(self, field.name, tuple(value))
        levels = len(self.temporal) + 1
        self._check_transform()
        widths = [self.decoder_widths] if self.transform else [self.decoder_widths, self.encoder_widths]
        if levels < 2 or any(len(width) != levels for width in widths):
            raise ConfigError(
                f"a VAE with {len(self.temporal)} downsamplings needs {levels} encoder_widths and decoder_widths."
            )
        if min(self.latent_channels, self.encoder_blocks, self.decoder_blocks, self.patch) < 1:
            raise ConfigError(
                "latent_channels, encoder_blocks, decoder_blocks and patch of a VAE have to be at least 1."
            )
        for values in (self.latent_mean, self.latent_std):
            if values and len(values) != self.latent_channels:
                raise ConfigError(f"latent_mean and latent_std of a VAE need {self.latent_channels} numbers or none.")
        if self.residual:
            self._check_shortcuts()

    def _check_transform(self) -> None:
        if self.transform is None:
            return
        if min(self.transform) < 1 or sum(self.transform) != self.latent_channels or self.encoder_widths:
            raise ConfigError(
                "a transform needs two numbers of components that make up latent_channels, and no encoder_widths."
            )
        if self.transform[0] > 3 * self.space_stride**2:
            raise ConfigError("a transform has at most as many still components as a block has numbers in a frame.")

    def _check_shortcuts(self) -> None:
        w = self.encoder_widths
        for into, out, time, space in zip((*w[:1], *w), w, (*self.times, 1), (*[2] * len(self.times), 1), strict=False):
            if into * time * space * space % out:
                raise ConfigError(f"an averaging shortcut from {into} to {out} channels does not come out even.")
        w = self.decoder_widths[::-1]
        for into, out, time in zip((w[0], *w), w[:-1], self.times[::-1], strict=False):
            if out * time * 4 % into:
                raise ConfigError(f"a repeating shortcut from {into} to {out} channels does not come out even.")

    @property
    def times(self) -> tuple[int, ...]:
        """Factor in time of each downsampling, from the finest."""
        return tuple(2 if temporal else 1 for temporal in self.temporal)

    @property
    def space_stride(self) -> int:
        """Pixels an edge of a latent cell."""
        return int(self.patch * 2 ** len(self.temporal))

    @property
    def time_stride(self) -> int:
        """Frames a latent frame, but for the first."""
        return int(2 ** sum(self.temporal))

    @classmethod
    def wan21(cls) -> VAEConfig:
        """Wan 2.1 (8x8x4, 16 channels, 127 M parameters): also of Wan 2.2 A14B and SkyReels-V2."""
        widths = (96, 192, 384, 384)
        return cls(
            latent_channels=16,
            encoder_widths=widths,
            decoder_widths=widths,
            temporal=(False, True, True),
            latent_mean=VAE21_MEAN,
            latent_std=VAE21_STD,
        )

    @classmethod
    def wan22(cls) -> VAEConfig:
        """Wan 2.2 (16x16x4, 48 channels, 705 M parameters): of Wan 2.2 TI2V-5B."""
        return cls(
            latent_channels=48,
            encoder_widths=(160, 320, 640, 640),
            decoder_widths=(256, 512, 1024, 1024),
            temporal=(False, True, True),
            patch=2,
            residual=True,
            latent_mean=VAE22_MEAN,
            latent_std=VAE22_STD,
        )

    @classmethod
    def mame(cls) -> VAEConfig:
        """The bundled model (16x16x4, 192 channels): a fixed transform, and the Wan 2.2 decoder, narrow, to squares of 4
        pixels.
        """
        return cls(
            latent_channels=192,
            encoder_widths=(),
            decoder_widths=(48, 80, 160),
            temporal=(True, True),
            transform=(112, 80),
            decoder_blocks=1,
            patch=4,
            residual=True,
            factorised=True,
        )


class Encoder(nn.Module):
    """Patchified pixels to twice the latent channels."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        widths, factorised = config.encoder_widths, config.factorised
        edge = (1, 3, 3) if factorised else (3, 3, 3)
        self.conv_in = CausalConv3d(3 * config.patch**2, widths[0], edge)
        self.levels = nn.ModuleList()
        for i, (into, out) in enumerate(zip((widths[0], *widths), widths, strict=False)):
            down = Down(out, temporal=config.temporal[i]) if i < len(config.temporal) else None
            self.levels.append(
                DownLevel(into, out, config.encoder_blocks, down=down, residual=config.residual, factorised=factorised)
            )
        self.middle = Middle(widths[-1], factorised=factorised)
        self.norm_out = ChannelNorm(widths[-1])
        self.conv_out = CausalConv3d(widths[-1], 2 * config.latent_channels, edge)

    def forward(self, x: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, 3 * patch², T, H, W)`` to ``(B, 2 * latent_channels, F, Y, X)``."""
        x = self.conv_in(x, stream)
        for level in self.levels:
            x = level(x, stream)
        x = F.silu(self.norm_out(self.middle(x, stream)))
        out: Tensor = self.conv_out(x, stream)
        return out


class Decoder(nn.Module):
    """Latents to patchified pixels."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        widths, factorised, residual = config.decoder_widths[::-1], config.factorised, config.residual
        edge = (1, 3, 3) if factorised else (3, 3, 3)
        self.conv_in = CausalConv3d(config.latent_channels, widths[0], edge)
        self.middle = Middle(widths[0], factorised=factorised)
        self.levels = nn.ModuleList()
        into = widths[0]
        for i, out in enumerate(widths):
            after = out if residual else out // 2
            up = Up(out, after, temporal=config.temporal[-1 - i]) if i < len(config.temporal) else None
            self.levels.append(
                UpLevel(into, out, config.decoder_blocks, up=up, residual=residual, factorised=factorised)
            )
            into = after
        self.norm_out = ChannelNorm(widths[-1])
        self.conv_out = CausalConv3d(widths[-1], 3 * config.patch**2, edge)

    def forward(self, z: Tensor, stream: Stream | None = None) -> Tensor:
        """``(B, latent_channels, F, Y, X)`` to ``(B, 3 * patch², T, H, W)``."""
        x = self.middle(self.conv_in(z, stream), stream)
        for level in self.levels:
            x = level(x, stream)
        x = F.silu(self.norm_out(x))
        out: Tensor = self.conv_out(x, stream)
        return out


class EncoderState(NamedTuple):
    """Between two chunks of frames: what the layers remember, and frames too few yet for a latent frame."""

    layers: State | None
    pending: Tensor


class VAE(nn.Module):
    """Pixels ``(B, 3, T, H, W)`` in [-1, 1] to latents ``(B, C, F, Y, X)`` of about unit deviation, and back."""

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.config = config
        c = config.latent_channels
        self.transform: BlockTransform | None = None
        if config.transform:
            self.transform = BlockTransform(*config.transform, edge=config.space_stride, frames=config.time_stride)
        else:
            self.encoder = Encoder(config)
            self.quant_conv = CausalConv3d(2 * c, 2 * c, (1, 1, 1))
        self.post_quant_conv = CausalConv3d(c, c, (1, 1, 1))
        self.decoder = Decoder(config)
        self.register_buffer("latent_mean", torch.tensor(config.latent_mean or (0.0,) * c))
        self.register_buffer("latent_std", torch.tensor(config.latent_std or (1.0,) * c))
        initialise(self)

    def encode(self, pixels: Tensor) -> Tensor:
        """Normalised mean latents ``(B, C, F, Y, X)`` of pixels ``(B, 3, 1 + 4k, H, W)``."""
        return self.normalise(self.encode_moments(pixels)[0])

    def encode_moments(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior, both ``(B, C, F, Y, X)``, as the network has them (not normalised; the
        smallest log-variance where a transform encodes).

        :class:`SizeError` or :class:`DurationError` for pixels that do not divide into latent cells.
        """
        latent_frames(pixels.shape[2], self.config.time_stride)
        return self._moments(pixels, None)

    def decode(self, latents: Tensor, *, clamp: bool = True) -> Tensor:
        """Pixels ``(B, 3, 1 + 4(F - 1), H, W)`` of normalised latents, in [-1, 1] if ``clamp``."""
        pixels = self._joined(self.decode_raw(self.denormalise(latents)), None)
        return pixels.clamp(-1, 1) if clamp else pixels

    def decode_raw(self, z: Tensor, stream: Stream | None = None) -> Tensor:
        """Pixels, not clamped, of latents as the network has them (not normalised); a transform's blocks are not joined."""
        pictures = self.post_quant_conv(z.contiguous(memory_format=torch.channels_last_3d))
        pixels = unpatchify(self.decoder(pictures, stream), self.config.patch)
        if self.transform is None:
            return pixels
        return pixels + self.transform.decode(z, first=stream is None or stream.first)

    def encode_chunk(self, pixels: Tensor, state: EncoderState | None) -> tuple[Tensor | None, EncoderState]:
        """Encode the next frames of a clip, any number of them; ``state`` is None at its start.

        Returns normalised latents of the latent frames that are complete by now (None if none is), and the next state.
        """
        layers, pending = state if state is not None else (None, pixels[:, :, :0])
        pixels = torch.cat([pending.to(pixels), pixels], 2)
        count, stride = pixels.shape[2], self.config.time_stride
        ready = count - count % stride if layers is not None else max(0, count - (count - 1) % stride)
        pending = pixels[:, :, ready:].clone()
        if not ready:
            return None, EncoderState(layers, pending)
        stream = Stream(layers)
        mean, _ = self._moments(pixels[:, :, :ready], stream)
        return self.normalise(mean), EncoderState(stream.after, pending)

    def decode_chunk(self, latents: Tensor, state: State | None, *, clamp: bool = True) -> tuple[Tensor, State]:
        """Decode the next latent frames of a clip, one or more; ``state`` is None at its start. Returns pixels and
        the next state.
        """
        stream = Stream(state)
        pixels = self._joined(self.decode_raw(self.denormalise(latents), stream), stream)
        return (pixels.clamp(-1, 1) if clamp else pixels), stream.after

    def normalise(self, z: Tensor) -> Tensor:
        """Latents as the network has them, to zero mean and unit deviation a channel."""
        return (z - _spread(self.latent_mean, z)) / _spread(self.latent_std, z)

    def denormalise(self, latents: Tensor) -> Tensor:
        """The inverse of :meth:`normalise`."""
        return latents * _spread(self.latent_std, latents) + _spread(self.latent_mean, latents)

    def _joined(self, pixels: Tensor, stream: Stream | None) -> Tensor:
        return pixels if self.transform is None else self.transform.join(pixels, stream)

    def _moments(self, pixels: Tensor, stream: Stream | None) -> tuple[Tensor, Tensor]:
        height, width = pixels.shape[-2:]
        stride = self.config.space_stride
        if height % stride or width % stride:
            raise SizeError(f"width and height have to be multiples of {stride}, not {width}x{height}.")
        if self.transform is not None:
            mean = self.transform.encode(pixels, first=stream is None or stream.first)
            return mean, torch.full_like(mean, -30)
        x = patchify(pixels, self.config.patch).contiguous(memory_format=torch.channels_last_3d)
        mean, logvar = self.quant_conv(self.encoder(x, stream)).chunk(2, 1)
        return mean, logvar.clamp(-30, 20)


def _spread(values: Tensor, like: Tensor) -> Tensor:
    return values.view(1, -1, 1, 1, 1).to(like)


def initialise(vae: VAE) -> None:
    """Set the weights that training starts from.

    | what | weight | bias |
    |---|---|---|
    | convolutions | normal, deviation 1 / sqrt(fan in) | 0 |
    | last convolution of a residual block, output of attention | 0: the block begins as its shortcut | 0 |
    | upsampling in time | both new frames are copies of the old | 0 |
    | downsampling in time | the mean of the two new frames | 0 |
    | last convolution beside a transform | 0: the decoder begins as the transform's inverse | 0 |
    | norms | 1 | |
    """
    for module in vae.modules():
        if isinstance(module, nn.Conv2d | nn.Conv3d):
            nn.init.normal_(module.weight, std=module.weight[0].numel() ** -0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for module in vae.modules():
        if isinstance(module, ResidualBlock):
            nn.init.zeros_(module.conv2.weight)
        elif isinstance(module, FrameAttention):
            nn.init.zeros_(module.proj.weight)
        elif isinstance(module, Up) and module.time_conv is not None:
            _taps(module.time_conv, (0.0, 0.0, 1.0))
        elif isinstance(module, Down) and module.time_conv is not None:
            _taps(module.time_conv, (0.0, 0.5, 0.5))
    if vae.transform is not None:
        nn.init.zeros_(vae.decoder.conv_out.weight)


@torch.no_grad()
def _taps(conv: nn.Conv3d, taps: tuple[float, float, float]) -> None:
    """Make a 3x1x1 convolution the same filter over time for every channel."""
    same = torch.eye(conv.in_channels).repeat(conv.out_channels // conv.in_channels, 1)
    conv.weight.copy_((same[..., None] * torch.tensor(taps))[..., None, None])
