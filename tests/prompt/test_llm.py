"""A language model behind an endpoint: what is sent, what is taken, and a sentence for whatever goes wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from soramame.errors import PromptError
from soramame.prompt.expand import Expansion
from soramame.prompt.llm import INSTRUCTION, LONGEST_BODY, ask

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def endpoint(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server on this machine; gives its address and the requests that it got."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def say(content: object) -> Answer:
    return send(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())


def test_the_description_is_the_answer() -> None:
    with endpoint(say("A brown dog runs across a sandy beach at dusk.")) as (url, got):
        expansion = ask("a dog runs", url=url, model="bean", key="sk-1")
    text = "A brown dog runs across a sandy beach at dusk."
    assert expansion == Expansion(text=text, added=(text,))
    (request,) = got
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["Authorization"] == "Bearer sk-1"
    assert request["headers"]["Content-Type"] == "application/json"
    assert request["body"] == {
        "model": "bean",
        "temperature": 0,
        "messages": [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": "a dog runs"}],
    }


def test_without_a_key_none_is_sent_and_a_slash_at_the_end_does_not_matter() -> None:
    with endpoint(say("a dog")) as (url, got):
        assert ask("a dog", url=url + "/", model="bean") == Expansion(text="a dog", added=())
    assert got[0]["path"] == "/v1/chat/completions"
    assert "Authorization" not in got[0]["headers"]


@pytest.mark.parametrize(
    "word", ["everything", "language", "50 words", "clothing", "place", "time", "weather", "camera", "style"]
)
def test_the_instruction_says(word: str) -> None:
    assert word in INSTRUCTION


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("  A dog\n\nruns. ", "A dog runs."),
        ('"A dog runs."', "A dog runs."),
        ("「犬が走る。」", "犬が走る。"),
        ("「こんにちは」と犬が言う", "「こんにちは」と犬が言う"),
        ("<think>a dog,\nsays the user</think>\nA dog runs.", "A dog runs."),
    ],
)
def test_the_description_is_one_paragraph_without_marks_round_it(content: str, text: str) -> None:
    with endpoint(say(content)) as (url, _):
        assert ask("a dog", url=url, model="bean").text == text


BAD: dict[str, tuple[Answer, str]] = {
    "an error": (send(b"{}", 500), "answered 500"),
    "no permission": (send(b"{}", 401), "answered 401"),
    "another address": (send(b"", 302, Location="http://example.org/"), "answered 302"),
    "no JSON": (send(b"<html>"), "not a chat completion"),
    "not UTF-8": (send(b"\xff\xfe\xfd"), "not a chat completion"),
    "other JSON": (send(b"[1]"), "not a chat completion"),
    "no choices": (send(b'{"choices": []}'), "not a chat completion"),
    "nested without end": (send(b"[" * 100_000), "not a chat completion"),
    "nothing at all": (send(b""), "not a chat completion"),
    "no text": (say(None), "without text"),
    "a list": (say(["a dog"]), "without text"),
    "empty text": (say(" \n"), "without text"),
    "only thoughts": (say("<think>hm</think>"), "without text"),
    "half of a letter": (say("a dog \ud800"), "without text"),
    "a novel": (say("a dog " * 500), "instead of a short description"),
    "without end": (send(b" " * (LONGEST_BODY + 1)), "answered without end"),
    "cut off": (send(b"{", 200, **{"Content-Length": "100"}), "not a chat completion"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_goes_wrong_is_one_sentence_with_the_way_out(case: str) -> None:
    answer, told = BAD[case]
    with endpoint(answer) as (url, got), pytest.raises(PromptError) as caught:
        ask("a dog", url=url, model="bean", key="sk-secret")
    message = str(caught.value)
    assert told in message
    assert message.startswith("the language model at 127.0.0.1:")
    assert message.endswith("use another endpoint, or --expand off.")
    assert "secret" not in message
    assert "\n" not in message
    assert len(got) == 1, "it is asked once"


def test_nobody_there() -> None:
    with endpoint(say("a dog")) as (url, _):
        pass
    with pytest.raises(PromptError, match=r"cannot be reached \(Connection refused\); use .* --expand off"):
        ask("a dog", url=url, model="bean")


@pytest.mark.parametrize("pause", ["before", "between"])
def test_an_answer_that_does_not_come_in_time(pause: str) -> None:
    done = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        if pause == "before":
            done.wait(10)
            return
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.02):  # each piece in time, but never the end
            handler.wfile.write(b" ")
            handler.wfile.flush()

    began = time.monotonic()
    with endpoint(slow) as (url, _):
        try:
            with pytest.raises(PromptError, match=r"cannot be reached \(timed out\)"):
                ask("a dog", url=url, model="bean", timeout=0.3)
        finally:
            done.set()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "localhost:8000/v1", "", "http://", "ftp://localhost", "http://a b/v1"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(PromptError, match="has to be like http://localhost"):
        ask("a dog", url=url, model="bean")


@pytest.mark.parametrize("url", ["http://me:secret@localhost/v1", "http://me:secret@[::1/v1"])
def test_a_password_in_an_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(PromptError, match="without a name before @") as caught:
        ask("a dog", url=url, model="bean")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://[::1/v1", "http://localhost:port/v1", "http://localhost:99999/v1", "http://.../v1"]
)
def test_an_address_that_leads_nowhere_is_told(url: str) -> None:
    with pytest.raises(PromptError, match="cannot be reached"):
        ask("a dog", url=url, model="bean")


def test_a_key_that_is_none_is_told_and_not_shown() -> None:
    with pytest.raises(PromptError, match="key has blanks") as caught:
        ask("a dog", url="http://localhost/v1", model="bean", key="sk-\nsecret")
    assert "secret" not in str(caught.value)


def test_another_opener_may_be_given() -> None:
    class Response:
        def __init__(self) -> None:
            self.pieces = [b'{"choices": [{"message": ', b'{"content": "a cat"}}]}', b""]

        def __enter__(self) -> Response:
            return self

        def __exit__(self, *told: object) -> None:
            pass

        def read1(self, size: int) -> bytes:
            return self.pieces.pop(0)

    asked = []

    def opener(request: Any, *, timeout: float) -> Response:
        asked.append((request.full_url, timeout))
        return Response()

    assert ask("cat", url="https://a.example/v1", model="bean", timeout=7, opener=opener).text == "a cat"
    assert asked == [("https://a.example/v1/chat/completions", 7)]
