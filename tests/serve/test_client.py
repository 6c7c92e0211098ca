"""The official client, unmodified, against a server that has just been started."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest
from openai import AsyncOpenAI, OpenAI, omit
from PIL import Image

from soramame.media import Clip
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.engine.clips import moving
from tests.serve.served import Server, painting, serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
HOW: dict[str, Any] = {"steps": 1, "seed": 3}


@pytest.fixture
def server(place: Place, painter: Painter, tiny: Path) -> Iterator[Server]:
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny), upload=8 << 20)
    with serving(settings) as server, painting(painter):
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[OpenAI]:
    with OpenAI(base_url=server.base, api_key="none", max_retries=0) as client:
        yield client


def picture() -> bytes:
    data = io.BytesIO()
    Image.fromarray(np.full((64, 128, 3), 90, np.uint8)).save(data, "PNG")
    return data.getvalue()


def clip(folder: Path, frames: int = 9) -> bytes:
    return moving(frames).save(folder / "made.mp4").read_bytes()


def made(client: OpenAI, **how: Any) -> Any:
    told = {"prompt": "a dog", "size": "128x64", "seconds": "1", "extra_body": HOW} | how
    return client.videos.create_and_poll(poll_interval_ms=50, **told)


def test_create_poll_and_download(client: OpenAI, tmp_path: Path) -> None:
    video = made(client, model="sora-2")
    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    assert (video.model, video.size, video.seconds, video.prompt) == ("tiny", "128x64", "1.125", "a dog")
    client.videos.download_content(video.id).write_to_file(tmp_path / "v.mp4")
    assert Clip.load(tmp_path / "v.mp4").frames.shape == (9, 64, 128, 3)
    for variant, kind in (("thumbnail", "WEBP"), ("spritesheet", "JPEG")):
        data = client.videos.download_content(video.id, variant=variant).read()  # type: ignore[arg-type]
        assert Image.open(io.BytesIO(data)).format == kind
    raw = client.videos.with_raw_response.retrieve(video.id)
    assert set(raw.http_response.json()) == {
        "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size",
        "seconds", "remixed_from_video_id", "error", "seed", "source_video_id",
    }  # fmt: skip


def test_an_answer_while_it_is_made_says_when_to_ask_again(client: OpenAI) -> None:
    raw = client.videos.with_raw_response.create(prompt="a dog", extra_body=HOW)
    assert int(raw.headers["openai-poll-after-ms"]) >= 250
    assert raw.headers["x-request-id"].startswith("req_")


def test_a_picture_as_upload_as_data_url_and_in_json(client: OpenAI, server: Server) -> None:
    url = "data:image/png;base64," + base64.b64encode(picture()).decode()
    one = made(client, input_reference=picture())
    two = made(client, extra_body={**HOW, "input_reference": {"image_url": url}})
    told = {"prompt": "a dog", "size": "128x64", "seconds": 1, "input_reference": {"image_url": url}, **HOW}
    three = client.videos.poll(httpx.post(f"{server.base}/videos", json=told).json()["id"], poll_interval_ms=50)
    assert [video.status for video in (one, two, three)] == ["completed"] * 3
    for wrong in (b"nonsense", b""):
        with pytest.raises(openai.BadRequestError) as error:
            client.videos.create(prompt="a dog", input_reference=wrong)
        assert error.value.param == "input_reference"
    with pytest.raises(openai.BadRequestError) as error:
        client.videos.create(prompt="a dog", extra_body={"input_reference": "a string"})
    assert error.value.code == "invalid_type"
    with pytest.raises(openai.BadRequestError, match="fetches no addresses"):
        client.videos.create(prompt="a dog", extra_body={"input_reference": {"image_url": "http://127.0.0.1/x.png"}})


def test_a_large_data_url_in_a_form(client: OpenAI) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (700, 900, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(noise).save(data, "PNG")
    assert len(data.getvalue()) > 1 << 20
    url = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
    assert client.videos.create(prompt="a dog", extra_body={"input_reference": {"image_url": url}}).status == "queued"


def test_remix_edit_and_extend(client: OpenAI, tmp_path: Path) -> None:
    first = made(client)
    remixed = client.videos.remix(first.id, prompt="snow")
    assert remixed.remixed_from_video_id == first.id
    by_id = client.videos.edit(prompt="snow", video=omit, extra_body={"video": {"id": first.id}})  # type: ignore[arg-type]
    as_json = client.videos.edit(
        prompt="snow",
        video=omit,  # type: ignore[arg-type]
        extra_body={"video": {"id": first.id}},
        extra_headers={"Content-Type": "application/json"},
    )
    uploaded = client.videos.edit(prompt="snow", video=clip(tmp_path))
    longer = client.videos.extend(prompt="snow", seconds="1", video=("日本.mp4", clip(tmp_path)), extra_body=HOW)  # type: ignore[arg-type]
    done = [client.videos.poll(one.id, poll_interval_ms=50) for one in (remixed, by_id, as_json, uploaded, longer)]
    assert [video.status for video in done] == ["completed"] * 5, [video.error for video in done]
    assert done[-1].seconds == "2.125"  # the whole, not what was added


def test_lists_and_deletes(client: OpenAI) -> None:
    ids = [client.videos.create(prompt=f"a dog {n}", extra_body=HOW).id for n in range(5)]
    assert [video.id for video in client.videos.list(limit=2)] == ids[::-1]
    assert [video.id for video in client.videos.list(limit=2, order="asc", after=ids[1])] == ids[2:]
    assert not list(client.videos.list(limit=0))
    client.videos.poll(ids[0], poll_interval_ms=50)
    gone = client.videos.delete(ids[0])
    assert (gone.id, gone.deleted, gone.object) == (ids[0], True, "video.deleted")
    for call in (client.videos.retrieve, client.videos.delete, client.videos.download_content):
        with pytest.raises(openai.NotFoundError):
            call(ids[0])


def test_characters(client: OpenAI, tmp_path: Path) -> None:
    character = client.videos.create_character(name="Taro", video=clip(tmp_path))
    assert character.id is not None
    again = client.videos.get_character(character.id)
    assert (again.id, again.name) == (character.id, "Taro")
    video = made(client, extra_body={**HOW, "characters": [{"id": character.id}]})
    assert video.status == "completed"
    with pytest.raises(openai.NotFoundError):
        client.videos.get_character("char_none")
    with pytest.raises(openai.NotFoundError):
        client.videos.create(prompt="a dog", extra_body={"characters": [{"id": "char_none"}]})


def test_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny"]
    assert client.models.retrieve("sora-2").id == "tiny"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("another")
    with pytest.raises(openai.NotFoundError):
        client.videos.create(prompt="a dog", model="another")


def test_moderations(client: OpenAI) -> None:
    answer = client.moderations.create(input=["a dog runs in the snow", "a naked child"])
    assert [result.flagged for result in answer.results] == [False, True]
    assert answer.results[1].categories.sexual_minors
    assert answer.results[1].category_scores.sexual_minors > 0.5


def test_content_provenance_checks(client: OpenAI, tmp_path: Path) -> None:
    checked = client.content_provenance_checks.create(file=("v.mp4", clip(tmp_path)))
    kinds = {result.type: result for result in checked.results}
    assert kinds["c2pa"].outcome == "not_detected"
    assert kinds["c2pa"].validation_state == "not_present"  # type: ignore[union-attr]
    assert "watermark" in kinds
    with pytest.raises(openai.BadRequestError):
        client.content_provenance_checks.create(file=b"nonsense")


@pytest.mark.parametrize(
    ("told", "code", "param"),
    [
        ({"prompt": ""}, "invalid_value", "prompt"),
        ({"prompt": "a\0dog"}, "invalid_value", "prompt"),
        ({"prompt": "a dog", "size": "huge"}, "invalid_value", "size"),
        ({"prompt": "a dog", "size": "129x64"}, "invalid_size", None),
        ({"prompt": "a dog", "seconds": "61"}, "invalid_value", "seconds"),
        ({"prompt": "a dog", "seconds": "nan"}, "invalid_value", "seconds"),
        ({"prompt": "a dog", "extra_body": {"nonsense": 1}}, "unknown_parameter", "nonsense"),
        ({"prompt": "a dog", "extra_body": {"steps": 0}}, "invalid_value", "steps"),
    ],
)
def test_what_is_wrong_is_told(client: OpenAI, told: dict[str, Any], code: str, param: str | None) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        client.videos.create(**told)
    assert (error.value.code, error.value.param) == (code, param)
    assert error.value.request_id is not None


def test_a_refused_prompt_is_a_failed_video(client: OpenAI) -> None:
    video = made(client, prompt="a naked child")
    assert video.status == "failed"
    assert video.error is not None
    assert video.error.code == "moderation_blocked"
    with pytest.raises(openai.NotFoundError):
        client.videos.download_content(video.id)


def test_the_same_key_makes_one_video(client: OpenAI) -> None:
    how: dict[str, Any] = {"extra_body": HOW, "extra_headers": {"Idempotency-Key": "k"}}
    ids = {client.videos.create(prompt="a dog", input_reference=picture(), **how).id for _ in range(3)}
    assert len(ids) == 1
    with pytest.raises(openai.BadRequestError, match="another request"):
        client.videos.create(prompt="a cat", **how)


def test_the_asynchronous_client(server: Server, tmp_path: Path) -> None:
    async def all_of_it() -> None:
        async with AsyncOpenAI(base_url=server.base, api_key="none", max_retries=0) as client:
            told: dict[str, Any] = {"size": "128x64", "seconds": "1", "extra_body": HOW}
            first = await client.videos.create_and_poll(prompt="a dog", poll_interval_ms=50, **told)
            assert first.status == "completed"
            (await client.videos.download_content(first.id)).write_to_file(tmp_path / "v.mp4")
            made = [
                await client.videos.remix(first.id, prompt="snow"),
                await client.videos.edit(prompt="snow", video=clip(tmp_path)),
                await client.videos.extend(prompt="snow", seconds="4", video=clip(tmp_path), extra_body=HOW),
                await client.videos.create(prompt="a dog", input_reference=io.BytesIO(picture()), extra_body=HOW),
            ]
            done = [await client.videos.poll(one.id, poll_interval_ms=50) for one in made]
            assert [video.status for video in done] == ["completed"] * 4
            assert len([video async for video in client.videos.list(limit=2)]) == 5
            assert (await client.videos.retrieve(first.id)).id == first.id
            assert (await client.videos.delete(first.id)).deleted
            character = await client.videos.create_character(name="Taro", video=clip(tmp_path))
            assert (await client.videos.get_character(character.id or "")).name == "Taro"
            assert [model.id async for model in client.models.list()] == ["tiny"]
            assert not (await client.moderations.create(input="a dog")).results[0].flagged
            assert (await client.content_provenance_checks.create(file=("v.mp4", clip(tmp_path)))).results

    asyncio.run(all_of_it())
