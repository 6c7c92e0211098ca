"""The processes of ``soramame serve``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from soramame.serve import supervise
from soramame.serve.supervise import Workers

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def waited(what: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def started(folder: Path, port: int, *more: str) -> subprocess.Popen[str]:
    told = ["serve", "--folder", str(folder), "--port", str(port), *more]
    return subprocess.Popen([sys.executable, "-m", "soramame.cli", *told], stderr=subprocess.PIPE, text=True)


def test_who_is_not_on_this_machine_needs_a_key(tmp_path: Path) -> None:
    with started(tmp_path, free_port(), "--host", "0.0.0.0") as server:
        _, said = server.communicate(timeout=110)
    assert server.returncode == 2
    assert "--api-keys" in said


@pytest.mark.timeout(600)
def test_the_command_makes_a_video_and_a_restart_loses_nothing(tiny: Path, tmp_path: Path) -> None:
    port, how = free_port(), ("--model", str(tiny), "--device", "cpu", "--dtype", "float32", "--threads", "1")
    url = f"http://127.0.0.1:{port}"

    def there() -> bool:
        try:
            return httpx.get(f"{url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    asked = {"prompt": "a dog", "size": "128x64", "seconds": 1, "steps": 1}
    with started(tmp_path, port, "--workers", "0", *how) as first:
        waited(there, 250)
        video = httpx.post(f"{url}/v1/videos", json=asked).json()["id"]
        first.send_signal(signal.SIGKILL)
        first.communicate()
    with started(tmp_path, port, *how) as second:
        waited(there, 250)
        waited(lambda: httpx.get(f"{url}/v1/videos/{video}").json()["status"] == "completed", 250)
        assert httpx.get(f"{url}/v1/videos/{video}/content").content[4:8] == b"ftyp"
        second.terminate()
        second.communicate(timeout=60)
    assert second.returncode == 0
