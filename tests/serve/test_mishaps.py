"""What goes wrong in a worker, and what it makes of it."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
import torch

from soramame.errors import CancelledError, OutputError
from soramame.serve import mishaps
from soramame.serve.mishaps import lost_device, mistake, patiently


def caused(cause: Exception) -> OutputError:
    try:
        raise OutputError("a file cannot be stored.") from cause
    except OutputError as error:
        return error


def nothing() -> None:
    """There is no reason to stop."""


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr("soramame.serve.mishaps.time.sleep", taken.append)
    return taken


def failing(error: Exception, times: int) -> Callable[[], str]:
    left = [error] * times

    def do() -> str:
        if left:
            raise left.pop()
        return "done"

    return do


@pytest.mark.parametrize(
    ("error", "lost", "code"),
    [
        (torch.AcceleratorError("CUDA error: an illegal memory access was encountered"), True, "server_error"),
        (RuntimeError("CUDA error: device-side assert triggered"), True, "server_error"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), False, "out_of_memory"),
        (RuntimeError("CUDA error: out of memory"), False, "out_of_memory"),
        (RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate"), False, "out_of_memory"),
        (RuntimeError("shapes do not fit"), False, "server_error"),
    ],
)
def test_a_lost_accelerator_is_told_from_a_job_that_is_too_large(error: Exception, lost: bool, code: str) -> None:
    assert lost_device(error) is lost
    assert mistake(error)["code"] == code


@pytest.mark.parametrize(
    "error",
    [OSError("reset"), caused(OSError(errno.EIO, "reset")), RuntimeError("botocore"), TimeoutError()],
)
def test_a_storage_that_is_gone_for_a_while_is_asked_again(naps: list[float], error: Exception) -> None:
    assert patiently(failing(error, 3), nothing) == "done"
    assert len(naps) == 3


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(),
        caused(FileNotFoundError()),
        caused(OSError(errno.ENOSPC, "full")),
        OutputError("this is not a key of a stored file."),
    ],
)
def test_what_no_waiting_helps_is_raised_at_once(naps: list[float], error: Exception) -> None:
    with pytest.raises(type(error)):
        patiently(failing(error, 1), nothing)
    assert naps == []


def test_patience_ends(naps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mishaps, "PATIENCE", 0.0)
    with pytest.raises(OSError, match="reset"):
        patiently(failing(OSError("reset"), 2), nothing)


def test_nothing_is_tried_again_for_a_job_that_was_cancelled(naps: list[float]) -> None:
    def stop() -> None:
        raise CancelledError("the video was cancelled.")

    with pytest.raises(CancelledError):
        patiently(failing(OSError("reset"), 1), stop)
