"""Rigid bodies by pymunk: what is thrown, rolls and tips over. Fixed steps, so that the same throw is the same bit
for bit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pymunk

from soramame.world.actions.base import Context
from soramame.world.scene import Pose

STEP = 1 / 120
_GROUND = 0.05


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A body at one moment: ``x``, ``lift`` of its lowest point over the ground (of its middle less half its height
    for boxes), ``angle`` clockwise, ``vx``, ``vy`` with y up."""

    x: float
    lift: float
    angle: float
    vx: float
    vy: float


Drive = Callable[[float], float]
"""Seconds to the speed to the side that the ground gives a body."""


def _world(context: Context) -> pymunk.Space:
    space = pymunk.Space()
    space.gravity = (0.0, context.gravity)
    ground = pymunk.Segment(space.static_body, (-80.0, 0.0), (80.0, 0.0), _GROUND)
    ground.elasticity, ground.friction = 1.0, 1.0
    space.add(ground)
    return space


def _track(
    space: pymunk.Space, body: pymunk.Body, half: float, seconds: float, drive: Drive | None
) -> tuple[Sample, ...]:
    track = []
    for number in range(math.ceil(seconds / STEP) + 2):
        (x, y), (vx, vy) = body.position, body.velocity
        track.append(Sample(x=x, lift=-y - half - _GROUND, angle=body.angle, vx=vx, vy=-vy))
        if drive is not None:
            push = 10.0 * (drive(number * STEP) - vx) * body.mass
            body.apply_force_at_world_point((push, 0.0), body.position)
        space.step(STEP)
    return tuple(track)


def disc(
    start: Pose, context: Context, *, vx: float, vy: float, bounce: float, drive: Drive | None = None
) -> tuple[Sample, ...]:
    """The flight of a disc from its pose with a speed (y up), spinning as it would roll; ``bounce`` is its
    restitution."""
    radius = context.height / 2
    space = _world(context)
    body = pymunk.Body(1.0, pymunk.moment_for_circle(1.0, 0.0, radius))
    body.position = (start.x, -radius - _GROUND - max(start.lift, 0.0))
    body.velocity, body.angular_velocity = (vx, -vy), vx / radius
    shape = pymunk.Circle(body, radius)
    shape.elasticity, shape.friction = bounce, 0.9
    space.add(body, shape)
    return _track(space, body, radius, context.seconds, drive)


def toppling(start: Pose, context: Context, *, push: float) -> tuple[Sample, ...]:
    """An upright box that tips over in the direction: ``push`` is its first angular speed in rad/s."""
    width, height = context.width * 0.8, context.height
    space = _world(context)
    body = pymunk.Body(1.0, pymunk.moment_for_box(1.0, (width, height)))
    body.position = (start.x, -height / 2 - _GROUND)
    body.angular_velocity = context.direction * push
    body.velocity = (context.direction * push * height / 2, 0.0)
    shape = pymunk.Poly.create_box(body, (width, height), 0.02)
    shape.elasticity, shape.friction = 0.12, 1.0
    space.add(body, shape)
    return _track(space, body, height / 2, context.seconds, None)


def between(track: tuple[Sample, ...], u: float) -> Sample:
    """The track at any moment, interpolated between steps; at rest beyond its end."""
    at = min(max(u, 0.0) / STEP, len(track) - 1.001)
    low, share = int(at), at - int(at)
    a, b = track[low], track[low + 1]

    def mix(p: float, q: float) -> float:
        return p + (q - p) * share

    return Sample(
        x=mix(a.x, b.x), lift=mix(a.lift, b.lift), angle=mix(a.angle, b.angle), vx=mix(a.vx, b.vx), vy=mix(a.vy, b.vy)
    )
