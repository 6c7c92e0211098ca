"""A prompt made long before anything is painted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from soramame.prompt.expand import expand
from soramame.serve.app import make
from soramame.serve.run import Place
from soramame.serve.service import Settings

URL = "/v1/prompts/expansions"
pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


@pytest.fixture
def http(place: Place) -> Iterator[TestClient]:
    settings = Settings(database=place.database, storage=place.storage, model="mame")
    with TestClient(make(settings), raise_server_exceptions=False) as http:
        yield http


@pytest.mark.parametrize("prompt", ["a dog runs", "雪原を歩くマンモス", "x" * 2000, "un chien qui court"])
def test_it_is_what_a_video_of_that_seed_would_be_painted_from(http: TestClient, prompt: str) -> None:
    told = http.post(URL, json={"prompt": prompt, "seed": 7}).json()
    made = expand(prompt, seed=7)
    assert told == {
        "object": "prompt.expansion", "model": "mame", "prompt": prompt, "seed": 7, "text": made.text,
        "added": list(made.added),
    }  # fmt: skip
    assert told["text"].startswith(prompt)


def test_a_form_does_as_well(http: TestClient) -> None:
    told = [http.post(URL, **how).json() for how in ({"json": {"prompt": "a dog"}}, {"data": {"prompt": "a dog"}})]  # type: ignore[arg-type]
    assert told[0] == told[1]
    assert told[0]["added"]


def test_models_that_know_other_words_get_prompts_as_they_are(place: Place, tiny: Path) -> None:
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny))
    with TestClient(make(settings)) as http:
        told = http.post(URL, json={"prompt": "a dog runs"}).json()
    assert (told["model"], told["text"], told["added"]) == ("tiny", "a dog runs", [])


@pytest.mark.parametrize(
    "body", [{}, {"prompt": ""}, {"prompt": "\ud800"}, {"prompt": "a\0b"}, {"prompt": "a", "seed": -1}, {"prompt": "a", "steps": 3},
             {"prompt": "a", "seed": 1.5}, {"prompt": "x" * 32_001}],
)  # fmt: skip
def test_what_is_no_prompt_is_told(http: TestClient, body: dict[str, object]) -> None:
    answer = http.post(URL, content=json.dumps(body))
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_a_model_that_there_is_not(http: TestClient) -> None:
    assert http.post(URL, json={"prompt": "a dog", "model": "none"}).status_code == 404


def test_the_server_loads_no_torch_for_it() -> None:
    code = "import sys, soramame.serve.app, soramame.prompt.expand as e; e.expand('a dog', seed=1); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
