"""A clothed person: woman and man differ in build, hair and wardrobe only."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import skia

from soramame.world.ink import Pen, mix, shade_of
from soramame.world.palette import RGB, rgb_of
from soramame.world.scene import ActorState, Pose, Style
from soramame.world.subjects.base import entered
from soramame.world.subjects.face import draw_face
from soramame.world.subjects.figure import Figure, figure
from soramame.world.subjects.gait import wave
from soramame.world.subjects.hair import back_hair, front_hair, hat
from soramame.world.subjects.wardrobe import (
    BOOT,
    Frame,
    draw_arm,
    draw_bag,
    draw_leg,
    draw_scarf,
    draw_shoe,
    draw_skirt,
    draw_top,
)

HAIR: dict[str, RGB] = {
    "black": (46, 40, 58), "brown": (116, 68, 42), "gold": (240, 192, 92), "red": (192, 74, 38),
    "grey": (168, 172, 182),
}  # fmt: skip
SKIN: tuple[RGB, ...] = ((252, 220, 196), (240, 196, 162), (198, 142, 106))


@dataclass(frozen=True, kw_only=True)
class Build:
    """What makes the figure: half widths in figure units, and the defaults of the look."""

    shoulder: float
    waist: float
    sleeve: float
    cropped: bool
    top: str
    bottom: str


def skin_of(state: ActorState) -> RGB:
    """One of three tones, fixed by the look: the same person keeps it from shot to shot, and so do its equals."""
    return SKIN[zlib.crc32(repr(sorted(state.actor.look)).encode()) % len(SKIN)]


def sway_of(pose: Pose) -> float:
    """How far hair and hems blow back: with speed, and a little with the breath."""
    speed = {"run": 8.0, "walk": 3.0, "hide": 3.0, "fall": -2.0}.get(pose.action, 0.6)
    return speed + 1.6 * wave(pose.phase, 0.3)


def _head(pen: Pen, state: ActorState, body: Figure, build: Build) -> None:
    actor, pose = state.actor, state.pose
    hair = HAIR[actor.wears("hair", "black")]
    accessory = actor.wears("accessory", "none")
    canvas = pen.canvas
    canvas.save()
    canvas.translate(*body.head)
    canvas.rotate(math.degrees(body.nod + body.lean * 0.5))
    draw_face(
        pen, skin_of(state), pose.mood, shift=3.2 * min(1.0, abs(pose.facing)), hair=hair, lashes=not build.cropped,
        shades=accessory.startswith("sunglasses"), beard=actor.wears("beard", "no") == "yes",
    )  # fmt: skip
    front_hair(pen, hair, cropped=build.cropped)
    if accessory == "hat":
        hat(pen, rgb_of(actor.wears("accessory_colour", "red")))
    canvas.restore()


def _behind_head(pen: Pen, state: ActorState, body: Figure, sway: float) -> None:
    canvas = pen.canvas
    canvas.save()
    canvas.translate(*body.head)
    canvas.rotate(math.degrees(body.nod * 0.5))
    back_hair(pen, HAIR[state.actor.wears("hair", "black")], state.actor.wears("hair_style", "long"), sway=sway)
    canvas.restore()


def _legs(pen: Pen, body: Figure, cloth: RGB, *, hidden: bool) -> None:
    for leg, far in ((body.far_leg, True), (body.near_leg, False)):
        boot = shade_of(BOOT) if far else BOOT
        if hidden:
            draw_shoe(pen, leg, boot)
        else:
            draw_leg(pen, leg, mix(cloth, shade_of(cloth), 0.6) if far else cloth, boot, near=not far)


def draw_person(canvas: skia.Canvas, state: ActorState, style: Style, build: Build) -> None:
    """Draw a person of a build in its look and pose."""
    actor, pose = state.actor, state.pose
    body, sway, skin = figure(pose), sway_of(pose), skin_of(state)
    frame = Frame(body)
    top, rgb = actor.wears("top", build.top), rgb_of(actor.wears("top_colour", "black"))
    bottom, cloth = actor.wears("bottom", build.bottom), rgb_of(actor.wears("bottom_colour", "red"))
    accessory, trim = actor.wears("accessory", "none"), rgb_of(actor.wears("accessory_colour", "red"))
    bare = top == "t-shirt"
    skirted = bottom != "trousers"
    with entered(canvas, pose, style, narrow=0.72) as pen:
        if not build.cropped:
            _behind_head(pen, state, body, sway)
        draw_arm(pen, body.far_arm, mix(rgb, shade_of(rgb), 0.6), skin, bare=bare, width=build.sleeve, near=False)
        _legs(pen, body, skin if skirted else cloth, hidden=bottom == "long dress")
        if skirted:
            draw_skirt(pen, body, cloth, long=bottom == "long dress", sway=sway * 0.5)
        pen.line(frame.line((0.8, -26), (0.8, -33)), shade_of(skin), 7.0)
        draw_top(pen, frame, top, rgb, cloth if skirted else (244, 242, 238),
            shoulder=build.shoulder, waist=build.waist)  # fmt: skip
        if accessory == "scarf":
            draw_scarf(pen, frame, trim, sway=sway)
        _head(pen, state, body, build)
        if accessory.endswith("bag"):
            draw_bag(pen, body.near_arm.end, trim)
        draw_arm(pen, body.near_arm, rgb, skin, bare=bare, width=build.sleeve, near=True)
