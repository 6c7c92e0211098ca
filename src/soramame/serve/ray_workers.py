"""Workers beyond one machine: a crew of Ray actors, as many as there is work for, and another for each that dies.

The crew is led by a process of its own (``python -m soramame.serve.ray_workers``), which the server starts, and starts again: a client
of Ray is ended by Ray when its cluster is gone, and the server has to go on answering. Actors end with the one who leads them. What
keeps a job from being lost, or done twice, are leases and attempts, as among processes: nothing of it is left to Ray.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from soramame.errors import ConfigError, ExtraNeededError, SoramameError
from soramame.serve.ray_hand import Hand, Told
from soramame.serve.store import OPEN, Store
from soramame.serve.supervise import LONGEST, SHORTEST
from soramame.serve.tables import Job

log = logging.getLogger("soramame.serve")
EVERY = 1.0
"""Seconds between two looks at the queue."""
QUIET = 120.0
"""Seconds for which there have to be more workers than jobs before some are let go."""
PATIENCE = 20.0
"""Seconds that workers have to end in: less than this process has itself."""
GRACE = 2.0
"""Those that are still loading, or have no machine yet: they have nothing to give back, and may not hear."""
YOUNG = 60.0
"""Seconds within which a worker dies young: the next is waited for longer each time."""
KNOCK = 5.0
"""Seconds that the machine of a cluster has to take a connection in."""
ANSWER = 120.0
"""Seconds that a cluster has to answer in when the server starts."""
HERE = 0.001
"""How much of a machine's own resource an actor takes that may be nowhere else."""
QUIETLY = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0", "RAY_COLOR_PREFIX": "0"}
"""Nobody else is told of anything; what workers say is shown whole, and plain."""
VARIABLES = ("SORAMAME_HOME", "SORAMAME_POLICY", "XDG_DATA_HOME", "GOMP_SPINCOUNT")
"""Variables that count for workers as well: an actor has those of the machine where it runs."""


@dataclass
class _One:
    """An actor, and what it will say: ``life`` when it has ended, ``ready`` when it can paint. ``told``: when it was, to end."""

    actor: Any
    life: Any
    ready: Any
    born: float
    name: str | None = None
    told: float | None = None


@dataclass(kw_only=True)
class Crew:
    """Between ``least`` and ``most`` actors. ``needs``: what each takes of a machine; ``jobs``: who paints each job that is not
    done, None for one that waits.
    """

    ray: Any
    told: Told
    needs: Mapping[str, Any]
    least: int
    most: int
    jobs: Callable[[], Sequence[str | None]]
    ones: list[_One] = field(default_factory=list)
    _wanted: int = 0
    _busy_at: float = field(default_factory=time.monotonic)
    _wait: float = SHORTEST
    _hire_at: float = 0.0

    def run(self, ending: threading.Event) -> None:
        """Until told to end; then all give their jobs back."""
        while not ending.is_set():
            self.look(time.monotonic())
            self._rest(EVERY)
            ending.wait(0.01)
        self.close()

    def look(self, now: float) -> None:
        """Meet who came, bury who died, and have as many as there is work for."""
        self._meet()
        self._bury(now)
        try:
            open_jobs = self.jobs()
            self._wanted = max(self.least, min(len(open_jobs), self.most))
        except SQLAlchemyError as error:  # all stay: who leads must not end for that
            log.warning("the database gives no answer: %s", str(error).partition("\n")[0])
            return
        self._resize(now, {name for name in open_jobs if name is not None})

    def close(self) -> None:
        """End all, in good order as far as there is time."""
        for one in self.ones:
            self._dismiss(one, time.monotonic())
        while self.ones:
            self._meet()
            self._bury(time.monotonic())
            self._rest(0.2)

    @property
    def staying(self) -> list[_One]:
        """Those who were not told to end, whether they have a machine yet or not."""
        return [one for one in self.ones if one.told is None]

    def _rest(self, seconds: float) -> None:
        """For so long, or until one has ended."""
        if self.ones:
            self.ray.wait([one.life for one in self.ones], num_returns=1, timeout=seconds)
        else:
            time.sleep(seconds)

    def _bury(self, now: float) -> None:
        for one in list(self.ones):
            late = one.told is not None and now >= one.told + (GRACE if one.name is None else PATIENCE)
            if not late and not self._over(one.life):
                continue
            self.ray.kill(one.actor)  # it holds its place in the cluster until then
            self.ones.remove(one)
            if one.told is None:
                self._put_off(now, young=now - one.born < YOUNG)
                log.warning(
                    "a worker ended (%s); another is started in %.0f s", self._why(one), max(0.0, self._hire_at - now)
                )

    def _put_off(self, now: float, *, young: bool) -> None:
        """Wait before the next is started. Of those that die with their machine only the first counts."""
        if now >= self._hire_at:
            self._wait = min(2 * self._wait, LONGEST) if young else SHORTEST
            self._hire_at = now + self._wait

    def _over(self, promise: Any) -> bool:
        return bool(self.ray.wait([promise], timeout=0)[0])

    def _why(self, one: _One) -> str:
        try:
            return self.ray.get(one.life) or "it was not told to"
        except self.ray.exceptions.RayError as error:
            return str(error).strip().partition("\n")[0]

    def _meet(self) -> None:
        for one in self.ones:
            if one.name is None and self._over(one.ready):
                with suppress(self.ray.exceptions.RayError):  # its life is over
                    one.name = self.ray.get(one.ready)

    def _resize(self, now: float, painting: Collection[str]) -> None:
        missing = self._wanted - len(self.staying)
        if missing >= 0:
            self._busy_at = now
        if missing > 0 and now >= self._hire_at:
            log.info("%d of %d workers are started", missing, self._wanted)
            self.ones += [self._hired(now) for _ in range(missing)]
        elif missing < 0 and now - self._busy_at >= QUIET:
            # First those for whom there is no machine yet: without them the cluster asks for none.
            idle = sorted(
                (one for one in self.staying if one.name not in painting), key=lambda one: one.name is not None
            )
            log.info("%d workers are let go", len(idle[:-missing]))
            for one in idle[:-missing]:
                self._dismiss(one, now)

    def _hired(self, now: float) -> _One:
        actor = self.ray.remote(Hand).options(**self.needs).remote(self.told)
        return _One(actor=actor, life=actor.run.remote(), ready=actor.name.remote(), born=now)

    def _dismiss(self, one: _One, now: float) -> None:
        if one.told is None:
            one.told = now
            one.actor.end.remote()


