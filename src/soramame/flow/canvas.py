"""Tasks: functions that return a :class:`Canvas`, the latents that are known and the time at which each frame joins.

A canvas is all that the sampler and training know of a task. ``start`` 1 means *paint this frame*, 0 *it is given*, between
*begin from its noised self* (Lightricks' LTX-Video names the idea: a condition is a noise level).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soramame.flow.path import interpolate


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """``latents (B, C, F, Y, X)``: what is known, anything where nothing is. ``start (B, F)`` in [0, 1]: when a frame joins."""

    latents: Tensor
    start: Tensor

    def __post_init__(self) -> None:
        if self.latents.ndim != 5 or self.start.shape != (self.latents.shape[0], self.latents.shape[2]):
            raise ValueError(
                f"a canvas has latents (B, C, F, Y, X) and start (B, F), not {tuple(self.latents.shape)} "
                f"and {tuple(self.start.shape)}"
            )

    def clock(self, t: Tensor | float) -> Tensor:
        """Every frame's own time ``(B, F)`` when the sampler's time is ``t`` (a number, or ``(B, 1)``)."""
        return torch.minimum(torch.as_tensor(t, dtype=self.start.dtype, device=self.start.device), self.start)

    def begin(self, noise: Tensor) -> Tensor:
        """The latents to start from: noise where to be painted, bit for bit what is known where given."""
        given = (self.start == 0)[:, None, :, None, None]
        return torch.where(given, self.latents, interpolate(self.latents, noise, self.start))


def text(shape: tuple[int, int, int, int, int], *, device: torch.device | str = "cpu") -> Canvas:
    """Paint everything: ``shape (B, C, F, Y, X)``. With one latent frame, a picture."""
    return Canvas(latents=torch.zeros(shape, device=device), start=torch.ones(shape[0], shape[2], device=device))


def given(latents: Tensor, frames: Tensor) -> Canvas:
    """Keep the latent frames where ``frames (B, F)`` is true, paint the others."""
    return Canvas(latents=latents, start=(~frames).to(latents.dtype))


def prefix(latents: Tensor, count: int) -> Canvas:
    """Keep the first ``count`` latent frames of ``latents``: continue a clip forwards."""
    known = torch.zeros(latents.shape[0], latents.shape[2], dtype=torch.bool, device=latents.device)
    known[:, :count] = True
    return given(latents, known)


def image(first: Tensor, frames: int) -> Canvas:
    """A picture starts to move: ``first (B, C, 1, Y, X)`` is latent frame 0 of ``frames``."""
    latents = first.new_zeros(*first.shape[:2], frames, *first.shape[3:])
    latents[:, :, :1] = first
    return prefix(latents, 1)


def without_layout(latents: Tensor, layout: int) -> Tensor:
    """Known latents ``(B, C, F, Y, X)`` for a model that paints ``layout`` channels with them: a given frame has none, so 0."""
    return torch.cat([latents, latents.new_zeros(latents.shape[0], layout, *latents.shape[2:])], 1)


def first_and_last(first: Tensor, last: Tensor, frames: int) -> Canvas:
    """From one picture to another: ``first`` and ``last``, both ``(B, C, 1, Y, X)``, are the ends of ``frames`` latent frames.

    ``last`` stands for four video frames; encode it as the second latent frame of a still clip of that picture.
    """
    if frames < 2:
        raise ValueError(f"a canvas between two pictures has at least 2 latent frames, not {frames}")
    latents = image(first, frames).latents
    latents[:, :, -1:] = last
    known = torch.zeros(latents.shape[0], frames, dtype=torch.bool, device=latents.device)
    known[:, [0, -1]] = True
    return given(latents, known)


def between(before: Tensor | None, after: Tensor | None, paint: int) -> Canvas:
    """Paint so many latent frames between those that are known on either side, ``(B, C, F, Y, X)``; one side may be missing.

    The first of ``before`` is a picture's. Those of ``after`` stand for four video frames each: encode them behind any picture, and
    leave that out. With nothing before, the first that is painted is a picture's.
    """
    known = before if before is not None else after
    if known is None or paint < 1:
        raise ValueError("a canvas between clips has at least one side and one latent frame to paint")
    blank = known.new_zeros(*known.shape[:2], paint, *known.shape[3:])
    latents = torch.cat([part for part in (before, blank, after) if part is not None], 2)
    frames = torch.ones(latents.shape[0], latents.shape[2], dtype=torch.bool, device=latents.device)
    first = 0 if before is None else before.shape[2]
    frames[:, first : first + paint] = False
    return given(latents, frames)


def forcing(latents: Tensor, generator: torch.Generator) -> Canvas:
    """Every latent frame at a noise level of its own (diffusion forcing, Chen et al. 2024): a canvas to train on."""
    start = torch.rand(latents.shape[0], latents.shape[2], generator=generator)
    return Canvas(latents=latents, start=start.to(latents))


@dataclass(frozen=True, kw_only=True)
class Mix:
    """How often training draws each canvas: shares of text, prefix (one frame: image), first and last, forcing."""

    text: float = 0.5
    prefix: float = 0.3
    ends: float = 0.05
    forcing: float = 0.15

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError(f"the shares of a mix are at least 0 and sum to 1, not {self.shares}")

    @property
    def shares(self) -> tuple[float, float, float, float]:
        return self.text, self.prefix, self.ends, self.forcing


def draw(latents: Tensor, generator: torch.Generator, mix: Mix) -> Canvas:
    """A training canvas over real latents ``(B, C, F, Y, X)``: each item a task of the mix, by the functions above."""
    frames = latents.shape[2]
    if frames == 1:
        return given(latents, torch.zeros(latents.shape[0], 1, dtype=torch.bool, device=latents.device))
    tasks = torch.multinomial(torch.tensor(mix.shares), latents.shape[0], replacement=True, generator=generator)
    starts, item = [], torch.zeros(1, 1, frames, 1, 1)
    for task in tasks.tolist():
        if task == 0:
            canvas = prefix(item, 0)
        elif task == 1:
            half = torch.rand((), generator=generator) < 0.5
            canvas = prefix(item, 1 if half else int(torch.randint(1, frames, (), generator=generator)))
        elif task == 2:
            canvas = first_and_last(item[:, :, :1], item[:, :, -1:], frames)
        else:
            canvas = forcing(item, generator)
        starts.append(canvas.start)
    return Canvas(latents=latents, start=torch.cat(starts).to(latents))
