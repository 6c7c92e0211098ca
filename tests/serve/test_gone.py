"""A Postgres and a store that speaks S3, which are there, gone, and there again: what clients hear, and what workers make of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from benchmarks.storm import count, counted
from soramame.engine import Soramame
from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.tables import Job
from soramame.serve.worker import Painter
from tests.serve.conftest import order
from tests.serve.objects import Objects
from tests.serve.postgres import Cluster
from tests.serve.processes import waited
from tests.serve.served import painting

DATABASES, FILES = ("postgres",), ("s3",)
HOW = {"prompt": "a dog", "size": "128x64", "seconds": 1, "steps": 2}


@pytest.fixture
def http(place: Place, tiny: Path) -> Iterator[TestClient]:
    told = Settings(database=place.database, storage=place.storage, model=str(tiny))
    with TestClient(make(told), raise_server_exceptions=False) as http:
        yield http


def status(store: Store, job: Job) -> str:
    found = store.job(job.id)
    assert found is not None
    return found.status


def test_requests_are_told_that_the_database_is_gone_and_come_back_by_themselves(
    http: TestClient, cluster: Cluster, painter: Painter
) -> None:
    painter.announce()
    assert http.get("/readyz").json() == {"ready": True, "workers": 1}
    first = http.post("/v1/videos", json=HOW).json()["id"]
    named = {"idempotency-key": "k"}
    with cluster.gone():
        answers = [http.get(path) for path in (f"/v1/videos/{first}", "/v1/videos", "/readyz", "/metrics")]
        answers += [http.post("/v1/videos", json=HOW, headers=told) for told in ({}, named)]
        answers += [http.post(f"/v1/videos/{first}/cancel"), http.delete(f"/v1/videos/{first}")]
        for answer in answers:
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (503, "database_unavailable")
            assert "try again" in error["message"]
            assert str(cluster.port) not in answer.text
            assert int(answer.headers["retry-after"]) > 0
        assert http.get("/healthz").status_code == 200
    assert http.get(f"/v1/videos/{first}").json()["status"] == "queued"
    assert http.get("/readyz").status_code == 200
    made = {http.post("/v1/videos", json=HOW, headers=named).json()["id"] for _ in range(2)}
    assert {one["id"] for one in http.get("/v1/videos").json()["data"]} == made | {first}
    assert len(made) == 1


def test_workers_outlive_a_database_that_is_gone_and_make_each_video_once(
    place: Place, store: Store, sora: Soramame, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For longer than a lease: who painted it, and who would have taken it over, both come back to it."""
    count(place.database)
    monkeypatch.setattr("soramame.serve.worker.TOLD_THERE", 0.2)
    jobs = [store.submit(order(seconds=4.0, fields={"seed": n, "steps": 12}))[0] for n in range(2)]
    one, two = Painter(place, sora), Painter(place, sora)
    with painting(one), painting(two):
        waited(lambda: "in_progress" in [status(store, job) for job in jobs], 60)
        with cluster.gone():
            time.sleep(place.lease + 1)
        waited(lambda: all(status(store, job) == "completed" for job in jobs), 60)
        with cluster.gone():  # while nothing is to be done
            time.sleep(0.5)
        jobs.append(store.submit(order())[0])
        waited(lambda: status(store, jobs[-1]) == "completed", 60)
        waited(lambda: len(store.workers(2)) == 2, 60)
    assert counted(place.database) == {job.id: 1 for job in jobs}
    kept = [key for job in jobs for key in (store.job(job.id) or job).files.values()]  # type: ignore[union-attr]
    assert all(one.storage.size(key) for key in kept)
    for painter in (one, two):
        painter.store.close()


def test_a_video_is_stored_and_served_also_in_parts(http: TestClient, store: Store, painter: Painter) -> None:
    name = http.post("/v1/videos", json=HOW).json()["id"]
    assert painter.once()
    whole = http.get(f"/v1/videos/{name}/content")
    assert whole.status_code == 200
    assert whole.content[4:8] == b"ftyp"
    part = http.get(f"/v1/videos/{name}/content", headers={"range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, whole.content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(whole.content)}"
    last = http.get(f"/v1/videos/{name}/content", headers={"range": "bytes=-7"})
    assert (last.status_code, last.content) == (206, whole.content[-7:])
    behind = http.get(f"/v1/videos/{name}/content", headers={"range": f"bytes={len(whole.content)}-"})
    assert behind.status_code == 416
    for variant, kind in (("thumbnail", "image/webp"), ("spritesheet", "image/jpeg")):
        picture = http.get(f"/v1/videos/{name}/content", params={"variant": variant})
        assert (picture.status_code, picture.headers["content-type"]) == (200, kind)
    again = http.post(f"/v1/videos/{name}/remix", json={"prompt": "a cat"})
    assert again.status_code == 200
    assert painter.once()
    assert http.get(f"/v1/videos/{again.json()['id']}").json()["status"] == "completed"
    assert http.delete(f"/v1/videos/{name}").status_code == 200
    assert painter.storage.size(f"videos/{name}/1/video.mp4") is None


def test_requests_are_told_that_the_store_is_gone_and_a_video_waits_for_it(
    http: TestClient, store: Store, painter: Painter, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soramame.serve.mishaps.OFTEN", 0.1)
    first = http.post("/v1/videos", json=HOW).json()["id"]
    assert painter.once()
    second, _ = store.submit(order())
    with objects.gone():
        for answer in (
            http.get(f"/v1/videos/{first}/content"),
            http.post(f"/v1/videos/{first}/remix", json={"prompt": "a cat"}),
        ):
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (503, "storage_unavailable")
            assert "try again" in error["message"]
            assert str(objects.port) not in answer.text
        assert http.get(f"/v1/videos/{first}").json()["status"] == "completed"
        with painting(painter):
            waited(lambda: (store.job(second.id) or second).progress == 99, 60)
            time.sleep(1)
            assert status(store, second) == "in_progress"
            objects.start()
            waited(lambda: status(store, second) == "completed", 60)
        objects.stop()
    assert http.get(f"/v1/videos/{second.id}/content").status_code == 200
    assert len(store.jobs("local", after=None, limit=9, newest_first=True)[0]) == 2


ODD = ("video_%00", "video_" + "a" * 3000, "%F0%9F%8C%B3", "video_'%20or%201=1--", "%ED%A0%80")


def test_what_no_database_holds_is_refused_before_it_is_asked(http: TestClient) -> None:
    first = http.post("/v1/videos", json=HOW).json()["id"]
    for path in ("/v1/videos/{}", "/v1/videos/{}/content", "/v1/videos/characters/{}", "/v1/webhook_endpoints/{}"):
        for name in ODD:
            assert http.get(path.format(name)).status_code == 404, name
    for name in ODD:
        assert http.get(f"/v1/videos?after={name}").status_code == 400, name
    for prompt in ("a\0dog", "\ud800"):
        data = json.dumps({**HOW, "prompt": prompt})
        answer = http.post("/v1/videos", content=data, headers={"content-type": "application/json"})
        assert answer.status_code == 400, answer.text
    assert http.post("/v1/videos", json=HOW, headers=[(b"idempotency-key", b"k\xff")]).status_code == 200
    assert http.get("/metrics").status_code == 200
    assert len(http.get("/v1/videos").json()["data"]) == 2
    assert http.get(f"/v1/videos/{first}").status_code == 200
