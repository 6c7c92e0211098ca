"""From a scene to the exact state of every frame, bit for bit the same on every run."""

from __future__ import annotations

import random
from dataclasses import dataclass

from soramame.world.actions import ACTIONS, Context, Motion
from soramame.world.places import PLACES
from soramame.world.scene import Actor, ActorState, Camera, Cast, Event, FrameState, Pose, Scene, Shot, View, Wall
from soramame.world.subjects import SUBJECTS

SIZES = {"small": 0.7, "normal": 1.0, "large": 1.3}
TALLEST = 7.6
"""No actor is drawn higher than this many stage units: the frame is 10 high."""
HALF = 8.0
"""Half the width of the frame at 16:10, in stage units."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One stretch of an actor's life: from a time on, a motion."""

    begin: float
    motion: Motion


@dataclass(frozen=True, kw_only=True)
class _Life:
    """An actor and all it does in a shot."""

    actor: Actor
    lane: float
    parts: tuple[_Part, ...]

    def at(self, time: float) -> Pose:
        part = next(part for part in reversed(self.parts) if part.begin <= time + 1e-9)
        return part.motion(time - part.begin)


def simulate(scene: Scene, num_frames: int, fps: float) -> tuple[FrameState, ...]:
    """States of ``num_frames`` frames at ``fps``; shots divide the time by their shares, with hard cuts."""
    total = sum(shot.share for shot in scene.shots)
    states: list[FrameState] = []
    for number, shot in enumerate(scene.shots):
        done = sum(other.share for other in scene.shots[: number + 1]) / total
        last = num_frames if number == len(scene.shots) - 1 else round(num_frames * done)
        frames = range(len(states), last)
        if not frames:
            continue
        seconds = max(len(frames) / fps, 0.5)
        lives = _lives(scene, shot, seconds)
        walls = _walls(shot, lives, seconds)
        for frame in frames:
            time = (frame - frames.start) / fps
            poses = [(life, life.at(time)) for life in sorted(lives, key=lambda life: life.lane)]
            view = _view(shot.camera, lives, time, seconds)
            seen = tuple(
                ActorState(actor=life.actor, pose=pose, visible=_visible(pose, life.actor.kind, view, walls))
                for life, pose in poses
            )
            states.append(FrameState(shot=number, time=time, view=view, actors=seen, walls=walls))
    return tuple(states)


def _lives(scene: Scene, shot: Shot, seconds: float) -> list[_Life]:
    place = PLACES[shot.place]
    lives = []
    for number, cast in enumerate(shot.casts):
        for index in range(cast.count):
            rng = random.Random(cast.seed * 31 + index)
            lane = _lane(shot, number, index, rng)
            height = min(SUBJECTS[cast.kind].height * SIZES[cast.size], TALLEST) * place.scale(lane)
            if cast.count >= 3:
                height = min(height, 3.4) * (0.92 + 0.16 * rng.random())
            events = sorted((event for event in shot.events if event.cast == number), key=lambda event: event.start)
            start = _start(shot, cast, number, index, events, height, lane)
            actor = Actor(cast=number, index=index, kind=cast.kind, look=cast.look, seed=rng.randrange(1 << 30))
            lives.append(_Life(actor=actor, lane=lane, parts=_parts(shot, cast, events, start, seconds, rng)))
    return lives


def _lane(shot: Shot, number: int, index: int, rng: random.Random) -> float:
    """Depth from 0 (far) to 1 (near): casts apart, members in zigzag."""
    for relation in shot.relations:
        if relation.name in ("behind", "in front of"):
            back = (relation.subject == number) == (relation.name == "behind")
            return 0.2 if back else 0.85
    base = 0.62 if number == 0 else 0.38
    cast = shot.casts[number]
    zigzag = 0.0 if cast.count == 1 else (0.22 if index % 2 else -0.22)
    return min(max(base + zigzag + 0.06 * (rng.random() - 0.5), 0.05), 0.98)


def _room(camera: Camera) -> float:
    """Half the width of the stage that the camera sees all the time."""
    return {"zoom in": HALF / 1.35, "zoom out": HALF / 1.35, "pan left": HALF - 1.6, "pan right": HALF - 1.6}.get(
        camera.move, HALF
    )


def _start(
    shot: Shot, cast: Cast, number: int, index: int, events: list[Event], height: float, lane: float
) -> Pose:
    """Where a member stands at first: its side of the frame, members spread evenly, room ahead for the way it goes."""
    subject, place = SUBJECTS[cast.kind], PLACES[shot.place]
    first = events[0] if events else None
    direction = -1.0 if first and first.direction == "left" else 1.0
    half = min(height * subject.aspect / 2, 3.4)
    centre = {"left": -4.6, "right": 4.6, "centre": 0.0}.get(cast.side or "", None)
    if centre is None:
        travels = any(event.direction for event in events)
        centre = -3.2 * direction if travels and cast.count < 3 else 0.0
    if first and first.action == "hide":
        centre = -4.6 * direction
    room = _room(shot.camera)
    spread = min(3.3, 1.7 * room / cast.count) if cast.count > 1 else 0.0
    if cast.side in ("left", "right"):
        spread = min(spread, 1.8)
    x = centre + spread * (index - (cast.count - 1) / 2)
    x = min(max(x, half - room + 0.3), room - half - 0.3)
    floating = {"fly": 3.2, "fall": 5.5 if subject.aspect == 1.0 else 0.0, "bounce": 3.6}
    lift = floating.get(first.action, 0.0) if first else 0.0
    action = first.action if first else "idle"
    at_sea = action in ("sail", "swim") or cast.kind == "boat"
    y = place.shore(lane) if at_sea else place.ground(lane)
    return Pose(
        x=x, y=y, height=height, facing=direction, action=action, lift=lift, mood=cast.mood, phase=0.37 * index + 0.2 * number
    )


