from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from soramame.flow import canvas
from soramame.flow.canvas import Canvas
from soramame.flow.path import interpolate, noise_from_x0
from soramame.flow.sample import Told, sample
from soramame.flow.schedule import schedule
from soramame.flow.solvers import Solver, euler, renoise, unipc
from soramame.flow.window import Roll

SHAPE = (2, 3, 6, 4, 5)


def tangled(x: Tensor, t: Tensor) -> Tensor:
    """A velocity in which every frame depends on all others and on their times."""
    s = t[:, None, :, None, None].to(x.dtype)
    return torch.sin(x + x.mean(2, keepdim=True)) + s * x - s.mean(2, keepdim=True)


def painted(board: Canvas, *, solver: Solver = euler, steps: int = 6, told: Told = "frame", seed: int = 0) -> Tensor:
    noise = torch.randn(board.latents.shape, generator=torch.Generator().manual_seed(seed))
    latents = board.latents
    for progress in sample(tangled, board, noise=noise, times=schedule(steps, shift=2), solver=solver, told=told):
        latents = progress.latents
    return latents


def test_between_gives_both_sides_and_paints_the_middle() -> None:
    one, two = torch.randn(2, 3, 2, 4, 5), torch.randn(2, 3, 1, 4, 5)
    board = canvas.between(one, two, 3)
    assert board.start.tolist() == [[0, 0, 1, 1, 1, 0]] * 2
    begun = board.begin(torch.ones(2, 3, 6, 4, 5))
    assert torch.equal(begun[:, :, :2], one)
    assert torch.equal(begun[:, :, -1:], two)
    assert bool((begun[:, :, 2:5] == 1).all())
    assert canvas.between(None, two, 2).start.tolist() == [[1, 1, 0]] * 2
    for wrong in ((None, None, 1), (one, None, 0)):
        with pytest.raises(ValueError, match="at least"):
            canvas.between(*wrong)


def test_any_canvas_can_stand_beside_known_frames() -> None:
    one, middle, two = torch.randn(2, 3, 1, 4, 5), torch.randn(2, 3, 2, 4, 5), torch.randn(2, 3, 1, 4, 5)
    mask = torch.rand(2, 2, 4, 5) < 0.5
    for inner in (canvas.remix(middle, 0.5), canvas.inpaint(middle, mask)):
        board = canvas.beside(one, inner, two)
        assert torch.equal(board.latents, torch.cat([one, middle, two], 2))
        assert torch.equal(board.start[:, 1:3], inner.start)
        assert float(board.start[:, [0, 3]].max()) == 0


@pytest.mark.parametrize("solver", [euler, unipc, renoise([1, 2])])
@pytest.mark.parametrize("told", ["frame", "clip"])
def test_inpainting_keeps_every_cell_outside_the_mask_bit_for_bit(solver: Solver, told: Told) -> None:
    known = torch.randn(SHAPE)
    mask = torch.rand(2, 6, 4, 5, generator=torch.Generator().manual_seed(1)) < 0.4
    end = painted(canvas.inpaint(known, mask), solver=solver, told=told)
    kept = ~mask[:, None].expand(-1, 3, -1, -1, -1)
    assert torch.equal(end[kept], known[kept])
    assert not torch.isclose(end[~kept], known[~kept]).all()


def test_remixing_harder_keeps_less() -> None:
    known = torch.randn(SHAPE)
    moved = [float((painted(canvas.remix(known, s), steps=40) - known).abs().mean()) for s in (0.0, 0.2, 0.6, 1.0)]
    assert moved[0] == 0
    assert moved == sorted(moved)


def test_a_remix_makes_only_the_steps_that_are_left() -> None:
    board = canvas.remix(torch.randn(SHAPE), 0.5)
    times = board.times(schedule(8))
    assert times.tolist() == [0.5, 0.375, 0.25, 0.125, 0.0]
    assert board.times(schedule(7))[0] == 0.5
    whole = canvas.text(SHAPE)
    assert torch.equal(whole.times(schedule(7, grid="wan")), schedule(7, grid="wan"))
    assert canvas.given(torch.zeros(SHAPE), torch.ones(2, 6, dtype=torch.bool)).times(schedule(4)).tolist() == [0.0]


