"""All that a run needs to go on as if it had never stopped: weights, their average, the optimiser, the step."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from soramame.errors import TrainingError
from soramame.train.optimiser import MuonAdamW


@dataclass(kw_only=True)
class State:
    """A run at a moment. Batches and noise are drawn from (seed, step, rank), so the step is the loader's position too."""

    model: nn.Module
    optimiser: MuonAdamW
    average: dict[str, Tensor]
    step: int = 0
    seconds: float = 0.0

    @classmethod
    def new(cls, model: nn.Module, optimiser: MuonAdamW) -> State:
        """The beginning: the average is the weights themselves."""
        average = {name: value.detach().clone() for name, value in model.state_dict().items()}
        return cls(model=model, optimiser=optimiser, average=average)

    @torch.no_grad()
    def follow(self, keep: float) -> None:
        """Move the average towards the weights; it warms up, so that an early average is not the random start."""
        keep = min(keep, (1 + self.step) / (10 + self.step))
        pairs = [(self.average[name], value) for name, value in self.model.state_dict().items()]
        moved = [pair for pair in pairs if pair[1].is_floating_point()]
        torch._foreach_lerp_([average for average, _ in moved], [value for _, value in moved], 1 - keep)
        for average, value in pairs:
            if not value.is_floating_point():
                average.copy_(value)

    def save(self, path: Path) -> None:
        """Write beside the file, then put it in its place: a kill leaves the old or the new checkpoint, never half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        content: dict[str, Any] = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "step": self.step,
            "seconds": self.seconds,
        }
        torch.save(content, part)
        os.replace(part, path)

    def load(self, path: Path) -> None:
        """Take over a checkpoint; :class:`TrainingError` if it is of another model or broken."""
        try:
            content = torch.load(path, map_location="cpu", weights_only=True)
            self.model.load_state_dict(content["model"])
            self.optimiser.load_state_dict(content["optimiser"])
        except (RuntimeError, KeyError, ValueError, EOFError, pickle.UnpicklingError) as error:
            raise TrainingError(
                f"{path} is not a checkpoint of this run: start another folder or delete it."
            ) from error
        for name, value in content["average"].items():
            self.average[name].copy_(value)
        self.step, self.seconds = content["step"], content["seconds"]


def resume(model: nn.Module, optimiser: MuonAdamW, path: Path) -> State:
    """The state in ``path`` if there is one, else a new one."""
    state = State.new(model, optimiser)
    if path.exists():
        state.load(path)
    return state
