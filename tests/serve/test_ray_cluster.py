"""A real Ray cluster that loses a machine: its nodes are on this one, and where Postgres and a store that speaks S3 are, apart.

Nodes that share nothing but these have addresses of their own; with SQLite and a folder all have one address, as nobody else reaches them.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import fsspec  # type: ignore[import-untyped]
import pytest
from sqlalchemy import select

from soramame.serve import ray_workers
from soramame.serve.ray_workers import jobs
from soramame.serve.run import Place
from soramame.serve.store import Store, new_id
from soramame.serve.supervise import Workers
from soramame.serve.tables import Delivery, Webhook
from tests.serve import postgres
from tests.serve.conftest import order
from tests.serve.processes import waited
from tests.serve.ray_nodes import nodes

THERE = {name for name in ("ray", "psycopg", "moto", "s3fs") if importlib.util.find_spec(name) is not None}
APART = {"psycopg", "moto", "s3fs"} <= THERE and postgres.programs() is not None
pytestmark = [
    pytest.mark.skipif("ray" not in THERE, reason="Ray is not installed: pip install 'soramame[ray]'"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="which node an actor is on is read in /proc"),
]


@pytest.fixture
def short() -> Iterator[Path]:
    """Ray's sockets lie in it, whose names may have 107 letters."""
    folder = tempfile.mkdtemp(prefix="ray-")
    yield Path(folder)
    shutil.rmtree(folder)


def _pid(name: str) -> int:
    return int(name.split("-")[-2])


def _node(name: str) -> int:
    """The raylet of a worker's node, whose child it is."""
    return int(Path(f"/proc/{_pid(name)}/stat").read_text().rpartition(")")[2].split()[1])


def _counted(store: Store) -> Counter[str]:
    """How often each job became completed: who wants to hear of it is written down in the same transaction."""
    with store.read() as session:
        return Counter(session.scalars(select(Delivery.subject).where(Delivery.kind == "video.completed")))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("database", "address"), [("postgres", "s3") if APART else ("sqlite", "folder")], indirect=True
)
def test_a_machine_is_lost_and_no_job_is(store: Store, place: Place, tiny: Path, short: Path) -> None:
    """A node, and another that comes later; this one is killed while it paints, and a third comes. Then all are told to end."""
    now = time.time()
    hook = {
        "owner": "local",
        "name": "count",
        "url": "https://example.org",
        "secret": "s",
        "created": now,
        "updated": now,
    }
    store.add(Webhook(id=new_id("wh"), event_types=["video.completed"], **hook))
    where = ["--work", str(place.work), "--database", place.database, "--storage", place.storage, "--lease", "2"]

    def painting() -> set[str]:
        return {name for name in jobs(store, "tiny") if name is not None}

    def asked(*steps: int) -> list[str]:
        return [store.submit(order(fields={"seed": 1, "steps": count}))[0].id for count in steps]

    with nodes(short, apart=APART) as cluster:
        start = ray_workers.command(
            cluster.address, where, serves="tiny", least=2, most=2, model=str(tiny), device="cpu", dtype="float32"
        )
        with Workers(start, 1):
            second = cluster.told("add")  # where the second worker, which waits for a machine, finds one
            waited(lambda: len(store.workers()) == 2)
            queued = asked(200, 200, 4, 4, 4)
            waited(lambda: len(painting()) == 2)
            on = {_node(name): name for name in painting()}
            assert set(on) == {cluster.raylet, second}, "one on each node"
            cluster.told("kill")
            third = cluster.told("add")
            waited(lambda: len(jobs(store, "tiny")) == 0)
            done = store.jobs_named(queued)
            assert [job.status for job in done] == ["completed"] * len(queued)
            assert sorted(job.lost for job in done) == [0, 0, 0, 0, 1]
            endless = asked(1000, 1000)
            waited(lambda: len(painting()) == 2)
            last = painting()
            assert {_node(name) for name in last} == {cluster.raylet, third}
            assert on[second] not in last
        assert [(job.status, job.lost) for job in store.jobs_named(endless)] == [("queued", 0)] * 2
        waited(lambda: not any(Path(f"/proc/{_pid(name)}").exists() for name in last), 20)
    assert _counted(store) == dict.fromkeys(queued, 1)
    files, root = fsspec.core.url_to_fs(place.storage)
    there = {name.removeprefix(f"{root}/") for name in files.find(f"{root}/videos")}
    assert there == {key for job in done for key in (job.files or {}).values()}
