"""When to look: the times a sampler visits, and the times training draws.

Everything is shifted by ``s t / (1 + (s - 1) t)`` (Esser et al. 2024): larger latents need more steps near noise.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Grid = Literal["uniform", "wan", "diffusers"]


def shift_time(t: Tensor, shift: float) -> Tensor:
    """Times moved towards noise: ``shift`` > 0, 1 changes nothing; 0 and 1 stay where they are."""
    return shift * t / (1 + (shift - 1) * t)


def schedule(steps: int, *, shift: float = 1.0, grid: Grid = "uniform") -> Tensor:
    """The ``steps + 1`` times from noise to 0 that a solver visits, float64 on the CPU, strictly falling.

    ``uniform`` starts at 1. ``wan`` is the grid of the Wan and SkyReels repositories (starts at 0.999), ``diffusers`` that of
    its UniPC scheduler (from 1 - 1e-6 to 0.001 before the final 0); both are needed to repeat their results.
    """
    if steps < 1:
        raise ValueError(f"steps has to be at least 1, not {steps}")
    if shift <= 0:
        raise ValueError(f"shift has to be more than 0, not {shift}")
    first, last = {"uniform": (1.0, 0.0), "wan": (0.999, 0.0), "diffusers": (1.0, 0.001)}[grid]
    times = torch.linspace(first, last, steps + 1, dtype=torch.float64)[:-1]
    times = shift_time(times, shift)
    if grid == "diffusers":
        times[0] = min(float(times[0]), 1.0 - 1e-6)
    return torch.cat([times, torch.zeros(1, dtype=torch.float64)])


def logit_normal(
    shape: tuple[int, ...], generator: torch.Generator, *, shift: float = 1.0, spread: float = 1.0
) -> Tensor:
    """Random times in (0, 1): a sigmoid of a normal with deviation ``spread``, then shifted; float32 on the CPU."""
    return shift_time(torch.sigmoid(spread * torch.randn(shape, generator=generator)), shift)
