"""Processes that are killed at random moments, while jobs come and are painted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.storm import Plan, good, storm


@pytest.mark.timeout(600)
def test_every_job_is_done_once_whatever_is_killed(tiny: Path, tmp_path: Path) -> None:
    """As `benchmarks/storm.py` does it with more."""
    asked = {"size": "128x64", "seconds": 0.5, "steps": 2}
    came = storm(Plan(folder=tmp_path, model=str(tiny), jobs=10, kills=8, workers=2, asked=asked))
    assert good(came, 10), came
    assert sum(came["killed"].values()) > 0
    assert came["files_left_over"] == 0
