from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import openai
import pytest
from fastapi.testclient import TestClient
from openai import OpenAI
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from soramame.errors import OptionError
from soramame.serve import hooks
from soramame.serve.app import make
from soramame.serve.hooks import Sender
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.store import Store
from soramame.serve.tables import Delivery, Webhook
from soramame.serve.worker import Painter
from tests.serve.conftest import order
from tests.serve.served import serving
from tests.serve.test_http import keyfile, who

DATABASES = ("sqlite", "postgres")
pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


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
        "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/", "https://.例/", "https://１２７.0.0.1/",
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


def test_nat64_of_a_public_address_is_one() -> None:
    assert hooks.address(urlsplit("https://[64:ff9b::808:808]/"), private=False) == "64:ff9b::808:808"


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://例え.テスト/hook", "https://xn--r8jz45g.xn--zckzah/hook"),
        ("https://豆.example:8443/豆?q=豆", "https://xn--mh3a.example:8443/%E8%B1%86?q=%E8%B1%86"),
        ("https://example.com/a%20b?x=1", "https://example.com/a%20b?x=1"),
    ],
)
def test_names_in_any_script_are_sent_as_they_are_looked_up(url: str, sent: str) -> None:
    assert hooks.checked(url, private=False) == sent
    assert hooks.checked(sent, private=False) == sent


@contextmanager
def dripping() -> Iterator[tuple[str, list[float]]]:
    """An address that answers a letter at a time, without end; when it was called."""
    calls, ending = list[float](), threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def one(line: socket.socket) -> None:
        calls.append(time.monotonic())
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            while not ending.wait(0.05):
                line.sendall(b"x")

    def every() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=every, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook", calls
    finally:
        ending.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def hook(name: str, url: str) -> Webhook:
    return Webhook(
        id=name, owner="local", name="mine", url=url, secret=hooks.new_secret(), event_types=["video.failed"],
        created=1.0, updated=1.0,
    )  # fmt: skip


def test_an_answer_a_letter_at_a_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "SLOWEST", 2.0)
    with dripping() as (url, calls):
        began = time.monotonic()
        with pytest.raises(hooks.UNSENT):
            asyncio.run(hooks.send(hook("we_1", url), "video.failed", "video_1", "evt_1", when=1.0, private=True))
        assert time.monotonic() - began < 20
        assert len(calls) == 1


def test_who_is_slow_keeps_nobody_else_waiting(
    store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event at a time goes to a webhook, and others' go out meanwhile."""
    monkeypatch.setattr(hooks, "SLOWEST", 60.0)
    with dripping() as (url, calls):
        store.add(hook("we_slow", url))
        store.add(hook("we_quick", listener.url))
        for _ in range(3):
            job, _ = store.submit(order())
            store.cancel(job)
        sender = Sender(store, private=True)
        sender.start()
        try:
            end = time.monotonic() + 30
            while len(listener.heard) < 3:
                assert time.monotonic() < end
                time.sleep(0.02)
            assert len(calls) <= 1
        finally:
            monkeypatch.setattr(hooks, "SLOWEST", 0.1)
    sender.stop()


def test_any_mishap_of_one_address_is_that_event_alone(
    store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(hook("we_odd", "https://例え.テスト/hook"))  # as it was kept before names were encoded
    store.add(hook("we_good", listener.url))
    monkeypatch.setattr(hooks, "address", lambda parts, private: "127.0.0.1")
    job, _ = store.submit(order())
    store.cancel(job)
    sender = Sender(store, private=True)
    while sender.once():
        pass
    assert len(listener.heard) == 1
    with store.read() as session:
        (waiting,) = session.scalars(select(Delivery))
    assert (waiting.webhook_id, waiting.tries) == ("we_odd", 1)


def test_a_test_says_what_came_back_and_is_counted(
    place: Place, tiny: Path, store: Store, listener: Listener, tmp_path: Path
) -> None:
    told = Settings(
        database=place.database, storage=place.storage, model=str(tiny), private_webhooks=True,
        keys=keyfile(tmp_path, requests_per_minute=2),
    )  # fmt: skip
    with TestClient(make(told), headers=who("one")) as http:
        made = {"name": "mine", "url": listener.url, "event_types": ["video.failed"]}
        name = http.post("/v1/webhook_endpoints", json=made).json()["id"]
        path, body = f"/v1/webhook_endpoints/{name}/test", {"event_type": "video.failed"}
        assert http.post(path, json=body).json()["success"] is True
        listener.status = 500
        answer = http.post(path, json=body).json()
        assert (answer["status_code"], answer["success"]) == (500, False)
        assert http.post(path, json=body).status_code == 429


def test_a_change_keeps_what_somebody_else_changed_a_moment_before(
    place: Place, tiny: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(Settings(database=place.database, storage=place.storage, model=str(tiny), private_webhooks=True))
    with TestClient(app) as http:
        made = {"name": "mine", "url": "http://127.0.0.1:1/", "event_types": ["video.failed"]}
        name, plain = http.post("/v1/webhook_endpoints", json=made).json()["id"], app.state.service.store.write

        def rotated() -> Session:
            with store.write() as session, session.begin():
                session.execute(update(Webhook).where(Webhook.id == name).values(secret="whsec_new"))
            written: Session = plain()
            return written

        monkeypatch.setattr(app.state.service.store, "write", rotated)
        assert http.post(f"/v1/webhook_endpoints/{name}", json={"name": "yours"}).json()["name"] == "yours"
        with store.read() as session:
            row = session.scalars(select(Webhook).where(Webhook.id == name)).one()
            assert (row.name, row.secret) == ("yours", "whsec_new")

        def removed() -> Session:
            with store.write() as session, session.begin():
                session.execute(delete(Webhook))
            written: Session = plain()
            return written

        monkeypatch.setattr(app.state.service.store, "write", removed)
        assert http.post(f"/v1/webhook_endpoints/{name}/rotate_secret").status_code == 404
        with store.read() as session:
            assert session.scalars(select(Webhook)).all() == []
