from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soramame.engine import Soramame

Run = Callable[..., int]


def test_doctor_gives_reasons(run: Run, tiny: Path, sora: Soramame, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", "--json", "--model", str(tiny), "--device", "cpu") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"] == f"tiny {sora.card.sha256[:12]}"
    assert report["gflops"] > 0
    assert any("measured" in reason for reason in report["reasons"])
    assert report["writes"] == [".mp4 (libx264)", ".webm (libvpx-vp9)"]


def test_doctor_reports_a_missing_model_and_goes_on(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", "--model", "nope", "--device", "cpu", "--dtype", "float32") == 0
    assert "none: there is no model 'nope'" in capsys.readouterr().out


def test_models_shows_a_card(run: Run, tiny: Path, sora: Soramame, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "--model", str(tiny)) == 0
    assert "random weights" in capsys.readouterr().out
    assert run("models", "--model", str(tiny), "--json") == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == sora.card.sha256


def test_models_that_are_not_there(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "--model", str(tmp_path)) == 4
    assert capsys.readouterr().err.startswith("soramame: there is no model ")
