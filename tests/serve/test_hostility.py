"""Who means harm, and what breaks: every row of the table in docs/serve.md is a test, here or where this names it."""

from __future__ import annotations

import ast
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from tests.media.test_read import HOSTILE
from tests.serve.served import Server, serving
from tests.serve.test_http import HOW

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")
ROOT = Path(__file__).parents[2]
WHERE = {
    "a worker is killed": "test_worker.py::test_a_job_whose_worker_is_killed_or_ended_goes_on_in_the_next_from_its_last_window",
    "any process is killed at any moment": "test_storm.py::test_every_job_is_done_once_whatever_is_killed",
    "a worker hangs, and comes back": "test_worker.py::test_a_worker_that_lost_its_job_leaves_it_to_the_other",
    "a worker dies over one job again and again": "test_store.py::test_a_job_that_ends_its_workers_is_given_up_at_last",
    "a worker is asked to end": "test_worker.py::test_a_job_whose_worker_is_killed_or_ended_goes_on_in_the_next_from_its_last_window",
    "the server is ended": "test_supervise.py::test_the_command_makes_a_video_and_ends_when_it_is_asked_to",
    "the server is killed": "test_worker.py::test_a_worker_ends_with_its_server",
    "a model cannot be loaded again (`POST /v1/admin/reload`)":
        "test_renewal.py::test_what_cannot_be_loaded_leaves_the_old_model_in_its_place",
    "the disk is full": "test_worker.py::test_a_full_disk_fails_one_job_and_not_the_worker",
    "the database is gone": "test_hostility.py::test_a_database_that_is_gone_is_told_and_comes_back",
    "the storage is gone": "test_gone.py::test_requests_are_told_that_the_store_is_gone_and_a_video_waits_for_it",
    "the database is gone while a video is painted": "test_worker.py::test_a_database_that_is_gone_for_a_while_costs_no_video",
    "a body is too large": "test_http.py::test_too_large_is_said_before_it_is_read",
    "a method that nobody knows": "test_edge.py::test_methods_that_somebody_invents_are_one_figure",
    "a body comes slowly": "test_http.py::test_a_body_that_does_not_come_is_given_up",
    "a head comes slowly": "test_hostility.py::test_who_says_nothing_is_in_nobodys_way",
    "a head that is none": "test_hostility.py::test_heads_that_are_none",
    "an upload is no picture or video": "test_hostility.py::test_uploads_that_are_no_pictures",
    "a prompt is too long, empty, or holds a NUL": "test_http.py::test_prompts_that_are_none",
    "a thousand cancels": "test_http.py::test_a_thousand_cancels",
    "a wrong key; another key's video": "test_http.py::test_keys",
    "too many videos at a time, or in a minute": "test_http.py::test_limits_of_a_key",
    "a page of another site calls a server without keys": "test_http.py::test_pages_of_other_sites_cannot_use_a_server_without_keys",
    "a webhook points into a private network": "test_hooks.py::test_a_name_that_points_inside_is_not_called",
    "a webhook's server answers a letter at a time": "test_hooks.py::test_an_answer_a_letter_at_a_time_is_given_up",
    "a webhook's server is down": "test_hooks.py::test_what_did_not_arrive_is_sent_again_later",
}  # fmt: skip


