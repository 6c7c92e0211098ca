from __future__ import annotations

import pytest
import torch
from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler
from torch import Tensor

from soramame.flow import canvas
from soramame.flow.guidance import Velocity, guided
from soramame.flow.sample import noise, sample
from soramame.flow.schedule import schedule
from soramame.flow.solvers import History, Solver, euler, heun, renoise, unipc

SHAPE = (3, 4, 2, 2)


def target_velocity(target: Tensor) -> Velocity:
    """The exact velocity when the data are one point: (x - target) / t."""
    return lambda x, t: (x - target) / t[:, None, :, None, None].clamp_min(1e-9).to(x.dtype)


def bent(x: Tensor, t: Tensor) -> Tensor:
    """A velocity field that is curved in x and in t, so that orders of accuracy differ."""
    return torch.sin(2 * x) + x * t[:, None, :, None, None].to(x.dtype)


def last(velocity: Velocity, solver: Solver, steps: int) -> Tensor:
    board = canvas.text((1, *SHAPE))
    start = noise(SHAPE, [0])
    *_, end = sample(velocity, board, noise=start, times=schedule(steps), solver=solver)
    return end.latents


@pytest.mark.parametrize("solver", [euler, heun, unipc, renoise([1])])
def test_one_point_is_reached_exactly(solver: Solver) -> None:
    target = torch.randn(1, *SHAPE)
    assert torch.allclose(last(target_velocity(target), solver, 5), target, atol=1e-5)


def test_higher_order_is_more_accurate() -> None:
    exact = last(bent, heun, 400)
    errors = [float((last(bent, solver, 12) - exact).abs().max()) for solver in (euler, heun)]
    assert errors[1] < errors[0] / 4


@pytest.mark.parametrize(("steps", "shift"), [(1, 1.0), (2, 3.0), (12, 5.0)])
def test_unipc_is_the_fields_unipc(steps: int, shift: float) -> None:
    scheduler = UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift)
    scheduler.set_timesteps(steps)
    x = start = noise(SHAPE, [1])
    for step, sigma in zip(scheduler.timesteps, scheduler.sigmas, strict=False):
        x = scheduler.step(bent(x, sigma.expand(1, 4)[:, : SHAPE[1]]), step, x, return_dict=False)[0]
    times = scheduler.sigmas.double()
    *_, end = sample(bent, canvas.text((1, *SHAPE)), noise=start, times=times, solver=unipc)
    assert torch.allclose(end.latents, x, atol=2e-5)


@pytest.mark.parametrize("solver", [euler, heun, unipc, renoise([1])])
def test_given_frames_stay_bit_exact(solver: Solver) -> None:
    known = torch.randn(1, *SHAPE)
    board = canvas.prefix(known, 2)
    *_, end = sample(bent, board, noise=noise(SHAPE, [2]), times=schedule(6), solver=solver)
    assert torch.equal(end.latents[:, :, :2], known[:, :, :2])
    assert torch.equal(end.x0[:, :, :2], known[:, :, :2])
    assert not torch.allclose(end.latents[:, :, 2:], known[:, :, 2:])


@pytest.mark.parametrize("solver", [euler, heun, unipc])
def test_a_batch_of_tasks_equals_its_solo_runs(solver: Solver) -> None:
    known = torch.randn(3, *SHAPE)
    start = noise(SHAPE, [3, 4, 5])
    starts = torch.tensor([[1.0, 1, 1, 1], [0, 1, 1, 0], [0.4, 0.7, 1, 0]])
    whole = canvas.Canvas(latents=known, start=starts)
    *_, together = sample(bent, whole, noise=start, times=schedule(8, shift=2), solver=solver)
    for index in range(3):
        alone = canvas.Canvas(latents=known[index : index + 1], start=starts[index : index + 1])
        *_, end = sample(bent, alone, noise=start[index : index + 1], times=schedule(8, shift=2), solver=solver)
        assert torch.allclose(together.latents[index], end.latents[0], atol=1e-5)
        assert torch.isfinite(end.latents).all()


def test_guidance_outside_its_interval_does_not_ask_the_unconditional() -> None:
    def refuse(x: Tensor, t: Tensor) -> Tensor:
        raise AssertionError("asked")

    x, t = torch.randn(1, *SHAPE), torch.full((1, 4), 0.9)
    assert torch.equal(guided(bent, refuse, 5.0, (0.0, 0.5))(x, t), bent(x, t))
    assert torch.equal(guided(bent, refuse, 1.0)(x, t), bent(x, t))
    pushed = guided(bent, lambda x, t: torch.zeros_like(x), 3.0)(x, t)
    assert torch.allclose(pushed, 3 * bent(x, t))


def test_renoising_forgets_where_it_began_and_repeats_by_its_seed() -> None:
    """From any noise the same end, since all that is kept of it is the prediction; another seed ends elsewhere."""
    predicted = renoise([1])(target_velocity(torch.zeros(1, *SHAPE)), *_step(0), History()).latents
    other = renoise([1])(target_velocity(torch.zeros(1, *SHAPE)), *_step(9), History()).latents
    assert torch.allclose(predicted, other, atol=1e-5)
    assert float(predicted.std()) == pytest.approx(0.6, abs=0.15)
    again, elsewhere = (last(bent, renoise([seed]), 6) for seed in (1, 2))
    assert torch.equal(again, last(bent, renoise([1]), 6))
    assert not torch.allclose(again, elsewhere, atol=0.1)


def test_renoising_draws_anew_at_every_step_and_for_every_item() -> None:
    steps = [
        renoise([1, 2])(lambda x, t: x / t[:, None, :, None, None], *_step(0, items=2), History(draws=draws)).latents
        for draws in range(2)
    ]
    draws = [steps[0][0], steps[0][1], steps[1][0], steps[1][1]]
    assert all(not torch.allclose(a, b, atol=0.1) for at, a in enumerate(draws) for b in draws[:at])


def test_renoising_needs_a_seed_for_every_item() -> None:
    with pytest.raises(ValueError, match="a seed for each of 2 items"):
        renoise([1])(bent, *_step(0, items=2), History())


def _step(seed: int, items: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """Some noise, and a step of all frames from time 1 to 0.6."""
    ones = torch.ones(items, SHAPE[1])
    return noise(SHAPE, [seed] * items), ones, 0.6 * ones
