from __future__ import annotations

import numpy as np
import pytest

from soramame.safety.frames import LATEST, Frame, NudeNet, OpenNsfw, Seen, Watch


class Counting:
    """Remembers how bright what it was shown is, and minds white."""

    name = "counting"

    def __init__(self) -> None:
        self.shown: list[int] = []

    def __call__(self, frame: Frame, /) -> list[Seen]:
        self.shown.append(int(frame.mean()))
        return [Seen(detector=self.name, category="sexual", label="white", score=float(frame.mean() / 255))]


def flat(*levels: int) -> np.ndarray:
    return np.stack([np.full((64, 64, 3), level, np.uint8) for level in levels])


def watch(detector: Counting, fps: float = 8) -> Watch:
    return Watch(detectors=[detector], limits={"counting/sexual": 0.9}, fps=fps)


def test_a_still_clip_is_looked_at_by_the_clock() -> None:
    seen = Counting()
    assert watch(seen).see(flat(*[90] * 33)) is None
    assert len(seen.shown) == 1 + int(32 / 8 / LATEST)


def test_another_scene_is_looked_at_at_once() -> None:
    seen = Counting()
    watch(seen).see(flat(10, 10, 120, 120, 30))
    assert seen.shown == [10, 120, 30]


def test_slow_change_is_looked_at_but_not_every_frame() -> None:
    seen = Counting()
    watch(seen).see(flat(*range(0, 160, 5)))
    assert 5 <= len(seen.shown) <= 9


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_chunks_are_looked_at_like_the_whole(parts: int) -> None:
    clip, whole, seen = flat(*range(0, 200, 5)), Counting(), Counting()
    watch(whole).see(clip)
    pieces = watch(seen)
    for piece in np.array_split(clip, parts):
        pieces.see(piece)
    assert seen.shown == whole.shown


def test_what_counts_is_told_and_what_does_not_is_kept() -> None:
    eye = watch(Counting())
    assert eye.see(flat(20, 100)) is None
    assert [round(one.score, 1) for _, one in eye.found] == [0.1, 0.4]
    found = eye.see(flat(250))
    assert found is not None
    assert found.label == "white"


def test_the_detectors_that_ship_find_nothing_in_a_landscape() -> None:
    sky, ground = np.full((80, 256, 3), (120, 180, 240), np.uint8), np.full((80, 256, 3), (90, 160, 70), np.uint8)
    frame = np.concatenate([sky, ground])
    for detector in (NudeNet(), OpenNsfw()):
        assert all(0 <= one.score < 0.5 for one in detector(frame)), detector.name
