"""Workers as actors, without Ray: how many there are, what becomes of those that die, and what is refused. With it: test_ray_cluster.py."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from soramame.cli import cli
from soramame.errors import ConfigError, ExtraNeededError, OptionError
from soramame.serve import ray_hand, ray_workers, supervise, worker
from soramame.serve.ray_hand import Hand, Told
from soramame.serve.ray_workers import Crew, jobs, needs, shared
from soramame.serve.run import Place
from soramame.serve.store import Store
from soramame.serve.supervise import LONGEST, SHORTEST, Workers
from tests.serve.conftest import order
from tests.serve.fake_ray import TOLD, Actor, Ray, RayError
from tests.serve.processes import free_port, waited

POSTGRES, BUCKET = "postgresql+psycopg://u@h/d", "s3://bucket/prefix"


@dataclass
class Led:
    """A crew, its Ray, its queue (who paints each job that is not done), and a clock that a test moves."""

    least: int
    most: int
    queue: list[str | None] = field(default_factory=list)
    now: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.ray = Ray()
        self.crew = Crew(
            ray=self.ray, told=TOLD, needs={"num_cpus": 1}, least=self.least, most=self.most, jobs=lambda: self.queue
        )

    def looks(self, later: float = 0.0) -> list[Actor]:
        self.now += later
        self.crew.look(self.now)
        return self.ray.staying


def test_there_are_as_many_as_jobs_within_bounds() -> None:
    led = Led(least=1, most=3)
    assert len(led.looks()) == 1
    led.queue = [None, None]
    assert len(led.looks()) == 2
    led.queue = ["a", *[None] * 50]
    assert len(led.looks()) == 3
    assert led.ray.options == {"num_cpus": 1}


def test_some_are_let_go_when_there_is_less_to_do_for_a_while() -> None:
    """First those that have no machine yet, never one that paints."""
    led = Led(least=0, most=4, queue=[None] * 4)
    first, second, third, pending = led.looks()
    for name, actor in (("a", first), ("b", second), ("c", third)):
        actor.comes(name)
    led.queue = ["b"]
    assert len(led.looks(1)) == 4
    assert len(led.looks(ray_workers.QUIET - 2)) == 4
    led.queue = ["b", None, None]
    assert led.looks(2) == [first, second, third]
    assert not pending.killed
    led.looks(ray_workers.GRACE)
    assert pending.killed
    led.queue = ["b"]
    assert led.looks(1) == [first, second, third]
    assert led.looks(ray_workers.QUIET) == [second]
    assert first.told_to_end
    led.looks(ray_workers.PATIENCE - 1)
    assert not first.killed
    first.ends()
    led.looks()
    assert first.killed, "it holds its place in the cluster until then"
    led.queue = []
    led.looks()
    assert led.looks(ray_workers.QUIET) == []


def test_a_burst_begins_the_wait_anew() -> None:
    led = Led(least=0, most=2, queue=[None, None])
    led.looks()
    led.queue = []
    led.looks(ray_workers.QUIET - 1)
    led.queue = [None, None]
    led.looks(10)
    led.queue = []
    assert len(led.looks(ray_workers.QUIET - 1)) == 2
    assert len(led.looks(2)) == 0


def test_for_one_that_dies_another_comes_later_each_time() -> None:
    led, waits = Led(least=1, most=1), []
    led.looks()
    for _ in range(8):
        led.looks()[0].ends(RayError("its machine is gone"))
        waited = 0.0
        while not led.looks(0.5 if waited else 0.0):
            waited += 0.5
        waits.append(waited)
    assert waits == sorted(waits)
    assert waits[0] == 2 * SHORTEST
    assert waits[-1] == LONGEST
    led.looks(ray_workers.YOUNG + 1)[0].ends("its accelerator is lost")
    assert led.looks() == []
    assert len(led.looks(SHORTEST)) == 1
    assert len(led.ray.actors) == 10


def test_of_those_that_die_together_the_first_alone_counts() -> None:
    led = Led(least=5, most=5)
    first, *others = led.looks()
    first.comes("a")
    first.ends(RayError("its machine is gone"))
    for one in others:  # while they load: what they were asked ends with them
        one.ready.kept, one.ready.value = True, RayError("its machine is gone")
    led.looks(1)
    for one in others:
        one.ends(RayError("its machine is gone"))
    assert led.looks(1) == []
    assert len(led.looks(SHORTEST)) == 5


def test_why_one_ended_is_said(caplog: pytest.LogCaptureFixture) -> None:
    led = Led(least=2, most=2)
    first, second = led.looks()
    first.ends(RayError("\tThe actor died.\nAnd a long story."))
    second.ends("on there: device cuda is not there; use --device cpu.")
    led.looks()
    assert "(The actor died.)" in caplog.text
    assert "(on there: device cuda is not there; use --device cpu.)" in caplog.text


def test_without_the_database_all_stay() -> None:
    led = Led(least=0, most=2, queue=[None, None])
    led.looks()

    def gone() -> Sequence[str | None]:
        raise OperationalError("select", {}, Exception("gone"))

    led.crew.jobs = gone
    assert len(led.looks(10 * ray_workers.QUIET)) == 2


def test_all_end_in_order_as_far_as_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_workers, "PATIENCE", 1.0)
    monkeypatch.setattr(ray_workers, "GRACE", 0.3)
    led, ending = Led(least=3, most=3), threading.Event()
    leading = threading.Thread(target=led.crew.run, args=(ending,))
    leading.start()
    waited(lambda: len(led.ray.actors) == 3)
    good, deaf, loading = led.ray.actors
    good.comes("good")
    deaf.comes("deaf")
    good.end.remote = good.ends
    began = time.monotonic()
    ending.set()
    leading.join(10)
    assert 1.0 < time.monotonic() - began < 5
    assert [good.told_to_end, deaf.told_to_end, loading.told_to_end] == [False, True, True]
    assert all(one.killed for one in (good, deaf, loading))
    assert led.crew.ones == []
    assert len(led.ray.actors) == 3


@pytest.mark.parametrize(
    ("device", "threads", "gpus", "takes", "how"),
    [
        ("cuda", None, 0, {"num_gpus": 1, "num_cpus": 0}, {"device": "cuda", "threads": None}),
        ("auto", 4, 2, {"num_gpus": 1, "num_cpus": 0}, {"device": "cuda", "threads": 4}),
        ("auto", None, 0, {"num_cpus": 1}, {"device": "cpu", "threads": 1}),
        ("cpu", 4, 2, {"num_cpus": 4}, {"device": "cpu", "threads": 4}),
    ],
)
def test_what_each_takes(
    device: str, threads: int | None, gpus: float, takes: dict[str, Any], how: dict[str, Any]
) -> None:
    came = needs(Ray(resources={"GPU": gpus}), device=device, threads=threads, anywhere=True)
    assert {name: value for name, value in came[0].items() if name.startswith("num_")} == takes
    assert came[0]["scheduling_strategy"] == "SPREAD"
    assert "resources" not in came[0]
    assert came[1] == how


def test_what_only_this_machine_has_keeps_workers_here() -> None:
    here = socket.gethostname()
    came, _ = needs(Ray(places=[(here, "10.0.0.1")] * 3), device="cpu", threads=1, anywhere=False)
    assert came["resources"] == {"node:10.0.0.1": ray_workers.HERE}
    for places in (
        [(here, "10.0.0.1"), ("b", "10.0.0.2")],
        [("b", "10.0.0.2")],
        [(here, "10.0.0.1"), (here, "10.0.0.2")],
    ):
        with pytest.raises(ConfigError, match="SQLite"):
            needs(Ray(places=places), device="cpu", threads=1, anywhere=False)
        needs(Ray(places=places), device="cpu", threads=1, anywhere=True)


@pytest.mark.parametrize(
    ("database", "storage", "both"),
    [
        (POSTGRES, BUCKET, True),
        ("sqlite:////mnt/jobs.db", BUCKET, False),
        (POSTGRES, "/mnt/files", False),
        (POSTGRES, "file:///mnt/files", False),
        (POSTGRES, "memory://files", False),
    ],
)
def test_what_other_machines_reach(database: str, storage: str, both: bool) -> None:
    assert shared(database, storage) is both


def test_who_paints_what(store: Store) -> None:
    for model in ("tiny", "tiny", "tiny", "other"):
        store.submit(order(model=model))
    done = store.claim("a", "tiny", lease=60)
    assert done is not None
    store.finish(done, "completed")
    store.claim("b", "tiny", lease=60)
    given_back = store.claim("c", "tiny", lease=60)
    assert given_back is not None
    store.release(given_back)
    assert sorted(jobs(store, "tiny"), key=str) == [None, "b"]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        (["--workers-most", "2"], OptionError, "--ray"),
        (["--ray", "auto", "--workers", "3", "--workers-most", "2"], OptionError, "--workers-most"),
        (["--ray", "auto", "--workers", "0"], OptionError, "--workers-most"),
        (["--ray", "auto"], ExtraNeededError, "pip install 'soramame[ray]'"),
    ],
)
def test_what_is_refused_before_it_begins(
    options: list[str], error: type[Exception], says: str, tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    told = CliRunner().invoke(cli, ["serve", "--folder", str(tmp_path / "f"), "--model", str(tiny), *options])
    assert isinstance(told.exception, error), told.exception
    assert says in str(told.exception)


def test_what_the_command_line_says_reaches_who_leads(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Sequence[str]] = []
    led: list[Any] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(ray_workers, "check", checked.append)
    monkeypatch.setattr(ray_workers, "lead", led.append)
    monkeypatch.setattr(Workers, "__enter__", lambda workers: led.append(workers.command))
    monkeypatch.setattr(Workers, "__exit__", lambda workers, *error: None)
    monkeypatch.setattr(supervise, "serve", lambda app, *, host, port: True)
    options = ["--ray", "ray://h:1", "--workers", "0", "--workers-most", "3", "--device", "cuda", "--keep-hours", "2"]
    told = CliRunner().invoke(cli, ["serve", "--folder", str(tmp_path), "--model", str(tiny), *options])
    assert told.exit_code == 0, told.exception
    assert checked == led
    monkeypatch.setattr(sys, "argv", [*led[0][2:], "--check"])
    ray_workers.main()
    asked = vars(led[1])
    assert {name: asked[name] for name in ("ray", "serves", "model", "least", "most", "device", "threads")} == {
        "ray": "ray://h:1", "serves": "tiny", "model": str(tiny), "least": 0, "most": 3, "device": "cuda", "threads": None,
    }  # fmt: skip
    assert (asked["work"], asked["keep"], asked["parent"]) == (str(tmp_path / "work"), 7200.0, os.getpid())
    assert (asked["database"], asked["storage"]) == (f"sqlite:///{tmp_path / 'jobs.db'}", str(tmp_path / "files"))
    assert asked["check"]


def test_it_stands_behind_others_as_a_process_does() -> None:
    assert ray_hand.NICE == worker.NICE


def test_neither_the_server_nor_who_leads_loads_what_paints() -> None:
    program = "import sys, soramame.serve.ray_workers; sys.exit(bool({'torch', 'ray'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _hand(place: Place, model: str) -> Hand:
    told = {"database": place.database, "storage": place.storage, "work": str(place.work), "lease": 2.0, "keep": 0.0}
    how = {"device": "cpu", "dtype": "float32", "threads": 1}
    return Hand(Told(model=model, place=told, runtime=how, environment={}, folder=os.getcwd()))


def _lives(hand: Hand) -> tuple[threading.Thread, list[str | None]]:
    said: list[str | None] = []
    life = threading.Thread(target=lambda: said.append(hand.run()))
    life.start()
    return life, said


def test_an_actor_paints_until_it_is_told_to_end_and_gives_its_job_back(store: Store, place: Place, tiny: Path) -> None:
    first, _ = store.submit(order())
    second, _ = store.submit(order(fields={"seed": 1, "steps": 1000}))
    hand = _hand(place, str(tiny))
    life, said = _lives(hand)
    name = hand.name()
    waited(lambda: name in jobs(store, "tiny") and len(jobs(store, "tiny")) == 1)
    hand.end()
    life.join(60)
    assert said == [None]
    told = {job.id: (job.status, job.attempt, job.lost) for job in store.jobs_named([first.id, second.id])}
    assert told == {first.id: ("completed", 1, 0), second.id: ("queued", 1, 0)}


def test_one_that_is_told_to_end_while_it_loads_takes_no_job(store: Store, place: Place, tiny: Path) -> None:
    job, _ = store.submit(order())
    hand = _hand(place, str(tiny))
    hand.end()
    life, said = _lives(hand)  # in a thread: it steps back behind others
    life.join(60)
    assert said == [None]
    assert store.jobs_named([job.id])[0].attempt == 0


@pytest.mark.parametrize("what", ["model", "folder"])
def test_an_actor_that_cannot_work_says_why(what: str, place: Place, tiny: Path, tmp_path: Path) -> None:
    if what == "folder":
        place.work.write_text("in the way")
    hand = _hand(place, str(tiny if what == "folder" else tmp_path / "no such model"))
    life, said = _lives(hand)
    assert hand.name() is None
    life.join(60)
    assert ("--folder" if what == "folder" else "no such model") in str(said[0])
    assert socket.gethostname() in str(said[0])


def test_a_cluster_that_is_not_there_is_said_before_the_server_begins() -> None:
    start = [sys.executable, "-c", "import sys; print('no cluster, because.'); sys.exit(2)"]
    with pytest.raises(ConfigError, match=r"^no cluster, because\.$"):
        ray_workers.check(start)
    with pytest.raises(ConfigError, match="ZeroDivisionError"):
        ray_workers.check([sys.executable, "-c", "1 / 0"])
    nobody = f"ray://127.0.0.1:{free_port()}"
    with pytest.raises(ConfigError, match=rf"{nobody}.*`ray start --head`"):
        ray_workers.reach(nobody)
    ray_workers.reach("auto")
