"""What four-legged animals share: coats, legs on the joints of a stance, youth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import skia

from soramame.world.ink import Pen, Point, ellipse, limb, mix, shade_of, shape, union
from soramame.world.palette import RGB
from soramame.world.scene import Pose
from soramame.world.subjects.gait import Stance, joint


@dataclass(frozen=True, kw_only=True)
class Fur:
    """The tones of a coat."""

    base: RGB
    pale: RGB
    dark: RGB


def coat(rgb: RGB) -> Fur:
    """The tones of a coat of one colour: paler below, darker on the back."""
    bright = sum(rgb) / 765
    pale = mix(rgb, (255, 250, 240), 0.78 if bright > 0.3 else 0.38)
    return Fur(base=rgb, pale=pale, dark=mix(rgb, shade_of(rgb), 0.75))


def _leg(hip: Point, foot: Point, *, hind: bool, thick: float) -> skia.Path:
    """One leg from the hip to the paw at ``foot``; hind legs carry a hock."""
    x, y = foot
    if hind:
        hock = (x - 6.0, min(y, 0.0) - 15.0)
        knee = joint(hip, hock, 19.0, 17.0, bend=1.0)
        bone = limb((hip, knee, hock, (x, y - 3.0)), (9 * thick, 7 * thick, 4.2, 3.4))
        return union(bone, ellipse(x + 2.6, y - 3.3, 5.6, 3.3))
    wrist = (x - 1.5, y - 10.0)
    elbow = joint(hip, wrist, 17.0, 18.0, bend=-1.0)
    bone = limb((hip, elbow, wrist, (x, y - 3.0)), (8 * thick, 5.4 * thick, 4.0, 3.6))
    return union(bone, ellipse(x + 2.2, y - 3.3, 5.6, 3.3))


def about(point: Point, pitch: float, rise: float) -> Point:
    """A point of the trunk after the trunk's pitch about its middle and its rise."""
    x, y = point[0], point[1] + 52
    cos, sin = math.cos(pitch), math.sin(pitch)
    return x * cos - y * sin, x * sin + y * cos - 52 + rise


def legs(held: Stance, *, far: bool, drop: float) -> skia.Path:
    """The two near or the two far legs as one path; ``drop`` lowers hips and shoulders (a cub's short legs)."""
    shift = 7.0 if far else 0.0
    back = held.far_hind if far else held.hind
    front = held.far_fore if far else held.fore
    hip = about((-30 + shift, -50 + drop), held.pitch, held.rise)
    shoulder = about((25 + shift, -50 + drop), held.pitch, held.rise)
    return union(
        _leg(hip, (-32 + shift + back[0], back[1]), hind=True, thick=1.0 if not far else 0.85),
        _leg(shoulder, (25 + shift + front[0], front[1]), hind=False, thick=1.0 if not far else 0.85),
    )


def shape_line(points: tuple[Point, ...]) -> skia.Path:
    """An open polyline through constant points."""
    path = skia.Path()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    return path


def tear(pen: Pen, x: float, y: float) -> None:
    """A tear below an eye at (x, y)."""
    pen.flat(shape((x, y, 0.2), (x + 3.2, y + 6.5), (x, y + 9.6), (x - 3.2, y + 6.5)), (110, 178, 244))


def youth_of(pose: Pose, look_age: str, natural: float) -> float:
    """0 for a grown animal, 1 for a cub: by the look's "age" where it is told, else by size."""
    if look_age:
        return 1.0 if look_age == "young" else 0.0
    return min(max((0.86 - pose.height / natural) / 0.12, 0.0), 1.0)
