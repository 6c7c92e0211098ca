"""Rendered clips: form, reproducibility, and the same from several processes."""

from __future__ import annotations

import numpy as np
import pytest

from soramame.errors import OptionError
from soramame.world.render import render, render_many
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Cast, Event, Scene, Shot


def test_a_clip_has_the_form_that_was_asked_for() -> None:
    clip = render(sample_scene(3, Curriculum.mame()), size=(96, 64), num_frames=9, fps=12)
    assert clip.frames.shape == (9, 64, 96, 3)
    assert clip.frames.dtype == np.uint8
    assert len(clip.states) == 9
    assert clip.states[1].time == pytest.approx(1 / 12)


def test_the_same_scene_gives_the_same_bytes() -> None:
    scene = sample_scene(5, Curriculum.world())
    first, second = (render(scene, size=(128, 80), num_frames=5) for _ in range(2))
    assert np.array_equal(first.frames, second.frames)


def test_something_moves() -> None:
    walk = Event(cast=0, action="run", direction="right")
    scene = Scene(seed=0, shots=(Shot(place="meadow", casts=(Cast(kind="dog"),), events=(walk,)),))
    frames = render(scene, size=(128, 80), num_frames=9).frames.astype(int)
    moved = np.abs(frames[0] - frames[8]).max(-1) > 40
    assert 0.02 < moved.mean() < 0.5


def test_actors_are_drawn_where_the_states_say() -> None:
    casts = (Cast(kind="ball", look=(("body", "red"),), side="left"),)
    with_ball, empty = (
        render(Scene(seed=0, shots=(Shot(place="moon", time="night", casts=who),)), num_frames=1) for who in (casts, ())
    )
    changed = np.abs(with_ball.frames[0].astype(int) - empty.frames[0]).max(-1) > 60
    ys, xs = np.nonzero(changed)
    pose = with_ball.states[0].actors[0].pose
    assert np.median(xs) == pytest.approx(128 + 16 * pose.x, abs=6)
    assert np.median(ys) == pytest.approx(80 + 16 * (pose.y - pose.height / 2), abs=8)


def test_portrait_pictures() -> None:
    clip = render(sample_scene(8, Curriculum.mame()), size=(64, 96), num_frames=1)
    assert clip.frames.shape == (1, 96, 64, 3)


@pytest.mark.parametrize(("size", "num_frames", "fps"), [((4, 4), 5, 8), ((64, 64), 0, 8), ((64, 64), 5, 0)])
def test_impossible_forms_are_refused(size: tuple[int, int], num_frames: int, fps: float) -> None:
    with pytest.raises(OptionError, match="A clip needs"):
        render(sample_scene(0, Curriculum.mame()), size=size, num_frames=num_frames, fps=fps)


def test_many_come_in_the_order_of_their_seeds() -> None:
    seeds = [4, 2, 9]
    scenes = [clip.scene for clip in render_many(seeds, Curriculum.mame(), size=(128, 80), num_frames=5)]
    assert scenes == [sample_scene(seed, Curriculum.mame()) for seed in seeds]


def test_processes_draw_the_same_as_one() -> None:
    alone = list(render_many([1, 2, 3], Curriculum.mame(), size=(128, 80), num_frames=5))
    together = list(render_many([1, 2, 3], Curriculum.mame(), size=(128, 80), num_frames=5, workers=2))
    assert all(
        np.array_equal(a.frames, b.frames) and a.states == b.states for a, b in zip(alone, together, strict=True)
    )


def test_no_workers_are_refused() -> None:
    with pytest.raises(OptionError, match="at least 1 worker"):
        next(render_many([1], Curriculum.mame(), workers=0))
