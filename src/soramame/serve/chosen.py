"""What a worker computes with, kept beside its work for those that come after it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soramame.engine import Soramame


def chosen(path: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """What to compute with: as the workers of this folder did before. What is measured anew may come out otherwise, and what one
    worker began could not be taken up by the next."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return dict(kept["chosen"] if kept["told"] == dict(told) else told)
    except (OSError, ValueError, KeyError, TypeError):
        return dict(told)


def remember(path: Path, told: Mapping[str, Any], sora: Soramame) -> None:
    """Keep what was chosen for what was told."""
    made = sora.runtime
    dtype = str(made.dtype).removeprefix("torch.")
    found = {"device": made.device, "dtype": dtype, "threads": made.threads, "attention": made.attention}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{socket.gethostname()}-{os.getpid()}")
    draft.write_text(json.dumps({"told": dict(told), "chosen": found}), encoding="utf-8")
    os.replace(draft, path)