def test_a_blend_begins_as_one_clip_and_ends_as_the_other() -> None:
    one, other = torch.randn(SHAPE), torch.randn(SHAPE)
    share = torch.linspace(0, 1, 6).expand(2, -1)
    board = canvas.blend(one, other, share, torch.sin(torch.pi * share).clamp_min(0))
    assert torch.equal(board.latents[:, :, 0], one[:, :, 0])
    assert torch.equal(board.latents[:, :, -1], other[:, :, -1])
    assert torch.allclose(board.start[:, 1], board.start[:, -2], atol=1e-6)


def test_a_model_that_is_told_one_time_a_clip_sees_what_is_given_on_the_way() -> None:
    """The replacement method: given frames are shown noised to the time of the clip, along their own path."""
    known = torch.randn(SHAPE)
    board, noise, seen = canvas.prefix(known, 2), torch.randn(SHAPE), []

    def watched(x: Tensor, t: Tensor) -> Tensor:
        seen.append((x, t))
        return tangled(x, t)

    *_, last = sample(watched, board, noise=noise, times=schedule(4), told="clip")
    for (x, t), time in zip(seen, schedule(4), strict=False):
        assert bool((t == float(time)).all())
        assert torch.allclose(x[:, :, :2], interpolate(known, noise, t)[:, :, :2])
    assert torch.equal(last.latents[:, :, :2], known[:, :, :2])


def test_where_all_times_agree_it_does_not_matter_what_a_model_is_told() -> None:
    board = canvas.text(SHAPE)
    assert torch.equal(painted(board, told="clip"), painted(board, told="frame"))


def test_four_tasks_in_one_batch_are_as_alone() -> None:
    known = torch.randn(4, *SHAPE[1:])
    one = known[:1]
    boards = [
        canvas.text((1, *SHAPE[1:])),
        canvas.image(known[1:2, :, :1], 6),
        canvas.between(known[2:3, :, :2], known[2:3, :, 5:], 3),
        canvas.remix(one, 0.6),
    ]
    noise = torch.randn(known.shape)
    together = Canvas(
        latents=torch.cat([board.latents for board in boards]), start=torch.cat([board.start for board in boards])
    )
    *_, all_ends = sample(tangled, together, noise=noise, times=schedule(7, shift=3))
    for number, board in enumerate(boards):
        *_, end = sample(tangled, board, noise=noise[number : number + 1], times=schedule(7, shift=3))
        assert torch.allclose(all_ends.latents[number], end.latents[0], atol=1e-6)


def test_a_walk_in_parts_is_the_walk_at_once() -> None:
    """What is foreseen and the noise that it implies are all that is needed to go on: how a window rolls along."""
    board, way, ladder = canvas.text(SHAPE), Roll(steps=5, ahead=3), schedule(5, shift=2)
    noise, end = torch.randn(SHAPE), way.end(5)
    *_, whole = sample(tangled, board, noise=noise, times=way.times(ladder, range(6), 0, end))
    part, drawn = board, noise
    for first in range(0, end, 4):
        times = way.times(ladder, range(6), first, min(first + 4, end))
        *_, last = sample(tangled, Canvas(latents=part.latents, start=part.clock(times[0])), noise=drawn, times=times)
        level = board.clock(times[-1])
        moving = (level > 0)[:, None, :, None, None]
        drawn = torch.where(moving, noise_from_x0(last.latents, last.x0, level), drawn)
        part = Canvas(latents=torch.where(moving, last.x0, last.latents), start=board.start)
        if first + 4 < end:
            part = Canvas(latents=part.latents, start=torch.minimum(board.start, level))
    done = last.latents
    assert torch.allclose(done, whole.latents, atol=1e-4)


@pytest.mark.parametrize(
    "times", [torch.zeros(3), torch.tensor([0.0, 1.0]), torch.ones(3, 4), torch.rand(3, 6).sort(0)[0]]
)
def test_times_that_rise_or_do_not_fit_are_refused(times: Tensor) -> None:
    with pytest.raises(ValueError, match="times"):
        list(sample(tangled, canvas.text(SHAPE), noise=torch.zeros(SHAPE), times=times))


@given(count=st.integers(0, 5), phase=st.floats(0, 0.99), shift=st.floats(1, 8))
def test_a_rolling_canvas_is_given_then_evenly_on_the_way(count: int, phase: float, shift: float) -> None:
    start = canvas.rolling(torch.zeros(SHAPE), count, phase, shift).start
    assert bool((start[:, :count] == 0).all())
    assert bool((start[:, count:] > 0).all())
    assert bool((start.diff(dim=1) >= 0).all())
    assert float(start.max()) <= 1
