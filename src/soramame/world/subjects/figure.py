"""The two-legged figure: where joints are for a pose. Shared by woman, man and astronaut.

Seen in three-quarter view facing right: the near arm hangs at the left, the far arm at the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from soramame.world.ink import Point
from soramame.world.scene import Mood, Pose
from soramame.world.subjects.gait import TAU, joint, step, wave

HIP = -43.0
_THIGH, _SHIN = 20.1, 20.1
_UPPER, _FORE = 13.5, 13.0


@dataclass(frozen=True, kw_only=True)
class Limb:
    """Three joints: shoulder, elbow, hand; or hip, knee, ankle. ``tilt`` turns the foot, toes down positive."""

    root: Point
    bend: Point
    end: Point
    tilt: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The joints of a figure, in figure units."""

    lean: float
    hip: Point
    neck: Point
    head: Point
    nod: float
    near_arm: Limb
    far_arm: Limb
    near_leg: Limb
    far_leg: Limb


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Angles and feet from which the joints follow. Arms: (swing, bend), forward positive, 0 = hanging."""

    near: Point
    far: Point
    near_foot: Point = (-4.0, 0.0)
    far_foot: Point = (5.0, 0.0)
    rise: float = 0.0
    lean: float = 0.0
    nod: float = 0.0


_MOOD_ARMS: dict[Mood, tuple[Point, Point]] = {
    "neutral": ((-0.22, 0.2), (0.28, 0.12)),
    "happy": ((-0.75, 1.35), (2.35, 0.45)),
    "sad": ((0.12, 0.12), (0.3, 0.08)),
    "angry": ((-0.85, 1.75), (0.85, -1.75)),
    "surprised": ((-1.05, -1.35), (1.05, 1.35)),
}
_MOOD_LEAN: dict[Mood, float] = {"neutral": 0.0, "happy": -0.05, "sad": 0.15, "angry": 0.08, "surprised": -0.1}
_MOOD_NOD: dict[Mood, float] = {"neutral": 0.0, "happy": -0.1, "sad": 0.3, "angry": 0.08, "surprised": -0.08}


def _walking(pose: Pose) -> _Plan:
    phase = pose.phase
    near = step(phase, stride=12.0, lift=6.0, duty=0.58)
    far = step(phase + 0.5, stride=12.0, lift=6.0, duty=0.58)
    swing = 0.62 * math.cos(TAU * phase)
    return _Plan(
        near=(-swing - 0.05, 0.3), far=(swing + 0.1, 0.3), near_foot=near, far_foot=(far[0] + 2, far[1]),
        rise=-1.1 + 1.1 * math.cos(2 * TAU * phase), lean=0.04,
    )  # fmt: skip


def _running(pose: Pose) -> _Plan:
    phase = pose.phase
    near = step(phase, stride=19.0, lift=17.0, duty=0.4)
    far = step(phase + 0.5, stride=19.0, lift=17.0, duty=0.4)
    swing = 0.8 * math.cos(TAU * phase)
    return _Plan(
        near=(-swing - 0.25, 1.25), far=(swing + 0.1, 1.3), near_foot=near, far_foot=far,
        rise=-1.5 + 2.5 * math.cos(2 * TAU * phase), lean=0.2, nod=-0.08,
    )  # fmt: skip


def _playing(pose: Pose) -> _Plan:
    hop = abs(wave(pose.phase))
    kick = wave(pose.phase)
    return _Plan(
        near=(-2.3 + 0.35 * kick, -0.4), far=(2.3 + 0.35 * kick, 0.4),
        near_foot=(-6.0, -8.0 * hop * (kick > 0)), far_foot=(7.0, -8.0 * hop * (kick <= 0)), rise=-2.0 * hop,
        lean=0.07 * kick,
    )  # fmt: skip


def _airborne(pose: Pose, *, falling: bool) -> _Plan:
    flail = wave(pose.phase)
    if falling:
        return _Plan(
            near=(-2.2 + 0.4 * flail, -0.5), far=(2.2 + 0.4 * flail, 0.5), near_foot=(-9 + 4 * flail, -9),
            far_foot=(11 + 4 * flail, -4), nod=0.1,
        )  # fmt: skip
    return _Plan(near=(-2.0, -0.5), far=(2.2, 0.4), near_foot=(-10, -13), far_foot=(10, -7), lean=0.06, nod=-0.1)


def _swimming(pose: Pose) -> _Plan:
    turn = TAU * pose.phase
    kick = 4 * wave(pose.phase * 2)
    return _Plan(near=(math.pi - turn, 0.3), far=(-turn, 0.3), near_foot=(-7, -3 + kick),
        far_foot=(3, -3 - kick), lean=0.25)  # fmt: skip


def _standing(pose: Pose) -> _Plan:
    near, far = _MOOD_ARMS[pose.mood]
    breath = wave(pose.phase)
    sway = 0.06 * breath if pose.mood != "happy" else 0.0
    wag = 0.28 * wave(pose.phase * 2) if pose.mood == "happy" else 0.0
    if pose.action == "bite":
        far = (1.25, 1.25 + 0.25 * breath)
    if pose.action == "drive":
        near, far = (1.0, 0.5), (1.2, 0.3)
    return _Plan(near=(near[0] - sway, near[1]), far=(far[0] + sway + wag, far[1]), rise=0.45 * breath)


def _plan(pose: Pose) -> _Plan:
    action = pose.action
    if action == "fall":
        return _airborne(pose, falling=True)
    if action in ("jump", "bounce") and pose.lift > 0.04 * pose.height:
        return _airborne(pose, falling=False)
    if action == "run":
        return _running(pose)
    if action in ("walk", "hide", "turn"):
        return _walking(pose)
    if action == "play":
        return _playing(pose)
    if action == "swim":
        return _swimming(pose)
    return _standing(pose)


def figure(pose: Pose) -> Figure:
    """The joints for a pose: action and phase give the movement, the mood bends head, shoulders and arms."""
    plan = _plan(pose)
    lean = plan.lean + _MOOD_LEAN[pose.mood]
    nod = plan.nod + _MOOD_NOD[pose.mood]
    hip = (0.0, HIP + plan.rise)
    cos, sin = math.cos(lean), math.sin(lean)
    slump = {"sad": 2.0, "angry": -0.8, "surprised": -0.8}.get(pose.mood, 0.0)

    def up(x: float, y: float) -> Point:
        return hip[0] + x * cos - y * sin, hip[1] + x * sin + y * cos

    def arm(x: float, swing: float, bend: float) -> Limb:
        shoulder = up(x, -25.5 + slump)
        elbow = shoulder[0] + _UPPER * math.sin(swing), shoulder[1] + _UPPER * math.cos(swing)
        hand = elbow[0] + _FORE * math.sin(swing + bend), elbow[1] + _FORE * math.cos(swing + bend)
        return Limb(root=shoulder, bend=elbow, end=hand)

    def leg(x: float, foot: Point) -> Limb:
        root = (hip[0] + x, hip[1])
        ankle = (foot[0], foot[1] - 3.0)
        tilt = min(0.9, max(-0.4, -foot[1] / 18)) if foot[0] < 0 else min(0.0, foot[1] / 30)
        return Limb(root=root, bend=joint(root, ankle, _THIGH, _SHIN, bend=1.0), end=ankle, tilt=tilt)

    head = up(0.8, -42.0 + 0.6 * slump)
    head = (head[0] + 5.0 * math.sin(max(nod, 0.0)), head[1] + 5.5 * max(nod, 0.0))
    return Figure(
        lean=lean, hip=hip, neck=up(0.0, -28.0), head=head, nod=nod,
        near_arm=arm(-8.5, *plan.near), far_arm=arm(7.5, *plan.far),
        near_leg=leg(-3.6, plan.near_foot), far_leg=leg(3.6, plan.far_foot),
    )  # fmt: skip
