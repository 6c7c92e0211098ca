"""What happens to every request: a name, a limit on its size, a line in the log, and figures."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soramame.serve.errors_http import SENTENCES, Refusal, answer
from soramame.serve.keys import Key
from soramame.serve.service import Service

log = logging.getLogger("soramame.access")
SLOWEST = 60.0
"""Seconds in which the next piece of a body has to come."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
"""Those that are counted by name. Any word may come as a method, and each that is counted is kept for ever."""


class Figures:
    """What Prometheus may ask for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "soramame_requests", "Requests by route and status.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "soramame_request_seconds", "Until the answer began.", ["method", "route"], registry=self.registry
        )


class Edge:
    """Around the app and the answer to its mistakes. ``most``: bytes of a body; one that says that it is larger is refused before it
    is read. ``hosts``: names that the server is called by; empty for any.
    """

    def __init__(self, app: ASGIApp, *, most: int, figures: Figures, hosts: Collection[str] = ()) -> None:
        self.app, self.most, self.figures, self.hosts = app, most, figures, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name, began, status, first = f"req_{secrets.token_hex(12)}", time.perf_counter(), 500, 0.0
        scope["request_id"] = name

        async def sending(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
                headers = [pair for pair in message.get("headers", []) if pair[0] != b"x-request-id"]
                message = {**message, "headers": [*headers, (b"x-request-id", name.encode())]}
            await send(message)

        try:
            refusal = self._refused(scope)
            if refusal is not None:
                await answer(refusal)(scope, receive, sending)
            else:
                await self.app(scope, self._counted(receive), sending)
        finally:
            self._note(scope, name, status, first, time.perf_counter() - began)
            if "form" in scope:  # the files that came with it are let go
                await scope["form"].close()

    def _refused(self, scope: Scope) -> Refusal | None:
        said = Headers(scope=scope).get("content-length", "0")
        if not (said.isascii() and said.isdigit() and len(said) < 20) or int(said) > self.most:
            return self._too_large()
        if "\0" in scope["path"]:  # no database holds one: there is nothing by such a name
            return Refusal(404, SENTENCES[404])
        if b"%00" in scope["query_string"]:
            return Refusal(400, "there is a zero in the query, which is no letter.", code="invalid_value")
        return None if scope["path"] == "/healthz" else self._stranger(scope)

    def _stranger(self, scope: Scope) -> Refusal | None:
        """Where no key is needed, the pages of other sites must not be able to use the browser of whoever may call."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        try:  # as it was sent: Starlette's URL takes the address that is listened on where it does not like the name
            name, site = urlsplit(f"//{host}").hostname or "", None if origin is None else urlsplit(origin).netloc
        except ValueError:
            name, site = "", ""
        if self.hosts and name not in self.hosts:
            return Refusal(403, "this server is not known by that name.", code="wrong_host")
        if self.hosts and origin is not None and site != host:
            return Refusal(403, "pages of other sites may not use this server.", code="wrong_origin")
        return None

    def _counted(self, receive: Receive) -> Receive:
        came, more = 0, True

        async def counting() -> Message:
            nonlocal came, more
            try:
                message = await (asyncio.wait_for(receive(), SLOWEST) if more else receive())
            except TimeoutError as error:
                raise Refusal(408, "the rest of the request did not come.", code="request_timeout") from error
            came, more = came + len(message.get("body", b"")), bool(message.get("more_body", False))
            if came > self.most:
                raise self._too_large()
            return message

        return counting

    def _too_large(self) -> Refusal:
        return Refusal(413, f"a request has at most {self.most >> 20} MiB here; send a smaller file.")

    def _note(self, scope: Scope, name: str, status: int, first: float, whole: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.figures.requests.labels(method, route, status).inc()
        self.figures.seconds.labels(method, route).observe(first)
        line = {
            "id": name,
            "method": scope["method"][:20],
            "path": scope["path"][:200],
            "status": status,
            "ms": round(1000 * whole, 1),
            "owner": scope.get("owner"),
        }
        log.info(json.dumps(line, ensure_ascii=True))


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who calls, and what with."""

    key: Key
    service: Service
    request: Request

    @property
    def idempotency(self) -> str | None:
        """The key that makes a request the same when it comes again."""
        told = self.request.headers.get("idempotency-key")
        if told is not None and not 0 < len(told) <= 200:
            raise Refusal(400, "an Idempotency-Key has 1 to 200 letters.", code="invalid_value")
        return told


async def call(request: Request) -> Call:
    """The caller; 401 if nobody is known by that key."""
    service: Service = request.app.state.service
    key = service.keys.caller(request.headers.get("authorization"))
    request.scope["owner"] = key.name
    return Call(key=key, service=service, request=request)


Caller = Depends(call)


def body(kind: Any, *, required: bool = True) -> dict[str, Any]:
    """What a route says of its body; `document.py` tells from it how that may come, as JSON and as a form."""
    schema = {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}
