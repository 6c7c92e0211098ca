"""The astronaut: a round helmet with a mirroring visor, a bulky suit with coloured trim, a pack on the back."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, light_of, limb, mix, shade_of, shape, stroke, trace
from soramame.world.palette import COLOURS, RGB
from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import LAND, PERSON_ACTIONS, Look, Phrases, Subject, colour_of, entered
from soramame.world.subjects.figure import Figure, Limb, figure
from soramame.world.subjects.wardrobe import Frame
from soramame.world.words import Words

_HELMET = shape((-17, 0), (-14, -12), (0, -17.5), (14, -12), (17, 0), (14, 11), (8, 15), (-8, 15), (-14, 11))
_VISOR = shape((-9.5, -5, 0.8), (3, -10), (14, -6.5), (16.4, 1), (12.6, 9), (3, 11.5), (-8, 7.6), (-10.6, 1))
_GLASS: RGB = (30, 44, 88)


def _arm(pen: Pen, arm: Limb, suit: RGB, trim: RGB, *, near: bool) -> None:
    pen.knob(*arm.end, 4.6, trim)
    wrist = (arm.bend[0] * 0.2 + arm.end[0] * 0.8, arm.bend[1] * 0.2 + arm.end[1] * 0.8)
    pen.sheet(limb((arm.root, arm.bend, wrist), (6.6, 5.8, 4.8)), suit, shade=2.6, cast=near, rim=near)
    pen.canvas.drawLine(*_beside(arm, 0.62, -5.4), *_beside(arm, 0.62, 5.4), stroke(trim, 2.6))


def _beside(arm: Limb, t: float, off: float) -> tuple[float, float]:
    """A point of the upper limb at a share of its length, ``off`` to its side."""
    dx, dy = arm.bend[0] - arm.root[0], arm.bend[1] - arm.root[1]
    length = math.hypot(dx, dy) or 1.0
    return arm.root[0] + dx * t - dy / length * off, arm.root[1] + dy * t + dx / length * off


def _leg(pen: Pen, leg: Limb, suit: RGB, trim: RGB) -> None:
    x, y = leg.end
    pen.sheet(limb((leg.root, leg.bend, (x, y - 3)), (8.4, 7.2, 6.2)), suit, shade=3.0, cast=False)
    pen.canvas.drawLine(*_beside(leg, 0.95, -6.4), *_beside(leg, 0.95, 6.4), stroke(shade_of(suit), 1.6))
    canvas = pen.canvas
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(math.degrees(leg.tilt))
    pen.sheet(shape((-6.4, -6, 0.3), (5.6, -6, 0.3), (6.4, -1.6), (11.4, 0), (11.8, 3, 0.0), (-6.6, 3, 0.0)),
        trim, shade=0.0, cast=False)  # fmt: skip
    canvas.restore()


def _knit(pen: Pen, rgb: RGB) -> None:
    """Rows of stitches on a woollen helmet."""
    for y, half in ((-13.0, 7.0), (-8.5, 12.5), (9.0, 13.0)):
        pen.line(trace((-half - 1, y + 1.2), (0, y - 1.4), (half + 1, y + 1.2)), light_of(rgb), 1.2, 0.8)
    for x in (-12.4, 12.8):
        pen.line(trace((x, -8), (x * 1.06, 0), (x, 8)), shade_of(rgb), 1.2)


def _helmet(pen: Pen, body: Figure, rgb: RGB, trim: RGB, *, turn: float) -> None:
    canvas = pen.canvas
    canvas.save()
    canvas.translate(body.head[0], body.head[1] + 1.5)
    canvas.rotate(math.degrees(body.nod + 0.5 * body.lean))
    pen.sheet(_HELMET, rgb, shade=5.0, rim=True)
    if rgb == COLOURS["red"].rgb:
        _knit(pen, rgb)
    canvas.translate(-3.0 * (1 - turn), 0)
    canvas.scale(1.0, 1.0)
    pen.sheet(_VISOR, mix(rgb, (58, 54, 74), 0.72), shade=0.0, cast=False)
    canvas.translate(3.0, 0.8)
    canvas.scale(0.84, 0.84)
    pen.flat(_VISOR, _GLASS)
    pen.inside(_VISOR, shape((-14, 6), (2, 4), (18, 7), (18, 14), (-14, 14)), (232, 148, 92))
    pen.inside(_VISOR, shape((-14, 8.5), (4, 6.5), (18, 9.5), (18, 14), (-14, 14)), (250, 206, 120))
    pen.inside(_VISOR, shape((-8, 4), (-6, -6), (1, -12), (4, -8), (-2, -3), (-4, 4)), (150, 190, 240), 0.9)
    pen.spot(11.0, -3.6, 1.7, (255, 255, 255))
    canvas.restore()
    pen.oval(body.head[0] - 15.6, body.head[1] + 2.5, 2.4, 4.2, trim)


def _torso(pen: Pen, frame: Frame, suit: RGB, trim: RGB) -> None:
    pen.sheet(frame.path((-12.6, -24), (-5, -29), (5, -29), (12.4, -24), (12.0, -8), (10.6, 4), (-10.6, 4),
        (-12, -8)), suit, shade=4.0, rim=True)  # fmt: skip
    pen.line(frame.line((-11.0, -3.4), (0, -2.6), (11.2, -3.4)), trim, 2.8)
    pen.flat(frame.path((-4.6, -18.6, 0.2), (8.6, -18.6, 0.2), (8.2, -8.6, 0.2), (-4.2, -8.6, 0.2)),
        mix(suit, (70, 78, 104), 0.55))  # fmt: skip
    pen.spot(*frame.at(-1.2, -15.4), 1.7, (232, 60, 56))
    pen.spot(*frame.at(3.4, -15.4), 1.7, (250, 206, 52))
    pen.line(frame.line((-1.8, -11.4), (5.6, -11.4)), (150, 220, 240), 1.7)


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw an astronaut."""
    pose = state.pose
    body = figure(pose)
    frame = Frame(body)
    suit, trim = colour_of(state, "suit", "white"), colour_of(state, "trim", "blue")
    helmet = colour_of(state, "helmet", "white")
    dark = mix(suit, shade_of(suit), 0.6)
    with entered(canvas, pose, style, narrow=0.75) as pen:
        pen.sheet(frame.path((-18, -27, 0.5), (-8, -29, 0.5), (-8, -4, 0.5), (-17, -5, 0.5)),
            mix(shade_of(suit), (90, 96, 120), 0.4), shade=2.5, cast=False, rim=True)  # fmt: skip
        _arm(pen, body.far_arm, dark, shade_of(trim), near=False)
        _leg(pen, body.far_leg, dark, shade_of(trim))
        _leg(pen, body.near_leg, suit, trim)
        _torso(pen, frame, suit, trim)
        _helmet(pen, body, helmet, trim, turn=min(1.0, abs(pose.facing)))
        _arm(pen, body.near_arm, suit, trim, near=True)


