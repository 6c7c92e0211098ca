"""From a scene to the exact state of every frame, bit for bit the same on every run."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import pairwise

from soramame.world.actions import ACTIONS, Context, Motion
from soramame.world.actions.recover import needed, recover
from soramame.world.blocking import Mark, Plan, block, ceiling_of, events_of
from soramame.world.camera import Frame, room, views
from soramame.world.legal import check
from soramame.world.places import PLACES
from soramame.world.scene import Actor, ActorState, FrameState, Pose, Scene, Shot
from soramame.world.subjects import SUBJECTS
from soramame.world.visibility import visible


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One stretch of an actor's life: from a time on, a motion."""

    begin: float
    motion: Motion


@dataclass(frozen=True, kw_only=True)
class _Life:
    """An actor and all it does in a shot."""

    actor: Actor
    mark: Mark
    parts: tuple[_Part, ...]

    def at(self, time: float) -> Pose:
        part = next(part for part in reversed(self.parts) if part.begin <= time + 1e-9)
        return part.motion(time - part.begin)


def shot_frames(scene: Scene, num_frames: int) -> tuple[range, ...]:
    """The frames of each shot: shots divide the time by their shares; a late shot of a very short clip may have
    none."""
    total = sum(shot.share for shot in scene.shots)
    ends, done = [0], 0.0
    for shot in scene.shots:
        done += shot.share
        ends.append(round(num_frames * done / total))
    ends[-1] = num_frames
    return tuple(range(a, b) for a, b in pairwise(ends))


def simulate(scene: Scene, num_frames: int, fps: float, *, aspect: float = 1.6) -> tuple[FrameState, ...]:
    """States of ``num_frames`` frames at ``fps`` in a picture of ``aspect`` (width over height); hard cuts between
    shots."""
    check(scene)
    frame = Frame.of(aspect)
    states: list[FrameState] = []
    for number, frames in enumerate(shot_frames(scene, num_frames)):
        if frames:
            states.extend(
                _shot_states(scene.shots[number], number, [i / fps for i in range(len(frames))], 1 / fps, frame)
            )
    return tuple(states)


def _shot_states(shot: Shot, number: int, times: list[float], tick: float, frame: Frame) -> list[FrameState]:
    seconds = max(times[-1] + tick, 0.5)
    plan = block(shot, frame=frame, seconds=seconds)
    lives = [_life(shot, plan, mark, seconds, frame) for mark in plan.marks]
    lives.sort(key=lambda life: (life.mark.y, life.mark.cast, life.mark.index))
    widths = [life.mark.height * SUBJECTS[life.actor.kind].aspect for life in lives]
    poses = [[life.at(time) for life in lives] for time in times]
    told = [[(life.mark.cast, pose, w) for life, pose, w in zip(lives, row, widths, strict=True)] for row in poses]
    shares = [time / max(times[-1], tick) for time in times]
    alone = len(shot.casts) == 1 and shot.casts[0].side is None
    path = views(shot.camera, frame, shares, told, alone=alone)
    seen = visible(poses, widths, path, plan.walls, frame)
    return [
        FrameState(
            shot=number,
            time=time,
            view=path[i],
            actors=tuple(
                ActorState(actor=life.actor, pose=pose, visible=share)
                for life, pose, share in zip(lives, poses[i], seen[i], strict=True)
            ),
            walls=plan.walls,
        )
        for i, time in enumerate(times)
    ]


def _life(shot: Shot, plan: Plan, mark: Mark, seconds: float, frame: Frame) -> _Life:
    cast, subject = shot.casts[mark.cast], SUBJECTS[shot.casts[mark.cast].kind]
    rng = random.Random(cast.seed * 31 + mark.index)
    actor = Actor(cast=mark.cast, index=mark.index, kind=cast.kind, look=cast.look, seed=rng.randrange(1 << 30))
    events = events_of(shot, mark.cast)
    first = events[0][1].action if events and events[0][1].start <= 0 else "idle"
    pose = Pose(
        x=mark.x,
        y=mark.y,
        height=mark.height,
        facing=mark.facing,
        action=first,
        lift=mark.lift,
        mood=cast.mood,
        phase=rng.random(),
    )
    common = Context(
        kind=cast.kind,
        height=mark.height,
        width=mark.height * subject.aspect,
        seconds=seconds,
        gravity=PLACES[shot.place].gravity,
        bounciness=subject.bounciness,
        ceiling=ceiling_of(mark.y, mark.height, frame),
        rolls="roll" in subject.actions,
        delay=(0.61 * mark.index + rng.random() * 0.3) % 1.0,
    )
    free = room(shot.camera, frame)
    edge = min(mark.x - free.low, free.high - mark.x) - common.width / 2
    return _Life(actor=actor, mark=mark, parts=_parts(shot, plan, mark, pose, common, edge))


def _parts(shot: Shot, plan: Plan, mark: Mark, pose: Pose, common: Context, edge: float) -> tuple[_Part, ...]:
    """The motions of a member one after another, each from the pose and the speed in which the last one left it.

    ``edge``: room between it and the edge of the picture at first.
    """
    seconds, now, moving = common.seconds, 0.0, False
    parts: list[_Part] = []
    here, vx, vy = pose, 0.0, 0.0

    def add(name: str, length: float, way: float, direction: float, *, last: bool) -> None:
        nonlocal here, vx, vy, now
        context = replace(common, seconds=length, way=way, direction=direction, vx=vx, vy=vy)
        action = ACTIONS[name]
        if action.ground and needed(here, context) and parts:
            rising = min(0.7, 0.4 * length)
            motion = recover(here, replace(context, seconds=rising))
            parts.append(_Part(begin=now, motion=motion))
            here, now, length = motion(rising), now + rising, length - rising
        context = replace(context, seconds=length, from_rest=now > 0 and not moving, to_rest=not last)
        motion = action.begin(here, context)
        parts.append(_Part(begin=now, motion=motion))
        before = motion(length - 1e-2)
        here = motion(length)
        now += length
        vx, vy = (here.x - before.x) / 1e-2, (here.lift - before.lift) / 1e-2

    events = events_of(shot, mark.cast)
    for number, event in events:
        begin, end = max(event.start * seconds, now), event.end * seconds
        if end - begin < 0.05:
            continue
        if begin > now + 1e-6:
            add("idle", begin - now, 0.0, here.facing, last=False)
        direction = {"left": -1.0, "right": 1.0}.get(event.direction or "", 1.0 if here.facing >= 0 else -1.0)
        way = plan.ways.get(number, 0.0)
        if event.target is not None and way:
            direction = 1.0 if way > 0 else -1.0
        if ACTIONS[event.action].sway:
            way = _sway(plan, mark, min(ACTIONS[event.action].sway, edge))
            direction = 1.0 if mark.index % 2 == 0 else -1.0
        add(event.action, end - now, way, direction, last=event.end >= 1.0 and event.target is None)
    if now < seconds - 1e-6 or not parts:
        add("idle", seconds - now + 1.0, 0.0, here.facing, last=True)
    return tuple(parts)


def _sway(plan: Plan, mark: Mark, most: float) -> float:
    """How far a member swings to both sides: not into its neighbours."""
    others = [abs(other.x - mark.x) for other in plan.marks if other is not mark]
    return max(min(most, 0.45 * min(others, default=9.0)), 0.3)
