"""The exact truth of a clip, as JSON-able data: what a generated clip of the same words is scored against.

Positions are in stage units; ``box`` is in shares of the picture (left, top, right, bottom; 0 to 1 inside it), so
that it can be compared with what a detector finds in pixels.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

from soramame.world.camera import Frame
from soramame.world.scene import ActorState, FrameState, Scene, Shot, Side
from soramame.world.subjects import SUBJECTS
from soramame.world.visibility import box_of

HIDDEN = 0.12
"""An actor of which less than this share is seen counts as hidden."""
CLEAR = 0.5
"""An actor of which at least this share is seen counts as clearly in view."""


def truth(scene: Scene, states: tuple[FrameState, ...], *, aspect: float = 1.6) -> dict[str, Any]:
    """Script and frames: who is there, where, how large, how visible, what was bitten, camera and cuts.

    ``cuts`` are the first frames of new shots; each shot has its ``frames`` (first and after the last), its
    ``events`` with frames of their own, and its ``actors`` with the frames in which each is hidden.
    """
    frame = Frame.of(aspect)
    return {
        "seed": scene.seed,
        "style": scene.style,
        "shots": [_shot(shot, number, states, frame) for number, shot in enumerate(scene.shots)],
        "cuts": cuts(states),
        "frames": [_frame(state, frame) for state in states],
    }


def cuts(states: tuple[FrameState, ...]) -> list[int]:
    """The first frame of every shot but the first."""
    return [n for n, (a, b) in enumerate(pairwise(states), 1) if a.shot != b.shot]


def count_visible(state: FrameState, kind: str, *, least: float = HIDDEN) -> int:
    """How many actors of a kind can be seen in a frame, each by at least so much of it."""
    return sum(actor.actor.kind == kind and actor.visible >= least for actor in state.actors)


def side_of(state: FrameState, cast: int, frame: Frame) -> Side | None:
    """On which third of the picture the middle of a cast is in a frame; None if it is not there."""
    xs = [_place(actor, state, frame)[0] for actor in state.actors if actor.actor.cast == cast]
    if not xs:
        return None
    middle = sum(xs) / len(xs)
    return "left" if middle < 1 / 3 else "right" if middle > 2 / 3 else "centre"


def _place(actor: ActorState, state: FrameState, frame: Frame) -> tuple[float, float]:
    """The middle of an actor in shares of the picture."""
    left, top, right, bottom = _box(actor, state, frame)
    return (left + right) / 2, (top + bottom) / 2


def _box(actor: ActorState, state: FrameState, frame: Frame) -> tuple[float, float, float, float]:
    """The box of an actor in shares of the picture."""
    view = state.view
    left, top, right, bottom = box_of(actor.pose, actor.pose.height * SUBJECTS[actor.actor.kind].aspect)
    return (
        0.5 + (left - view.x) * view.zoom / (2 * frame.half_width),
        0.5 + (top - view.y) * view.zoom / (2 * frame.half_height),
        0.5 + (right - view.x) * view.zoom / (2 * frame.half_width),
        0.5 + (bottom - view.y) * view.zoom / (2 * frame.half_height),
    )


def _shot(shot: Shot, number: int, states: tuple[FrameState, ...], frame: Frame) -> dict[str, Any]:
    """The script of a shot and its frames; what is derived from states is left out where no frame shows the shot."""
    told: dict[str, Any] = asdict(shot)
    mine = [n for n, state in enumerate(states) if state.shot == number]
    if not mine:
        return told | {"frames": None}
    first, count = mine[0], len(mine)
    for event, entry in zip(shot.events, told["events"], strict=True):
        entry["frames"] = [first + round(event.start * count), first + round(event.end * count)]

    told["frames"] = [first, first + count]
    told["walls"] = [asdict(wall) for wall in states[first].walls]
    told["sides_at_start"] = [side_of(states[first], cast, frame) for cast in range(len(shot.casts))]
    told["actors"] = [
        {
            "id": f"{actor.actor.cast}.{actor.actor.index}",
            "kind": actor.actor.kind,
            "hidden_frames": [n for n in mine if _same(states[n], actor).visible < HIDDEN],
            "bites": [n for n in mine if _bites(states, n, mine[0], actor)],
        }
        for actor in states[first].actors
    ]
    return told


def _same(state: FrameState, actor: ActorState) -> ActorState:
    return next(other for other in state.actors if other.actor == actor.actor)


def _bites(states: tuple[FrameState, ...], frame: int, first: int, actor: ActorState) -> bool:
    """Whether a bite begins in a frame."""
    now = _same(states[frame], actor).pose.bitten
    before = _same(states[frame - 1], actor).pose.bitten if frame > first else 0.0
    return now > before and before == int(before)


def _frame(state: FrameState, frame: Frame) -> dict[str, Any]:
    kinds = sorted({actor.actor.kind for actor in state.actors})
    return {
        "shot": state.shot,
        "time": round(state.time, 4),
        "camera": {"x": round(state.view.x, 4), "y": round(state.view.y, 4), "zoom": round(state.view.zoom, 4)},
        "counts": {kind: count_visible(state, kind) for kind in kinds},
        "actors": [_actor(actor, state, frame) for actor in state.actors],
    }


def _actor(actor: ActorState, state: FrameState, frame: Frame) -> dict[str, Any]:
    pose = actor.pose
    return {
        "id": f"{actor.actor.cast}.{actor.actor.index}",
        "cast": actor.actor.cast,
        "index": actor.actor.index,
        "kind": actor.actor.kind,
        "x": round(pose.x, 4),
        "y": round(pose.y - pose.lift, 4),
        "height": round(pose.height, 4),
        "box": [round(edge, 4) for edge in _box(actor, state, frame)],
        "facing": round(pose.facing, 3),
        "action": pose.action,
        "lift": round(pose.lift, 4),
        "bitten": round(pose.bitten, 3),
        "visible": round(actor.visible, 3),
        "hidden": actor.visible < HIDDEN,
    }
