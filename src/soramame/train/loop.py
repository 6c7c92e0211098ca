"""The loop of every run: step, average, log, validate, checkpoint, stop when told.

A run's folder holds ``state.pt`` (to go on), ``log.jsonl`` (a line every few steps and every validation) and sheets.
"""

from __future__ import annotations

import json
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from soramame.errors import TrainingError
from soramame.train.config import Run
from soramame.train.optimiser import MuonAdamW
from soramame.train.parallel import Group
from soramame.train.state import State, resume

Say = Callable[[str], None]


class Task(Protocol):
    """What differs between runs: the model, its optimiser, the loss of a batch, and how to judge it."""

    model: nn.Module

    def optimiser(self, team: Group) -> MuonAdamW:
        """A new optimiser for the model, whose work the processes of ``team`` share."""

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        """Draw ``count`` items with the generator; the terms of the loss, of which ``"loss"`` is minimised."""

    def validate(self, folder: Path, step: int) -> dict[str, float]:
        """Judge the model as it stands (the average is in it); may leave a sheet in the folder."""


def fit(
    task: Task,
    run: Run,
    folder: Path,
    *,
    group: Group,
    minutes: float | None = None,
    land: bool = False,
    grow: Callable[[], None] | None = None,
    say: Say = print,
) -> State:
    """Train until the schedule's end, ``minutes`` are over, or SIGTERM or Ctrl-C; then save. Resumes by itself, bit for bit
    (but for a run that lands, whose minutes begin anew, and one that grew, whose data lie in another order then).

    With ``land`` time takes the place of steps: the learning rate falls over the last of ``minutes`` (the schedule's share), and
    is 0 when they are over. ``grow`` is called at every line of the log, to take in data that are still being made.
    :class:`TrainingError`, with nothing saved, if a gradient is no longer a number.
    """
    if land and not (minutes and run.schedule.fall):
        raise TrainingError("the learning rate falls with --minutes, in a stage that ends with a fall: video.")
    checkpoint = folder / "state.pt"
    optimiser = task.optimiser(group)
    state = resume(task.model, optimiser, checkpoint)
    log = _Log(folder / "log.jsonl", group, say)
    began = saved = judged = time.monotonic()
    with _told_to_stop() as told:
        while land or state.step < run.schedule.steps:
            clock = time.monotonic()
            past = group.mean((clock - began) / (60 * minutes)) if land and minutes else None
            terms = _step(task, run, state, group, past)
            now = time.monotonic()
            over = minutes is not None and now - began > 60 * minutes
            last = group.any(told() or over) or (state.step >= run.schedule.steps and not land)
            due = group.any(now - saved > 60 * run.checkpoint_minutes)
            logged = state.step % run.log_every == 0
            looked = last or due or logged  # to look at numbers is to wait for a GPU
            values = _values(terms, state.step) if looked else {}
            state.seconds += time.monotonic() - clock
            if logged:
                log.write({"step": state.step, "seconds": round(state.seconds, 1), **values})
                if grow is not None:
                    grow()
            if last:
                break
            if due:
                saved = now
                _save(state, checkpoint, group)
            if group.any(now - judged > 60 * run.validate_minutes):
                judged = now
                _validate(task, state, folder, log, group)
    _save(state, checkpoint, group)
    _validate(task, state, folder, log, group)
    return state


def _values(terms: dict[str, Tensor], step: int) -> dict[str, float]:
    values = {name: float(value.detach()) for name, value in terms.items()}
    if not math.isfinite(values["norm"]):  # of all processes' gradients
        raise TrainingError(
            f"by step {step} the gradient was not a number any more, and nothing since the last checkpoint was kept; "
            "go on with a lower learning rate, or check the data."
        )
    return {name: round(value, 5) for name, value in values.items()}


def _step(task: Task, run: Run, state: State, group: Group, past: float | None) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed((run.seed * 1_000_003 + state.step) * 64 + group.rank)
    factor = run.schedule.factor(state.step, past)
    for part in state.optimiser.param_groups:
        part["lr"] = factor * (run.schedule.matrix_lr if part["muon"] else run.schedule.other_lr)
    state.optimiser.zero_grad(set_to_none=True)
    task.model.train()
    terms = task.loss(generator, max(1, run.batch // group.size))
    terms["loss"].backward()  # type: ignore[no-untyped-call]
    # a batch of pictures does not touch every layer, but all processes have to average the same list
    trained = [p for p in task.model.parameters() if p.requires_grad]
    for p in trained:
        p.grad = torch.zeros_like(p) if p.grad is None else p.grad
    group.average(p.grad for p in trained if p.grad is not None)
    norm = nn.utils.clip_grad_norm_(trained, run.clip)
    state.optimiser.step()
    state.step += 1
    state.follow(run.ema)
    return terms | {"norm": norm}


def _save(state: State, path: Path, group: Group) -> None:
    if group.rank == 0:
        state.save(path)
    group.barrier()


@torch.no_grad()
def _validate(task: Task, state: State, folder: Path, log: _Log, group: Group) -> None:
    if group.rank == 0:
        weights = {name: value.clone() for name, value in task.model.state_dict().items()}
        task.model.load_state_dict(state.average)
        task.model.eval()
        log.write({"step": state.step, "validation": task.validate(folder, state.step)})
        task.model.load_state_dict(weights)
    group.barrier()


class _Log:
    def __init__(self, path: Path, group: Group, say: Say) -> None:
        self.path, self.group, self.say = path, group, say

    def write(self, row: dict[str, object]) -> None:
        if self.group.rank:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")
        self.say(" ".join(f"{key} {value}" for key, value in row.items()))


@contextmanager
def _told_to_stop() -> Iterator[Callable[[], bool]]:
    """Within, SIGTERM and Ctrl-C only raise a flag, so that the step in hand is finished and saved."""
    flag: list[int] = []
    before = {kind: signal.getsignal(kind) for kind in (signal.SIGTERM, signal.SIGINT)}
    for kind in before:
        signal.signal(kind, lambda number, frame: flag.append(number))
    try:
        yield lambda: bool(flag)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
