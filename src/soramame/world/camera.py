"""The camera: what part of the stage each frame shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soramame.world.actions.base import ease
from soramame.world.scene import Camera, Pose, View

PAN = 1.5
"""A pan goes from so far on one side of the stage's middle to as far on the other."""
CLOSE = 1.35
"""The largest magnification."""
WIDE = 1.25
"""The magnification of a zoom that must keep the whole scene in view."""
REACH = 5.0
"""How far to the side the camera follows somebody: scenery is painted 13 units to both sides."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Half the width and height of the picture in stage units at zoom 1."""

    half_width: float = 8.0
    half_height: float = 5.0

    @classmethod
    def of(cls, aspect: float) -> Frame:
        """The frame of a picture of so much width over height: 10 units high, or 10 wide if it is higher than
        wide."""
        return cls(half_width=5.0 * max(aspect, 1.0), half_height=5.0 / min(aspect, 1.0))


@dataclass(frozen=True, kw_only=True)
class Room:
    """What the camera sees of the stage's width: at first (``middle`` ± ``half``), and from ``low`` to ``high`` all
    the time."""

    middle: float
    half: float
    low: float
    high: float


def room(camera: Camera, frame: Frame) -> Room:
    """What a camera sees, before anybody moves. A zoom is taken as the widest one that may be used."""
    half = frame.half_width
    if camera.move in ("pan left", "pan right"):
        middle = PAN if camera.move == "pan left" else -PAN
        return Room(middle=middle, half=half, low=PAN - half, high=half - PAN)
    if camera.move in ("zoom in", "zoom out"):
        first = half / WIDE if camera.move == "zoom out" else half
        return Room(middle=0.0, half=first, low=-half / WIDE, high=half / WIDE)
    return Room(middle=0.0, half=half, low=-half, high=half)


def views(
    camera: Camera,
    frame: Frame,
    shares: Sequence[float],
    poses: Sequence[Sequence[tuple[int, Pose, float]]],
    *,
    alone: bool,
) -> tuple[View, ...]:
    """The view of every frame. ``poses`` are (cast, pose, width) of everyone in it, ``alone`` if the camera may
    centre on them."""
    if camera.move in ("pan left", "pan right"):
        side = 1.0 if camera.move == "pan right" else -1.0
        return tuple(View(x=side * PAN * (2 * ease(share) - 1)) for share in shares)
    if camera.move in ("zoom in", "zoom out"):
        return _zooms(camera, frame, shares, poses, alone=alone)
    if camera.move == "follow":
        xs = [_middle([pose for cast, pose, _ in frame_poses if cast == camera.cast]) for frame_poses in poses]
        return tuple(View(x=min(max(x - xs[0], -REACH), REACH)) for x in xs)
    return tuple(View() for _ in shares)


def _middle(poses: Sequence[Pose]) -> float:
    return sum(pose.x for pose in poses) / len(poses) if poses else 0.0


def _zooms(
    camera: Camera,
    frame: Frame,
    shares: Sequence[float],
    poses: Sequence[Sequence[tuple[int, Pose, float]]],
    *,
    alone: bool,
) -> tuple[View, ...]:
    everyone = [pose for frame_poses in poses for _, pose, _ in frame_poses]
    top = min((pose.y - pose.lift - pose.height for pose in everyone), default=-2.0)
    bottom = max((pose.y for pose in everyone), default=4.0) + 0.4
    xs = [_middle([pose for _, pose, _ in frame_poses]) if alone else 0.0 for frame_poses in poses]
    reach = max(
        (
            abs(pose.x - x) + width / 2
            for x, frame_poses in zip(xs, poses, strict=True)
            for _, pose, width in frame_poses
        ),
        default=1.0,
    )
    limit = min(
        2 * frame.half_height / (bottom - top + 0.8), frame.half_width / (reach + 0.3), CLOSE if alone else WIDE
    )
    close = max(limit, 1.1)
    middle = min(max((top + bottom) / 2, -2.0), 2.0)
    result = []
    for share, x in zip(shares, xs, strict=True):
        near = ease(share) if camera.move == "zoom in" else 1 - ease(share)
        zoom = 1 + (close - 1) * near
        result.append(View(x=min(max(x * near, -REACH), REACH), y=middle * near, zoom=zoom))
    return tuple(result)
