"""What the detector may add to a report, and what it may not: the rest of verify is tested where files are made, tests/engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.media import Clip
from soramame.safety import verify as module
from soramame.safety.detector import Answer, Detection
from soramame.safety.identity import Identity, Trust
from soramame.safety.verify import Verdict, verify
from tests.safety.signed import flipped, made

CERTAIN = Detection(answer=Answer.LIKELY, probability=1.0, reason="certain.")


@pytest.fixture
def certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that takes everything for ours."""
    monkeypatch.setattr(module, "detect", lambda pieces: CERTAIN)


def bare(path: Path) -> Path:
    """A file without credentials or mark."""
    frames = np.random.default_rng(0).integers(0, 255, (9, 96, 128, 3), dtype=np.uint8)
    return Clip(frames=frames, fps=8).save(path)


@pytest.mark.usefixtures("certain")
def test_a_detector_makes_no_file_trusted(tmp_path: Path, me: Identity, stranger: Identity) -> None:
    path = bare(tmp_path / "a.mp4")
    assert verify(path, me.trust).verdict is Verdict.NOTHING
    assert verify(path, Trust()).verdict is Verdict.UNCHECKED
    assert verify(path, me.trust).likeness == CERTAIN
    foreign = made(tmp_path / "b.mp4", stranger)
    assert verify(foreign, me.trust).verdict is Verdict.STRANGER
    assert verify(flipped(foreign), me.trust).verdict is not Verdict.OURS


@pytest.mark.usefixtures("certain")
def test_a_detector_is_not_asked_where_a_trusted_signer_speaks(tmp_path: Path, me: Identity) -> None:
    report = verify(made(tmp_path / "a.mp4", me), me.trust)
    assert report.verdict in (Verdict.OURS, Verdict.SIGNED)
    assert report.likeness is None
    assert report.as_json()["detector"] is None


def test_what_cannot_be_read_cannot_be_judged(tmp_path: Path, me: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "detect", lambda pieces: list(pieces))
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + b"x" * 999)
    likeness = verify(path, me.trust).likeness
    assert likeness is not None
    assert likeness.answer is Answer.UNSURE
    assert "a.mp4" in likeness.reason


def test_a_report_as_json_says_what_the_detector_says(tmp_path: Path, me: Identity) -> None:
    report = verify(bare(tmp_path / "a.mp4"), me.trust)
    assert report.likeness is not None
    assert report.as_json()["detector"] == report.likeness.as_json()
    assert set(report.likeness.as_json()) == {"answer", "probability", "reason"}
