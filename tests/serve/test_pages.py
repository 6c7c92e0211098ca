"""The studio as the real server gives it out, to people with and without a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from soramame.serve.app import make
from soramame.serve.pages import STUDIO
from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.serve.browser import NEEDS_CHROMIUM, SOON, Studio, chromium, until
from tests.serve.served import painting, serving
from tests.serve.test_http import keyfile

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")
MIMES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@pytest.fixture
def settings(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny))


@pytest.fixture
def http(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(make(replace(settings, keys=keyfile(tmp_path)))) as http:
        yield http


@pytest.mark.parametrize("path", ["/", "/studio/", "/studio"])
def test_the_page_is_there_without_a_key(http: TestClient, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text == (STUDIO / "index.html").read_text(encoding="utf-8")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    head = http.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(answer.content)))
    again = http.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_everything_that_the_page_loads_is_there(http: TestClient) -> None:
    files = [path for path in STUDIO.rglob("*") if path.is_file() and path.suffix in MIMES]
    assert len(files) > 25
    for path in files:
        answer = http.get(f"/studio/{path.relative_to(STUDIO)}")
        assert answer.status_code == 200, path
        assert answer.content == path.read_bytes()
        assert answer.headers["content-type"].startswith(MIMES[path.suffix]), path  # else a module is not run
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = http.get(f"/studio/{path.relative_to(STUDIO)}", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    for path in [one for one in files if one.suffix == ".js"]:
        for name in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", path.read_text(encoding="utf-8")):
            assert (path.parent / name).is_file(), (path, name)
    named = re.findall(r'(?:src|href)="(/studio/[^"]+)"', (STUDIO / "index.html").read_text(encoding="utf-8"))
    assert [http.get(name).status_code for name in named] == [200] * len(named)
    assert len(named) >= 6


@pytest.mark.parametrize(
    "path", ["nothing.js", "%2e%2e/app.py", "..%2fapp.py", "css/..%2f..%2fapp.py", "i18n", "%00", "/etc/passwd"]
)
def test_nothing_else_is(http: TestClient, path: str) -> None:
    answer = http.get(f"/studio/{path}")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found_error")


class TestInABrowser:
    """The real page, the real server, a real worker."""

    pytestmark = NEEDS_CHROMIUM

    @pytest.mark.timeout(600)
    def test_a_prompt_becomes_a_video(self, settings: Settings, painter: Painter) -> None:
        with serving(settings) as server, painting(painter), chromium() as browser:
            studio = Studio(browser, server.url)
            page = studio.open("create")
            page.get_by_label("Prompt", exact=True).fill("a dog in the snow")
            page.get_by_role("button", name="Make the video").click()
            expect(page.locator("#said")).to_have_text("The video is done.", timeout=6 * SOON)
            expect(page.locator(".frame video")).to_be_visible()
            until(page, "document.querySelector('.frame video').readyState >= 2")
            page.get_by_role("link", name="Go on in the editor").click()
            until(page, "document.querySelectorAll('.film canvas').length > 0")
            page = studio.open("gallery")
            expect(page.get_by_role("heading", name="Yours")).to_be_visible()
            expect(page.locator(".card", has_text="a dog in the snow").first).to_be_visible()
            studio.context.close()
            assert studio.wrong == []
