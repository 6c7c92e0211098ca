"""Steps from one time to the next: pure functions of (velocity, latents, times now and next, history).

Times are one a latent frame, ``(B, F)``, so that every frame may walk on its own clock; a frame whose time does not change
stays bit for bit what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from soramame.flow.guidance import Velocity
from soramame.flow.path import interpolate, over, x0_from_velocity


@dataclass(frozen=True, kw_only=True)
class History:
    """What a solver remembers: of the step before x0 predictions, newest first, their times, and where it began; how often it
    drew noise.
    """

    x0: tuple[Tensor, ...] = ()
    times: tuple[Tensor, ...] = ()
    begin: Tensor | None = None
    order: int = 0
    draws: int = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """Latents after a step, the prediction of the finished video that the step was made with, and the history."""

    latents: Tensor
    x0: Tensor
    history: History


Solver = Callable[[Velocity, Tensor, Tensor, Tensor, History], Step]


def _moved(new: Tensor, old: Tensor, now: Tensor, then: Tensor) -> Tensor:
    return torch.where(over(now != then), new, old)


def euler(velocity: Velocity, x: Tensor, now: Tensor, then: Tensor, history: History) -> Step:
    """First order: along the velocity at the present point."""
    v = velocity(x, now)
    new = x + over(then - now).to(x.dtype) * v
    return Step(latents=_moved(new, x, now, then), x0=x0_from_velocity(x, v, now), history=history)


def heun(velocity: Velocity, x: Tensor, now: Tensor, then: Tensor, history: History) -> Step:
    """Second order: along the mean of the velocities at both ends (one call only where the step ends at 0)."""
    v = velocity(x, now)
    dt = over(then - now).to(x.dtype)
    reached = _moved(x + dt * v, x, now, then)
    if bool((then > 0).any()):
        slope = (v + velocity(reached, then)) / 2
        moving = over((now != then) & (then > 0))
        reached = torch.where(moving, x + dt * slope, reached)
    return Step(latents=reached, x0=x0_from_velocity(x, v, now), history=history)


def renoise(seeds: Sequence[int]) -> Solver:
    """To the predicted video and back to the next time with noise that is new at every step, drawn from one seed an item.

    How consistency models are sampled (Song et al. 2023, algorithm 1). A deterministic solver carries the errors of its
    first, noisiest steps to the end; here every step forgets them, and a small model, which makes many, paints one actor in
    one place instead of pieces of several. It costs fine grain.
    """

    def solver(velocity: Velocity, x: Tensor, now: Tensor, then: Tensor, history: History) -> Step:
        if len(seeds) != len(x):
            raise ValueError(f"renoising needs a seed for each of {len(x)} items, not {len(seeds)}")
        x0 = x0_from_velocity(x, velocity(x, now), now)
        items = [
            torch.randn(x.shape[1:], generator=torch.Generator().manual_seed(_derived(seed, history.draws)))
            for seed in seeds
        ]
        new = interpolate(x0, torch.stack(items).to(x), then)
        return Step(latents=_moved(new, x, now, then), x0=x0, history=replace(history, draws=history.draws + 1))

    return solver


def _derived(seed: int, number: int) -> int:
    """The seed of the ``number``-th draw, unlike that of any other seed's."""
    return int(np.random.SeedSequence((seed, number)).generate_state(1, np.uint64)[0] >> 1)


def unipc(velocity: Velocity, x: Tensor, now: Tensor, then: Tensor, history: History) -> Step:
    """UniPC, order 2, B2(h), on x0 predictions, with corrector (Zhao et al. 2023); lower order at the first and last step."""
    x0 = x0_from_velocity(x, velocity(x, now), now)
    if history.begin is not None:
        x = _moved(_correct(history, x0, now), x, history.times[0], now)
        # the corrector moves the point, not the prediction made at it
    order = 1 if not history.x0 or bool((then == 0).all()) else 2
    new = _moved(_predict(x, x0, now, then, history, order), x, now, then)
    remembered = History(x0=(x0, *history.x0)[:2], times=(now, *history.times)[:2], begin=x, order=order)
    return Step(latents=new, x0=x0, history=remembered)


def _log_snr(t: Tensor) -> Tensor:
    """Half the log signal-to-noise ratio of a time, kept finite at both ends."""
    t = t.double().clamp(1e-9, 1 - 1e-6)
    return torch.log1p(-t) - torch.log(t)


def _advance(x: Tensor, x0: Tensor, now: Tensor, then: Tensor) -> Tensor:
    """The exact first-order step from ``now`` to ``then`` for a constant x0 prediction."""
    ratio = (then.double() / now.double().clamp_min(1e-9)).clamp(max=1.0)
    return over(ratio).to(x.dtype) * x + over(1 - ratio).to(x.dtype) * x0


def _phi(now: Tensor, then: Tensor) -> tuple[Tensor, Tensor]:
    """Step length ``h`` in log-SNR, and ``alpha_then * (exp(-h) - 1)``, the weight of the B2(h) terms."""
    h = _log_snr(then) - _log_snr(now)
    return h, (1 - then.double()) * torch.expm1(-h)


def _ratio(before: Tensor, now: Tensor, h: Tensor) -> Tensor:
    """The step before in units of this one; NaN-free where a frame did not move (its term is dropped by a zero weight)."""
    r = (_log_snr(before) - _log_snr(now)) / torch.where(h == 0, torch.ones_like(h), h)
    return torch.where(r == 0, torch.full_like(r, -torch.inf), r)


def _predict(x: Tensor, x0: Tensor, now: Tensor, then: Tensor, history: History, order: int) -> Tensor:
    new = _advance(x, x0, now, then)
    if order == 1:
        return new
    h, weight = _phi(now, then)
    slope = (history.x0[0] - x0) * over(1 / _ratio(history.times[0], now, h)).to(x.dtype)
    return new - over(0.5 * weight).to(x.dtype) * slope


def _correct(history: History, x0: Tensor, now: Tensor) -> Tensor:
    """The point at ``now`` again, from where the step before began, knowing the prediction made at its end."""
    begin, last, start = history.begin, history.x0[0], history.times[0]
    if begin is None:
        raise ValueError("there is no step before to correct")
    h, weight = _phi(start, now)
    change = x0 - last
    if history.order == 1:
        return _advance(begin, last, start, now) - over(0.5 * weight).to(begin.dtype) * change
    r = _ratio(history.times[1], start, h)
    hh = torch.where(h == 0, -torch.ones_like(h), -h)
    phi1 = torch.expm1(hh)
    phi2 = phi1 / hh - 1
    phi3 = phi2 / hh - 0.5
    b1, b2 = phi2 / phi1, 2 * phi3 / phi1
    finite = torch.isfinite(r)
    older = torch.where(finite, (b2 - b1) / torch.where(finite, r - 1, torch.ones_like(r)), torch.zeros_like(r))
    newest = torch.where(finite, b1 - older, torch.full_like(r, 0.5))
    slope = (history.x0[1] - last) * over(1 / r).to(begin.dtype)
    total = over(older).to(begin.dtype) * slope + over(newest).to(begin.dtype) * change
    return _advance(begin, last, start, now) - over(weight).to(begin.dtype) * total
