"""Clips of the world as files."""

from __future__ import annotations

import json
from pathlib import Path

from soramame.media import Clip
from soramame.world.library import write_clips
from soramame.world.sample import Curriculum


def test_every_clip_has_its_captions_and_truth_beside_it(tmp_path: Path) -> None:
    paths = list(write_clips(tmp_path, [3, 8], Curriculum.mame(), size=(128, 80), num_frames=5, fps=8))
    assert [path.suffix for path in paths] == [".mp4", ".mp4"]
    for path, seed in zip(paths, (3, 8), strict=True):
        assert Clip.load(path).frames.shape == (5, 80, 128, 3)
        told = json.loads(path.with_suffix(".json").read_text())
        assert told["seed"] == seed
        assert len(told["truth"]["frames"]) == 5
        assert {(entry["language"], entry["length"]) for entry in told["captions"]} == {
            (language, length) for language in ("en", "ja") for length in ("short", "long")
        }
