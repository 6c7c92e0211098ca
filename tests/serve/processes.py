"""Processes that a test starts, and that end with it whatever happens."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from benchmarks.storm import PRELOADED
from soramame.serve.run import Place
from soramame.serve.worker import work

HOW = ("--device", "cpu", "--dtype", "float32", "--threads", "1")
"""What workers of tests compute with."""
Process = subprocess.Popen[bytes]


@contextmanager
def running(command: Sequence[str], said: Path) -> Iterator[Process]:
    """A process of Python that is killed at the end. What it says goes into a file: a pipe that nobody reads fills up, and whoever
    writes to it then waits for ever.
    """
    with said.open("ab") as file:
        process = subprocess.Popen([sys.executable, *command], stdout=file, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def serve(folder: Path, port: int, model: Path) -> list[str]:
    """How Python is told to be `soramame serve`, for :func:`running`."""
    told = {"--folder": folder, "--port": port, "--model": model}
    return ["-m", "soramame.cli", "serve", *(str(part) for pair in told.items() for part in pair), *HOW]


def ended(process: Process, number: signal.Signals = signal.SIGTERM) -> int:
    """Its exit status after a signal."""
    process.send_signal(number)
    return process.wait(60)


def _work(place: Place, model: str) -> None:
    work(place, model, device="cpu", dtype="float32", threads=1)


@contextmanager
def working(place: Place, model: Path) -> Iterator[BaseProcess]:
    """A worker in a process of its own; they are copies of one that has loaded everything, as in `benchmarks/storm.py`."""
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_work, args=(place, str(model)))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def stopped(process: BaseProcess, number: signal.Signals) -> int | None:
    """Its exit status after a signal."""
    if process.pid is not None:
        os.kill(process.pid, number)
    process.join(60)
    return process.exitcode


def waited(what: Callable[[], Any], seconds: float = 250, *, every: float = 0.02) -> None:
    """Until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(every)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
