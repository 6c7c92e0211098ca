"""One job in one worker: what is said of it on the way, and what the worker is told."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from soramame.engine import Film, Soramame
from soramame.errors import CancelledError, RefusedError, SoramameError
from soramame.flow.sample import Progress
from soramame.serve import files
from soramame.serve.storage import Storage
from soramame.serve.store import CANCELLED, Store
from soramame.serve.tables import Job

log = logging.getLogger("soramame.worker")
TOLD_EVERY = 0.25
"""Seconds between two words on progress."""
SHARE = 0.15
"""Of the time, that previews may take."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a worker works: ``work`` holds what is unfinished; a job is its own for ``lease`` seconds at a time; what it makes is kept
    for ``keep`` seconds, or for ever if that is 0. It ends with the process ``parent``, if there is one: a server that is killed
    leaves no workers behind.
    """

    database: str
    storage: str
    work: Path
    lease: float = 10.0
    keep: float = 0.0
    previews: bool = True
    parent: int | None = None


class Lost(CancelledError):
    """The job is somebody else's now."""


class Ended(CancelledError):
    """The worker was asked to end."""


class Run:
    """One job in one worker: what it says of itself on the way, and what it is told."""

    def __init__(self, store: Store, storage: Storage, job: Job, place: Place, ending: threading.Event) -> None:
        self.store, self.storage, self.job, self.place, self._ending = store, storage, job, place, ending
        self._stop: SoramameError | None = None
        self._told = self._shown = 0.0
        self._cost, self._preview = 0.0, job.preview
        self._done = threading.Event()
        self._beats = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Run:
        self._beats.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._beats.join()

    def check(self) -> None:
        """Raise if there is nothing more to be done here."""
        if self._stop is not None:
            raise self._stop
        if self._ending.is_set():
            raise Ended("the worker was asked to end.")

    def moved(self, sora: Soramame, what: Film, progress: Progress) -> None:
        """After every step."""
        now = time.monotonic()
        if now - self._told >= TOLD_EVERY or progress.step == progress.steps:
            self._told = now
            self._tell(step=progress.step, steps=progress.steps)
        self.check()
        if self.place.previews and now - self._shown >= max(TOLD_EVERY, self._cost / SHARE):
            self._show(sora, what, progress)
            self._shown = time.monotonic()
            self._cost = self._shown - now

    def _show(self, sora: Soramame, what: Film, progress: Progress) -> None:
        """What the video looks like as now foreseen, if the policy lets it be seen; it is marked like the video itself.

        The first look is its beginning alone, which is there much sooner.
        """
        latents = progress.x0 if self._preview > self.job.preview else progress.x0[:, :, :1]
        output = sora.guard.output(sora.guard.recorded(what.metadata), what.fps)
        try:
            data = files.preview(output.passed(sora.decode(latents)), what.fps)
        except RefusedError:
            return
        path = self.place.work / self.job.id / f"preview-{self.job.attempt}.webp"
        try:
            path.write_bytes(data)
            self.storage.put(path, f"previews/{self.job.id}.webp")
        except Exception as error:  # each kind of storage has its own; a look is worth less than the video
            log.warning("job %s: a preview cannot be stored: %s", self.job.id, error)
            return
        self._preview += 1
        self._tell(preview=self._preview)

    def _tell(self, **how: int) -> None:
        try:
            standing = self.store.beat(self.job, lease=self.place.lease, **how)
        except DBAPIError as error:  # it may be gone for a while: whether the job is still ours is seen when it is back
            log.warning("job %s: the database gives no answer: %s", self.job.id, error.orig)
            return
        if not standing.mine:
            self._stop = Lost("the job is somebody else's now.")
        elif standing.cancel:
            self._stop = CancelledError(CANCELLED["message"])

    def _beat(self) -> None:
        while not self._done.wait(self.place.lease / 5):
            self._tell()
