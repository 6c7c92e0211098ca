"""The shape of a diffusion transformer, and the published shapes of the public models."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal

from soramame.errors import ConfigError

Prediction = Literal["velocity", "x0"]
Conditioning = Literal["time", "replacement", "channels"]
MASK = 4
"""Condition channels that say which video frames of a latent frame are given."""


@dataclass(frozen=True, kw_only=True)
class DiTConfig:
    """Shape of a DiT. Channels are of latents; ``in_channels`` counts condition channels beside the noise."""

    dim: int
    layers: int
    heads: int
    ffn: int
    in_channels: int = 16
    out_channels: int = 16
    text_dim: int = 4096
    freq_dim: int = 256
    patch: tuple[int, int, int] = (1, 2, 2)
    eps: float = 1e-6
    image_dim: int | None = None
    """Width of picture features (CLIP); with them, cross-attention has a picture branch."""
    image_positions: int | None = None
    fps_embedding: bool = False
    prediction: Prediction = "velocity"
    conditioning: Conditioning = "time"
    """How the network is told what is given: by a ``time`` for each latent frame; not at all, so that it is put back at every step
    (``replacement``); or in ``channels`` behind the noise, a mask of four and the latents themselves. The tasks are the same."""
    text_pooled: bool = False
    """A vector of the whole text is added to the time embedding."""
    text_refiner: bool = False
    absolute_positions: bool = False
    position_grid: tuple[int, int] = (5, 8)
    """Rows and columns of the learned grid of absolute positions."""
    position_frames: int = 9
    layout: int = 0
    """Of the channels, the last so many are no latents: they say where actors are, and are painted with the rest."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if isinstance(value := getattr(self, field.name), list):
                object.__setattr__(self, field.name, tuple(value))
        if self.dim % self.heads or (self.dim // self.heads) % 2 or self.dim // self.heads < 6:
            raise ConfigError(
                f"dim {self.dim} over {self.heads} heads has to be an even number of at least 6 channels each."
            )
        if min(self.layers, self.ffn, self.in_channels, self.out_channels, self.text_dim, *self.patch) < 1:
            raise ConfigError("layers, ffn, channels, text_dim and patch of a DiT have to be at least 1.")
        if self.out_channels > self.in_channels:
            raise ConfigError(
                f"a DiT cannot return more channels ({self.out_channels}) than it reads ({self.in_channels})."
            )
        if not 0 <= self.layout < self.out_channels:
            raise ConfigError(f"layout has to be 0 to {self.out_channels - 1} of the channels, not {self.layout}.")
        if self.patch[0] != 1:
            raise ConfigError(f"patches are one latent frame deep, not {self.patch[0]}: each frame has its own time.")
        if self.freq_dim % 2:
            raise ConfigError(f"freq_dim has to be even, not {self.freq_dim}.")
        if self.prediction not in ("velocity", "x0"):
            raise ConfigError(f"prediction has to be velocity or x0, not {self.prediction!r}.")
        if self.conditioning not in ("time", "replacement", "channels"):
            raise ConfigError(f"conditioning has to be time, replacement or channels, not {self.conditioning!r}.")
        if self.conditioning == "channels" and self.in_channels != 2 * self.out_channels - self.layout + MASK:
            raise ConfigError(
                f"a DiT with condition channels reads its {self.out_channels} channels, {MASK} of a mask and those that are no "
                f"layout again: {2 * self.out_channels - self.layout + MASK}, not {self.in_channels}."
            )
        if self.image_positions is not None and self.image_dim is None:
            raise ConfigError("image_positions need an image_dim.")

    @property
    def head_dim(self) -> int:
        """Channels of an attention head."""
        return self.dim // self.heads

    @classmethod
    def mame(cls) -> DiTConfig:
        """The bundled model: 192 channels of 16x16x4 latents and 3 of layout, 10 x 16 cells, 9 latent frames; predicts the
        video itself.
        """
        return cls(
            dim=384,
            layers=8,
            heads=4,
            ffn=1536,
            in_channels=195,
            out_channels=195,
            layout=3,
            text_dim=256,
            patch=(1, 1, 1),
            position_grid=(10, 16),
            prediction="x0",
            text_pooled=True,
            text_refiner=True,
            absolute_positions=True,
        )

    @classmethod
    def wan(cls, name: str) -> DiTConfig:
        """A public model by the name of its repository, such as ``"Wan2.1-T2V-1.3B"``; :class:`ConfigError` if
        unknown.
        """
        plain = name.split("/")[-1].removesuffix("-Diffusers")
        if plain not in WAN:
            raise ConfigError(f"{name!r} is not a known model; there are: {', '.join(WAN)}.")
        return cls(**WAN[plain])


_SMALL: dict[str, Any] = {"dim": 1536, "layers": 30, "heads": 12, "ffn": 8960}
_MEDIUM: dict[str, Any] = {"dim": 3072, "layers": 30, "heads": 24, "ffn": 14336, "in_channels": 48, "out_channels": 48}
_LARGE: dict[str, Any] = {"dim": 5120, "layers": 40, "heads": 40, "ffn": 13824}
_CHANNELS: dict[str, Any] = {"in_channels": 36, "conditioning": "channels"}
_IMAGE: dict[str, Any] = _CHANNELS | {"image_dim": 1280}
_TEXT: dict[str, Any] = {"conditioning": "replacement"}

WAN: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "Wan2.1-T2V-1.3B": _SMALL | _TEXT,
        "Wan2.1-T2V-14B": _LARGE | _TEXT,
        "Wan2.1-I2V-14B-480P": _LARGE | _IMAGE,
        "Wan2.1-I2V-14B-720P": _LARGE | _IMAGE,
        "Wan2.1-FLF2V-14B-720P": _LARGE | _IMAGE | {"image_positions": 514},
        "Wan2.2-T2V-A14B": _LARGE | _TEXT,
        "Wan2.2-I2V-A14B": _LARGE | _CHANNELS,
        "Wan2.2-TI2V-5B": _MEDIUM,
        "SkyReels-V2-DF-1.3B-540P": _SMALL | {"fps_embedding": True},
        "SkyReels-V2-DF-14B-540P": _LARGE,
        "SkyReels-V2-DF-14B-720P": _LARGE,
    }
)
"""Constants of the public models; each expert of Wan 2.2 A14B is one such network."""
