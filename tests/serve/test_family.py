"""What a video was made from, and from which seed; cuts."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from soramame.media import Clip
from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.engine.clips import moving

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")
BOARD = 'size="128x64"\n[[shots]]\nseconds=1.0\nprompt="a dog"'


@pytest.fixture
def http(place: Place, tiny: Path) -> Iterator[TestClient]:
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny))
    with TestClient(make(settings), raise_server_exceptions=False) as http:
        yield http


@pytest.fixture
def first(http: TestClient, painter: Painter) -> dict[str, Any]:
    """A video of 17 frames that was made here."""
    told = {"prompt": "a dog", "size": "128x64", "seconds": 2, "steps": 1, "seed": 3}
    name = http.post("/v1/videos", json=told).json()["id"]
    assert painter.once()
    found: dict[str, Any] = http.get(f"/v1/videos/{name}").json()
    assert found["status"] == "completed"
    return found


def finished(http: TestClient, painter: Painter, video: dict[str, Any]) -> dict[str, Any]:
    assert painter.once()
    found: dict[str, Any] = http.get(f"/v1/videos/{video['id']}").json()
    assert found["error"] is None
    return found


def white() -> bytes:
    data = BytesIO()
    Image.new("RGB", (128, 64), "white").save(data, "PNG")
    return data.getvalue()


def test_a_seed_is_told_and_is_what_was_asked_for(http: TestClient, first: dict[str, Any]) -> None:
    assert first["seed"] == 3
    assert first["source_video_id"] is None
    drawn = [http.post("/v1/videos", json={"prompt": "a dog"}).json()["seed"] for _ in range(4)]
    assert all(0 <= seed < 2**31 for seed in drawn)
    assert len(set(drawn)) > 1


def test_whatever_is_made_from_a_video_names_it(http: TestClient, first: dict[str, Any]) -> None:
    name = first["id"]
    source = {"video": {"id": name}}
    made = {
        "remix": http.post(f"/v1/videos/{name}/remix", json={"prompt": "snow"}),
        "edit": http.post("/v1/videos/edits", json={**source, "prompt": "snow"}),
        "extend": http.post("/v1/videos/extensions", json=source),
        "loop": http.post("/v1/videos/loops", json=source),
        "blend": http.post("/v1/videos/blends", json={**source, "second": {"id": name}}),
        "fill": http.post("/v1/videos/fills", json={**source, "missing": [[2, 3]]}),
        "inpaint": http.post(
            "/v1/videos/inpaints", data={"video[id]": name, "prompt": "snow"}, files={"mask": white()}
        ),
        "cut": http.post("/v1/videos/cuts", json={**source, "end": 1}),
    }
    told = {kind: answer.json() for kind, answer in made.items()}
    assert {kind: one.get("source_video_id") for kind, one in told.items()} == dict.fromkeys(made, name)
    assert {kind for kind, one in told.items() if one["remixed_from_video_id"] == name} == {"remix"}
    assert {kind for kind, one in told.items() if one["seed"] is None} == {"cut"}
    # What says nothing of its own is known by the words of its source.
    assert [told[kind]["prompt"] for kind in ("remix", "extend", "cut")] == ["snow", "a dog", "a dog"]


def test_a_file_that_came_from_elsewhere_has_no_source_here(http: TestClient, tmp_path: Path) -> None:
    clip = moving(9).save(tmp_path / "c.mp4").read_bytes()
    told = http.post("/v1/videos/loops", files={"video": clip}).json()
    assert (told["source_video_id"], told["prompt"]) == (None, None)


def test_a_storyboard_says_its_own_seeds(http: TestClient, painter: Painter) -> None:
    told = http.post("/v1/videos/storyboards", data={"storyboard": BOARD}).json()
    assert told["seed"] is None
    answer = http.post("/v1/videos/storyboards", data={"storyboard": BOARD, "seed": "1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_parameter")
    finished(http, painter, told)


def test_a_cut_is_a_part_of_a_video(http: TestClient, painter: Painter, first: dict[str, Any], tmp_path: Path) -> None:
    asked = http.post("/v1/videos/cuts", json={"video": {"id": first["id"]}, "start": 0.5, "end": 1.25}).json()
    assert (asked["status"], asked["seconds"]) == ("queued", "0.75")
    made = finished(http, painter, asked)
    assert (made["seconds"], made["size"], made["progress"]) == ("0.75", "128x64", 100)
    for name, video in (("whole", first), ("part", made)):
        (tmp_path / f"{name}.mp4").write_bytes(http.get(f"/v1/videos/{video['id']}/content").content)
    whole, part = (Clip.load(tmp_path / f"{name}.mp4") for name in ("whole", "part"))
    assert part.frames.shape == (6, 64, 128, 3)
    assert abs(part.frames.astype(int) - whole.frames[4:10]).mean() < 3  # written twice
    assert part.metadata["task"] == "cut"


def test_a_cut_of_an_upload_in_its_own_form(http: TestClient, painter: Painter, tmp_path: Path) -> None:
    clip = moving(30, size=(96, 80), fps=15).save(tmp_path / "c.mp4").read_bytes()
    asked = http.post("/v1/videos/cuts", data={"start": "1"}, files={"video": clip}).json()
    made = finished(http, painter, asked)
    assert (made["seconds"], made["size"]) == ("1", "96x80")


def test_a_cut_behind_the_end_fails_with_its_reason(http: TestClient, painter: Painter, first: dict[str, Any]) -> None:
    asked = http.post("/v1/videos/cuts", json={"video": {"id": first["id"]}, "start": 9}).json()
    painter.once()
    error = http.get(f"/v1/videos/{asked['id']}").json()["error"]
    assert (error["code"], "end of the clip, 2.125 s" in error["message"]) == ("invalid_duration", True)


@pytest.mark.parametrize(
    ("told", "param"),
    [
        ({"start": 2, "end": 1}, "end"), ({"start": 1, "end": 1}, "end"), ({"start": -1}, "start"), ({"end": "nan"}, "end"),
        ({"end": "inf"}, "end"), ({"seed": 1}, "seed"), ({"prompt": "x"}, "prompt"), ({"video": None}, "video"),
    ],
)  # fmt: skip
def test_cuts_that_are_none(http: TestClient, first: dict[str, Any], told: dict[str, object], param: str) -> None:
    answer = http.post("/v1/videos/cuts", json={"video": {"id": first["id"]}} | told)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param), answer.text
