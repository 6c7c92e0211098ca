"""One network on disk while a model is made: ``{"config": its fields, "model": its state}``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soramame.errors import TrainingError


def save_part(path: Path, config: Any, weights: dict[str, Tensor]) -> None:
    """One network: ``{"config": its fields, "model": its state}``."""
    part = path.with_suffix(".part")
    torch.save({"config": asdict(config), "model": weights}, part)
    part.replace(path)


def load_part(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Config fields and state of one network; :class:`TrainingError` if the stage that makes it has not run."""
    if not path.exists():
        raise TrainingError(f"{path} is not there yet; run the `{path.stem}` stage first.")
    content = torch.load(path, map_location="cpu", weights_only=True)
    return content["config"], content["model"]
