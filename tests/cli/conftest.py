from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from soramame.cli import main

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Exit status of the command line, in this process."""

    def command(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["soramame", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0)

    return command
