"""What a worker tells of itself: its model, how long a step takes, and how much memory there is and is taken."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from soramame.engine import Soramame

SHARE = 0.1
"""How much the last step counts in the mean over steps."""


@dataclass
class Pace:
    """Seconds between two steps, without what is done between them: the mean, in which the last ones count most."""

    mean: float | None = None
    _left: float | None = None

    def begin(self) -> None:
        """A job begins: what comes before its first step is not one."""
        self._left = None

    def came(self) -> None:
        """A step is done."""
        if self._left is not None:
            took = time.perf_counter() - self._left
            self.mean = took if self.mean is None else (1 - SHARE) * self.mean + SHARE * took

    def left(self) -> None:
        """The next begins."""
        self._left = time.perf_counter()


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of the device that networks compute on: taken by this process, and all that there are; None if that is not known."""

    used: int
    total: int | None


def memory(device: str) -> Memory:
    """The memory of a device by the name that PyTorch gives it; for ``cpu`` that of this process and of the machine."""
    if device.startswith("cuda") and torch.cuda.is_available():
        return Memory(used=torch.cuda.memory_reserved(device), total=torch.cuda.mem_get_info(device)[1])
    if device.startswith("mps") and torch.backends.mps.is_available():
        return Memory(used=torch.mps.driver_allocated_memory(), total=torch.mps.recommended_max_memory())
    page = os.sysconf("SC_PAGE_SIZE")
    return Memory(used=_resident(page), total=page * os.sysconf("SC_PHYS_PAGES"))


def facts(sora: Soramame, pace: Pace) -> dict[str, Any]:
    """What a worker paints with, and how fast."""
    taken = memory(sora.runtime.device)
    return {
        "sha256": sora.card.sha256,
        **{name: getattr(sora.card.defaults, name) for name in ("width", "height", "seconds", "fps")},
        "multiple": sora.grid.multiple,
        "device": sora.runtime.device,
        "step_seconds": pace.mean,
        "memory_used": taken.used,
        "memory_total": taken.total,
    }


def _resident(page: int) -> int:
    """Now where the system tells it, else the most that it was (in KiB, on macOS in bytes)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * page
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if os.uname().sysname == "Darwin" else most * 1024