def _en(look: Look) -> Phrases:
    suit, trim, helmet = look.get("suit"), look.get("trim"), look.get("helmet")
    worn = []
    if suit:
        worn.append(f"a{'n' if suit == 'orange' else ''} {suit} space suit" + (f" with {trim} trim" if trim else ""))
    if helmet:
        worn.append("a red knitted helmet" if helmet == "red" else f"a {helmet} helmet")
    return Phrases(after=("in " + " and ".join(worn),)) if worn else Phrases()


def _ja(look: Look) -> tuple[str, ...]:
    suit, trim, helmet = look.get("suit"), look.get("trim"), look.get("helmet")
    parts = []
    if helmet:
        knitted = "毛糸の" if helmet == "red" else ""
        parts.append(f"{COLOURS[helmet].words.ja[0]}{knitted}ヘルメットをかぶった")
    if suit:
        lined = f"{COLOURS[trim].words.ja[0]}ラインの入った" if trim else ""
        parts.append(f"{lined}{COLOURS[suit].words.ja[0]}宇宙服を着た")
    return tuple(parts)


ASTRONAUT = Subject(
    name="astronaut",
    words=Words(en=("astronaut", "spaceman"), en_plural=("astronauts", "spacemen"), ja=("宇宙飛行士",)),
    height=5.2,
    aspect=0.5,
    actions=PERSON_ACTIONS,
    places=LAND,
    slots={
        "suit": ("white", "orange"),
        "trim": ("blue", "red", "yellow", "green", "orange"),
        "helmet": ("white", "red"),
    },
    describe_en=_en,
    describe_ja=_ja,
    draw=draw,
    mass=6.0,
)
