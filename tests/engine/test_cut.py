"""A cut keeps frames, sound and provenance of its source, and paints nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.engine import Soramame
from soramame.engine.cut import cut
from soramame.errors import DurationError, RefusedError
from soramame.media import Audio, Clip
from soramame.safety.manifest import COMPOSITE, PAINTED, short
from soramame.safety.policy import Policy
from soramame.safety.verify import SENTENCES, Report, Verdict, verify
from tests.engine.clips import moving


def test_the_frames_between_two_times_come_as_they_are(sora: Soramame) -> None:
    clip = moving(16, fps=8)
    made = sora.cut(clip, start=0.5, end=1.25)
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


@pytest.fixture
def guarded(tiny: Path, tmp_path: Path) -> Soramame:
    """One that marks and signs."""
    policy = tmp_path / "policy.toml"
    policy.write_text("[switches]\nframes = false\n")
    return Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=Policy.load(policy))


def trimmed(sora: Soramame, source: Path) -> tuple[Path, Report]:
    """A cut of a file, and what is said of it."""
    made = sora.write(cut(sora, Clip.load(source), start=0.25, end=1.5), source.with_stem(f"part-{source.stem}")).path
    return made, verify(made)


def kinds(report: Report) -> set[str]:
    """What it says that its frames are."""
    return {action.source_type for action in report.credentials.actions} - {""}


def test_a_cut_is_marked_anew_and_signed_as_a_part_of_its_source(guarded: Soramame, tmp_path: Path) -> None:
    sora = guarded
    whole = sora.generate("a dog", seconds=2, seed=1).save(tmp_path / "whole.mp4")
    part = sora.write(cut(sora, Clip.load(whole), start=0.5, end=1.5), tmp_path / "part.mp4").path
    report = verify(part)
    assert report.verdict is Verdict.OURS
    assert [action.name for action in report.credentials.actions][:2] == ["c2pa.opened", "c2pa.trimmed"]
    assert [one.title for one in report.credentials.ingredients] == ["whole.mp4"]
    assert report.credentials.watermark != verify(whole).credentials.watermark


def test_a_cut_of_what_was_painted_says_so(guarded: Soramame, tmp_path: Path) -> None:
    """With the credentials of its source, without them, of another size, and of a cut of all these."""
    clip = guarded.generate("a dog", seconds=2, seed=1, size="256x160")
    signed = clip.save(tmp_path / "signed.mp4")
    stripped = Clip(frames=clip.frames, fps=clip.fps).save(tmp_path / "stripped.mp4")
    cropped = Clip(frames=clip.frames[:, 16:144, 30:222], fps=clip.fps).save(tmp_path / "cropped.mp4")
    said = {}
    for source in (signed, stripped, cropped):
        part, report = trimmed(guarded, source)
        again = trimmed(guarded, part)[1]
        said[source.stem] = kinds(report)
        assert kinds(again) == kinds(report)
        assert report.reason == SENTENCES[Verdict.OURS]
    composite = {short(COMPOSITE)}
    assert said == {"signed": {short(PAINTED)}, "stripped": composite, "cropped": composite}


def test_a_cut_of_other_footage_is_not_said_to_be_painted_or_made_here(guarded: Soramame, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    still = rng.integers(60, 200, (16, 26, 3)).repeat(10, 0).repeat(10, 1)
    frames = np.stack([np.roll(still, n, axis=1)[:, :256] for n in range(16)]).astype(np.uint8)
    part, report = trimmed(guarded, Clip(frames=frames, fps=8).save(tmp_path / "camera.mp4"))
    assert (report.verdict, kinds(report)) == (Verdict.OURS, set())
    assert "cut it out of another file" in report.reason
    again = trimmed(guarded, part)[1]
    assert (again.verdict, kinds(again), again.reason) == (Verdict.OURS, set(), report.reason)
    bare = Clip(frames=Clip.load(part).frames, fps=8).save(tmp_path / "bare.mp4")
    assert kinds(trimmed(guarded, bare)[1]) == {short(COMPOSITE)}  # that it was a cut cannot be told any more


def test_a_clip_cut_in_memory_is_what_it_was(guarded: Soramame, tmp_path: Path) -> None:
    clip = guarded.generate("a dog", seconds=1, seed=1)
    part = guarded.write(cut(guarded, clip, end=0.5), tmp_path / "part.mp4").path
    assert kinds(verify(part)) == {short(PAINTED)}
