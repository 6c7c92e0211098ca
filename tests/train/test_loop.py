from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from soramame.errors import TrainingError
from soramame.train.config import Run, Schedule
from soramame.train.loop import fit
from soramame.train.optimiser import MuonAdamW, build, orthogonalise
from soramame.train.parallel import Group, launch
from soramame.train.state import State


class Line:
    """A tiny real task: fit a two-layer network to a fixed linear map."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.model: nn.Module = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 3))
        self.map = torch.randn(6, 3)

    def optimiser(self, team: Group) -> MuonAdamW:
        return build(self.model, apart=("2",), team=team)

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        x = torch.randn(count, 6, generator=generator)
        return {"loss": (self.model(x) - x @ self.map).square().mean()}

    def validate(self, folder: Path, step: int) -> dict[str, float]:
        return {"error": float(self.loss(torch.Generator().manual_seed(9), 256)["loss"])}


def run(steps: int, *, fall: float = 0.2) -> Run:
    schedule = Schedule(steps=steps, matrix_lr=0.05, other_lr=0.02, warmup=3, fall=fall)
    return Run(schedule=schedule, batch=16, log_every=5, ema=0.9)


def quiet(line: str) -> None:
    del line


def train(folder: Path, steps: int) -> State:
    return fit(Line(), run(steps, fall=0), folder, group=Group(), say=quiet)


def same(a: State, b: State) -> bool:
    averages = all(torch.equal(a.average[name], b.average[name]) for name in a.average)
    return averages and all(torch.equal(p, q) for p, q in zip(a.model.parameters(), b.model.parameters(), strict=True))


def test_resumed_equals_uninterrupted_bit_for_bit(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", 20)
    train(tmp_path / "parts", 7)
    parts = train(tmp_path / "parts", 20)
    assert parts.step == 20
    assert same(whole, parts)


def test_it_learns_and_says_so(tmp_path: Path) -> None:
    fit(Line(), run(300), tmp_path, group=Group(), say=quiet)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["validation"]["error"] < rows[0]["loss"] / 10


def _in_group(group: Group, folder: str) -> None:
    state = fit(Line(), run(10), Path(folder), group=group, say=quiet)
    torch.save([p.detach() for p in state.model.parameters()], Path(folder) / f"rank{group.rank}.pt")


def test_processes_stay_equal(tmp_path: Path) -> None:
    launch(_in_group, 2, str(tmp_path))
    one, other = (torch.load(tmp_path / f"rank{rank}.pt") for rank in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def _for_long(group: Group, folder: str) -> None:
    fit(Line(), run(10_000_000), Path(folder), group=group, say=quiet)


def test_an_end_that_is_asked_for_reaches_all_processes(tmp_path: Path) -> None:
    """SIGTERM to the first process alone: all save and end."""
    lines = (
        "import signal, sys",
        "from soramame.train.parallel import launch",
        "from tests.train.test_loop import _for_long",
        "if __name__ == '__main__':",
        "    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))",
        f"    launch(_for_long, 2, {str(tmp_path)!r})",
    )
    script = tmp_path / "script.py"
    script.write_text("\n".join(lines))
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(root)}) as process:
        for _ in range(600):
            time.sleep(0.1)
            if (tmp_path / "log.jsonl").exists():
                break
        process.terminate()
        assert process.wait(60) == 143
    assert torch.load(tmp_path / "state.pt")["step"] > 0


def test_a_broken_checkpoint_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingError, match="not a checkpoint"):
        train(tmp_path, 5)


class Bursting(Line):
    """Its loss is not a number from the fourth batch on."""

    def __init__(self) -> None:
        super().__init__()
        self.batches = 0

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        self.batches += 1
        return {"loss": super().loss(generator, count)["loss"] * (1 if self.batches < 4 else float("nan"))}


def test_a_loss_that_is_no_number_stops_the_run_and_spoils_nothing(tmp_path: Path) -> None:
    train(tmp_path, 5)
    before = (tmp_path / "state.pt").read_bytes()
    with pytest.raises(TrainingError, match="by step 10 the gradient was not a number"):
        fit(Bursting(), run(20), tmp_path, group=Group(), say=quiet)
    assert (tmp_path / "state.pt").read_bytes() == before


def test_schedule_rises_stays_and_falls() -> None:
    schedule = Schedule(steps=100, matrix_lr=1, other_lr=1, warmup=10, fall=0.2)
    assert schedule.factor(0) == pytest.approx(0.1)
    assert schedule.factor(50) == 1
    assert schedule.factor(90) == pytest.approx(0.5)
    assert schedule.factor(99) == pytest.approx(0.05)


def test_schedule_may_fall_with_time() -> None:
    schedule = Schedule(steps=100, matrix_lr=1, other_lr=1, warmup=10, fall=0.2)
    assert schedule.factor(99, 0.5) == 1
    assert schedule.factor(5000, 0.9) == pytest.approx(0.5)
    assert schedule.factor(5000, 1.01) == 0


def test_a_run_that_lands_ends_with_its_minutes_and_not_with_its_steps(tmp_path: Path) -> None:
    state = fit(Line(), run(5), tmp_path, group=Group(), minutes=0.02, land=True, say=quiet)
    assert state.step > 5
    assert state.optimiser.param_groups[0]["lr"] < 0.05 / 2
    with pytest.raises(TrainingError, match="--minutes"):
        fit(Line(), run(5), tmp_path, group=Group(), land=True, say=quiet)


@pytest.mark.parametrize("shape", [(2, 8, 24), (2, 24, 8), (1, 16, 16)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_orthogonalise_evens_out_singular_values(shape: tuple[int, int, int], dtype: torch.dtype) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(matrices, 8, dtype=dtype))
    assert float(values.min()) > 0.5
    assert float(values.max()) < 1.3
