"""Figures for Prometheus: the queue, how long it took, and what workers tell of themselves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from soramame.serve.app import make
from soramame.serve.machine import Pace, memory
from soramame.serve.measures import families
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.tables import Job
from soramame.serve.worker import Painter
from tests.serve.conftest import order

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


def figures(store: Store) -> dict[str, list[tuple[dict[str, str], float]]]:
    return {one.name: [(sample.labels, sample.value) for sample in one.samples] for one in families(store)}


def test_an_empty_server(store: Store) -> None:
    told = figures(store)
    assert told["soramame_queue_depth"] == told["soramame_wait_seconds"] == []
    assert told["soramame_workers"] == [({}, 0)]


def test_who_waits_and_how_long(store: Store) -> None:
    for model in ("tiny", "tiny", "large"):
        store.submit(order(model=model))
    with store.write() as session, session.begin():
        session.query(Job).filter(Job.number == 1).update({Job.created: time.time() - 100})
    told = figures(store)
    assert sorted(((labels["model"], value) for labels, value in told["soramame_queue_depth"])) == [
        ("large", 1),
        ("tiny", 2),
    ]
    oldest = {labels["model"]: value for labels, value in told["soramame_queue_oldest_seconds"]}
    assert 100 <= oldest["tiny"] < 160
    assert oldest["large"] < 60


def test_waits_are_told_by_quantiles(store: Store) -> None:
    now = time.time()
    for wait in range(101):
        store.submit(order())
        with store.write() as session, session.begin():
            times: dict[Any, Any] = {
                Job.created: now - 500,
                Job.started: now - 500 + wait,
                Job.completed: now - 300,
                Job.status: "completed",
            }
            session.query(Job).filter(Job.number == wait + 1).update(times)
    told = figures(store)
    waits = {labels["quantile"]: round(value) for labels, value in told["soramame_wait_seconds"]}
    assert waits == {"0.5": 50, "0.9": 90, "0.99": 99}
    assert {labels["quantile"] for labels, _ in told["soramame_making_seconds"]} == {"0.5", "0.9", "0.99"}


def test_a_worker_tells_its_pace_and_its_memory(store: Store, painter: Painter) -> None:
    store.submit(order(fields={"seed": 1, "steps": 6}))
    assert painter.once()
    painter.announce()
    told = figures(store)
    for name, least in (("step_seconds", 0), ("memory_used_bytes", 1 << 20), ("memory_total_bytes", 1 << 20)):
        ((labels, value),) = told[f"soramame_worker_{name}"]
        assert (labels["model"], labels["device"]) == ("tiny", "cpu")
        assert value > least


def test_a_pace_leaves_out_what_lies_between_steps() -> None:
    pace = Pace()
    pace.came()  # the first step of all: nobody knows when it began
    assert pace.mean is None
    for _ in range(3):
        time.sleep(0.05)
        pace.left()
        pace.came()
    assert pace.mean is not None
    assert pace.mean < 0.04
    pace.begin()
    time.sleep(0.05)
    pace.came()
    assert pace.mean < 0.04


def test_memory_is_there() -> None:
    found = memory("cpu")
    assert found.total is not None
    assert 1 << 20 < found.used < found.total


@pytest.fixture
def http(place: Place, tiny: Path) -> Iterator[TestClient]:
    with TestClient(make(Settings(database=place.database, storage=place.storage, model=str(tiny)))) as http:
        yield http


def test_prometheus_can_read_it(http: TestClient) -> None:
    http.post("/v1/videos", json={"prompt": "a dog"})
    names = {one.name for one in text_string_to_metric_families(http.get("/metrics").text)}
    assert {
        "soramame_jobs", "soramame_queue_depth", "soramame_wait_seconds", "soramame_workers", "soramame_worker_step_seconds",
        "soramame_worker_memory_used_bytes", "soramame_requests", "soramame_request_seconds",
    } <= names  # fmt: skip
