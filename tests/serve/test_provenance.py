"""A check over HTTP tells what ``soramame verify --json`` tells, in the official results and our fields of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from soramame.engine import Soramame
from soramame.engine.cut import cut
from soramame.media import Clip
from soramame.safety.policy import Policy
from soramame.safety.verify import verify
from soramame.serve.app import make
from soramame.serve.provenance import findings
from soramame.serve.run import Place
from soramame.serve.schema_other import Provenance
from soramame.serve.service import Settings
from tests.engine.clips import moving

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


@pytest.fixture
def http(place: Place, tiny: Path) -> Iterator[TestClient]:
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny))
    with TestClient(make(settings), raise_server_exceptions=False) as http:
        yield http


@pytest.fixture
def guarded(tiny: Path, tmp_path: Path) -> Soramame:
    """Marks and signs what it makes."""
    path = tmp_path / "policy.toml"
    path.write_text("[switches]\nframes = false\n")
    return Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=Policy.load(path))


def checked(http: TestClient, path: Path) -> dict[str, Any]:
    answer = http.post("/v1/content_provenance_checks", files={"file": (path.name, path.read_bytes())})
    assert answer.status_code == 200, answer.text
    Provenance.model_validate(answer.json(), strict=True)  # as the document has it
    return {one["type"]: one for one in answer.json()["results"]}


def test_a_file_made_here_tells_all_of_itself(http: TestClient, guarded: Soramame, tmp_path: Path) -> None:
    whole = guarded.generate("a dog", seconds=2, seed=5).save(tmp_path / "whole.mp4")
    part = guarded.write(cut(guarded, Clip.load(whole), end=1.5), tmp_path / "part.mp4").path
    found, report = checked(http, part), verify(part).as_json()
    c2pa, mark = found["c2pa"], found["watermark"]
    assert (c2pa["outcome"], c2pa["validation_state"], c2pa["task"]) == ("detected", "trusted", "cut")
    assert c2pa["recipe"] == json.loads(json.dumps(report["credentials"]["recipe"]))
    assert c2pa["recipe_reason"] is None
    assert [(one["title"], one["state"], one["ingredients"]) for one in c2pa["ingredients"]] == [
        ("whole.mp4", "trusted", [])
    ]
    assert [one["name"] for one in c2pa["actions"]][:2] == ["c2pa.opened", "c2pa.trimmed"]
    (segment,) = mark["segments"]
    (told,) = report["watermark"]
    assert (mark["outcome"], mark["payloads"], mark["unread"]) == ("detected", [told["payload"]], None)
    assert (segment["frames"], segment["confidence"], segment["key_id"]) == (12, told["confidence"], told["key_id"])
    assert mark["confidence"] == told["confidence"] > 0.8
    assert (mark["frames_read"], mark["frames_marked"]) == (12, 12)
    assert (found["detector"]["outcome"], found["detector"]["score"]) == ("not_asked", None)
    assert found["verdict"] == {"type": "verdict", "outcome": report["verdict"], "reason": report["reason"]}


def test_of_a_file_without_anything_the_reasons_are_told(http: TestClient, tmp_path: Path) -> None:
    found = checked(http, moving(9).save(tmp_path / "a.mp4"))
    assert (found["c2pa"]["recipe"], found["c2pa"]["recipe_reason"]) == (
        None, "there are no credentials that could tell it.",
    )  # fmt: skip
    assert (found["watermark"]["outcome"], found["watermark"]["confidence"]) == ("not_detected", None)
    detector = found["detector"]
    assert detector["outcome"] in ("detected", "not_detected", "unsure")
    assert detector["reason"]


def test_a_recipe_that_is_not_to_be_believed_says_so(http: TestClient, guarded: Soramame, tmp_path: Path) -> None:
    data = bytearray(guarded.generate("a dog", seed=5).save(tmp_path / "a.mp4").read_bytes())
    data[data.rindex(b"mdat") + 40] ^= 1
    (tmp_path / "b.mp4").write_bytes(data)
    c2pa = checked(http, tmp_path / "b.mp4")["c2pa"]
    assert c2pa["validation_state"] == "invalid"
    assert c2pa["what"]
    assert "not believed" in c2pa["recipe_reason"]


@pytest.mark.parametrize("state", ["trusted", "valid but unknown signer", "tampered", "none", "unreadable"])
def test_every_state_is_one_of_the_official_ones(guarded: Soramame, tmp_path: Path, state: str) -> None:
    report = verify(moving(5).save(tmp_path / "a.mp4")).as_json()
    report["credentials"]["state"] = state
    c2pa = findings(report)["results"][0]
    assert c2pa["validation_state"] in ("trusted", "valid", "invalid", "not_present")
    assert (c2pa["outcome"] == "not_detected") == (state == "none")


def test_marks_of_several_clips_are_told_apart() -> None:
    segment = {
        "at": 0.0,
        "first": 0,
        "frames": 32,
        "payload": "0a",
        "key_id": "k",
        "confidence": 0.9,
        "mark": {"also": ["0b"]},
    }
    none = {"at": 4.0, "first": 0, "frames": 16, "payload": "", "key_id": ""}
    credentials: dict[str, Any] = {
        "state": "none", "organisation": "", "signer": "", "signed_at": None, "actions": [], "ingredients": [], "recipe": None,
        "reason": "", "what": [], "time_stamped": False, "title": "", "generator": "", "task": "", "beside": False,
    }  # fmt: skip
    report = {
        "credentials": credentials, "watermark": [segment, none, segment | {"payload": "0c", "confidence": 0.8}],
        "watermark_unread": "", "detector": None, "verdict": "parts of different clips", "reason": "…",
    }  # fmt: skip
    mark = findings(report)["results"][1]
    assert (mark["payloads"], mark["confidence"]) == (["0a", "0c"], 0.9)
    assert (mark["frames_read"], mark["frames_marked"]) == (80, 64)
    assert [one["payload"] for one in mark["segments"]] == ["0a", None, "0c"]
    assert mark["segments"][0]["also"] == ["0b"]
