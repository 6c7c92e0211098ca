"""Tasks: functions that return a :class:`Canvas`, the latents that are known and the time at which each of them joins.

A canvas is all that the sampler and training know of a task. ``start`` 1 means *paint this frame*, 0 *it is given*, between
*begin from its noised self* (Lightricks' LTX-Video names the idea: a condition is a noise level).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from soramame.flow.path import interpolate, over
from soramame.flow.schedule import shift_time


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """``latents (B, C, F, Y, X)``: what is known, anything where nothing is. ``start`` in [0, 1]: when a frame joins, ``(B, F)``,
    or a cell, ``(B, F, Y, X)``.
    """

    latents: Tensor
    start: Tensor

    def __post_init__(self) -> None:
        shape = tuple(self.latents.shape)
        if len(shape) != 5 or tuple(self.start.shape) not in ((shape[0], shape[2]), (shape[0], *shape[2:])):
            raise ValueError(
                f"a canvas has latents (B, C, F, Y, X) and start (B, F) or (B, F, Y, X), not {shape} "
                f"and {tuple(self.start.shape)}"
            )

    @property
    def given(self) -> Tensor:
        """Where latents are given, bool ``(B, 1, F, 1, 1)`` or ``(B, 1, F, Y, X)``."""
        return over(self.start == 0)

    def clock(self, t: Tensor | float) -> Tensor:
        """Every frame's or cell's own time, like ``start``, at the sampler's time ``t``: a number, ``(F,)`` or ``(B, 1)``."""
        time = torch.as_tensor(t, dtype=self.start.dtype, device=self.start.device)
        if time.ndim and self.start.ndim == 4:
            time = time[..., None, None]
        return torch.minimum(time, self.start)

    def times(self, schedule: Tensor) -> Tensor:
        """The part of a falling schedule at which something is still to be painted: it begins where the first frame joins."""
        first = float(self.start.max())
        if first >= float(schedule[0]):
            return schedule
        return torch.cat([schedule.new_tensor([first]), schedule[schedule < first]])

    def begin(self, noise: Tensor) -> Tensor:
        """The latents to start from: noise where to be painted, bit for bit what is known where given."""
        return torch.where(self.given, self.latents, interpolate(self.latents, noise, self.start))


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


def beside(before: Tensor | None, middle: Canvas, after: Tensor | None) -> Canvas:
    """A canvas between what is known on either side, ``(B, C, F, Y, X)``; one side may be missing.

    The first of ``before`` is a picture's. Those of ``after`` stand for four video frames each: encode them behind any picture, and
    leave that out. With nothing before, the first of the middle is a picture's.
    """
    latents = torch.cat([part for part in (before, middle.latents, after) if part is not None], 2)
    sides = (0 if before is None else before.shape[2], 0 if after is None else after.shape[2])
    around = sides if middle.start.ndim == 2 else (0, 0, 0, 0, *sides)
    return Canvas(latents=latents, start=F.pad(middle.start, around))


def between(before: Tensor | None, after: Tensor | None, paint: int) -> Canvas:
    """Paint so many latent frames between those that are known on either side (:func:`beside`)."""
    known = before if before is not None else after
    if known is None or paint < 1:
        raise ValueError("a canvas between clips has at least one side and one latent frame to paint")
    blank = known.new_zeros(*known.shape[:2], paint, *known.shape[3:])
    return beside(before, Canvas(latents=blank, start=blank.new_ones(len(blank), paint)), after)


def remix(latents: Tensor, strength: Tensor | float) -> Canvas:
    """Paint over what is there: every latent frame begins from itself at the noise ``strength``, a number or ``(B, F)``."""
    start = latents.new_ones(latents.shape[0], latents.shape[2]) * torch.as_tensor(strength).to(latents)
    return Canvas(latents=latents, start=start)


def inpaint(latents: Tensor, mask: Tensor, strength: float = 1.0) -> Canvas:
    """Paint only cells of ``mask (B, F, Y, X)``, a bool; the others are given."""
    return Canvas(latents=latents, start=mask.to(latents.dtype) * strength)


