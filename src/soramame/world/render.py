"""Scenes as frames with the exact state of each, and many of them by several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soramame.errors import OptionError
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import FrameState, Scene
from soramame.world.simulate import simulate
from soramame.world.stage import Stage

Frames = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class ClipForm:
    """Form of rendered clips: ``size`` (width, height) in pixels, ``num_frames``, ``fps``."""

    size: tuple[int, int] = (256, 160)
    num_frames: int = 33
    fps: float = 8

    def __post_init__(self) -> None:
        if min(self.size) < 16 or self.num_frames < 1 or self.fps <= 0:
            raise OptionError(f"A clip needs 16 pixels a side, 1 frame and more than 0 fps; not {self}.")


@dataclass(frozen=True, kw_only=True)
class RenderedClip:
    """``frames`` uint8 ``(T, H, W, 3)`` of a scene, and the state that each was drawn from."""

    scene: Scene
    frames: Frames
    states: tuple[FrameState, ...]


def render(scene: Scene, *, size: tuple[int, int] = (256, 160), num_frames: int = 33, fps: float = 8) -> RenderedClip:
    """Draw a scene at ``size`` (width, height). The same scene gives the same bytes each time."""
    form = ClipForm(size=size, num_frames=num_frames, fps=fps)
    states = simulate(scene, form.num_frames, form.fps, aspect=size[0] / size[1])
    stage = Stage(scene, size)
    frames: Frames = np.empty((num_frames, size[1], size[0], 3), np.uint8)
    for number, state in enumerate(states):
        frames[number] = stage.draw(state)
    return RenderedClip(scene=scene, frames=frames, states=states)


@dataclass(frozen=True, kw_only=True)
class _Job:
    curriculum: Curriculum
    form: ClipForm

    def __call__(self, seed: int) -> RenderedClip:
        form = self.form
        return render(sample_scene(seed, self.curriculum), size=form.size, num_frames=form.num_frames, fps=form.fps)


def render_many(
    seeds: Iterable[int], curriculum: Curriculum, *, form: ClipForm | None = None, workers: int = 1
) -> Iterator[RenderedClip]:
    """The clips of seeds in their order, drawn by so many processes (1: in this one). Needs a main module that can be
    imported."""
    if workers < 1:
        raise OptionError(f"Rendering needs at least 1 worker, not {workers}.")
    job = _Job(curriculum=curriculum, form=form or ClipForm())
    if workers == 1:
        yield from map(job, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(job, seeds, chunksize=2)
