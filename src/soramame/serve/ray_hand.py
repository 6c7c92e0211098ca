"""A worker as a Ray actor: the same painter as in a process, on whichever machine of the cluster has room for it.

Ray gives the actor a process of its own, and shows it those GPUs alone that it was promised.
"""

from __future__ import annotations

import importlib
import logging
import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soramame.errors import OutputError, SoramameError

log = logging.getLogger("soramame.worker")
NICE = 10
"""As :data:`soramame.serve.worker.NICE`, which is not loaded yet when it is needed."""
LOST = "its accelerator is lost"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a worker is told, in words that any machine understands.

    ``place``: as :class:`soramame.serve.run.Place` has it, with ``work`` as a text; ``runtime``: device, dtype and threads;
    ``environment``: variables of the server that count for its workers too; ``folder``: where relative paths begin, if it is there.
    """

    model: str
    place: Mapping[str, Any]
    runtime: Mapping[str, Any]
    policy: str | None = None
    environment: Mapping[str, str]
    folder: str


class Hand:
    """The actor. Its methods may be called while :meth:`run` runs."""

    def __init__(self, told: Told) -> None:
        self._told, self._painter = told, None
        self._there, self._ending = threading.Event(), threading.Event()

    def run(self) -> str | None:
        """Load the model, and paint until told to end; why it ended if nobody told it to."""
        try:
            self._painter = painter = self._loaded()
        except SoramameError as error:
            return f"on {socket.gethostname()}: {error}"
        finally:
            self._there.set()
        if self._ending.is_set():  # while it loaded
            painter.ending.set()
        log.info("worker %s: %s on %s", painter.name, painter.sora.card.name, painter.sora.runtime.device)
        painter.run()
        return LOST if painter.broken else None

    def name(self) -> str | None:
        """What the database calls it, as soon as it is ready to paint; None if it never will be."""
        self._there.wait()
        return None if self._painter is None else str(self._painter.name)

    def end(self) -> None:
        """Give back what is being painted, and end."""
        self._ending.set()
        if self._painter is not None:
            self._painter.ending.set()

    def _loaded(self) -> Any:
        told = self._told
        os.environ.update(told.environment)  # before anything is loaded that looks at them
        os.nice(NICE)  # this thread, and all that it starts
        with suppress(OSError):
            os.chdir(told.folder)
        chosen, engine, run, worker = (
            importlib.import_module(f"soramame.{name}")
            for name in ("serve.chosen", "engine", "serve.run", "serve.worker")
        )
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
        work = _made(Path(told.place["work"]))
        policy = None if told.policy is None else Path(told.policy)

        def load() -> Any:
            how = chosen.chosen(work / "runtime.json", told.runtime)
            return engine.Soramame.load(told.model, policy=policy, **how)

        sora = load()
        chosen.remember(work / "runtime.json", told.runtime, sora)
        return worker.Painter(run.Place(**{**told.place, "work": work}), sora, load)


def _made(work: Path) -> Path:
    """The folder, which lies on this machine or is shared by all; without it every job that came here would be lost again."""
    try:
        work.mkdir(parents=True, exist_ok=True)
        (work / f".{socket.gethostname()}-{os.getpid()}").touch()
        (work / f".{socket.gethostname()}-{os.getpid()}").unlink()
    except OSError as error:
        raise OutputError(
            f"{work} cannot be written ({error.strerror}); name a --folder that can be on every machine."
        ) from error
    return work