def blend(one: Tensor, other: Tensor, share: Tensor, start: Tensor) -> Canvas:
    """One clip turns into another of its shape: ``share (B, F)`` of each latent frame is the other's, rising from 0 to 1.

    Where both are there in equal parts, which is no picture, most has to be painted anew: let ``start (B, F)`` rise and fall again.
    """
    return remix(torch.lerp(one, other, over(share).to(one.dtype)), start)  # exact at both ends


def forcing(latents: Tensor, generator: torch.Generator) -> Canvas:
    """Every latent frame at a noise level of its own (diffusion forcing, Chen et al. 2024): a canvas to train on."""
    start = torch.rand(latents.shape[0], latents.shape[2], generator=generator)
    return Canvas(latents=latents, start=start.to(latents))


def rolling(latents: Tensor, count: int, phase: float, shift: float) -> Canvas:
    """A window that rolls along: the first ``count`` latent frames are given, the others evenly on their way, the last at its
    beginning; ``phase`` in [0, 1) is how far the first of them is ahead of that. Times are shifted as a schedule's are.
    """
    left = latents.shape[2] - count
    share = ((torch.arange(left) + 1 - phase) / left).clamp(0, 1)
    start = torch.cat([torch.zeros(count), shift_time(share, shift).clamp(max=1)]).to(latents)
    return Canvas(latents=latents, start=start.expand(len(latents), -1))


@dataclass(frozen=True, kw_only=True)
class Mix:
    """How often training draws each canvas: shares of text, prefix (one frame: image), first and last, between, forcing, rolling.

    Painting over (remix, blend) begins as forcing does, every frame at a noise of its own; what inpainting shows of a frame is
    noised to the time of the rest, so it is drawn by text.
    """

    text: float = 0.4
    prefix: float = 0.25
    ends: float = 0.05
    between: float = 0.1
    forcing: float = 0.1
    rolling: float = 0.1
    shift: float = 6.0
    """Of the times of rolling windows."""

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError(f"the shares of a mix are at least 0 and sum to 1, not {self.shares}")

    @property
    def shares(self) -> tuple[float, ...]:
        return self.text, self.prefix, self.ends, self.between, self.forcing, self.rolling


def draw(latents: Tensor, generator: torch.Generator, mix: Mix) -> Canvas:
    """A training canvas over real latents ``(B, C, F, Y, X)``: each item a task of the mix, by the functions above."""
    frames = latents.shape[2]
    if frames == 1:
        return given(latents, torch.zeros(latents.shape[0], 1, dtype=torch.bool, device=latents.device))
    tasks = torch.multinomial(torch.tensor(mix.shares), latents.shape[0], replacement=True, generator=generator)
    starts = [_start(task, frames, generator, mix.shift) for task in tasks.tolist()]
    return Canvas(latents=latents, start=torch.cat(starts).to(latents))


def _start(task: int, frames: int, generator: torch.Generator, shift: float) -> Tensor:
    """When the frames of one clip join ``(1, F)``, in a task by its place in a mix."""
    item = torch.zeros(1, 1, frames, 1, 1)
    if task == 0:
        return prefix(item, 0).start
    if task == 1:
        half = torch.rand((), generator=generator) < 0.5
        return prefix(item, 1 if half else _below(frames, generator)).start
    if task == 2:
        return first_and_last(item[:, :, :1], item[:, :, -1:], frames).start
    if task == 3:
        after = _below(frames, generator)
        before = _below(frames - after + 1, generator) - 1
        sides = (item[:, :, :before] if before else None, item[:, :, :after])
        return between(*sides, frames - before - after).start
    if task == 4:
        return forcing(item, generator).start
    phase = float(torch.rand((), generator=generator))
    return rolling(item, _below(frames, generator) - 1, phase, shift).start


def _below(bound: int, generator: torch.Generator) -> int:
    """1 to ``bound - 1``, all alike."""
    return int(torch.randint(1, bound, (), generator=generator))
