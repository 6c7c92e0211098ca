"""A scene as frames with the exact state of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soramame.world.scene import FrameState, Scene
from soramame.world.simulate import simulate
from soramame.world.stage import Stage


@dataclass(frozen=True, kw_only=True)
class RenderedClip:
    """``frames`` uint8 ``(T, H, W, 3)`` of a scene, and the state that each was drawn from."""

    scene: Scene
    frames: NDArray[np.uint8]
    states: tuple[FrameState, ...]


def render(scene: Scene, *, size: tuple[int, int] = (256, 160), num_frames: int = 33, fps: float = 8) -> RenderedClip:
    """Draw a scene at ``size`` (width, height)."""
    states = simulate(scene, num_frames, fps)
    stage = Stage(scene, size)
    frames = np.stack([stage.draw(state) for state in states])
    return RenderedClip(scene=scene, frames=frames, states=states)