def _parts(
    shot: Shot, cast: Cast, events: list[Event], start: Pose, seconds: float, rng: random.Random
) -> tuple[_Part, ...]:
    place, subject = PLACES[shot.place], SUBJECTS[cast.kind]
    half = min(start.height * subject.aspect / 2, 3.4)

    def context(length: float, direction: float, seed: int) -> Context:
        return Context(
            height=start.height,
            aspect=subject.aspect,
            seconds=length,
            direction=direction,
            gravity=place.gravity,
            bounciness=subject.bounciness,
            seed=seed,
            delay=rng.random() * 1.3,
            low=half - _room(shot.camera) + 0.2,
            high=_room(shot.camera) - half - 0.2,
        )

    parts: list[_Part] = []
    pose, now = start, 0.0
    for event in events:
        begin, end = event.start * seconds, event.end * seconds
        if begin > now + 1e-6:
            motion = ACTIONS["idle"].begin(pose, context(begin - now, pose.facing, 0))
            parts.append(_Part(begin=now, motion=motion))
            pose = motion(begin - now)
        direction = {"left": -1.0, "right": 1.0}.get(event.direction or "", pose.facing or 1.0)
        motion = ACTIONS[event.action].begin(pose, context(end - begin, direction, rng.randrange(1 << 30)))
        parts.append(_Part(begin=begin, motion=motion))
        pose, now = motion(end - begin), end
    if now < seconds - 1e-6 or not parts:
        parts.append(_Part(begin=now, motion=ACTIONS["idle"].begin(pose, context(seconds, pose.facing or 1.0, 0))))
    return tuple(parts)


def _walls(shot: Shot, lives: list[_Life], seconds: float) -> tuple[Wall, ...]:
    """A wall in the middle of the way of each cast that passes behind one."""
    walls = []
    for number in {event.cast for event in shot.events if event.action == "hide"}:
        members = [life for life in lives if life.actor.cast == number]
        xs = [life.at(time).x for life in members for time in (0.0, seconds)]
        poses = [life.at(0.0) for life in members]
        tall = max(pose.height for pose in poses)
        wide = max(pose.height * SUBJECTS[life.actor.kind].aspect for life, pose in zip(members, poses, strict=True))
        y = max(pose.y for pose in poses) + 0.25
        width = min(wide * 1.25, 5.5)
        walls.append(Wall(x=(min(xs) + max(xs)) / 2 - width / 2, y=y, width=width, height=tall * 1.12 + 0.3))
    return tuple(walls)


def _view(camera: Camera, lives: list[_Life], time: float, seconds: float) -> View:
    share = min(max(time / seconds, 0.0), 1.0)
    smooth = share * share * (3 - 2 * share)
    if camera.move == "pan left":
        return View(x=1.6 - 3.2 * smooth)
    if camera.move == "pan right":
        return View(x=-1.6 + 3.2 * smooth)
    if camera.move in ("zoom in", "zoom out"):
        zoom = 1.0 + 0.35 * (smooth if camera.move == "zoom in" else 1 - smooth)
        return View(y=1.3 * (zoom - 1) / 0.35, zoom=zoom)
    if camera.move == "follow":
        poses = [life.at(time) for life in lives if life.actor.cast == camera.cast]
        if poses:
            return View(x=sum(pose.x for pose in poses) / len(poses))
    return View()


def _visible(pose: Pose, kind: str, view: View, walls: tuple[Wall, ...]) -> float:
    """Share of the actor's box that is inside the frame (16:10) and not behind a wall."""
    half = pose.height * SUBJECTS[kind].aspect / 2
    left, right, top, bottom = pose.x - half, pose.x + half, pose.y - pose.lift - pose.height, pose.y - pose.lift
    wide, high = HALF / view.zoom, 5.0 / view.zoom
    inside = _overlap(left, right, view.x - wide, view.x + wide) * _overlap(top, bottom, view.y - high, view.y + high)
    hidden = sum(
        _overlap(left, right, wall.x, wall.x + wall.width) * _overlap(top, bottom, wall.y - wall.height, wall.y)
        for wall in walls
    )
    area = max((right - left) * (bottom - top), 1e-6)
    return min(max((inside - hidden) / area, 0.0), 1.0)


def _overlap(a: float, b: float, c: float, d: float) -> float:
    return max(0.0, min(b, d) - max(a, c))
