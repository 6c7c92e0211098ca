"""What goes wrong while a worker paints: how it is told, whether the worker can go on, and whether it is worth while to try again."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch

from soramame.errors import SoramameError

log = logging.getLogger("soramame.worker")
T = TypeVar("T")
OFTEN, PATIENCE = 2.0, 600.0
"""Seconds between two tries at the storage, and after which no more are made."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def told(error: SoramameError, folder: Path) -> dict[str, Any]:
    """As the API tells it: without the names of this machine's folders."""
    return {"code": error.code, "message": str(error).replace(f"{folder}/", "")}


def mistake(error: Exception) -> dict[str, Any]:
    """What the API tells of an error that nobody foresaw."""
    if _no_memory(error):
        return {"code": "out_of_memory", "message": "there is not enough memory for this; ask for less."}
    return {"code": "server_error", "message": "a mistake in the server, not yours; its log says more."}


def lost_device(error: Exception) -> bool:
    """Whether the accelerator is of no more use to this process: every job after this one would fail too, and at once."""
    broken = isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error)
    return broken and not _no_memory(error)


def patiently(do: Callable[[], T], check: Callable[[], None]) -> T:
    """``do`` something with the storage, which may be gone for a while: what is painted is not lost for that.

    Before every further try ``check`` may raise, if there is nothing to be done any more. What no waiting helps is raised at once.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return do()
        except Exception as error:  # each kind of storage has errors of its own
            if _final(error) or time.monotonic() >= end:
                raise
            log.warning("the storage gives no answer: %s", error)
        time.sleep(OFTEN)
        check()


def _final(error: Exception) -> bool:
    """A file that is not there, no room, or what was said here without a cause from outside."""
    cause = error.__cause__ if isinstance(error, SoramameError) else error
    if cause is None or isinstance(cause, (FileNotFoundError, MemoryError)):
        return True
    return isinstance(cause, OSError) and cause.errno in NO_ROOM


def _no_memory(error: Exception) -> bool:
    said = str(error)
    return "out of memory" in said or "DefaultCPUAllocator" in said or isinstance(error, MemoryError)
