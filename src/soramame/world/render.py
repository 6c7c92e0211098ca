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
class RenderedClip:
    """``frames`` uint8 ``(T, H, W, 3)`` of a scene, and the state that each was drawn from."""

    scene: Scene
    frames: Frames
    states: tuple[FrameState, ...]


def render(scene: Scene, *, size: tuple[int, int] = (256, 160), num_frames: int = 33, fps: float = 8) -> RenderedClip:
    """Draw a scene at ``size`` (width, height). The same scene gives the same bytes each time."""
    if min(size) < 16 or num_frames < 1 or fps <= 0:
        given = f"{size[0]}x{size[1]}, {num_frames} frames, {fps} fps"
        raise OptionError(f"A clip needs 16 pixels a side, 1 frame and more than 0 fps, not {given}.")
    states = simulate(scene, num_frames, fps, aspect=size[0] / size[1])
    stage = Stage(scene, size)
    frames: Frames = np.empty((num_frames, size[1], size[0], 3), np.uint8)
    for number, state in enumerate(states):
        frames[number] = stage.draw(state)
    return RenderedClip(scene=scene, frames=frames, states=states)


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What a process needs to draw the clip of a seed."""

    curriculum: Curriculum
    size: tuple[int, int]
    num_frames: int
    fps: float

    def __call__(self, seed: int) -> RenderedClip:
        scene = sample_scene(seed, self.curriculum)
        return render(scene, size=self.size, num_frames=self.num_frames, fps=self.fps)


def render_many(
    seeds: Iterable[int],
    curriculum: Curriculum,
    *,
    size: tuple[int, int] = (256, 160),
    num_frames: int = 33,
    fps: float = 8,
    workers: int = 1,
) -> Iterator[RenderedClip]:
    """The clips of seeds in their order, drawn by so many processes (1: in this one).

    Processes are spawned, so a script that calls this with more than one needs the usual ``if __name__ == "__main__"``.
    """
    if workers < 1:
        raise OptionError(f"Rendering needs at least 1 worker, not {workers}.")
    job = _Job(curriculum=curriculum, size=size, num_frames=num_frames, fps=fps)
    if workers == 1:
        yield from map(job, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(job, seeds, chunksize=2)
