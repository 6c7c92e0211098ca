"""How legs go: feet along a cycle, knees by two-bone geometry, and the stance of a four-legged body by its action."""

from __future__ import annotations

import math
from dataclasses import dataclass

from soramame.world.ink import Point
from soramame.world.scene import Pose

TAU = 2 * math.pi


def wave(phase: float, shift: float = 0.0) -> float:
    """A sine of period 1 in phase."""
    return math.sin(TAU * (phase + shift))


def step(phase: float, *, stride: float, lift: float, duty: float = 0.5) -> Point:
    """Where a foot is at a phase of its cycle: back along the ground for ``duty`` of it, then forward through the air.

    Returned relative to the spot below the hip: x in [-stride, stride], y in [-lift, 0] (up is negative).
    """
    u = phase % 1.0
    if u < duty:
        return stride * (1 - 2 * u / duty), 0.0
    v = (u - duty) / (1 - duty)
    return stride * -math.cos(math.pi * v), -lift * math.sin(math.pi * v)


def joint(hip: Point, foot: Point, upper: float, lower: float, *, bend: float) -> Point:
    """The knee between a hip and a foot for two bones; ``bend`` +1 puts it to the right of hip-to-foot, -1 left."""
    dx, dy = foot[0] - hip[0], foot[1] - hip[1]
    reach = math.hypot(dx, dy) or 1e-6
    far = min(max(reach, abs(upper - lower) + 1e-3), upper + lower - 1e-3)
    along = (upper * upper - lower * lower + far * far) / (2 * far)
    aside = math.sqrt(max(upper * upper - along * along, 0.0)) * bend
    ux, uy = dx / reach, dy / reach
    return hip[0] + ux * along + uy * aside, hip[1] + uy * along - ux * aside


@dataclass(frozen=True, kw_only=True)
class Stance:
    """A four-legged body at one moment. Feet are (x, y) offsets from their standing places, y up negative."""

    hind: Point = (0.0, 0.0)
    far_hind: Point = (0.0, 0.0)
    fore: Point = (0.0, 0.0)
    far_fore: Point = (0.0, 0.0)
    rise: float = 0.0  # the body's shift, up negative
    pitch: float = 0.0  # turn of the trunk, clockwise (nose down) positive
    nod: float = 0.0  # turn of the head
    tail: float = 0.0  # turn of the tail, up negative


def _feet(
    phase: float, shifts: tuple[float, float, float, float], stride: float, lift: float, duty: float
) -> list[Point]:
    return [step(phase + shift, stride=stride, lift=lift, duty=duty) for shift in shifts]


def stance(pose: Pose, *, stride: float = 15.0, spring: float = 1.0) -> Stance:
    """The stance of a four-legged walker for a pose. ``stride`` in figure units, ``spring`` how bouncy it is."""
    phase, action = pose.phase, pose.action
    if action == "jump" or (pose.lift > 0.25 * pose.height and action not in ("fall", "swim")):
        reach = min(1.0, pose.lift / (0.3 * pose.height) + 0.35)
        back, fore = (-stride * 1.5 * reach, -13 * reach), (stride * 1.5 * reach, -17 * reach)
        far_back, far_fore = (back[0] * 0.7, back[1] * 1.2), (fore[0] * 1.25, fore[1] * 0.8)
        return Stance(hind=back, far_hind=far_back, fore=fore, far_fore=far_fore, pitch=-0.08, tail=-0.2)
    if action in ("run", "bounce"):
        feet = _feet(phase, (0.0, 0.1, 0.52, 0.42), stride * 1.75, 15 * spring, 0.38)
        return Stance(
            hind=feet[0], far_hind=feet[1], fore=feet[2], far_fore=feet[3],
            rise=-3.5 * spring - 3.5 * spring * wave(phase, 0.05), pitch=0.09 * spring * wave(phase, 0.3),
            nod=-0.1 * wave(phase, 0.3), tail=0.25 * wave(phase, 0.1),
        )  # fmt: skip
    if action in ("walk", "hide", "turn", "bite"):
        feet = _feet(phase, (0.0, 0.5, 0.25, 0.75), stride, 8.0, 0.6)
        return Stance(
            hind=feet[0], far_hind=feet[1], fore=feet[2], far_fore=feet[3],
            rise=-1.0 * abs(wave(phase)), nod=0.05 * wave(phase * 2), tail=0.16 * wave(phase),
        )  # fmt: skip
    if action == "play":
        bow = 0.5 + 0.5 * math.cos(TAU * phase)
        hop = max(0.0, -math.cos(TAU * phase))
        return Stance(
            hind=(-3.0, 0.0), far_hind=(3.0, 0.0), fore=(12.0 * bow, -9.0 * (1 - bow)),
            far_fore=(17.0 * bow, -15.0 * (1 - bow)), rise=-1.0 - 2.0 * hop, pitch=0.34 * bow - 0.2 * (1 - bow),
            nod=-0.42 * bow + 0.1, tail=-0.35 + 0.45 * wave(phase * 3),
        )  # fmt: skip
    if action in ("swim", "fall"):
        feet = _feet(phase, (0.0, 0.5, 0.25, 0.75), stride, 10.0, 0.5)
        return Stance(
            hind=feet[0], far_hind=feet[1], fore=(feet[2][0] + 6, feet[2][1] - 6),
            far_fore=(feet[3][0] + 6, feet[3][1] - 6), nod=-0.15 if action == "swim" else 0.1, tail=0.2 * wave(phase),
        )  # fmt: skip
    return Stance(rise=0.7 * wave(phase), nod=0.03 * wave(phase, 0.2), tail=0.14 * wave(phase, 0.4))
