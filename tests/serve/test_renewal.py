"""Models that are loaded again while the server runs, and who may ask for it."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from soramame.engine import Soramame
from soramame.errors import ModelNotFoundError
from soramame.serve import renewal
from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.worker import Painter
from tests.serve.conftest import order
from tests.serve.processes import ended, free_port, running, serve, waited
from tests.serve.served import painting

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


@pytest.fixture
def settings(place: Place, tiny: Path, tmp_path: Path) -> Settings:
    lines = []
    for name in ("boss", "user"):
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        lines += ["[[key]]", f'name = "{name}"', f'sha256 = "{sha256}"', f"admin = {str(name == 'boss').lower()}"]
    (tmp_path / "keys.toml").write_text("\n".join(lines))
    return Settings(database=place.database, storage=place.storage, model=str(tiny), keys=tmp_path / "keys.toml")


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make(settings), raise_server_exceptions=False, headers={"authorization": "Bearer boss"}) as http:
        yield http


def test_asking_counts_up(store: Store) -> None:
    assert renewal.asked(store) == 0
    assert [renewal.ask(store) for _ in range(3)] == [1, 2, 3]
    assert renewal.asked(store) == 3


def test_a_database_without_an_answer_counts_as_never_asked(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/nowhere/jobs.db")
    assert renewal.number(store) == 0
    store.close()


def test_a_worker_paints_on_with_what_is_loaded_then(place: Place, store: Store, sora: Soramame, tiny: Path) -> None:
    fresh = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1)
    loads = list[Soramame]()

    def load() -> Soramame:
        loads.append(fresh)
        return fresh

    painter = Painter(place, sora, load)
    renewal.ask(store)
    with painting(painter):
        waited(lambda: painter.renewal == 1)
        assert painter.sora is fresh
        job, _ = store.submit(order())
        waited(lambda: (found := store.job(job.id)) is not None and found.status == "completed")
    assert len(loads) == 1
    (worker,) = store.workers(60)
    assert (worker.facts["renewal"], worker.facts["problem"]) == (1, None)
    painter.store.close()


def test_what_cannot_be_loaded_leaves_the_old_model_in_its_place(place: Place, store: Store, sora: Soramame) -> None:
    def gone() -> Soramame:
        raise ModelNotFoundError("there is no model here.")

    painter = Painter(place, sora, gone)
    renewal.ask(store)
    painter.renew()
    assert painter.sora is sora
    assert (painter.problem, painter.renewal) == ("there is no model here.", 1)
    store.submit(order())
    assert painter.once()
    painter.store.close()


def test_a_model_of_another_name_is_not_taken(place: Place, store: Store, sora: Soramame, tiny: Path) -> None:
    other = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1)
    other.card = replace(other.card, name="another")
    painter = Painter(place, sora, lambda: other)
    painter.renew()
    assert painter.sora is sora
    assert "'another'" in (painter.problem or "")
    painter.store.close()


def test_admins_ask_and_see_who_has_loaded(http: TestClient, painter: Painter, store: Store) -> None:
    painter.announce()
    answer = http.post("/v1/admin/reload")
    assert answer.status_code == 202
    (before,) = answer.json()["data"]
    assert (answer.json()["renewal"], before["renewal"], before["problem"]) == (1, 0, None)
    painter.renew()
    told = http.get("/v1/admin/workers").json()
    (after,) = told["data"]
    assert told["renewal"] == after["renewal"] == 1
    assert (after["model"], after["device"]) == ("tiny", "cpu")
    assert after["loaded_at"] >= before["loaded_at"]
    assert 0 < after["memory_used"] < after["memory_total"]


def test_nobody_else_may(http: TestClient) -> None:
    for method, path in (("GET", "/v1/admin/workers"), ("POST", "/v1/admin/reload")):
        answer = http.request(method, path, headers={"authorization": "Bearer user"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "admin_only")
        assert http.request(method, path, headers={"authorization": "Bearer x"}).status_code == 401


def test_keys_are_read_again(http: TestClient, settings: Settings) -> None:
    keys, user = settings.keys, {"authorization": "Bearer user"}
    assert keys is not None
    assert http.get("/v1/models", headers=user).status_code == 200
    whole = keys.read_text()
    keys.write_text("nonsense")
    assert http.post("/v1/admin/reload").json()["error"]["code"] == "invalid_config"
    assert http.get("/v1/models", headers=user).status_code == 200  # those from before
    keys.write_text(whole.split("\n[[key]]")[0])
    assert http.post("/v1/admin/reload").status_code == 202
    assert http.get("/v1/models", headers=user).status_code == 401


def test_a_hangup_asks_too(store: Store) -> None:
    before = signal.getsignal(signal.SIGHUP)
    done = list[int]()
    try:
        renewal.on_hangup(store, lambda: done.append(1))
        os.kill(os.getpid(), signal.SIGHUP)
        waited(lambda: renewal.asked(store) == 1)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert done == [1]


@pytest.mark.timeout(600)
def test_a_whole_server_that_gets_one(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whose addresses come from the environment: nobody sees them on a command line."""
    monkeypatch.setenv("SORAMAME_DATABASE", f"sqlite:///{tmp_path}/secret.db")
    monkeypatch.setenv("SORAMAME_STORAGE", str(tmp_path / "files"))
    port = free_port()
    command = serve(tmp_path, port, tiny)

    def workers() -> Any:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/v1/admin/workers", timeout=60).json()["data"]
        except httpx.TransportError:
            return []

    def came(number: int) -> Any:
        """The worker, when it has loaded for so many times; on a busy machine it may be silent for a while."""
        while not (found := [told for told in workers() if told["renewal"] == number]):
            time.sleep(0.1)
        return found[0]

    with running(command, tmp_path / "said.txt") as server:
        before = came(0)
        told = Path(f"/proc/{before['id'].split('-')[-2]}/cmdline")
        assert not told.exists() or b"secret.db" not in told.read_bytes()
        server.send_signal(signal.SIGHUP)
        after = came(1)
        assert (after["id"], after["problem"]) == (before["id"], None)
        assert after["loaded_at"] >= before["loaded_at"]
        assert ended(server) == 0