def test_every_row_of_the_table_is_a_test() -> None:
    page = (ROOT / "docs/serve.md").read_text(encoding="utf-8")
    table = page.split("## What happens when something goes wrong")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert sorted(rows) == sorted(WHERE)
    for where in WHERE.values():
        file, _, name = where.partition("::")
        tree = ast.parse((ROOT / "tests/serve" / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, where


@pytest.fixture
def told(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny), upload=1 << 20)


@pytest.fixture
def http(told: Settings) -> Iterator[TestClient]:
    with TestClient(make(told), raise_server_exceptions=False) as http:
        yield http


@pytest.mark.parametrize("name", HOSTILE)
def test_uploads_that_are_no_pictures(http: TestClient, told: Settings, name: str) -> None:
    """Whatever they are called, and whatever they say of their own size."""
    began = time.monotonic()
    for mime in ("image/png", "video/mp4"):
        file = {"input_reference": ("../../a.png", HOSTILE[name], mime)}
        answer = http.post("/v1/videos", data={"prompt": "x"}, files=file)
        assert answer.status_code == 400, answer.text
        error = answer.json()["error"]
        assert (error["code"], error["param"]) == ("invalid_media", "input_reference")
        assert "/tmp" not in error["message"]
    assert time.monotonic() - began < 20
    assert not [one for one in Path(told.storage).rglob("*") if one.is_file()]


@contextmanager
def gone(store: Store) -> Iterator[None]:
    """No new connection to the database, and none of the old ones."""

    def refuse(*told: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    with ExitStack() as back:
        for engine in (store._readers, store._writers):
            event.listen(engine, "do_connect", refuse)
            back.callback(event.remove, engine, "do_connect", refuse)
            engine.dispose()
        yield


def test_a_database_that_is_gone_is_told_and_comes_back(http: TestClient) -> None:
    name = http.post("/v1/videos", json=HOW).json()["id"]
    with gone(http.app.state.service.store):  # type: ignore[attr-defined]
        for answer in (http.get(f"/v1/videos/{name}"), http.get("/v1/videos"), http.post("/v1/videos", json=HOW)):
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")
            assert int(answer.headers["retry-after"]) > 0
            assert "sqlite" not in answer.text
        # A client without a key of its own would make a second video of what may have been taken in.
        assert answer.headers["x-should-retry"] == "false"
        named = http.post("/v1/videos", json=HOW, headers={"idempotency-key": "a"})
        assert "x-should-retry" not in named.headers
        assert http.get("/healthz").status_code == 200
        assert http.get("/readyz").status_code == 503
        assert http.get("/").status_code == 200
    assert http.get(f"/v1/videos/{name}").json()["status"] == "queued"
    assert http.post("/v1/videos", json=HOW).status_code == 200
    assert len(http.get("/v1/videos").json()["data"]) == 2


@pytest.fixture(scope="module")
def server(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    how = Settings(database=f"sqlite:///{folder}/jobs.db", storage=str(folder / "files"), model=str(tiny))
    with serving(how) as server:
        yield server


def line(server: Server) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
    made.settimeout(60)
    return made


BODY = b'{"prompt":"x"}'
HEADS = {
    "two lengths": b"content-length: 14\r\ncontent-length: 3\r\n",
    "a length that is none": b"content-length: -1\r\n",
    "a length in words": b"content-length: many\r\n",
    "a length and pieces": b"content-length: 3\r\ntransfer-encoding: chunked\r\n",
    "an encoding that nobody knows": b"transfer-encoding: nonsense\r\n",
    "a NUL": b"content-length: 14\r\nx: a\0b\r\n",
    "no name": b": x\r\ncontent-length: 14\r\n",
    "a space before the colon": b"content-length : 14\r\n",
    "a very long one": b"content-length: 14\r\nx: " + b"a" * 200_000 + b"\r\n",
    "a key that repeats without end": b"content-length: 14\r\nidempotency-key: " + b"k" * 300 + b"\r\n",
    "bytes that are no letters": b"content-length: 14\r\nauthorization: Bearer \xff\xfe\r\nidempotency-key: \xff\r\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_that_are_none(server: Server, name: str) -> None:
    with line(server) as sent:
        try:
            sent.sendall(
                b"POST /v1/videos HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" + HEADS[name] + b"\r\n"
            )
            sent.sendall(BODY + b"\r\n\r\n")
            status = int(sent.recv(1000)[9:12])
        except ConnectionError:
            status = 400  # the server hung up while it was still being told
    assert status < 500
    assert (status == 200) == (name == "bytes that are no letters")
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_an_answer_is_not_written_by_who_asks(server: Server) -> None:
    """Nothing of a request becomes a header or another name of a file in the answer."""
    made = httpx.post(f"{server.base}/videos", json={"prompt": "x\r\nset-cookie: a=b"}).json()
    for path in ("?variant=video%0d%0aset-cookie:a=b", "%0d%0aset-cookie:%20a=b"):
        answer = httpx.get(f"{server.base}/videos/{made['id']}/content{path}")
        assert answer.status_code in (400, 404)
        assert "set-cookie" not in answer.headers
    forged = {"x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example", "x-request-id": "req_mine"}
    answer = httpx.get(f"{server.base}/videos/{made['id']}", headers=forged)
    assert answer.headers["x-request-id"] != "req_mine"
    assert "evil" not in answer.text


def test_who_says_nothing_is_in_nobodys_way(server: Server) -> None:
    with ExitStack() as held:
        for _ in range(100):
            held.enter_context(line(server)).sendall(b"GET /v1/videos HTTP/1.1\r\nhost: ")
        for _ in range(5):
            assert httpx.get(f"{server.base}/videos", timeout=30).status_code == 200
