"""Taking marks off what comes back: however often a clip is made into another, one mark is in it, the last."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import Clip, psnr
from soramame.safety.code import Payload
from soramame.safety.watermark import Watermark
from soramame.safety.watermark_off import unmarked
from soramame.safety.watermark_read import read
from tests.safety.test_watermark import OTHER, OURS, PAYLOAD, THEIRS, Frames, coded, scene


def saved(frames: Frames, folder: Path) -> Frames:
    return Clip.load(Clip(frames=frames, fps=8).save(folder / "a.mp4")).frames


def says(frames: Frames, *keys: Watermark) -> set[Payload]:
    found = read([frames], keys or [OURS])
    return {found.payload, *found.also} if found else set()


def test_after_three_more_generations_the_last_mark_is_in_it_and_costs_no_more_than_one(tmp_path: Path) -> None:
    bare, made = scene(), OURS.mark(scene(), PAYLOAD)
    for number in range(3):
        bare, before = saved(bare, tmp_path), saved(made, tmp_path)
        made = OURS.mark(unmarked(before, [OURS]), Payload.of(1, f"job {number}"))
        assert says(coded(made, 23)) == {Payload.of(1, f"job {number}")}
        assert psnr(made, scene()) > psnr(bare, scene()) - 0.6  # the files themselves cost far more


def test_what_has_no_mark_of_ours_is_left_alone() -> None:
    for frames in (scene(4), THEIRS.mark(scene(4), PAYLOAD)):
        np.testing.assert_array_equal(unmarked(frames, [OURS]), frames)
        np.testing.assert_array_equal(unmarked(frames, [OURS], [PAYLOAD]), frames)  # whatever its credentials say


def test_what_was_moved_since_is_left_alone() -> None:
    """The mark is still read in them, but does not lie where it could be taken off."""
    marked = OURS.mark(scene(4), PAYLOAD)
    for frames in (marked[:, 21:141, 30:222], marked[:, :, ::-1]):
        assert says(frames) == {PAYLOAD}
        np.testing.assert_array_equal(unmarked(frames, [OURS], [PAYLOAD]), frames)


def test_each_mark_is_taken_off_where_it_is_with_its_own_key() -> None:
    parts = [OURS.mark(scene(16), PAYLOAD), scene(16, seed=1), THEIRS.mark(OURS.mark(scene(16), OTHER), PAYLOAD)]
    marked = np.concatenate(parts)
    bare = unmarked(marked, [OURS, THEIRS])
    np.testing.assert_array_equal(bare[16:32], parts[1])
    for part in (bare[:16], bare[32:]):
        assert says(part[:3], OURS, THEIRS) == set()
        assert psnr(part, scene(16)) > 50


def test_a_mark_that_is_told_of_is_taken_off_where_it_is_too_faint_to_be_read() -> None:
    clip = scene(3, (64, 128))
    faint = (
        (OURS.mark(clip, PAYLOAD) + np.random.default_rng(0).normal(0, 14, clip.shape)).clip(0, 255).astype(np.uint8)
    )
    assert says(faint) == set()
    assert unmarked(faint, [OURS]) is faint
    assert psnr(unmarked(faint, [OURS], [PAYLOAD]), clip) > psnr(faint, clip)


def test_frames_that_cannot_have_a_mark_are_told() -> None:
    with pytest.raises(MediaError, match="too small"):
        unmarked(np.zeros((1, 60, 128, 3), np.uint8), [OURS])
