from __future__ import annotations

import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import Clip, contact_sheet, strip


def test_a_sheet_holds_every_clip(clip: Clip) -> None:
    sheet = contact_sheet([clip.frames, clip.frames], columns=2, per_clip=3, labels=["a", "b"])
    assert sheet.size == (2 * 3 * 64 + 6, 48 + 22)
    assert np.array_equal(np.asarray(sheet)[:48, :64], clip.frames[0])
    assert np.array_equal(np.asarray(sheet)[:48, 128:192], clip.frames[-1])


def test_labels_are_drawn_below_their_clip_and_stay_in_their_cell(clip: Clip) -> None:
    bare = np.asarray(contact_sheet([clip.frames] * 2, columns=2, per_clip=1, labels=["", ""]))
    told = np.asarray(contact_sheet([clip.frames] * 2, columns=2, per_clip=1, labels=["five wolves play far away", ""]))
    changed = np.argwhere((bare != told).any(-1))
    assert len(changed) > 20
    assert changed[:, 0].min() >= 48
    assert changed[:, 1].max() < 64


def test_letters_without_a_font_do_not_become_boxes(clip: Clip) -> None:
    blank = contact_sheet([clip.frames], labels=[""])
    assert contact_sheet([clip.frames], labels=["\U0010fffd\ufffe"]).tobytes() == blank.tobytes()


def test_a_strip_plays_clips_side_by_side_and_holds_the_last_frame_of_a_short_one(clip: Clip) -> None:
    video = strip([clip.frames[:2], clip.frames, clip.frames], columns=2)
    assert video.shape == (6, 96, 128, 3)
    assert np.array_equal(video[5, :48, :64], clip.frames[1])
    assert np.array_equal(video[:, :48, 64:], clip.frames)
    assert np.array_equal(video[:, 48:, :64], clip.frames)


def test_nothing_makes_no_sheet() -> None:
    with pytest.raises(MediaError):
        contact_sheet([])
    with pytest.raises(MediaError):
        strip([])
