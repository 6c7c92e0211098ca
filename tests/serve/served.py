"""A server and a worker that run beside a test, and official clients for them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from soramame.serve.app import make
from soramame.serve.service import Settings
from soramame.serve.worker import Painter


@dataclass(frozen=True)
class Server:
    url: str

    @property
    def base(self) -> str:
        return f"{self.url}/v1"


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """A server on a free port."""
    # asyncio sends small answers at once only for a socket that says it is TCP; else each waits 40 ms for an acknowledgement.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(make(settings), log_level="error", ws="none", loop="asyncio", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def painting(painter: Painter) -> Iterator[Painter]:
    """A worker's loop."""
    thread = threading.Thread(target=painter.run, kwargs={"idle": 0.02}, daemon=True)
    thread.start()
    try:
        yield painter
    finally:
        painter.ending.set()
        thread.join(30)
