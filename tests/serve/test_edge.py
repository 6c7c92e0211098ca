"""What holds for every request: its name in the answer, the names that are counted, and who may ask from which page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import DataError, OperationalError

from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


@pytest.fixture
def settings(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny))


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return make(settings)


@pytest.fixture
def http(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as http:
        yield http


def test_methods_that_somebody_invents_are_one_figure(http: TestClient) -> None:
    answers = [http.request(f"X{number}", "/v1/videos").status_code for number in range(20)]
    assert answers == [405] * 20
    figures = http.get("/metrics").text
    assert "X1" not in figures
    assert 'method="other"' in figures
    assert 'soramame_requests_total{method="GET",route="/metrics",status="200"} 1.0' in http.get("/metrics").text


def test_a_mistake_of_the_server_has_a_name_too(
    app: FastAPI, http: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(app.state.service, "models", broken)
    with caplog.at_level("INFO", "soramame.access"):
        answer = http.get("/v1/models")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "server_error")
    (line,) = [json.loads(one.message) for one in caplog.records if one.name == "soramame.access"]
    assert (line["id"], line["status"]) == (answer.headers["x-request-id"], 500)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError, 503), (DataError, 500)], ids=["no database", "a mistake"]
)
def test_only_a_database_that_is_gone_is_worth_another_try(
    app: FastAPI, http: TestClient, monkeypatch: pytest.MonkeyPatch, error: type[OperationalError], status: int
) -> None:
    def broken() -> None:
        raise error("SELECT 1", {}, ValueError("no"))

    monkeypatch.setattr(app.state.service, "models", broken)
    assert http.get("/v1/models").status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/videos/video_%00", 404),
        ("/v1/videos/video_%00/content", 404),
        ("/v1/videos/characters/a%00", 404),
        ("/v1/webhook_endpoints/%00", 404),
        ("/v1/videos?after=%00", 400),
    ],
)
def test_no_zero_reaches_the_database(app: FastAPI, http: TestClient, path: str, status: int) -> None:
    """SQLite takes it, Postgres does not."""
    store, app.state.service.store = app.state.service.store, None  # whoever asks it anything fails
    answer = http.get(path)
    app.state.service.store = store
    assert answer.status_code == status
    assert answer.json()["error"]["type"] in ("not_found_error", "invalid_request_error")


@pytest.mark.parametrize(
    "path", ["/", "/studio/", "/studio/main.js", "/metrics", "/readyz", "/openapi.json", "/v1/models"]
)
def test_a_server_without_keys_is_known_by_its_own_names_alone(settings: Settings, path: str) -> None:
    """Else a page whose name points to this machine reads what its browser's user may."""
    with TestClient(make(replace(settings, hosts=("testserver",)))) as http:
        assert http.get(path).status_code in (200, 503)  # /readyz: no worker
        for headers in (
            {"host": "evil.example"},
            {"origin": "https://evil.example"},
            {"host": "["},
            {"host": "e_vil.example"},
        ):
            answer = http.get(path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["type"]) == (403, "permission_error")
            assert answer.headers["x-request-id"].startswith("req_")
        assert http.get("/healthz", headers={"host": "evil.example"}).text == "ok"


def test_signs_of_life_need_no_thread(app: FastAPI) -> None:
    """All of them may wait for a database that is gone."""

    async def asked() -> list[int]:
        threads = anyio.to_thread.current_default_thread_limiter()
        for number in range(int(threads.total_tokens)):
            threads.acquire_on_behalf_of_nowait(number)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http:
            return [(await asyncio.wait_for(http.get(path), 20)).status_code for path in ("/healthz", "/")]

    try:
        assert asyncio.run(asked()) == [200, 200]
    finally:
        app.state.service.store.close()


def test_no_page_loads_from_another_host(http: TestClient) -> None:
    assert [http.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 200]


@pytest.mark.parametrize("length", ["9" * 5000, "²", "-1", ""])
def test_lengths_that_are_none(http: TestClient, length: str) -> None:
    headers: dict[Any, Any] = {b"content-length": length.encode("latin-1", "replace")}
    assert http.post("/v1/videos", content=b"{}", headers=headers).status_code in (400, 413)
