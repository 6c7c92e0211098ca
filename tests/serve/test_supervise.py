"""The processes of ``soramame serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from soramame.cli import cli
from soramame.errors import OptionError
from soramame.serve import supervise
from soramame.serve.store import Store
from soramame.serve.supervise import Workers
from tests.serve.processes import HOW, ended, free_port, running, waited

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


def test_a_worker_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LONGEST", 0.05)
    start, left = Workers._start, [OSError("no more processes")] * 2

    def failing(workers: Workers) -> subprocess.Popen[bytes]:
        if workers._ones and left:
            raise left.pop()
        return start(workers)

    monkeypatch.setattr(Workers, "_start", failing)
    with Workers(SLEEPS, 1) as workers:
        os.kill(workers.pids[0], signal.SIGKILL)
        waited(lambda: not left and workers.pids, 20)


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


@pytest.mark.timeout(600)
def test_the_command_makes_a_video_and_ends_when_it_is_asked_to(tiny: Path, tmp_path: Path) -> None:
    """That a server which is killed loses nothing: test_storm.py."""
    port, how = free_port(), ("--model", str(tiny), *HOW)
    http = httpx.Client(base_url=f"http://127.0.0.1:{port}")

    def there() -> bool:
        try:
            return http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    command = ["-m", "soramame.cli", "serve", "--folder", str(tmp_path), "--port", str(port), *how]
    with running(command, tmp_path / "said.txt") as server, http:
        waited(there, every=0.2)
        asked = {"prompt": "a dog", "size": "128x64", "seconds": 1, "steps": 1}
        video = http.post("/v1/videos", json=asked).json()["id"]
        waited(lambda: http.get(f"/v1/videos/{video}").json()["status"] == "completed", every=0.2)
        assert http.get(f"/v1/videos/{video}/content").content[4:8] == b"ftyp"
        store = Store(f"sqlite:///{tmp_path}/jobs.db")
        worker = int(store.workers()[0].id.split("-")[-2])
        store.close()
        assert ended(server) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
