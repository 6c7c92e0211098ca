from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from soramame.cli import main

Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _ctrl_c_works() -> Iterator[None]:
    """What a terminal has: a shell that runs the tests in the background hands them down an ignored SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Exit status of the command line, in this process."""

    def command(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["soramame", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0)

    return command
