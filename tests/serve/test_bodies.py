"""Bodies: how large JSON may be, who waits while it is read, texts that no database holds, and files of what was refused."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from soramame.serve import bodies, schema
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


@pytest.fixture
def clip(tmp_path: Path) -> bytes:
    return moving(9).save(tmp_path / "c.mp4").read_bytes()


def stored(place: Place) -> list[Path]:
    return [one for one in Path(place.storage).rglob("*") if one.is_file()]


def test_json_has_a_limit_of_its_own(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form's files go to the disk as they come; JSON is held in memory."""
    monkeypatch.setattr(bodies, "JSON", 1 << 16)
    for size, status in ((1 << 15, 400), (1 << 17, 413)):  # 400: a prompt is not so long

        def pieces(left: int = size) -> Iterator[bytes]:
            yield b'{"prompt": "'
            for _ in range(left >> 10):
                yield b"x" * 1024
            yield b'"}'

        answer = http.post("/v1/videos", content=pieces(), headers={"content-type": "application/json"})
        assert answer.status_code == status, answer.text


def test_nobody_waits_while_a_large_body_is_read(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads, plain = list[str](), json.loads

    def loads(data: Any, **how: Any) -> Any:
        threads.append(threading.current_thread().name)
        return plain(data, **how)

    monkeypatch.setattr("soramame.serve.bodies.json.loads", loads)
    large = {"prompt": "x", "input_reference": {"image_url": "data:image/png;base64," + "A" * (1 << 20)}}
    for body in ({"prompt": "x"}, large):
        http.post("/v1/videos", content=json.dumps(body), headers={"content-type": "application/json"})
    assert threads[0] != threads[1]
    assert "worker thread" in threads[1]


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"], ids=["a zero", "half a pair"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("videos/edits", {"prompt": "x", "video": {"id": "BAD"}}),
        ("videos", {"prompt": "x", "characters": [{"id": "BAD"}]}),
        ("moderations", {"input": "BAD"}),
        ("moderations", {"input": ["x", "BAD"]}),
        ("moderations", {"input": [{"type": "text", "text": "BAD"}]}),
        ("webhook_endpoints", {"name": "BAD", "url": "https://example.com/", "event_types": ["video.failed"]}),
        ("webhook_endpoints", {"name": "x", "url": "https://example.com/BAD", "event_types": ["video.failed"]}),
    ],
)
def test_texts_that_no_database_holds(http: TestClient, path: str, body: dict[str, Any], bad: str) -> None:
    told = json.dumps(body).replace("BAD", json.dumps(bad)[1:-1])
    answer = http.post(f"/v1/{path}", content=told, headers={"content-type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "invalid_value"


def test_a_storyboard_that_is_a_book(http: TestClient) -> None:
    answer = http.post("/v1/videos/storyboards", json={"storyboard": "#" * (schema.LONGEST_BOARD + 1)})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "storyboard")


def test_files_of_what_is_refused_are_let_go(http: TestClient, place: Place, clip: bytes) -> None:
    files = [("files[]", ("a.mp4", clip)), ("files[]", ("no name.mp4", clip))]
    answer = http.post("/v1/videos/storyboards", data={"storyboard": "x"}, files=files)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "files")
    assert stored(place) == []


def test_a_disk_that_fills_up_while_a_body_comes_is_told(
    http: TestClient, place: Place, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*told: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("soramame.serve.service.shutil.copyfileobj", full)
    answer = http.post("/v1/videos/loops", data={"seconds": "1"}, files={"video": clip})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "output_failed")
    assert stored(place) == []
