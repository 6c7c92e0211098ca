"""Processes that are killed at random moments, while jobs come and are painted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
def test_every_job_is_done_once_whatever_is_killed(tiny: Path) -> None:
    """As `benchmarks/storm.py` does it with more."""
    told = ["--model", str(tiny), "--jobs", "10", "--kills", "8", "--workers", "2", "--json"]
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "storm.py"), *told],
        capture_output=True, text=True, timeout=500, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    came = json.loads(done.stdout)
    assert came["status"] == {"completed": 10}
    assert came["completed_once"] == 10
    assert sum(came["killed"].values()) > 0
    assert came["files_left_over"] == 0
