"""Pages for people: the studio, as files. The same page at ``/`` and at ``/studio/``, everything that it loads under ``/studio/``."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STUDIO = Path(__file__).with_name("studio")
CONTENT = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""What the page may load, and that no other page shows it."""
HEADERS = {
    "content-security-policy": CONTENT,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",  # asked again each time, and answered with 304: a new version is seen at once
}


def install(app: FastAPI) -> None:
    """Answer with the studio where the API does not."""
    page = _Page((STUDIO / "index.html").read_bytes())
    for path in ("/", "/studio/"):
        app.add_api_route(path, page.answer, methods=["GET", "HEAD"], include_in_schema=False)
    app.mount("/studio", _Files(directory=STUDIO), name="studio")


class _Page:
    """The page itself, which is there also when every thread waits for a database that is gone."""

    def __init__(self, data: bytes) -> None:
        self.data, self.tag = data, f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    async def answer(self, request: Request) -> Response:
        """The page, or 304 to who has it."""
        headers = {**HEADERS, "etag": self.tag}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        headers["content-length"] = str(len(self.data))
        return Response(b"" if request.method == "HEAD" else self.data, headers=headers, media_type="text/html")


class _Files(StaticFiles):
    """With the page's headers on every file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers.update(HEADERS)
        return answer
