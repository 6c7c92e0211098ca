"""The exact truth of a clip, as JSON-able data: what a generated clip of the same words is scored against."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from soramame.world.scene import FrameState, Scene

HIDDEN = 0.12
"""An actor of which less than this share is seen counts as hidden."""


def truth(scene: Scene, states: tuple[FrameState, ...]) -> dict[str, Any]:
    """Script and frames: who is there, where, how large, how visible, what was bitten, camera and cuts. Stage units."""
    return {
        "style": scene.style,
        "shots": [asdict(shot) for shot in scene.shots],
        "cuts": [n for n, (a, b) in enumerate(zip(states, states[1:], strict=False), 1) if a.shot != b.shot],
        "frames": [_frame(state) for state in states],
    }


def count_visible(state: FrameState, kind: str) -> int:
    """How many actors of a kind can be seen in a frame."""
    return sum(actor.actor.kind == kind and actor.visible >= HIDDEN for actor in state.actors)


def _frame(state: FrameState) -> dict[str, Any]:
    return {
        "shot": state.shot,
        "time": round(state.time, 4),
        "camera": {"x": round(state.view.x, 4), "y": round(state.view.y, 4), "zoom": round(state.view.zoom, 4)},
        "counts": {kind: count_visible(state, kind) for kind in sorted({a.actor.kind for a in state.actors})},
        "actors": [
            {
                "cast": actor.actor.cast,
                "index": actor.actor.index,
                "kind": actor.actor.kind,
                "x": round(actor.pose.x, 4),
                "y": round(actor.pose.y - actor.pose.lift, 4),
                "height": round(actor.pose.height, 4),
                "facing": round(actor.pose.facing, 3),
                "action": actor.pose.action,
                "bitten": round(actor.pose.bitten, 3),
                "visible": round(actor.visible, 3),
                "hidden": actor.visible < HIDDEN,
            }
            for actor in state.actors
        ],
    }
