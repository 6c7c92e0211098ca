"""The processes of ``soramame serve``."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from soramame.cli import cli
from soramame.errors import OptionError
from soramame.serve import supervise
from soramame.serve.supervise import Workers
from tests.serve.processes import HOW, Process, ended, free_port, running, waited

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_worker_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "SHORTEST", 0.05)
    with Workers(SLEEPS, 2) as workers:
        first = workers.pids
        os.kill(first[0], signal.SIGKILL)
        waited(lambda: len(workers.pids) == 2 and set(workers.pids) != set(first))
        assert first[1] in workers.pids
        left = workers.pids
    for pid in left:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_one_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "PATIENCE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(600)"
    with Workers([sys.executable, "-c", deaf], 1) as workers:
        pid = workers.pids[0]
        time.sleep(1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_who_is_not_on_this_machine_needs_a_key(tmp_path: Path) -> None:
    told = CliRunner().invoke(cli, ["serve", "--folder", str(tmp_path / "f"), "--host", "0.0.0.0"])
    assert isinstance(told.exception, OptionError)
    assert "--api-keys" in str(told.exception)
    assert not (tmp_path / "f").exists()


@contextmanager
def serve(folder: Path, port: int, *more: str) -> Iterator[Process]:
    command = ["-m", "soramame.cli", "serve", "--folder", str(folder), "--port", str(port), *more]
    with running(command, folder / "said.txt") as process:
        yield process


@pytest.mark.timeout(600)
def test_the_command_makes_a_video_and_a_restart_loses_nothing(tiny: Path, tmp_path: Path) -> None:
    port, how = free_port(), ("--model", str(tiny), *HOW)
    url = f"http://127.0.0.1:{port}"

    def there() -> bool:
        try:
            return httpx.get(f"{url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    asked = {"prompt": "a dog", "size": "128x64", "seconds": 1, "steps": 1}
    with serve(tmp_path, port, "--workers", "0", *how) as first:
        waited(there)
        video = httpx.post(f"{url}/v1/videos", json=asked).json()["id"]
        assert ended(first, signal.SIGKILL) == -signal.SIGKILL
    with serve(tmp_path, port, *how) as second:
        waited(there)
        waited(lambda: httpx.get(f"{url}/v1/videos/{video}").json()["status"] == "completed")
        assert httpx.get(f"{url}/v1/videos/{video}/content").content[4:8] == b"ftyp"
        assert ended(second) == 0
