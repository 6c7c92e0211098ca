from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soramame.cli import main
from soramame.engine import Soramame
from soramame.media import Clip


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit status of the command line, in this process."""
    monkeypatch.setattr(sys, "argv", ["soramame", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_generate_writes_a_clip_that_can_be_repeated(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ("--model", str(tiny), "--device", "cpu")
    one, two, noise = (tmp_path / name for name in ("one.mp4", "two.mp4", "noise.mp4"))
    assert (
        run(monkeypatch, "generate", "a dog", "-o", str(one), "--seed", "4", "--show-denoising", str(noise), *model)
        == 0
    )
    assert run(monkeypatch, "generate", "--like", str(one), "-o", str(two), "--json", *model) == 0
    assert one.read_bytes() == two.read_bytes()
    assert len(Clip.load(noise).frames) > len(Clip.load(one).frames)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["seed"] == 4
    assert told["prompt"] == "a dog"


def test_generate_from_a_picture(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.fromarray(np.full((80, 200, 3), 120, np.uint8)).save(tmp_path / "a.png")
    arguments = ("--image", str(tmp_path / "a.png"), "-o", str(tmp_path / "a.gif"), "--model", str(tiny))
    assert run(monkeypatch, "generate", "it moves", *arguments) == 0
    assert Clip.load(tmp_path / "a.gif").frames.shape == (9, 64, 128, 3)


BAD: list[tuple[tuple[str, ...], int]] = [
    (("generate", ""), 2),
    (("generate",), 2),
    (("generate", "x" * 40_000), 2),
    (("generate", "x", "--size", "0x0"), 2),
    (("generate", "x", "--size", "10000x64"), 2),
    (("generate", "x", "--size", "100x100"), 2),
    (("generate", "x", "--size", "large"), 2),
    (("generate", "x", "--seconds", "0"), 2),
    (("generate", "x", "--seconds", "-1"), 2),
    (("generate", "x", "--seconds", "61"), 2),
    (("generate", "x", "--seconds", "nan"), 2),
    (("generate", "x", "--frobnicate"), 2),
    (("generate", "x", "--model", "nope"), 4),
    (("generate", "x", "--image", "missing.png"), 3),
    (("generate", "x", "--like", "missing.mp4"), 3),
    (("generate", "x", "-o", "no/such/folder/a.mp4"), 5),
    (("generate", "x", "-o", "a.avi"), 5),
    (("generate", "x", "--device", "abacus"), 2),
]


@pytest.mark.parametrize(("arguments", "status"), BAD, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_sentence_and_leaves_nothing(
    arguments: tuple[str, ...],
    status: int,
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    model = () if "--model" in arguments else ("--model", str(tiny))
    assert run(monkeypatch, *arguments, *model) == status
    message = capsys.readouterr().err.strip()
    assert message.startswith("soramame: ")
    assert "\n" not in message
    assert "Traceback" not in message
    assert list(tmp_path.iterdir()) == []


def test_altered_weights_are_refused(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in tiny.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "dit.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    assert run(monkeypatch, "generate", "x", "--model", str(tmp_path), "-o", str(tmp_path / "a.mp4")) == 4


def test_interrupted_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    arguments = ("generate", "x", "--model", str(tiny), "--steps", "1000", "-o", str(tmp_path / "a.mp4"))
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "soramame.cli", *arguments], stderr=subprocess.PIPE, env=environment
    )
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.decode().strip().endswith("nothing was written.")
    assert "Traceback" not in told.decode()
    assert list(tmp_path.iterdir()) == []


def test_help_loads_no_torch() -> None:
    code = "import sys, soramame, soramame.cli; sys.exit('torch' in sys.modules or 'av' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_doctor_gives_reasons(
    tiny: Path, sora: Soramame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "doctor", "--json", "--model", str(tiny)) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"] == f"tiny {sora.card.sha256[:12]}"
    assert any("measured" in reason for reason in report["reasons"]) or report["device"] != "cpu"
