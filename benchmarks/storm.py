"""Jobs while the server and its workers are killed (kill -9) at random moments: is every one done, and done once?

    python benchmarks/storm.py [--model FOLDER] [--jobs 50] [--kills 20] [--workers 2] [--seed 0] [--json]
                               [--database ADDRESS] [--storage ADDRESS]

Every job is sent with an idempotency key, again and again until the server takes it. The database itself counts how often a job becomes
completed (a trigger); jobs of the same seed have to be the same video, however often their workers died. Exit status 1 if anything is
not so. Pictures are not checked, marked or signed (`tests/open.toml`), so that more moments of more jobs fit into a minute.

Without addresses it is SQLite and a folder. Others have to be empty: a database, and a place such as s3://bucket/prefix, which is reached
by what the variables AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing as mp
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]
import httpx
from sqlalchemy import create_engine, text

from soramame.media import glimpses
from soramame.serve.storage import Storage
from soramame.serve.store import Store

POLICY = Path(__file__).parents[1] / "tests" / "open.toml"
GAP = (0.0, 1.0)
"""Seconds after which the next is killed, from when a worker is seen to paint."""
SERVER = 0.15
"""How often it is the server that is killed."""
SEEDS = 5
PROMPT = "a brown dog in the snow"
_DONE = "CREATE TABLE done (job TEXT)"
_WHEN = "AFTER UPDATE OF status ON jobs"
COUNTED: Mapping[str, Sequence[str]] = {
    "sqlite": (
        _DONE,
        f"CREATE TRIGGER counted {_WHEN} WHEN NEW.status = 'completed' BEGIN INSERT INTO done VALUES (NEW.id); END",
    ),
    "postgresql": (
        _DONE,
        "CREATE FUNCTION count_one() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO done VALUES (NEW.id); RETURN NULL; END $$",
        f"CREATE TRIGGER counted {_WHEN} FOR EACH ROW WHEN (NEW.status = 'completed') EXECUTE FUNCTION count_one()",
    ),
}
"""How each kind of database counts how often a job becomes completed."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done, and in which folder. ``asked``: what every job is told besides its seed. ``database`` and ``storage``: addresses
    of what is not in the folder. ``environment``: variables of the processes.
    """

    folder: Path
    model: str
    jobs: int
    kills: int
    workers: int
    asked: dict[str, Any]
    seed: int = 0
    database: str = ""
    storage: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "database", self.database or f"sqlite:///{self.folder / 'jobs.db'}")
        object.__setattr__(self, "storage", self.storage or str(self.folder / "files"))


def _quiet(plan: Plan) -> None:
    os.environ.update(plan.environment)
    said = os.open(plan.folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _worker(plan: Plan) -> None:
    from soramame.serve.run import Place
    from soramame.serve.worker import work  # loaded before the process began: see PRELOADED

    _quiet(plan)
    place = Place(database=plan.database, storage=plan.storage, work=plan.folder / "work", lease=2.0)
    work(place, plan.model, policy=POLICY, device="cpu", dtype="float32", threads=1)


def _server(plan: Plan, port: int) -> None:
    import uvicorn

    from soramame.serve.app import make
    from soramame.serve.service import Settings

    _quiet(plan)
    app = make(Settings(database=plan.database, storage=plan.storage, model=plan.model, policy=POLICY))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", ws="none")


PRELOADED = ["uvicorn", "soramame.serve.app", "soramame.serve.worker"]
"""What takes long to load is loaded once, in the process that all others are copies of."""


@dataclass
class Storm:
    """The processes, and what happens to them."""

    plan: Plan
    url: str
    starts: Sequence[Callable[[], BaseProcess]]
    alive: list[BaseProcess] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    painting: set[str] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    """What was being painted when somebody was killed: the next is killed over something else."""

    def run(self) -> None:
        """Until every job has ended."""
        chance, next_kill = random.Random(self.plan.seed), None
        self.alive = [start() for start in self.starts]
        with httpx.Client(base_url=self.url, timeout=10) as http:
            while not self._ended(http):
                for number, one in enumerate(self.alive):
                    if not one.is_alive():
                        self.alive[number] = self.starts[number]()
                if self.painting - self.before and next_kill is None:
                    next_kill = time.monotonic() + chance.uniform(*GAP)
                if next_kill is not None and time.monotonic() >= next_kill and self.killed.total() < self.plan.kills:
                    self._kill(chance)
                    next_kill, self.before = None, self.painting
                time.sleep(0.02)

    def _kill(self, chance: random.Random) -> None:
        server = chance.random() < SERVER
        number = 0 if server else chance.randrange(1, len(self.alive))
        if self.alive[number].is_alive():
            self.alive[number].kill()
            self.alive[number].join()
            self.killed["server" if server else "workers"] += 1

    def _ended(self, http: httpx.Client) -> bool:
        """Send what was not taken yet, and look."""
        try:
            if len(self.names) < self.plan.jobs:
                number = len(self.names)
                asked = {"prompt": PROMPT, "seed": number % SEEDS, **self.plan.asked}
                answer = http.post("/v1/videos", json=asked, headers={"idempotency-key": f"storm-{number}"})
                self.names.append(answer.raise_for_status().json()["id"])
                return False
            shown = http.get("/v1/videos", params={"limit": 100}).raise_for_status().json()["data"]
        except httpx.HTTPError:
            return False
        self.painting = {one["id"] for one in shown if one["status"] == "in_progress"}
        return all(one["status"] in ("completed", "failed") for one in shown)

    def end(self) -> None:
        """All processes, in good order."""
        for one in self.alive:
            one.terminate()
        for one in self.alive:
            one.join(30)
            one.kill()


def count(database: str) -> None:
    """Let a database count from now on."""
    engine = create_engine(database)
    with engine.begin() as connection:
        for statement in COUNTED[engine.dialect.name]:
            connection.execute(text(statement))
    engine.dispose()


def counted(database: str) -> Counter[str]:
    """How often each job became completed."""
    engine = create_engine(database)
    with engine.connect() as connection:
        found = Counter(str(row[0]) for row in connection.execute(text("SELECT job FROM done")))
    engine.dispose()
    return found


def _stored(storage: str) -> set[str]:
    """Keys of all files that there are."""
    files, root = fsspec.core.url_to_fs(storage, use_listings_cache=False)
    return {one.removeprefix(root).lstrip("/") for one in files.find(root)}


def storm(plan: Plan) -> dict[str, Any]:
    """Let it happen, and say what came of it."""
    store = Store(plan.database)
    store.create_tables()
    store.close()
    count(plan.database)
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def begun(target: Callable[..., None], *told: Any) -> BaseProcess:
        process = context.Process(target=target, args=told)
        process.start()
        return process

    starts = [partial(begun, _server, plan, port), *[partial(begun, _worker, plan)] * plan.workers]
    happened = Storm(plan=plan, url=f"http://127.0.0.1:{port}", starts=starts)
    began = time.monotonic()
    try:
        happened.run()
        seconds = time.monotonic() - began
    finally:
        happened.end()
    return {"seconds": round(seconds, 1), "killed": dict(happened.killed), **_came(plan, happened.names)}


def _came(plan: Plan, names: list[str]) -> dict[str, Any]:
    """What the database and the storage hold."""
    store, storage = Store(plan.database), Storage(plan.storage)
    jobs = [job for name in names if (job := store.job(name)) is not None]
    times = counted(plan.database)
    looks: dict[int, set[str]] = {}
    kept = set[str]()
    for job in jobs:
        if job.status == "completed" and job.files:
            path = storage.fetch(job.files["video"], plan.folder / "look.mp4")
            pixels = hashlib.sha256(b"".join(frames.tobytes() for _, frames in glimpses(path, spans=1, frames=1000)))
            looks.setdefault(job.fields["seed"], set()).add(pixels.hexdigest())
            kept |= set(job.files.values())
    there = _stored(plan.storage)
    store.close()
    return {
        "jobs": len(set(names)),
        "status": dict(Counter(job.status for job in jobs)),
        "completed_once": sum(times[job.id] == 1 for job in jobs),
        "completed_twice": sum(count > 1 for count in times.values()),
        "attempts": dict(sorted(Counter(job.attempt for job in jobs).items())),
        "same_seed_same_video": all(len(one) == 1 for one in looks.values()),
        "files_missing": len(kept - there),
        "files_left_over": len(there - kept),
    }


def good(told: dict[str, Any], jobs: int) -> bool:
    """Whether every job was done once."""
    once = told["jobs"] == told["completed_once"] == jobs and told["status"] == {"completed": jobs}
    return once and told["same_seed_same_video"] and not told["completed_twice"] and not told["files_missing"]


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", default="")
    parser.add_argument("--storage", default="")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all others end too
    asked = {"size": "128x64", "seconds": 0.5, "steps": 2}
    with tempfile.TemporaryDirectory() as folder:
        names = ("jobs", "kills", "workers", "seed", "database", "storage")
        came = storm(
            Plan(folder=Path(folder), model=told.model, asked=asked, **{one: getattr(told, one) for one in names})
        )
    print(json.dumps(came) if told.json else "\n".join(f"{name:22} {value}" for name, value in came.items()))
    sys.exit(0 if good(came, told.jobs) else 1)


if __name__ == "__main__":
    main()
