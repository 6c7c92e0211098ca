"""The sampler: there is one. It walks time from noise to video, every latent frame on its own clock.

It knows nothing of models, text, files or devices; it is a generator, so that progress bars, previews and cancelling are
the caller's loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from soramame.flow.canvas import Canvas
from soramame.flow.guidance import Velocity
from soramame.flow.path import interpolate, over
from soramame.flow.solvers import History, Solver, euler

Told = Literal["frame", "clip"]
"""Whether a model is told a time for every latent frame, or one for the whole clip."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """After step ``step`` of ``steps``: the sampler's time, the latents, and the finished video as now foreseen.

    ``latents`` and ``x0`` are ``(B, C, F, Y, X)``; frames that were given are exact in both.
    """

    step: int
    steps: int
    time: float
    latents: Tensor
    x0: Tensor


def noise(shape: tuple[int, int, int, int], seeds: Sequence[int]) -> Tensor:
    """Normal noise ``(B, C, F, Y, X)``, one seed an item, drawn on the CPU in float32: the same on every device."""
    items = [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    return torch.stack(items)


def sample(
    velocity: Velocity,
    canvas: Canvas,
    *,
    noise: Tensor,
    times: Tensor,
    solver: Solver = euler,
    told: Told = "frame",
) -> Iterator[Progress]:
    """Paint a canvas, yielding after every step; the last progress holds the result.

    ``times`` is a falling schedule ``(steps + 1,)`` that ends at 0 (:func:`soramame.flow.schedule.schedule`); what lies before
    anything joins is left out. Or it is ``(steps + 1, F)``, a part of the way of every latent frame, whose times never rise
    (:class:`soramame.flow.window.Roll`). ``noise`` has the shape of the canvas' latents. Frames and cells with ``start`` 0 come out bit
    for bit as they went in.
    """
    if times.ndim == 1:
        if len(times) < 2 or float(times[-1]) != 0 or not bool((times[1:] < times[:-1]).all()):
            raise ValueError("times has to fall strictly and end at 0")
        times = canvas.times(times)
    elif times.shape[1:] != canvas.latents.shape[2:3] or bool((times[1:] > times[:-1]).any()):
        raise ValueError("times of frames are (steps + 1, F) and never rise")
    x, history, steps = canvas.begin(noise), History(), len(times) - 1
    shown = at_shared_times(velocity, canvas, noise, told)
    for index in range(steps):
        now, then = canvas.clock(times[index]), canvas.clock(times[index + 1])
        done = solver(shown, x, now, then, history)
        x, history = done.latents, done.history
        foreseen = torch.where(canvas.given, canvas.latents, done.x0)
        yield Progress(step=index + 1, steps=steps, time=float(times[index + 1].max()), latents=x, x0=foreseen)


def at_shared_times(velocity: Velocity, canvas: Canvas, noise: Tensor, told: Told) -> Velocity:
    """The velocity of a model that knows one time a frame, or a clip, on a canvas with more: the replacement method.

    Whatever shares a time is shown at the latest time among it; what has not joined yet, given parts included, is shown as far
    on its own path to ``noise`` (Song et al. 2021, appendix I.2; Lugmayr et al. 2022). Where all times agree, nothing changes.
    """

    def shown(x: Tensor, t: Tensor) -> Tensor:
        frames = t if t.ndim == 2 else t.amax((2, 3))
        times = frames if told == "frame" else frames.amax(1, keepdim=True).expand_as(frames)
        early = over(t) < over(times)
        if bool(early.any()):
            x = torch.where(early, interpolate(canvas.latents, noise, times), x)
        return velocity(x, times)

    return shown
