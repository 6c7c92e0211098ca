"""The server and its workers as processes: started together, started again when they die, ended in good order."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI

log = logging.getLogger("soramame.serve")
PATIENCE = 30.0
"""Seconds that workers have to end in."""
SHORTEST, LONGEST = 1.0, 30.0
"""Seconds to wait before a worker that died is started again: twice as long each time it dies young."""


@dataclass
class _One:
    process: subprocess.Popen[bytes]
    born: float
    wait: float = SHORTEST
    again_at: float | None = None


@dataclass
class Workers:
    """``count`` processes of one command, kept running until they are told to end."""

    command: Sequence[str]
    count: int
    _ones: list[_One] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Workers:
        self._ones = [_One(process=self._start(), born=time.monotonic()) for _ in range(self.count)]
        self._watch = threading.Thread(target=self._watching, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._watch.join()
        for one in self._ones:
            one.process.terminate()
        end = time.monotonic() + PATIENCE
        for one in self._ones:
            try:
                one.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()

    @property
    def pids(self) -> list[int]:
        """Of those that run."""
        return [one.process.pid for one in self._ones if one.process.poll() is None]

    def _start(self) -> subprocess.Popen[bytes]:
        # In a group of their own: Ctrl-C goes to the server, which ends them. Not in a session of their own: Linux shares the processors
        # out among sessions first, and what is said of priority would count within each of them alone.
        return subprocess.Popen(self.command, process_group=0)

    def _watching(self) -> None:
        while not self._ending.wait(0.2):
            for one in self._ones:
                self._look(one, time.monotonic())

    def _look(self, one: _One, now: float) -> None:
        status = one.process.poll()
        if status is None:
            return
        if one.again_at is None:
            one.wait = SHORTEST if now - one.born > 60 else min(2 * one.wait, LONGEST)
            one.again_at = now + one.wait
            log.warning("a worker ended with %d; it is started again in %.0f s", status, one.wait)
        elif now >= one.again_at:
            try:
                one.process, one.born, one.again_at = self._start(), now, None
            except OSError as error:  # no memory or no processes left, perhaps only for now
                one.wait = min(2 * one.wait, LONGEST)
                one.again_at = now + one.wait
                log.error("a worker cannot be started (%s); it is tried again in %.0f s", error, one.wait)


def command(model: str, place: Sequence[str], **runtime: object) -> list[str]:
    """How a worker of this process is started; ``place``: its options for where it works."""
    told = [part for name, value in runtime.items() if value is not None for part in (f"--{name}", str(value))]
    parent = ["--parent", str(os.getpid())]
    return [sys.executable, "-m", "soramame.serve.worker", "--model", model, *parent, *place, *told]


def serve(app: FastAPI, *, host: str, port: int) -> bool:
    """Answer until SIGTERM or Ctrl-C, then finish what is being answered; False if it could not begin."""
    told: dict[str, Any] = {
        "log_level": "warning",
        "ws": "none",
        "server_header": False,
        "timeout_graceful_shutdown": 5,
    }
    config = uvicorn.Config(app, host=host, port=port, http="h11", **told)  # it has a limit on the size of a head
    # What is there by now stays. To look through it for garbage would hold up everybody for a fifth of a second, every few seconds.
    gc.collect()
    gc.freeze()
    server = uvicorn.Server(config)
    with _ended_in_order():
        server.run()
    return server.started


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """The server raises the signal that ended it once more when it is done: to be asked to end is no failure of a server."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
