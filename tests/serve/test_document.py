"""The OpenAPI document: it tells of every body, answer and key, and schemathesis finds nothing that is otherwise."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from soramame.serve.app import make
from soramame.serve.document import FORM, JSON, REF
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.storage import Storage
from soramame.serve.store import Order, Store
from soramame.serve.tables import Worker
from tests.engine.clips import moving
from tests.serve.served import serving

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)
LONG = int(os.environ.get("SORAMAME_SCHEMATHESIS", "0"))
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
SLOW = "/content_provenance_checks|/moderations"
"""Each starts a process: looked at in a longer run, and by tests of their own."""
ALIKE = "/(edits|extensions|loops|blends|fills|inpaints|cuts|remix)$"
"""Their bodies are made of the same fields as that of creation."""


@pytest.fixture
def told(place: Place, tiny: Path, tmp_path: Path) -> Settings:
    keys = tmp_path / "keys.toml"
    secret = hashlib.sha256(b"ours").hexdigest()
    keys.write_text(f'[[key]]\nname = "a"\nadmin = true\nsha256 = "{secret}"\n', encoding="utf-8")
    return Settings(database=place.database, storage=place.storage, model=str(tiny), keys=keys, upload=4 << 20)


@contextmanager
def making(place: Place, folder: Path) -> Iterator[None]:
    """A worker that has every video at once: the same one. The folder gets what `schemathesis_hooks.py` reads."""
    store, storage, ending = Store(place.database), Storage(place.storage), threading.Event()
    picture = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(picture, "WEBP")
    (folder / "thumbnail.webp").write_bytes(picture.getvalue())
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "spritesheet.jpg")
    made = {"video": moving(9).save(folder / "video.mp4")}
    made |= {"thumbnail": folder / "thumbnail.webp", "spritesheet": folder / "spritesheet.jpg"}

    def work() -> None:
        facts: dict[str, Any] = {"width": 128, "height": 64, "seconds": 1.0, "multiple": 32}
        while not ending.is_set():
            store.seen(Worker(id="worker_a", model="tiny", facts=facts, started=time.time(), seen=time.time()))
            while (job := store.claim("worker_a", "tiny", lease=60)) is not None:
                files = {}
                for variant, path in made.items():
                    files[variant] = f"videos/{job.id}/{job.attempt}/{path.name}"
                    storage.put(path, files[variant])
                storage.put(made["thumbnail"], f"previews/{job.id}.webp")
                store.finish(job, "completed", files=files)
            ending.wait(0.05)

    orders = [Order(owner="a", kind="create", model="tiny", prompt="a dog") for _ in range(40)]
    known = [store.submit(order)[0].id for order in orders]
    (folder / "known.json").write_text(json.dumps({"video_id": known, "model": ["tiny"]}), encoding="utf-8")
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
        store.close()


@pytest.fixture
def document(told: Settings) -> dict[str, Any]:
    app = make(told)
    app.state.service.store.close()
    return app.openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """All of them, by method and path."""
    return [(f"{how} {path}", one) for path, methods in document["paths"].items() for how, one in methods.items()]


def test_what_is_named_is_there_and_all_of_it_is_said_in_words(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    named = set(re.findall(f'"{REF}([^"]+)"', json.dumps(document)))
    assert named == set(schemas), named ^ set(schemas)
    every = operations(document)
    assert len(every) > 35
    for name, one in every:
        assert one["summary"], name
        assert one["description"], name
        assert all(told["description"] for told in one["responses"].values()), name


def test_every_answer_has_its_body(document: dict[str, Any]) -> None:
    for name, one in operations(document):
        for status, told in one["responses"].items():
            if status in ("304", "416"):
                assert "content" not in told, name
            elif int(status) >= 400:
                assert f"{REF}Failure" in json.dumps(told["content"][JSON]), name
            else:
                schemas = [each.get("schema", each.get("itemSchema")) for each in told["content"].values()]
                assert all(schemas), name
                assert not any(each.get("additionalProperties") is True for each in schemas), name
        assert ("408" in one["responses"]) == ("requestBody" in one), name
        assert ("{" in name) <= ("404" in one["responses"]), name
        assert "422" not in one["responses"], name


def test_bodies_come_as_json_and_as_forms(document: dict[str, Any]) -> None:
    """Files are in forms only, and what is in tables in JSON has brackets there."""
    schemas, files = document["components"]["schemas"], set()
    for name, one in operations(document):
        content = one.get("requestBody", {}).get("content", {})
        if content and set(content) != {JSON, FORM}:
            assert set(content) == {FORM}
            files.add(name)
        if JSON in content:
            assert "octet-stream" not in json.dumps(schemas[content[JSON]["schema"]["$ref"].removeprefix(REF)])
    assert files == {"post /v1/videos/characters", "post /v1/content_provenance_checks"}
    made, edited = schemas["CreateVideoForm"], schemas["EditVideoForm"]
    assert {"input_reference", "input_reference[image_url]", "characters[][id]"} < set(made["properties"])
    assert edited["required"] == ["prompt"]
    assert edited["allOf"] == [{"anyOf": [{"required": ["video"]}, {"required": ["video[id]"]}]}]
    assert "input_reference" in schemas["CreateVideo"]["properties"]
    assert "files" not in schemas["StoryboardVideo"]["properties"]


@pytest.mark.parametrize("keys", [True, False])
def test_keys_are_needed_where_there_are_any(told: Settings, keys: bool) -> None:
    app = make(told if keys else replace(told, keys=None))
    app.state.service.store.close()
    for name, one in operations(app.openapi()):
        needed: list[dict[str, Any]] = [{"key": []}] if keys else [{}, {"key": []}]
        assert one.get("security") == (needed if " /v1/" in name else None), name


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/v1/videos", {"GET", "POST"}),
        ("/v1/videos/video_a", {"GET", "DELETE"}),
        ("/v1/videos/video_a/remix", {"POST"}),
        ("/v1/videos/edits", {"POST"}),  # which is not the name of a video
        ("/studio/", {"GET", "HEAD"}),
    ],
)
def test_which_methods_there_are_is_said_to_who_takes_another(told: Settings, path: str, known: set[str]) -> None:
    with TestClient(make(told)) as http:
        answer = http.request("PATCH", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == known


def schemathesis(settings: Settings, place: Place, folder: Path, *more: str) -> str:
    """What it says of a server that has just been started."""
    with serving(settings) as server, making(place, folder):
        command = ["--no-color", "run", f"{server.url}/openapi.json", "--header", "Authorization: Bearer ours"]
        command += ["--checks", ",".join(CHECKS), "--seed", "5", "--request-timeout", "60", *more]
        told = [sys.executable, "-m", "schemathesis.cli", *command]
        env = os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "SORAMAME_KNOWN": str(folder)}
        done = subprocess.run(told, cwd=folder, env=env, capture_output=True, text=True, timeout=max(110, LONG + 60))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    return done.stdout


def test_what_json_lets_through_is_refused(told: Settings, document: dict[str, Any]) -> None:
    """In each field of each body."""
    fields = [
        (path, field)
        for path, methods in document["paths"].items()
        for content in [methods.get("post", {}).get("requestBody", {}).get("content", {})]
        if JSON in content
        for field in document["components"]["schemas"][content[JSON]["schema"]["$ref"].removeprefix(REF)]["properties"]
    ]
    assert len(fields) > 100
    with TestClient(make(replace(told, keys=None)), raise_server_exceptions=False) as http:
        for (path, field), value in product(fields, ("NaN", "-1e400", '"\\ud800"', "[" * 5000 + "]" * 5000)):
            answer = http.post(path.replace("{", "").replace("}", ""), content=f'{{"{field}": {value}}}')
            assert 400 <= answer.status_code < 500, (path, field, value[:9], answer.text)


@pytest.mark.parametrize(
    ("how", "least"),
    [
        (("--phases", "coverage", "--exclude-path-regex", f"{SLOW}|{ALIKE}"), 300),
        (("--phases", "fuzzing,stateful", "--max-examples", "2", "--exclude-path-regex", SLOW), 100),
    ],
)
def test_schemathesis_finds_nothing(
    told: Settings, place: Place, tmp_path: Path, how: tuple[str, ...], least: int
) -> None:
    """No request of the document, right or wrong, gets a 5xx or an answer that the document does not tell of."""
    said = schemathesis(told, place, tmp_path, *how)
    found = re.search(r"(\d+) generated, \1 passed", said)
    assert found is not None, said
    assert int(found[1]) > least, said


@pytest.mark.skipif(not LONG, reason="SORAMAME_SCHEMATHESIS says for how many seconds to look")
@pytest.mark.timeout(LONG + 120)
def test_schemathesis_finds_nothing_in_a_longer_run(told: Settings, place: Place, tmp_path: Path) -> None:
    """All operations in all phases."""
    said = schemathesis(told, place, tmp_path, "--max-time", str(LONG))
    print(said[said.index("API Operations:") :])
    assert re.search(r"(\d+) generated, \1 passed", said) is not None, said
