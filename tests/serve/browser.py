"""A Chromium, and a page of the studio in it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = os.environ.get("SORAMAME_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NEEDS_CHROMIUM = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="there is no Chromium here: install chromium, or name one in SORAMAME_CHROMIUM."
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the browser's pipes
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SOON = 40_000
"""Milliseconds that a browser on a busy machine may take."""
expect.set_options(timeout=SOON)


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it is open, nothing else in this thread may run an event loop."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class Studio:
    """A page of the studio that remembers what no page of it may do: errors, and requests to another host."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address, self.wrong = address, list[str]()
        self.context: BrowserContext = browser.new_context(**{"viewport": DESK, "locale": "en-US", **options})
        self.context.set_default_timeout(SOON)
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda one: self._host(one.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)

    def _host(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:")):
            self.wrong.append(f"another host: {url}")

    def _said(self, message: ConsoleMessage) -> None:
        if (
            message.type in ("error", "warning")
            and "status of" not in message.text
            and "ERR_CONNECTION" not in message.text
        ):
            self.wrong.append(message.text)

    def open(self, view: str) -> Page:
        self.page.goto(f"{self.address}/#/{view}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def leave(self) -> None:
        """So that the next view is loaded anew, as from a link."""
        self.page.goto("about:blank")


def until(page: Page, expression: str) -> None:
    """Wait until something is so. (Playwright's own wait_for_function needs eval, which the page's policy forbids.)"""
    last = time.monotonic() + SOON / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < last, expression
        page.wait_for_timeout(50)
