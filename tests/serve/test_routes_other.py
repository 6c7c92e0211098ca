"""Beside the videos: nothing of a character is left that was not kept, and figures are those of who asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily

from soramame.errors import OutputError
from soramame.serve import routes_other
from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings
from tests.engine.clips import moving

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


@pytest.fixture
def http(place: Place, tiny: Path) -> Iterator[TestClient]:
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny))
    with TestClient(make(settings), raise_server_exceptions=False) as http:
        yield http


def test_a_character_that_is_not_kept_leaves_no_clip(
    http: TestClient, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(row: object) -> None:
        raise OutputError("the database cannot be opened.")

    monkeypatch.setattr(http.app.state.service.store, "add", lost)  # type: ignore[attr-defined]
    clip = moving(9).save(tmp_path / "c.mp4").read_bytes()
    assert http.post("/v1/videos/characters", data={"name": "Mame"}, files={"video": clip}).status_code == 500
    assert [one for one in Path(place.storage).rglob("*") if one.is_file()] == []


@pytest.mark.parametrize(
    ("name", "end"),
    [("a.mp4", ".mp4"), ("a.tar.gz", ".gz"), ("a", ""), ("a.", ""), ("a.\0", ""), ("a.m p4", ""), ("a.é", ""), ("a.\ud800", "")],
)  # fmt: skip
def test_only_a_plain_end_of_a_name_becomes_one_of_ours(name: str, end: str) -> None:
    assert routes_other.suffix(name) == end


def test_two_who_ask_for_figures_at_once_each_get_their_own(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    both, count, lock = threading.Barrier(2, timeout=30), iter((1.0, 2.0)), threading.Lock()

    def families(store: object) -> list[Any]:
        with lock:
            return [GaugeMetricFamily("soramame_mine", "Of one call.", next(count))]

    def generate(*told: Any) -> bytes:
        both.wait()  # both are in the middle of it
        return generate_latest(*told)

    monkeypatch.setattr(routes_other, "families", families)
    monkeypatch.setattr(routes_other, "generate_latest", generate)
    texts = list[str]()
    asking = [threading.Thread(target=lambda: texts.append(http.get("/metrics").text)) for _ in range(2)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(60)
    lines = sorted([line for line in text.splitlines() if line.startswith("soramame_mine ")] for text in texts)
    assert lines == [["soramame_mine 1.0"], ["soramame_mine 2.0"]]
