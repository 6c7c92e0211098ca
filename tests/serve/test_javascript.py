"""The official JavaScript client, unmodified, against a server that has just been started: ``js/client.mjs`` says what has to hold."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soramame.serve.run import Place
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.engine.clips import moving
from tests.serve.served import painting, serving

JS = Path(__file__).parent / "js"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "soramame-tests"
UNREACHED = ("ENOTFOUND", "ECONN", "EAI_AGAIN", "TIMEDOUT", "SOCKET_TIMEOUT", "FETCH_ERROR")
"""What npm says of a network that is not there."""
SCENARIOS = ("creates", "downloads", "changes", "lists", "characters", "beside", "webhooks")


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder of installed packages, as the lock file names them; it is kept for the next time."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the JavaScript client needs node and npm")
    lock = (JS / "package-lock.json").read_bytes()
    kept = CACHE / f"js-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not kept.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            fresh = Path(name) / "fresh"
            fresh.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copy(JS / file, fresh)
            told = [
                "npm",
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=1",
                "--fetch-timeout=20000",
            ]
            done = subprocess.run(told, cwd=fresh, capture_output=True, text=True, timeout=100)
            if done.returncode and any(word in done.stderr for word in UNREACHED):
                pytest.skip("npm does not reach its registry to install the JavaScript client")
            assert done.returncode == 0, done.stderr
            try:
                fresh.rename(kept)
            except OSError:  # somebody else was quicker
                assert kept.is_dir()
    return kept / "node_modules"


@pytest.fixture
def folder(modules: Path, tmp_path: Path) -> Path:
    """The program beside its packages, and what it sends."""
    (tmp_path / "node_modules").symlink_to(modules)
    shutil.copy(JS / "client.mjs", tmp_path)
    moving(9).save(tmp_path / "made.mp4")
    Image.fromarray(np.full((64, 128, 3), 90, np.uint8)).save(tmp_path / "picture.png")
    return tmp_path


@pytest.fixture
def told(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny), private_webhooks=True)


@pytest.fixture
def worker(painter: Painter) -> Iterator[None]:
    with painting(painter):
        yield


def holds(folder: Path, name: str, told: Settings, key: str = "none") -> None:
    with serving(told) as server:
        command = ["node", "client.mjs", name, server.base, key]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{name} holds\n"


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_holds(folder: Path, told: Settings, worker: None, name: str) -> None:
    holds(folder, name, told)


def test_refusals_are_the_clients_own_errors(folder: Path, told: Settings) -> None:
    keys = folder / "keys.toml"
    secret = hashlib.sha256(b"mine").hexdigest()
    keys.write_text(f'[[key]]\nname = "a"\nsha256 = "{secret}"\nrequests_per_minute = 2\n', encoding="utf-8")
    holds(folder, "refusals", replace(told, keys=keys), "mine")
