"""How much of everyone is seen: the share of a box that is inside the picture and behind nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soramame.world.camera import Frame
from soramame.world.scene import Pose, View, Wall

_GRID = 8
_CORE = 0.7
"""Actors do not fill their boxes: one hides what lies behind the middle part of its box, so much of its width and
height."""

Boxes = NDArray[np.float64]


def boxes(poses: Sequence[Sequence[Pose]], widths: Sequence[float]) -> Boxes:
    """Left, top, right, bottom on the stage ``(T, A, 4)`` of every actor in every frame, upright or turned."""
    rows = [[box_of(pose, width) for pose, width in zip(row, widths, strict=True)] for row in poses]
    return np.array(rows, np.float64).reshape(len(poses), len(widths), 4)


def box_of(pose: Pose, width: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of an actor on the stage; a turned one has the box around its turned box, a round one
    its own."""
    middle = pose.y - pose.lift - pose.height / 2
    if abs(pose.roll) < 1e-9 or abs(width - pose.height) < 1e-9:
        half_width, half_height = width / 2, pose.height / 2
    else:
        cos, sin = abs(math.cos(pose.roll)), abs(math.sin(pose.roll))
        half_width, half_height = (width * cos + pose.height * sin) / 2, (width * sin + pose.height * cos) / 2
    return pose.x - half_width, middle - half_height, pose.x + half_width, middle + half_height


def visible(
    poses: Sequence[Sequence[Pose]], widths: Sequence[float], path: Sequence[View], walls: Sequence[Wall], frame: Frame
) -> list[list[float]]:
    """Share of each actor's box that is seen, by frame and actor (far ones first): inside the frame, not behind a
    wall, and not behind the middle of a nearer actor."""
    if not widths:
        return [[] for _ in poses]
    box = boxes(poses, widths)
    ticks = (np.arange(_GRID) + 0.5) / _GRID
    x = (box[..., 0:1] + (box[..., 2:3] - box[..., 0:1]) * ticks)[..., None, :]
    y = (box[..., 1:2] + (box[..., 3:4] - box[..., 1:2]) * ticks)[..., :, None]
    view = np.array([(v.x, v.y, v.zoom) for v in path])[:, :, None, None, None]
    seen = (np.abs(x - view[:, 0]) * view[:, 2] <= frame.half_width) & (
        np.abs(y - view[:, 1]) * view[:, 2] <= frame.half_height
    )
    for wall in walls:
        seen &= ~((x >= wall.x) & (x <= wall.x + wall.width) & (y >= wall.y - wall.height) & (y <= wall.y))
    for near in range(1, len(widths)):
        mid_x, mid_y = (box[:, near, 0] + box[:, near, 2]) / 2, (box[:, near, 1] + box[:, near, 3]) / 2
        half_x, half_y = (box[:, near, 2] - mid_x) * _CORE, (box[:, near, 3] - mid_y) * _CORE
        mid_x, mid_y, half_x, half_y = (a[:, None, None, None] for a in (mid_x, mid_y, half_x, half_y))
        inside = (np.abs(x[:, :near] - mid_x) <= half_x) & (np.abs(y[:, :near] - mid_y) <= half_y)
        seen[:, :near] &= ~inside
    shares: list[list[float]] = np.round(seen.mean((2, 3)), 4).tolist()
    return shares