def jobs(store: Store, model: str) -> Sequence[str | None]:
    """Of every job of a model that is not done who paints it; None if nobody does."""
    with store.read() as session:
        rows = session.execute(select(Job.status, Job.lease_owner).where(Job.model == model, Job.status.in_(OPEN)))
        return [row.lease_owner if row.status == "in_progress" else None for row in rows]


def shared(database: str, storage: str) -> bool:
    """Whether other machines reach the same database and the same storage."""
    kind, _, rest = storage.partition("://")
    return make_url(database).get_backend_name() != "sqlite" and bool(rest) and kind not in ("file", "local", "memory")


def needs(ray: Any, *, device: str, threads: int | None, anywhere: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each actor takes of a machine, and what it computes with. :class:`ConfigError` if it could come where the database or the
    storage is not: ``anywhere`` says that both are.
    """
    gpu = device == "cuda" or (device == "auto" and ray.cluster_resources().get("GPU", 0) > 0)
    takes: dict[str, Any] = {"num_gpus": 1, "num_cpus": 0} if gpu else {"num_cpus": threads or 1}
    # Ends are ours to see to: Ray would start again at once what cannot live, and would not start again what fails at its beginning.
    takes |= {"max_concurrency": 4, "max_restarts": 0, "scheduling_strategy": "SPREAD"}
    if not anywhere:
        takes["resources"] = {f"node:{_only(ray)}": HERE}
    how = {"device": "cuda" if gpu else "cpu" if device == "auto" else device}
    return takes, how | {"threads": threads if gpu else takes["num_cpus"]}


def _only(ray: Any) -> str:
    """The address of this machine, if the cluster has no other."""
    places = {(node["NodeManagerHostname"], node["NodeManagerAddress"]) for node in ray.nodes() if node["Alive"]}
    if len(places) != 1 or {place[0] for place in places} != {socket.gethostname()}:
        raise ConfigError(
            "the Ray cluster has other machines, which reach neither a SQLite file nor a folder of this one: "
            "give both --database postgresql+psycopg://… and --storage s3://…, or a cluster of this machine alone."
        )
    return str(next(iter(places))[1])


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    """Ray, connected; :class:`ConfigError` if there is no cluster at this address. ``local``: one of its own, which ends with it."""
    os.environ |= QUIETLY
    ray = importlib.import_module("ray")
    reach(address)
    own = {"include_dashboard": False} if address == "local" else {}
    try:
        ray.init(address=address, logging_level=logging.WARNING, **own)
    except Exception as error:  # of several kinds, none of which says what to do
        raise ConfigError(_nobody(address, str(error).partition(". ")[0])) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def reach(address: str) -> None:
    """Knock: Ray itself tries for minutes, and does not say where."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(_nobody(address, str(error))) from error


def _nobody(address: str, why: str) -> str:
    return f"no Ray cluster answers at {address!r} ({why.strip()}): start one with `ray start --head`, or name another."


def command(address: str, place: Sequence[str], *, serves: str, least: int, most: int, **worker: object) -> list[str]:
    """How the process that leads the crew is started. ``place``: where workers work, as for a process; ``serves``: the name of the
    model in the queue; ``worker``: the model, the policy and what is computed with. :class:`ExtraNeededError` without Ray.
    """
    if importlib.util.find_spec("ray") is None:
        raise ExtraNeededError("Ray is not installed: `pip install 'soramame[ray]'`, or leave --ray out.")
    told = {"ray": address, "serves": serves, "least": least, "most": most, "parent": os.getpid(), **worker}
    options = [part for name, value in told.items() if value is not None for part in (f"--{name}", str(value))]
    return [sys.executable, "-m", "soramame.serve.ray_workers", *place, *options]


def check(start: Sequence[str]) -> None:
    """Try a command of :func:`command` without starting any worker: its error if it has one."""
    try:
        came = subprocess.run([*start, "--check"], capture_output=True, text=True, timeout=ANSWER, check=False)
    except subprocess.TimeoutExpired as error:
        raise ConfigError(f"the Ray cluster gave no answer in {ANSWER:.0f} s; is its head running?") from error
    if came.returncode:
        said = came.stdout.strip() or f"the Ray cluster cannot be used: {came.stderr.strip().rpartition(chr(10))[2]}"
        raise ConfigError(said)


def _watch(parent: int | None, ending: threading.Event) -> None:
    """End with the server, also with one that is killed."""
    while parent in (None, os.getppid()) and not ending.wait(1.0):
        pass
    ending.set()


def _whole(path: str) -> str:
    """A path as it is called everywhere; a name that is no path here stays as it is, and that of the bundled model."""
    return path if path == "mame" else os.path.abspath(path) if os.path.exists(path) else path


def lead(asked: argparse.Namespace) -> None:
    """Lead a crew until SIGTERM or SIGINT, or look whether one could be led."""
    place = {name: getattr(asked, name) for name in ("database", "storage", "work", "lease", "keep")}
    environment = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    if asked.check and asked.ray == "local":
        return  # it is not there yet
    with cluster(asked.ray) as ray:
        anywhere = shared(asked.database, asked.storage)
        takes, how = needs(ray, device=asked.device, threads=asked.threads, anywhere=anywhere)
        if asked.check:
            return
        told = Told(
            model=_whole(asked.model),
            place=place,
            runtime=how | {"dtype": asked.dtype},
            policy=asked.policy and _whole(asked.policy),
            environment=environment,
            folder=os.getcwd(),
        )
        store, ending = Store(asked.database), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):  # after Ray has set its own
            signal.signal(number, lambda *_: ending.set())
        threading.Thread(target=_watch, args=(asked.parent, ending), daemon=True).start()
        log.info("a crew of %d to %d, each with %s", asked.least, asked.most, json.dumps(takes))
        crew = Crew(
            ray=ray, told=told, needs=takes, least=asked.least, most=asked.most, jobs=lambda: jobs(store, asked.serves)
        )
        crew.run(ending)


def main() -> None:
    """``python -m soramame.serve.ray_workers``: the process that ``soramame serve --ray`` starts and starts again."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    parser = argparse.ArgumentParser(prog="soramame.serve.ray_workers", description=__doc__)
    for name in ("database", "storage"):  # an address may hold a password, and a command line is seen by all
        known = os.environ.get(f"SORAMAME_{name.upper()}")
        parser.add_argument(f"--{name}", default=known, required=known is None)
    for name in ("ray", "work", "serves"):
        parser.add_argument(f"--{name}", required=True)
    for name, default in (("model", "mame"), ("device", "auto"), ("dtype", "auto"), ("policy", None)):
        parser.add_argument(f"--{name}", default=default)
    for name in ("least", "most", "threads", "parent"):
        parser.add_argument(f"--{name}", type=int)
    for name, seconds in (("lease", 10.0), ("keep", 0.0)):
        parser.add_argument(f"--{name}", type=float, default=seconds)
    parser.add_argument("--check", action="store_true", help="say whether a crew could be led, and end")
    try:
        lead(parser.parse_args())
    except SoramameError as error:
        print(error)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
