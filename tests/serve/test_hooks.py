from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import openai
import pytest
from openai import OpenAI
from sqlalchemy import select

from soramame.errors import OptionError
from soramame.serve import hooks
from soramame.serve.hooks import Sender
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.tables import Delivery, Webhook
from soramame.serve.worker import Painter, Place
from tests.serve.conftest import order
from tests.serve.served import serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Listener:
    """An address that webhooks are sent to."""

    def __init__(self) -> None:
        self.heard, self.status = list[tuple[str, dict[str, str]]](), 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.heard.append((body, {key.lower(): value for key, value in self.headers.items()}))
                self.send_response(outer.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()


@pytest.fixture
def client(place: Place, tiny: Path, store: Store) -> Iterator[OpenAI]:
    told = Settings(database=place.database, storage=place.storage, model=str(tiny), private_webhooks=True)
    with serving(told) as server, OpenAI(base_url=server.base, api_key="none", max_retries=0) as client:
        yield client


def test_a_webhook_is_told_and_the_official_client_believes_it(
    client: OpenAI, store: Store, painter: Painter, listener: Listener
) -> None:
    hook = client.webhooks.create(name="mine", url=listener.url, event_types=["video.completed", "video.failed"])
    job, _ = store.submit(order())
    painter.once()
    end = time.monotonic() + 60
    while not listener.heard and time.monotonic() < end:
        time.sleep(0.05)
    body, headers = listener.heard[0]
    event = client.webhooks.unwrap(body, headers, secret=hook.signing_secret)
    assert (event.type, event.data.id) == ("video.completed", job.id)  # type: ignore[union-attr]
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(body + " ", headers, secret=hook.signing_secret)


def test_every_method_of_the_client(client: OpenAI, listener: Listener) -> None:
    hook = client.webhooks.create(name="mine", url=listener.url, event_types=["video.completed"])
    assert [one.id for one in client.webhooks.list()] == [hook.id]
    assert client.webhooks.retrieve(hook.id).name == "mine"
    assert client.webhooks.update(hook.id, name="yours").name == "yours"
    fresh = client.webhooks.rotate_secret(hook.id, keep_old_secret_active_for_24_hours=True)
    assert fresh.signing_secret != hook.signing_secret
    assert client.webhooks.test(hook.id, event_type="video.failed").status_code == 200
    body, headers = listener.heard[-1]
    for secret in (hook.signing_secret, fresh.signing_secret):
        assert client.webhooks.unwrap(body, headers, secret=secret).type == "video.failed"  # type: ignore[comparison-overlap]
    client.webhooks.rotate_secret(hook.id)
    client.webhooks.test(hook.id, event_type="video.failed")
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(*listener.heard[-1], secret=fresh.signing_secret)
    assert client.webhooks.event_types.list().data == ["video.completed", "video.failed"]
    assert client.webhooks.delete(hook.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.webhooks.retrieve(hook.id)
    with pytest.raises(openai.BadRequestError):
        client.webhooks.create(name="mine", url=listener.url, event_types=["batch.completed"])


def test_what_did_not_arrive_is_sent_again_later(store: Store, listener: Listener) -> None:
    hook = Webhook(
        id="we_1", owner="local", name="mine", url=listener.url, secret=hooks.new_secret(),
        event_types=["video.failed"], created=1.0, updated=1.0,
    )  # fmt: skip
    store.add(hook)
    job, _ = store.submit(order())
    store.cancel(job)
    sender, listener.status = Sender(store, private=True), 500
    assert sender.once()
    assert not sender.once()  # not yet
    with store.write() as session, session.begin():
        waiting = session.scalars(select(Delivery)).one()
        assert waiting.due > time.time() + 3
        waiting.due = 0.0
    listener.status = 204
    assert sender.once()
    with store.read() as session:
        assert not session.scalars(select(Delivery)).all()
    assert len({headers["webhook-id"] for _, headers in listener.heard}) == 1  # the same event


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://127.0.0.1/", "https://10.0.0.8/x", "https://[::1]/", "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://user:word@example.com/", "ftp://example.com",
        "https://", "nonsense", "https://example.com:0/", "https://example.com:99999/", "https://2130706433/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_called(url: str) -> None:
    with pytest.raises(OptionError):
        hooks.address(urlsplit(hooks.checked(url, private=False)), private=False)


def test_a_name_that_points_inside_is_not_called(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    inside = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("192.168.1.1", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *told, **how: inside)
    with pytest.raises(OptionError, match="private"):
        hooks.address(urlsplit("https://example.com/"), private=False)
