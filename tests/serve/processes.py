"""Processes that a test starts, and that end with it whatever happens."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from soramame.serve.worker import Place

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


@contextmanager
def working(place: Place, model: Path, *more: str) -> Iterator[Process]:
    """A worker in a process of its own."""
    told = ["--database", place.database, "--storage", place.storage, "--work", str(place.work), "--model", str(model)]
    place.work.mkdir(parents=True, exist_ok=True)
    command = ["-m", "soramame.serve.worker", *told, *HOW, "--lease", str(place.lease), *more]
    with running(command, place.work / "said.txt") as process:
        yield process


def ended(process: Process, number: signal.Signals = signal.SIGTERM) -> int:
    """Its exit status after a signal."""
    process.send_signal(number)
    return process.wait(60)


def waited(what: Callable[[], Any], seconds: float = 250) -> None:
    """Until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
