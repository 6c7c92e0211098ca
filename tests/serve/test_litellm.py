"""A LiteLLM proxy between the official client and a server. It has pins of its own, so it lives in an environment of its own:
``make peers`` makes one and runs this.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI, omit

from soramame.engine import Soramame
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.serve.processes import free_port, waited
from tests.serve.served import painting, serving
from tests.serve.test_client import clip, picture

LITELLM = os.environ.get("SORAMAME_LITELLM")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(LITELLM is None, reason="`make peers` installs a LiteLLM; SORAMAME_LITELLM says where it is"),
]
HOW: dict[str, Any] = {"model": "mame", "size": "128x64", "seconds": "1"}
FEW: dict[str, Any] = {"extra_body": {"steps": 1, "seed": 3}}
AS_JSON = {"Content-Type": "application/json"}
CONFIG = """
model_list:
  - model_name: mame
    litellm_params: {{model: openai/tiny, api_base: "{server}/v1", api_key: ours}}
general_settings:
  master_key: {master}
  pass_through_endpoints:
    - path: /soramame
      target: "{server}"
      include_subpath: true
      auth: true
      forward_headers: true
      headers: {{Authorization: "Bearer ours"}}
"""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """Where it is, and the key that it wants."""

    url: str
    master: str

    def client(self, path: str = "", key: str | None = None) -> OpenAI:
        """By its own routes, or by those that it passes through as they are."""
        return OpenAI(base_url=f"{self.url}{path}/v1", api_key=key or self.master, max_retries=0, timeout=60)


@pytest.fixture
def client(proxy: Proxy) -> Iterator[OpenAI]:
    with proxy.client() as client:
        yield client


@pytest.fixture
def through(proxy: Proxy) -> Iterator[OpenAI]:
    with proxy.client("/soramame") as client:
        yield client


@pytest.fixture(scope="module")
def proxy(tiny: Path, sora: Soramame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy, a server behind it that wants a key, and a worker."""
    folder, port, master = tmp_path_factory.mktemp("proxy"), free_port(), f"sk-{secrets.token_hex(24)}"
    keys, config, said = folder / "keys.toml", folder / "config.yaml", folder / "said.log"
    keys.write_text(f'[[key]]\nname = "a"\nsha256 = "{hashlib.sha256(b"ours").hexdigest()}"\n', encoding="utf-8")
    place = Place(database=f"sqlite:///{folder}/jobs.db", storage=str(folder / "files"), work=folder / "work")
    with ExitStack() as held:
        settings = Settings(database=place.database, storage=place.storage, model=str(tiny), keys=keys)
        server = held.enter_context(serving(settings))
        held.enter_context(painting(Painter(place, sora)))
        config.write_text(CONFIG.format(server=server.url, master=master), encoding="utf-8")
        told = [str(LITELLM), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = subprocess.Popen(
            told,
            env=kept | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdout=held.enter_context(said.open("wb")),
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        held.callback(process.wait)
        held.callback(process.kill)
        url = f"http://127.0.0.1:{port}"

        def there() -> bool:
            assert process.poll() is None, said.read_text(encoding="utf-8")[-3000:]
            try:
                return httpx.get(f"{url}/health/liveliness").status_code == 200
            except httpx.TransportError:
                return False

        waited(there, every=0.5)
        yield Proxy(url=url, master=master)


def polled(client: OpenAI, one: Any) -> Any:
    """The finished video."""
    done = client.videos.poll(one.id, poll_interval_ms=50)
    assert done.status == "completed", done.error
    return done


def test_videos_are_made_and_changed_through_its_own_routes(client: OpenAI, tmp_path: Path) -> None:
    first = polled(client, client.videos.create(prompt="a dog", input_reference=("a.png", picture()), **HOW, **FEW))
    assert (first.model, first.progress, first.size, first.seconds) == ("mame", 100, "128x64", "1.125")
    assert client.videos.retrieve(first.id).status == "completed"
    assert client.videos.download_content(first.id).read()[4:8] == b"ftyp"
    url = "data:image/png;base64," + base64.b64encode(picture()).decode()
    by_id: dict[str, Any] = {"video": omit, "extra_body": {"video": {"id": first.id}}, "extra_headers": AS_JSON}
    uploaded: Any = ("v.mp4", clip(tmp_path))
    started = [
        client.videos.create(prompt="a dog", extra_body={"input_reference": {"image_url": url}, "steps": 1}, **HOW),
        client.videos.remix(first.id, prompt="snow"),
        client.videos.edit(prompt="snow", **by_id),
        client.videos.edit(prompt="snow", video=uploaded, extra_body={"model": "mame"}),
        client.videos.extend(prompt="snow", seconds="4", **by_id),
    ]
    assert [polled(client, one).progress for one in started] == [100] * 5
    named = client.videos.create_character(name="Taro", video=uploaded, extra_body={"target_model_names": "mame"})
    assert client.videos.get_character(named.id or "").name == "Taro"
    assert [model.id for model in client.models.list()] == ["mame"]
    assert client.moderations.create(input="a naked child", model="mame").results[0].flagged
    with pytest.raises(openai.BadRequestError, match="try 128x64"):
        client.videos.create(prompt="a dog", **HOW | {"size": "129x64"})


def test_what_its_own_routes_do_not_pass_on(client: OpenAI) -> None:
    """When one of these fails the proxy has learnt it: then say so in docs/serve.md."""
    made = polled(client, client.videos.create(prompt="a dog", **HOW, **FEW))
    assert made.prompt is None
    assert client.videos.download_content(made.id, variant="thumbnail").read()[4:8] == b"ftyp"  # the video all the same
    with pytest.raises(openai.BadRequestError, match="LLM Provider NOT provided"):
        client.videos.list()
    with pytest.raises(openai.APIStatusError) as error:
        client.videos.delete(made.id)
    assert error.value.status_code == 405


def test_everything_is_passed_through_as_it_is(proxy: Proxy, through: OpenAI, tmp_path: Path) -> None:
    """The official client, each method, with the server's own names of models."""
    client, how = through, HOW | {"model": "tiny"} | FEW
    first = polled(client, client.videos.create(prompt="a dog", input_reference=picture(), **how))
    assert (first.model, first.prompt) == ("tiny", "a dog")
    for variant, start in (("video", b"\0\0\0"), ("thumbnail", b"RIFF"), ("spritesheet", b"\xff\xd8\xff")):
        data = client.videos.download_content(first.id, variant=variant)  # type: ignore[arg-type]
        assert data.read().startswith(start)
    part = client.videos.download_content(first.id, extra_headers={"range": "bytes=4-7"})
    assert (part.response.status_code, part.read()) == (206, b"ftyp")
    by_id: dict[str, Any] = {"video": omit, "extra_body": {"video": {"id": first.id}}}
    uploaded: Any = ("日本.mp4", clip(tmp_path))
    named = client.videos.create_character(name="Taro", video=uploaded)
    assert client.videos.get_character(named.id or "").name == "Taro"
    started = [
        client.videos.remix(first.id, prompt="snow"),
        client.videos.edit(prompt="snow", **by_id),
        client.videos.extend(prompt="snow", seconds="4", video=uploaded, **FEW),
        client.videos.create(prompt="a dog", **how | {"extra_body": {"steps": 1, "characters": [{"id": named.id}]}}),
    ]
    assert [polled(client, one).progress for one in started] == [100] * 4
    same = [client.videos.create(prompt="a dog", extra_headers={"Idempotency-Key": "k"}, **how).id for _ in range(2)]
    assert len(set(same)) == 1
    client.videos.delete(polled(client, client.videos.retrieve(same[0])).id)
    ids = [video.id for video in client.videos.list(limit=2)]
    assert ids[:5] == [one.id for one in (*started[::-1], first)]
    assert len(ids) == len(set(ids))
    assert client.videos.delete(first.id).deleted
    with pytest.raises(openai.NotFoundError) as missing:
        client.videos.retrieve(first.id)
    assert missing.value.code == "video_not_found"
    assert not client.moderations.create(input="a dog").results[0].flagged
    with proxy.client("/soramame", "sk-another") as stranger, pytest.raises(openai.APIStatusError) as unknown:
        stranger.videos.list()
    assert unknown.value.status_code in (400, 401)  # 400: it has no database to look for the key in


def test_progress_is_followed_while_it_is_made(proxy: Proxy, through: OpenAI) -> None:
    made = through.videos.create(prompt="a dog", **HOW | {"model": "tiny"}, extra_body={"steps": 20, "seed": 3})
    headers, began = {"authorization": f"Bearer {proxy.master}"}, time.monotonic()
    came = []
    with httpx.stream("GET", f"{proxy.url}/soramame/v1/videos/{made.id}/events", headers=headers, timeout=60) as lines:
        for line in lines.iter_lines():
            if line.startswith("event: "):
                came.append((line[7:], time.monotonic() - began))
    assert [kind for kind, _ in came][:: len(came) - 1] == ["progress", "done"]
    assert came[0][1] < came[-1][1]
