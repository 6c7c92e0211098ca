"""A worker: a process that owns an engine, takes one job after the other, and may be ended at any moment.

What it has painted of a job is kept in ``work/ID/ATTEMPT``. Who takes the job next moves that folder to the next attempt, so that
one that was thought dead and still paints has nowhere to write.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy.exc import DBAPIError

from soramame.engine import Soramame
from soramame.engine.job import INDEX, folder_of
from soramame.errors import CancelledError, OptionError, SoramameError
from soramame.flow.sample import Progress
from soramame.media import glimpses
from soramame.serve import files, machine, mishaps, renewal
from soramame.serve.chosen import chosen, remember
from soramame.serve.machine import Pace
from soramame.serve.painting import film
from soramame.serve.run import Ended, Lost, Place, Run
from soramame.serve.storage import Storage
from soramame.serve.store import CANCELLED, OPEN, Store
from soramame.serve.tables import Job, Worker

log = logging.getLogger("soramame.worker")
TOLD_THERE = 5.0
"""Seconds between two words that it is there, and two looks whether its server is."""
TIDIED_EVERY = 300.0
"""Seconds between two looks for what others left."""
BROKEN = 70
"""Exit status of a worker whose accelerator is lost: only another process can have it back."""


NICE = 10
"""Below whom a worker stands: a server on the same processors answers first, and takes next to nothing for it."""


class Painter:
    """A worker's engine and its loop. ``load`` gives the engine anew, when that is asked for."""

    def __init__(self, place: Place, sora: Soramame, load: Callable[[], Soramame] | None = None) -> None:
        self.place, self.sora, self._load = place, sora, load
        self.store, self.storage = Store(place.database), Storage(place.storage)
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self.started, self.ending = time.time(), threading.Event()
        self.pace, self.renewing = Pace(), threading.Event()
        self.loaded, self.renewal = self.started, renewal.number(self.store)
        self.problem: str | None = None
        self.broken, self._tidied = False, 0.0

    def run(self, *, idle: float = 0.25) -> None:
        """Until it is asked to end, or cannot go on: it is ``broken`` then."""
        announcing = threading.Thread(target=self._announcing, daemon=True)
        announcing.start()
        while not self.ending.is_set():
            try:
                if self.renewing.is_set():
                    self.renew()
                self._tidy()
                if not self.once():
                    self.ending.wait(idle)
            except (SoramameError, DBAPIError) as error:
                log.error("%s", getattr(error, "orig", error))
                self.ending.wait(1.0)
            except Exception as error:  # a worker outlives whatever one job, or the database, does
                log.exception("worker %s", self.name)
                self._judge(error)
                self.ending.wait(1.0)
        announcing.join()

    def _announcing(self) -> None:
        """Also while it paints."""
        while True:
            try:
                self.announce()
                if renewal.number(self.store) > self.renewal:
                    self.renewing.set()
            except DBAPIError as error:
                log.warning("the database gives no answer: %s", error.orig)
            except Exception:  # it looks after the server too, whatever the driver or the database does
                log.exception("worker %s", self.name)
            if self.ending.wait(TOLD_THERE):
                return
            if self.place.parent not in (None, os.getppid()):
                log.warning("worker %s: the server is gone", self.name)
                self.ending.set()

    def _tidy(self) -> None:
        """Remove now and then what is left of jobs that were done, or given up, while nobody here worked on them."""
        if time.monotonic() < self._tidied:
            return
        self._tidied = time.monotonic() + TIDIED_EVERY
        for folder in self.place.work.glob("video_*"):
            job = self.store.job(folder.name)
            if job is None:
                shutil.rmtree(folder, ignore_errors=True)
            elif job.status not in OPEN:
                self._leave(job, kept=job.status == "completed")

    def _judge(self, error: Exception) -> bool:
        """Whether an error leaves this process nothing to paint with; then it takes no more jobs."""
        if mishaps.lost_device(error):
            log.error("worker %s: the accelerator is lost; another process has to take over", self.name)
            self.broken = True
            self.ending.set()
        return self.broken

    def _finish(self, job: Job, status: str, **values: Any) -> bool:
        """As :meth:`Store.finish`, however long the database is gone: what is painted is not lost for that."""
        while True:
            try:
                return self.store.finish(job, status, **values)
            except DBAPIError as error:
                log.warning("job %s: the database gives no answer: %s", job.id, error.orig)
                if self.ending.wait(2.0):
                    raise

    def renew(self) -> None:
        """Load the model again, as it lies on the disk now. One that cannot be loaded leaves the old one in its place."""
        self.renewing.clear()
        number, self.problem = renewal.number(self.store), None
        try:
            self.sora = renewal.renewed(self.sora, self._load)
            self.loaded, self.pace = time.time(), Pace()
        except SoramameError as error:
            log.error("the model was not loaded again: %s", error)
            self.problem = str(error)
        self.renewal = number
        self.announce()

    def announce(self) -> None:
        """Say that it is there, and what it paints with."""
        facts = machine.facts(self.sora, self.pace)
        facts |= {"loaded": self.loaded, "renewal": self.renewal, "problem": self.problem}
        self.store.seen(
            Worker(id=self.name, model=self.sora.card.name, facts=facts, started=self.started, seen=time.time())
        )

    def once(self) -> bool:
        """Take a job and do it; False if there is none."""
        job = self.store.claim(self.name, self.sora.card.name, lease=self.place.lease)
        if job is None:
            return False
        log.info("job %s: attempt %d", job.id, job.attempt)
        folder, kept = self._folder(job), False
        with Run(self.store, self.storage, job, self.place, self.ending) as run:
            try:
                values = self._made(run, job, folder)
            except (Lost, Ended) as error:
                log.info("job %s: %s", job.id, error)
                if isinstance(error, Ended):
                    self.store.release(job)
                return True
            except CancelledError:
                done = self._finish(job, "cancelled", error=CANCELLED)
            except SoramameError as error:
                log.info("job %s: %s", job.id, error)
                done = self._finish(job, "failed", error=mishaps.told(error, folder))
            except Exception as error:  # the job is told to have failed; the worker goes on
                log.exception("job %s", job.id)
                if self._judge(error):
                    self.store.release(job, lost=True)
                    return True
                done = self._finish(job, "failed", error=mishaps.mistake(error))
            else:
                done = kept = self._finish(job, "completed", keep=self.place.keep, **values)
                if not done:
                    self.storage.delete(f"videos/{job.id}/{job.attempt}")
        if done:
            self._leave(job, kept=kept)
        return True

    def _leave(self, job: Job, *, kept: bool) -> None:
        """Remove what a job that is done needs no more; the folder last, by which whoever comes next sees that something is left."""
        self.storage.delete(f"previews/{job.id}.webp")
        for attempt in range(1, job.attempt + (not kept)):
            self.storage.delete(f"videos/{job.id}/{attempt}")
        shutil.rmtree(self.place.work / job.id, ignore_errors=True)

    def _folder(self, job: Job) -> Path:
        """The folder of this attempt, with what the last one painted."""
        home = self.place.work / job.id
        home.mkdir(parents=True, exist_ok=True)
        numbers = [int(one.name) for one in home.iterdir() if one.name.isdigit()]
        before = [number for number in numbers if number < job.attempt]  # a later one is that of who took it from here
        mine = home / str(job.attempt)
        if before and job.attempt not in numbers:
            os.rename(home / str(max(before)), mine)
        mine.mkdir(exist_ok=True)
        return mine

    def _made(self, run: Run, job: Job, folder: Path) -> Mapping[str, Any]:
        """Paint a job and store its files."""
        run.check()
        sources = self._sources(run, job, folder)
        what = film(self.sora, job, sources)
        target = folder / "clip.mp4"
        resume = (folder_of(target) / INDEX).is_file()

        def moved(progress: Progress) -> None:
            self.pace.came()
            run.moved(self.sora, what, progress)
            self.pace.left()

        self.pace.begin()
        try:
            written = self.sora.write(what, target, on_progress=moved, resume=resume)
        except OptionError:
            if not resume:
                raise
            # What was kept is damaged, or was painted with other arithmetic.
            written = self.sora.write(what, target, on_progress=moved)
        run.check()
        made = {"video": target, **files.pictures(target, folder)}
        keys = {name: f"videos/{job.id}/{job.attempt}/{name}{path.suffix}" for name, path in made.items()}
        for name, path in made.items():
            mishaps.patiently(partial(self.storage.put, path, keys[name]), run.check)
        run.check()
        return {"files": keys, "size": _size(target), "seconds": written.frames / written.fps}

    def _sources(self, run: Run, job: Job, folder: Path) -> dict[str, Path]:
        found = {}
        for name, key in job.inputs.items():
            path = folder / (name if "." in name else name + Path(key).suffix)
            found[name] = mishaps.patiently(partial(self.storage.fetch, key, path), run.check)
        return found


