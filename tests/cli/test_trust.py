from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soramame.engine import Soramame
from soramame.media import Clip
from soramame.safety.credentials import State
from soramame.safety.identity import Identity, Trust
from soramame.safety.provenance import read
from tests.engine.clips import moving

Run = Callable[..., int]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh installation under the default policy."""
    monkeypatch.setenv("SORAMAME_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SORAMAME_POLICY")
    return tmp_path / "home"


@pytest.fixture
def made(run: Run, home: Path, tiny: Path, tmp_path: Path) -> Path:
    """A clip that the command line has made."""
    path = tmp_path / "a.mp4"
    options = ("--model", str(tiny), "--size", "256x160", "--steps", "1", "-o", str(path))
    assert run("generate", "a dog", *options) == 0
    return path


def test_a_new_identity_is_told_once(
    run: Run, home: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--model", str(tiny), "--steps", "1", "-o", str(tmp_path / "a.mp4"))
    for told in (True, False):
        assert run("generate", "a dog", *options) == 0
        assert ("made a signing identity" in capsys.readouterr().err) is told


def test_what_is_made_by_default_verifies(run: Run, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("verify", str(made)) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{made}: made here, unchanged. ")
    assert "prompt 'a dog'" in told


def test_verify_tells_everything_as_json(run: Run, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("verify", str(made), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "made here, unchanged"
    assert report["watermark"][0]["payload"] == report["credentials"]["watermark"]


def test_a_strangers_file_is_not_vouched_for(
    run: Run, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = moving(9).save(tmp_path / "a.mp4")
    assert run("verify", str(path)) == 10
    assert "no watermark key" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", b"hello", b"\0\0\0\x18ftypmp42" + b"x" * 999, b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_verify_never_vouches_for_what_it_cannot_read(
    run: Run, home: Path, tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    Identity.ensure()
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    assert run("verify", str(path)) in (3, 10)
    told = "".join(capsys.readouterr())
    assert "unchanged" not in told
    assert "Traceback" not in told


def test_a_refused_prompt_says_what_would_be_fine(
    run: Run, home: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("generate", "two people having sex", "--model", str(tiny), "-o", str(tmp_path / "a.mp4")) == 8
    assert "would be fine" in capsys.readouterr().err
    assert not (tmp_path / "a.mp4").exists()


def test_a_policy_may_say_that_nothing_is_signed(
    run: Run, home: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, path = tmp_path / "policy.toml", tmp_path / "a.mp4"
    policy.write_text("[switches]\ncredentials = false\nwatermark = false\n")
    options = ("--model", str(tiny), "--steps", "1", "-o", str(path))
    assert run("generate", "a dog", *options, "--policy", str(policy)) == 0
    assert read(path, Trust()).state is State.NONE
    policy.write_text("[switches]\nwatermarks = false\n")
    assert run("generate", "a dog", *options, "--policy", str(policy)) == 2
    assert "unknown key switches.watermarks" in capsys.readouterr().err


def test_an_identity_is_made_shown_and_rotated(
    run: Run, home: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("trust", "init") == 9
    assert "already" in capsys.readouterr().err
    assert run("trust", "rotate") == 0
    assert run("trust", "show") == 0
    told = capsys.readouterr().out
    assert "known keys   2" in told
    assert "BEGIN CERTIFICATE" in told
    assert run("verify", str(made)) == 0, "older files are still known"


def test_somebody_elses_root_can_be_trusted(
    run: Run,
    home: Path,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = tmp_path / "root.pem"
    root.write_text(Identity.load().root_pem or "")
    monkeypatch.setenv("SORAMAME_HOME", str(tmp_path / "other"))
    assert run("verify", str(made)) == 10
    assert "who signed it is not known here" in capsys.readouterr().out
    assert run("trust", "add", str(root)) == 0
    assert run("verify", str(made)) == 0
    assert "signed by someone who is trusted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--key", "key.pem"), "needs its --certificate"),
        (("--certificate", "nowhere.pem", "--key", "key.pem"), "nowhere.pem cannot be read"),
        (("--certificate", "nowhere.pem"), "either a key file or a signing command"),
    ],
)
def test_what_cannot_sign_is_one_sentence(
    run: Run, home: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("trust", "init", *options) in (2, 9)
    assert told in capsys.readouterr().err


def test_the_video_of_the_denoising_is_marked_and_signed_too(
    run: Run, home: Path, tiny: Path, tmp_path: Path, sora: Soramame
) -> None:
    path, noise = tmp_path / "a.mp4", tmp_path / "noise.mp4"
    options = ("--model", str(tiny), "--size", "256x160", "--steps", "2", "-o", str(path))
    assert run("generate", "a dog", *options, "--show-denoising", str(noise)) == 0
    assert run("verify", str(noise), str(path)) == 0
    assert Clip.load(noise).frames.shape[2] > 256
