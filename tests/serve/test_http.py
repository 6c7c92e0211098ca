"""What official clients do not do: our own routes, ranges, keys, limits, and requests that mean harm."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from soramame.serve.app import make
from soramame.serve.janitor import Janitor
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.tables import Job
from soramame.serve.worker import Painter
from tests.engine.clips import moving
from tests.serve.served import serving

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")
HOW: dict[str, Any] = {"prompt": "a dog", "size": "128x64", "seconds": 1, "steps": 1, "seed": 3}


@pytest.fixture
def settings(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny), upload=1 << 20)


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make(settings), raise_server_exceptions=False) as http:
        yield http


def done(http: TestClient, painter: Painter, **how: Any) -> dict[str, Any]:
    """A video that has been made."""
    video = http.post("/v1/videos", json=HOW | how).json()
    assert painter.once()
    found: dict[str, Any] = http.get(f"/v1/videos/{video['id']}").json()
    return found


def test_parts_of_a_file(http: TestClient, painter: Painter) -> None:
    video = done(http, painter)
    url = f"/v1/videos/{video['id']}/content"
    whole = http.get(url)
    assert whole.headers["content-type"] == "video/mp4"
    assert int(whole.headers["content-length"]) == len(whole.content)
    size = len(whole.content)
    for asked, first, last in (
        ("0-9", 0, 9),
        (f"{size - 5}-", size - 5, size - 1),
        ("-7", size - 7, size - 1),
        ("5-99999999", 5, size - 1),
    ):
        part = http.get(url, headers={"range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, whole.content[first : last + 1])
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
    for asked in (f"{size}-", "-0"):
        assert http.get(url, headers={"range": f"bytes={asked}"}).status_code == 416
    for asked in ("nonsense", "9-5", "0-1,4-5"):
        assert http.get(url, headers={"range": f"bytes={asked}"}).status_code == 200
    assert http.get(url, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    assert http.get(url, headers={"range": "bytes=0-1", "if-range": '"another"'}).status_code == 200
    head = http.head(url)
    assert (head.status_code, head.content, int(head.headers["content-length"])) == (200, b"", size)
    assert http.get(url, params={"variant": "nonsense"}).status_code == 400


def test_content_of_what_is_not_done(http: TestClient) -> None:
    video = http.post("/v1/videos", json=HOW).json()
    answer = http.get(f"/v1/videos/{video['id']}/content")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "video_not_ready")


def test_a_video_is_followed_to_its_end(settings: Settings, painter: Painter) -> None:
    with serving(settings) as server:
        video = httpx.post(f"{server.base}/videos", json=HOW | {"steps": 6}).json()
        second = httpx.post(f"{server.base}/videos", json=HOW).json()
        heard = list[tuple[str, dict[str, Any]]]()

        def follow(name: str) -> None:
            kind = ""
            with httpx.stream("GET", f"{server.base}/videos/{name}/events", timeout=60) as lines:
                assert lines.headers["content-type"].startswith("text/event-stream")
                for line in lines.iter_lines():
                    if line.startswith("event: "):
                        kind = line[7:]
                    elif line.startswith("data: "):
                        heard.append((kind, json.loads(line[6:])))

        first = httpx.get(f"{server.base}/videos/{second['id']}").json()
        assert first["status"] == "queued"
        thread = threading.Thread(target=follow, args=(video["id"],))
        thread.start()
        while not heard:
            time.sleep(0.01)
        painter.once()
        thread.join(60)
        kinds = [kind for kind, _ in heard]
        assert kinds[0] == "progress"
        assert kinds[-1] == "done"
        assert heard[-1][1]["video"]["status"] == "completed"
        progress = [told["progress"] for kind, told in heard if kind == "progress"]
        assert progress == sorted(progress)
        heard.clear()
        httpx.post(f"{server.base}/videos/{second['id']}/cancel")
        follow(second["id"])
        assert heard[-1][1]["video"]["error"]["code"] == "cancelled"


def test_a_thousand_cancels(settings: Settings, painter: Painter) -> None:
    with serving(settings) as server, httpx.Client(base_url=server.base) as http:
        ids = [http.post("/videos", json=HOW).json()["id"] for _ in range(50)]
        for _ in range(20):
            for name in ids:
                answer = http.post(f"/videos/{name}/cancel").json()
                assert (answer["status"], answer["error"]["code"]) == ("failed", "cancelled")
        assert not painter.once()
        last = http.post("/videos", json=HOW).json()["id"]
        assert painter.once()
        assert http.post(f"/videos/{last}/cancel").json()["status"] == "completed"


def test_ours_beside_the_official_ones(http: TestClient, painter: Painter, store: Store, tmp_path: Path) -> None:
    video = done(http, painter)
    clip = moving(9).save(tmp_path / "c.mp4").read_bytes()
    mask = b"P"
    from_id = {"video": {"id": video["id"]}, "steps": 1, "seconds": 1}
    told = [
        http.post("/v1/videos/loops", json=from_id),
        http.post("/v1/videos/fills", json={**from_id, "second": {"id": video["id"]}}),
        http.post("/v1/videos/fills", data={"missing": "[[2, 4]]", "steps": "1"}, files={"video": clip}),
        http.post("/v1/videos/blends", data={"seconds": "0.5", "second[id]": video["id"]}, files={"video": clip}),
        http.post("/v1/videos/inpaints", data={"prompt": "snow"}, files={"video": clip, "mask": _white()}),
        http.post("/v1/videos/storyboards", data={"storyboard": BOARD}, files={"files[]": ("c.mp4", clip)}),
        http.post("/v1/videos/extensions", json={**from_id, "backward": True}),
    ]
    assert [answer.status_code for answer in told] == [200] * len(told), [answer.text for answer in told]
    while painter.once():
        pass
    shown = [http.get(f"/v1/videos/{answer.json()['id']}").json() for answer in told]
    assert [one["status"] for one in shown] == ["completed"] * len(told), [one["error"] for one in shown]
    assert (
        http.post("/v1/videos/inpaints", data={"prompt": "snow"}, files={"video": clip, "mask": mask}).status_code
        == 400
    )


BOARD = 'size="128x64"\n[[shots]]\nseconds=2.0\nprompt="a dog"\n[[shots.cards]]\nat=0.0\nclip="c.mp4"'


def _white() -> bytes:
    data = BytesIO()
    Image.new("RGB", (128, 64), "white").save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/videos/characters", 404),
        ("PUT", "/v1/videos", 405),
        ("GET", "/v1/videos/a%2Fb%20%3F", 404),
        ("GET", "/v1/videos/..%2F..%2Fetc%2Fpasswd/content", 404),
        ("GET", "/v1/videos/%00", 404),
        ("GET", "/v1/videos?limit=101", 400),
        ("GET", "/v1/videos?order=up", 400),
        ("GET", "/v1/videos?after=video_none", 400),
        ("POST", "/v1/videos", 400),
    ],
)
def test_errors_have_the_official_shape(http: TestClient, method: str, path: str, status: int) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"[" * 100_000, b'{"prompt": 5}', b"\xff\xfe"])
def test_bodies_that_are_none(http: TestClient, body: bytes) -> None:
    assert http.post("/v1/videos", content=body, headers={"content-type": "application/json"}).status_code == 400


@pytest.mark.parametrize("name", ["a[", "]", "prompt[x]", "[]", "a[[b]]", "video[id][id]"])
def test_names_of_fields_that_make_no_sense(http: TestClient, name: str) -> None:
    answer = http.post("/v1/videos", files={name: (None, "x"), "prompt": (None, "a dog")})
    assert answer.status_code == 400, answer.text


def test_too_large_is_said_before_it_is_read(http: TestClient) -> None:
    answer = http.post("/v1/videos", content=b"x", headers={"content-length": str(2 << 30)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * (1 << 16)

    assert http.post("/v1/videos", content=endless()).status_code == 413


@pytest.mark.parametrize("prompt", ["🫘" * 300, "كلب في الثلج", "\r\n--boundary\r\n", "犬", "x" * 32_000])
def test_any_prompt_comes_back_as_it_was(http: TestClient, prompt: str) -> None:
    by_form = http.post("/v1/videos", files={"prompt": (None, prompt)})
    by_json = http.post("/v1/videos", json={"prompt": prompt})
    assert [answer.json()["prompt"] for answer in (by_form, by_json)] == [prompt] * 2


@pytest.mark.parametrize("prompt", ["", "x" * 32_001, "a\0b", "\ud800"])
def test_prompts_that_are_none(http: TestClient, prompt: str) -> None:
    answer = http.post("/v1/videos", content=json.dumps({"prompt": prompt}))
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "prompt")


def keyfile(folder: Path, **how: Any) -> Path:
    lines = []
    for name in ("one", "two"):
        lines += ["[[key]]", f'name = "{name}"', f'sha256 = "{hashlib.sha256(f"sk-{name}".encode()).hexdigest()}"']
        lines += [f"{key} = {value}" for key, value in how.items()]
    path = folder / "keys.toml"
    path.write_text("\n".join(lines))
    return path


def keyed(settings: Settings, folder: Path, **how: Any) -> TestClient:
    return TestClient(make(replace(settings, keys=keyfile(folder, **how))), raise_server_exceptions=False)


def who(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer sk-{name}"}


def test_keys(settings: Settings, painter: Painter, tmp_path: Path) -> None:
    with keyed(settings, tmp_path) as http:
        for headers in ({}, who("three"), {"authorization": "Basic b25l"}, {"authorization": "Bearer"}):
            answer = http.get("/v1/videos", headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
        video = http.post("/v1/videos", json=HOW, headers=who("one")).json()["id"]
        painter.once()
        for path in ("", "/content", "/events", "/preview"):
            assert http.get(f"/v1/videos/{video}{path}", headers=who("two")).status_code == 404
        assert http.delete(f"/v1/videos/{video}", headers=who("two")).status_code == 404
        assert http.post(f"/v1/videos/{video}/cancel", headers=who("two")).status_code == 404
        assert http.post(f"/v1/videos/{video}/remix", json={"prompt": "x"}, headers=who("two")).status_code == 404
        edit = {"prompt": "x", "video": {"id": video}}
        assert http.post("/v1/videos/edits", json=edit, headers=who("two")).status_code == 404
        assert http.get("/v1/videos", headers=who("two")).json()["data"] == []
        assert http.get(f"/v1/videos/{video}/content", headers=who("one")).status_code == 200


def test_limits_of_a_key(settings: Settings, tmp_path: Path) -> None:
    with keyed(settings, tmp_path, requests_per_minute=3, queued=2) as http:
        answers = [http.post("/v1/videos", json=HOW, headers=who("one")) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
        assert {answer.json()["error"]["code"] for answer in answers[2:]} == {"rate_limit_exceeded"}
        assert all(0 < int(answer.headers["retry-after"]) <= 60 for answer in answers[2:])
        assert http.post("/v1/moderations", json={"input": "a dog"}, headers=who("one")).status_code == 429
        assert http.post("/v1/videos", json=HOW, headers=who("two")).status_code == 200


def test_pages_of_other_sites_cannot_use_a_server_without_keys(settings: Settings) -> None:
    with TestClient(make(replace(settings, hosts=("testserver",)))) as http:
        assert http.get("/v1/models").status_code == 200
        assert http.get("/v1/models", headers={"origin": "http://testserver"}).status_code == 200
        for headers in ({"origin": "https://example.com"}, {"origin": "null"}, {"host": "example.com"}):
            assert http.post("/v1/videos", json=HOW, headers=headers).status_code == 403


def test_a_body_that_does_not_come_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soramame.serve.edge.SLOWEST", 0.2)
    with (
        serving(settings) as server,
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as line,
    ):
        head = "POST /v1/videos HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"
        line.sendall(head.encode())
        line.settimeout(60)
        assert b" 408 " in line.recv(1000)


def test_videos_whose_time_is_over_are_removed(http: TestClient, painter: Painter, store: Store) -> None:
    video = done(http, painter)
    with store.write() as session, session.begin():
        session.query(Job).update({Job.expires: 1.0})
    assert Janitor(http.app.state.service).once() == 1  # type: ignore[attr-defined]
    answer = http.get(f"/v1/videos/{video['id']}/content")
    assert (answer.status_code, "expired" in answer.text) == (404, True)
    assert http.get(f"/v1/videos/{video['id']}").json()["status"] == "completed"
    files = Path(painter.place.storage)
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_deleting_leaves_no_file(http: TestClient, painter: Painter, tmp_path: Path) -> None:
    clip = moving(9).save(tmp_path / "c.mp4").read_bytes()
    for _ in range(2):
        http.post("/v1/videos/loops", data={"seconds": "0.5"}, files={"video": clip}, headers={"idempotency-key": "k"})
    painter.once()
    video = http.get("/v1/videos").json()["data"]
    assert [one["status"] for one in video] == ["completed"]
    assert http.delete(f"/v1/videos/{video[0]['id']}").json()["deleted"]
    assert not [path for path in Path(painter.place.storage).rglob("*") if path.is_file()]


def test_a_request_that_comes_again_is_the_same_whatever_became_of_its_source(
    http: TestClient, painter: Painter
) -> None:
    video = done(http, painter)
    asked: dict[str, Any] = {"json": {"prompt": "snow"}, "headers": {"idempotency-key": "k"}}
    first = http.post(f"/v1/videos/{video['id']}/remix", **asked)
    assert http.delete(f"/v1/videos/{video['id']}").json()["deleted"]
    again = http.post(f"/v1/videos/{video['id']}/remix", **asked)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert http.post(f"/v1/videos/{video['id']}/remix", json=asked["json"]).status_code == 404


def test_what_operators_look_at(http: TestClient, painter: Painter) -> None:
    assert http.get("/healthz").text == "ok"
    assert http.get("/readyz").status_code == 503
    painter.announce()
    assert http.get("/readyz").json() == {"ready": True, "workers": 1}
    http.post("/v1/videos", json=HOW)
    figures = http.get("/metrics").text
    assert 'soramame_jobs{status="queued"} 1.0' in figures
    assert 'soramame_requests_total{method="POST",route="/v1/videos",status="200"} 1.0' in figures


def test_sizes_that_the_official_client_knows(http: TestClient, painter: Painter) -> None:
    painter.announce()
    shown = {
        size: http.post("/v1/videos", json={"prompt": "x", "size": size}).json()["size"]
        for size in ("1280x720", "720x1280")
    }
    assert shown == {"1280x720": "128x64", "720x1280": "64x128"}


@pytest.mark.skipif(sys.platform != "linux", reason="measured by what Linux tells")
def test_the_server_is_small_and_loads_no_torch(settings: Settings) -> None:
    code = (
        "import sys\nfrom soramame.serve.app import make\nfrom soramame.serve.service import Settings\n"
        f"app = make(Settings(database={settings.database!r}, storage={settings.storage!r}, model={settings.model!r}))\n"
        "from fastapi.testclient import TestClient\n"
        "with TestClient(app) as http:\n    http.get('/openapi.json'); http.post('/v1/videos', json={'prompt': 'x'})\n"
        "    assert http.post('/v1/moderations', json={'input': 'a dog in the snow'}).status_code == 200\n"
        "assert 'torch' not in sys.modules\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert int(out.stdout) < 300 << 10  # KiB
