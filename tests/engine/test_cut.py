"""A cut keeps frames, sound and provenance of its source, and paints nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.engine import Soramame
from soramame.engine.cut import cut
from soramame.errors import DurationError, RefusedError
from soramame.media import Audio, Clip
from soramame.safety.policy import Policy
from soramame.safety.verify import Verdict, verify
from tests.engine.clips import moving


def test_the_frames_between_two_times_come_as_they_are(sora: Soramame) -> None:
    clip = moving(16, fps=8)
    made = sora.show(cut(sora, clip, start=0.5, end=1.25))
    assert np.array_equal(made.frames, clip.frames[4:10])
    assert (made.fps, made.seconds) == (8, 0.75)
    told = {name: made.metadata[name] for name in ("task", "start", "seconds", "prompt")}
    assert told == {"task": "cut", "start": 0.5, "seconds": 0.75, "prompt": "a dog"}


def test_size_and_rate_are_the_clips_own(sora: Soramame) -> None:
    clip = moving(30, size=(100, 70), fps=29.97)
    made = sora.show(cut(sora, clip, start=0.1))
    assert (made.frames.shape, made.fps) == ((27, 70, 100, 3), 29.97)


@pytest.mark.parametrize(("start", "end", "frames"), [(0, 0.01, 1), (1.99, 9, 1), (0, None, 16), (0.06, 0.19, 2)])
def test_there_is_always_a_frame_and_never_more_than_there_are(
    sora: Soramame, start: float, end: float | None, frames: int
) -> None:
    assert len(sora.show(cut(sora, moving(16), start=start, end=end)).frames) == frames


@pytest.mark.parametrize(("start", "end"), [(1, 1), (1, 0.5), (-1, 1), (2, None), (5, 9), (float("nan"), 1)])
def test_a_cut_of_nothing_is_told(sora: Soramame, start: float, end: float | None) -> None:
    with pytest.raises(DurationError, match="before its end"):
        cut(sora, moving(16), start=start, end=end)


def test_sound_is_cut_with_the_picture(sora: Soramame) -> None:
    samples = np.arange(16_000, dtype=np.int16)[:, None]
    clip = Clip(frames=moving(16).frames, fps=8, audio=Audio(samples=samples, rate=8000))
    made = sora.show(cut(sora, clip, start=0.5, end=1.0))
    assert made.audio is not None
    assert np.array_equal(made.audio.samples, samples[4000:8000])


def test_words_of_the_source_are_read_before_they_are_signed(sora: Soramame) -> None:
    clip = Clip(frames=moving(9).frames, fps=8, metadata={"prompt": "a naked child"})
    with pytest.raises(RefusedError):
        cut(sora, clip, end=0.5)


def test_a_cut_is_marked_anew_and_signed_as_a_part_of_its_source(tiny: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[switches]\nframes = false\n")
    sora = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=Policy.load(policy))
    whole = sora.generate("a dog", seconds=2, seed=1).save(tmp_path / "whole.mp4")
    part = sora.write(cut(sora, Clip.load(whole), start=0.5, end=1.5), tmp_path / "part.mp4").path
    report = verify(part)
    assert report.verdict is Verdict.OURS
    assert [action.name for action in report.credentials.actions][:2] == ["c2pa.opened", "c2pa.trimmed"]
    assert [one.title for one in report.credentials.ingredients] == ["whole.mp4"]
    assert report.credentials.watermark != verify(whole).credentials.watermark
