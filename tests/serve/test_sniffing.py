from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soramame.errors import MediaError
from soramame.serve import sniffing
from soramame.serve.sniffing import BusyError, Sniffer
from tests.engine.clips import moving


@pytest.fixture
def sniffer() -> Iterator[Sniffer]:
    sniffer = Sniffer()
    yield sniffer
    sniffer.stop()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "one.upload"
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(path, "PNG")
    return path


def pid(sniffer: Sniffer) -> int:
    assert sniffer._process is not None
    return sniffer._process.pid


def test_a_suffix_is_what_a_file_holds(sniffer: Sniffer, picture: Path, tmp_path: Path) -> None:
    clip = moving(9).save(tmp_path / "c.mp4").rename(tmp_path / "two.upload")
    assert [sniffer.suffix(picture), sniffer.suffix(clip)] == [".png", ".mp4"]
    for kind in ("JPEG", "GIF", "WEBP"):
        Image.open(picture).convert("RGB").save(tmp_path / "three.upload", kind)
        assert sniffer.suffix(tmp_path / "three.upload") == f".{kind.lower()}".replace("jpeg", "jpg")


def test_what_is_none_is_said_and_costs_no_process(sniffer: Sniffer, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "none.upload").write_text("words")
    sniffer.suffix(picture)
    before = pid(sniffer)
    with pytest.raises(MediaError, match="not a video or picture"):
        sniffer.suffix(tmp_path / "none.upload")
    with pytest.raises(MediaError):
        sniffer.suffix(tmp_path / "gone.upload")
    assert (sniffer.suffix(picture), pid(sniffer)) == (".png", before)


def test_one_that_was_killed_is_started_again(sniffer: Sniffer, picture: Path) -> None:
    sniffer.suffix(picture)
    before = pid(sniffer)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert sniffer.suffix(picture) == ".png"
    assert pid(sniffer) != before


def test_a_file_over_which_it_hangs_is_given_up(
    sniffer: Sniffer, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Sniffer._started

    def hanging(self: Sniffer) -> subprocess.Popen[bytes]:
        process = started(self)
        os.kill(process.pid, signal.SIGSTOP)
        return process

    sniffer.suffix(picture)
    os.kill(pid(sniffer), signal.SIGSTOP)
    monkeypatch.setattr(sniffing, "SLOWEST", 0.1)
    monkeypatch.setattr(Sniffer, "_started", hanging)
    with pytest.raises(MediaError, match="its decoder gave up"):  # by the next process too
        sniffer.suffix(picture)
    monkeypatch.undo()
    assert sniffer.suffix(picture) == ".png"


def test_one_that_cannot_start_is_no_fault_of_the_file(
    sniffer: Sniffer, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(BusyError, match="try again") as told:
        sniffer.suffix(picture)
    assert told.value.http_status == 503
    monkeypatch.undo()
    assert sniffer.suffix(picture) == ".png"
