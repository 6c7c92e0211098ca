"""Pages for people: the studio, as files. The same page at ``/`` and at ``/studio/``, everything that it loads under ``/studio/``."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response
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
    for path in ("/", "/studio/"):
        app.add_api_route(path, _page, methods=["GET", "HEAD"], include_in_schema=False)
    app.mount("/studio", _Files(directory=STUDIO), name="studio")


def _page() -> Response:
    return FileResponse(STUDIO / "index.html", headers=HEADERS)


class _Files(StaticFiles):
    """With the page's headers on every file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers.update(HEADERS)
        return answer
