from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from soramame.engine import Soramame
from soramame.errors import ModelNotFoundError
from soramame.evaluate.prompts import PROMPTS
from soramame.evaluate.quick import motion, quick, velocity_errors
from soramame.media import Clip
from soramame.train.clips import ClipForm
from soramame.world.places import PLACES
from soramame.world.subjects import SUBJECTS

SMALL = ClipForm(width=64, height=64, num_frames=5)


def test_the_prompts_are_fixed_and_of_this_world() -> None:
    assert len(PROMPTS) == len({prompt.text for prompt in PROMPTS}) == 32
    assert {prompt.place for prompt in PROMPTS} == set(PLACES)
    assert {prompt.subject for prompt in PROMPTS} == {*SUBJECTS, ""}


def test_motion_is_the_mean_change_between_frames() -> None:
    frames = np.zeros((3, 2, 2, 3), np.uint8)
    frames[1] = 30
    assert motion(frames) == 30
    assert motion(frames[:1]) == 0


def test_velocity_errors_are_repeatable_and_of_each_level(sora: Soramame) -> None:
    errors = velocity_errors(sora, SMALL, 2)
    assert list(errors) == ["0.3", "0.6", "0.9"]
    assert all(error > 0 for error in errors.values())
    assert velocity_errors(sora, SMALL, 2) == errors


def test_a_report_and_a_sheet_are_written(tiny: Path, tmp_path: Path) -> None:
    said: list[str] = []
    report = quick(str(tiny), tmp_path / "new", steps=1, count=1, prompts=2, say=said.append)
    told = json.loads((tmp_path / "new" / "quick.json").read_text())
    assert told["vae_psnr"] == report.vae_psnr > 0
    assert told["velocity_error"] == report.velocity_error
    assert Clip.load(tmp_path / "new" / "quick.png").frames.shape[1:] == (64 + 22, 2 * 4 * 128 + 6, 3)
    assert PROMPTS[1].text in said[-1]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError):
        quick("nope", tmp_path)
