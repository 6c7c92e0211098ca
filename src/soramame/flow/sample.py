"""The sampler: there is one. It walks time from noise to video, every latent frame on its own clock.

It knows nothing of models, text, files or devices; it is a generator, so that progress bars, previews and cancelling are
the caller's loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from soramame.flow.canvas import Canvas
from soramame.flow.guidance import Velocity
from soramame.flow.solvers import History, Solver, euler


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
    velocity: Velocity, canvas: Canvas, *, noise: Tensor, times: Tensor, solver: Solver = euler
) -> Iterator[Progress]:
    """Paint a canvas, yielding after every step; the last progress holds the result.

    ``times`` is a falling schedule ``(steps + 1,)`` that ends at 0 (:func:`soramame.flow.schedule.schedule`), ``noise`` has the
    shape of the canvas' latents. Frames with ``start`` 0 come out bit for bit as they went in.
    """
    if times.ndim != 1 or len(times) < 2 or float(times[-1]) != 0 or not bool((times[1:] < times[:-1]).all()):
        raise ValueError("times has to fall strictly and end at 0")
    x, history, steps = canvas.begin(noise), History(), len(times) - 1
    given = (canvas.start == 0)[:, None, :, None, None]
    for index in range(steps):
        now, then = canvas.clock(float(times[index])), canvas.clock(float(times[index + 1]))
        done = solver(velocity, x, now, then, history)
        x, history = done.latents, done.history
        foreseen = torch.where(given, canvas.latents, done.x0)
        yield Progress(step=index + 1, steps=steps, time=float(times[index + 1]), latents=x, x0=foreseen)
