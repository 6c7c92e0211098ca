"""Processes that are killed at random moments, while jobs come and are painted."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from benchmarks.storm import Plan, count, counted, good, storm
from soramame.serve.run import Place
from soramame.serve.store import Store
from tests.serve.objects import Objects
from tests.serve.processes import ended, free_port, running, serve, waited

ASKED = {"size": "128x64", "seconds": 0.5, "steps": 2}


@pytest.mark.timeout(600)
def test_every_job_is_done_once_whatever_is_killed(tiny: Path, tmp_path: Path) -> None:
    """As `benchmarks/storm.py` does it with more."""
    came = storm(Plan(folder=tmp_path, model=str(tiny), jobs=10, kills=8, workers=2, asked=ASKED))
    assert good(came, 10), came
    assert sum(came["killed"].values()) > 0
    assert came["files_left_over"] == 0


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("database", "address"), [("postgres", "s3")], indirect=True)
def test_so_it_is_with_postgres_and_a_store_of_objects(
    tiny: Path, tmp_path: Path, database: str, address: str, objects: Objects
) -> None:
    plan = Plan(
        folder=tmp_path, model=str(tiny), jobs=8, kills=4, workers=2, asked=ASKED,
        database=database, storage=address, environment=objects.environment,
    )  # fmt: skip
    came = storm(plan)
    assert good(came, 8), came
    assert came["killed"].get("workers", 0) > 0


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("database", "address"), [("postgres", "s3")], indirect=True)
def test_the_command_starts_a_worker_again_that_is_killed(
    place: Place, store: Store, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`soramame serve` as it is started, which its variables tell of Postgres and of the store: neither stands on a command line."""
    count(place.database)
    monkeypatch.setenv("SORAMAME_DATABASE", place.database)
    monkeypatch.setenv("SORAMAME_STORAGE", place.storage)
    port = free_port()
    command = serve(tmp_path, port, tiny)
    http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

    def there() -> bool:
        with suppress(httpx.TransportError):
            return http.get("/readyz").status_code == 200
        return False

    def kill() -> bool:
        """One that paints."""
        for name in names:
            job = store.job(name)
            if job is not None and job.status == "in_progress" and job.step and job.lease_owner is not None:
                os.kill(int(job.lease_owner.split("-")[-2]), signal.SIGKILL)
                return True
        return False

    with running(command, tmp_path / "said.txt") as server, http:
        waited(there, every=0.2)
        asked = {"prompt": "a dog", "size": "128x64", "seconds": 2, "steps": 12}
        names = [http.post("/v1/videos", json=asked).json()["id"] for _ in range(2)]
        waited(kill, every=0.01)
        waited(lambda: store.counts() == {"completed": 2}, every=0.2)
        contents = [http.get(f"/v1/videos/{name}/content").content[4:8] for name in names]
        assert ended(server) == 0
    assert contents == [b"ftyp"] * 2
    assert counted(place.database) == dict.fromkeys(names, 1)