def _size(path: Path) -> str:
    height, width = next(glimpses(path, spans=1, frames=1))[1].shape[1:3]
    return f"{width}x{height}"


def work(place: Place, model: str, *, policy: Path | None = None, **runtime: Any) -> None:
    """Load a model and work until SIGTERM or SIGINT; a second one ends at once. The status is ``BROKEN`` if it cannot go on."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    kept = place.work / "runtime.json"

    def load() -> Soramame:
        return Soramame.load(model, policy=policy, **chosen(kept, runtime))

    sora = load()
    remember(kept, runtime, sora)
    painter = Painter(place, sora, load)

    def end(number: int, frame: FrameType | None) -> None:
        if painter.ending.is_set():
            os._exit(128 + number)
        painter.ending.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    signal.signal(signal.SIGHUP, lambda number, frame: painter.renewing.set())
    log.info("worker %s: %s on %s", painter.name, painter.sora.card.name, painter.sora.runtime.device)
    painter.run()
    if painter.broken:
        sys.exit(BROKEN)


def main() -> None:
    """``python -m soramame.serve.worker``: the process that ``soramame serve`` starts and starts again."""
    os.nice(NICE)
    parser = argparse.ArgumentParser(prog="soramame.serve.worker", description=__doc__)
    for name in ("database", "storage"):  # an address may hold a password, and a command line is seen by all
        known = os.environ.get(f"SORAMAME_{name.upper()}")
        parser.add_argument(f"--{name}", default=known, required=known is None)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--lease", type=float, default=10.0)
    parser.add_argument("--keep", type=float, default=0.0)
    parser.add_argument("--parent", type=int)
    told = parser.parse_args()
    names = ("database", "storage", "work", "lease", "keep", "parent")
    place = Place(**{name: getattr(told, name) for name in names})
    runtime = {name: getattr(told, name) for name in ("device", "dtype", "threads")}
    work(place, told.model, policy=told.policy, **runtime)


if __name__ == "__main__":
    main()
