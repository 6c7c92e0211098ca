"""The mammoth: a domed head, a hump, a shaggy skirt of fur, great curved tusks and a swinging trunk."""

from __future__ import annotations

import itertools
import math

import skia

from soramame.world.ink import Knot, Pen, limb, line_of, mix, shade_of, shape, stroke, trace
from soramame.world.palette import RGB
from soramame.world.scene import ActorState, Mood, Style
from soramame.world.subjects.base import Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.subjects.beast import tear
from soramame.world.subjects.front import TURNED, draw_mammoth_front
from soramame.world.subjects.gait import Stance, stance, wave
from soramame.world.words import Words

_IVORY: RGB = (250, 240, 214)
_DOME = shape(
    (2, -66), (6, -84), (18, -96), (32, -100), (46, -94), (54, -80), (56, -66), (52, -52), (40, -42),
    (28, -36, 0.2), (22, -43, 0.3),
    (14, -38, 0.2), (10, -48),
)  # fmt: skip
_TOPKNOT = shape((8, -86, 0.3), (16, -97), (31, -103, 0.4), (45, -97), (50, -86, 0.1), (42, -90, 0.3),
    (36, -83, 0.1), (29, -89, 0.3), (22, -82, 0.1), (16, -88, 0.3))  # fmt: skip
_EAR = shape((10, -76), (20, -78), (25, -66), (21, -52), (13, -46, 0.4), (7, -56))
_NEAR_TUSK = shape((42, -52, 0.3), (46, -38), (58, -26), (74, -28), (82, -40), (82, -52, 0.1), (76, -41),
    (69, -35), (59, -36), (52, -44), (50, -54, 0.3))  # fmt: skip
_FAR_TUSK = shape((50, -52, 0.3), (54, -40), (64, -32), (78, -34), (86, -44), (86, -55, 0.1), (80, -46),
    (73, -41), (65, -42), (59, -48), (57, -54, 0.3))  # fmt: skip


def _skirt(sway: float) -> tuple[Knot, ...]:
    """The trunk's outline with a ragged lower edge that swings."""
    edge: list[Knot] = []
    for i, x in enumerate(range(28, -50, -11)):
        edge.append((x - 2 + sway, -17.0 - (4 if i % 2 else 0), 0.0))
        edge.append((x - 6 + sway * 0.4, -28.0, 0.5))
    return (
        (-57, -42), (-55, -60), (-44, -72), (-26, -76), (-8, -84), (8, -91), (24, -88), (40, -66),
        (36, -34, 0.4), *edge,
    )  # fmt: skip


def _legs(pen: Pen, held: Stance, rgb: RGB, *, far: bool) -> None:
    back, front = (held.far_hind, held.far_fore) if far else (held.hind, held.fore)
    shift = 9.0 if far else 0.0
    for hip, (dx, dy) in ((-40.0 + shift, back), (16.0 + shift, front)):
        foot = (hip + dx * 0.75, min(dy * 0.8, 0.0) - 7.5)
        knee = (hip + dx * 0.4 + (-dy) * 0.25, -25 + dy * 0.3)
        pen.sheet(limb(((hip, -44.0), knee, foot), (12.0, 9.6, 8.6)), rgb, shade=0.0 if far else 3.6, cast=not far)
        if not far:
            for toe in (0.4, 6.0):
                pen.oval(foot[0] + toe, foot[1] + 5.4, 2.4, 2.6, mix(_IVORY, rgb, 0.25))


def _trunk(pen: Pen, rgb: RGB, mood: Mood, *, swing: float, raised: float) -> None:
    root = (53.0, -66.0)
    tip = [(60.0, -46.0), (60.0 + 3 * swing, -24.0), (64.0 + 6 * swing, -8.0), (72.0 + 7 * swing, -9.0)]
    up = [(65.0, -56.0), (74.0, -64.0 + 2 * swing), (76.0 + 2 * swing, -84.0), (84.0, -94.0 + 2 * swing)]
    spine = [(a[0] + (b[0] - a[0]) * raised, a[1] + (b[1] - a[1]) * raised) for a, b in zip(tip, up, strict=True)]
    path = limb((root, *spine), (9.5, 7.6, 5.8, 4.6, 3.6))
    pen.sheet(path, rgb, shade=3.4)
    for (x0, y0), (x1, y1) in itertools.pairwise(spine[:3]):
        mx, my = (x0 + x1) / 2, (y0 + y1) / 2
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        nx, ny = -(y1 - y0) / length * 3.6, (x1 - x0) / length * 3.6
        pen.canvas.drawLine(mx - nx, my - ny, mx + nx, my + ny, stroke(shade_of(rgb), 1.8))


def _face(pen: Pen, rgb: RGB, mood: Mood) -> None:
    dark = line_of(rgb)
    wide = 1.35 if mood == "surprised" else 1.0
    pen.oval(44, -72, 4.8 * wide, 5.4 * wide, (255, 250, 240))
    pen.oval(45, -71.6, 3.2, 4.0, (36, 24, 30))
    pen.spot(43.8, -73.6, 1.4, (255, 255, 255))
    if mood == "happy":
        pen.oval(44.5, -71.5, 5.2, 5.8, rgb)
        pen.line(trace((39.5, -70), (44.5, -75), (49.5, -70)), dark, 2.6)
    if mood == "sad":
        tear(pen, 46, -63)
    brow = {"angry": ((36, -81), (50, -75)), "sad": ((37, -76), (49, -82)), "surprised": ((38, -83),
        (50, -82))}.get(mood)  # fmt: skip
    if brow:
        pen.line(trace(*brow), dark, 3.0)


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a mammoth."""
    pose = state.pose
    mood = pose.mood
    rgb = colour_of(state, "fur", "brown")
    pale = mix(rgb, (250, 214, 160), 0.32)
    held = stance(pose, stride=12.0, spring=0.5)
    far = mix(rgb, shade_of(shade_of(rgb)), 0.8)
    swing = wave(pose.phase, 0.15)
    raised = {"happy": 1.0, "surprised": 0.75, "angry": 0.4}.get(mood, 0.0)
    raised = max(raised, 0.5 - 0.5 * math.cos(2 * math.pi * pose.phase)) if pose.action == "play" else raised
    if abs(pose.facing) < TURNED:
        with entered(canvas, pose, style, narrow=1.0) as pen:
            draw_mammoth_front(pen, pose, rgb, _IVORY)
        return
    with entered(canvas, pose, style, narrow=TURNED) as pen:
        _legs(pen, held, far, far=True)
        canvas.save()
        canvas.translate(0, held.rise * 0.6)
        canvas.rotate(math.degrees(held.pitch * 0.5), 0, -50)
        pen.sheet(limb(((-54, -58), (-61, -44), (-60 + 3 * swing, -30)), (4.0, 2.6, 3.6)), rgb, shade=0.0, cast=False)
        canvas.restore()
        _legs(pen, held, mix(rgb, shade_of(rgb), 0.3), far=False)
        canvas.save()
        canvas.translate(0, held.rise * 0.6)
        canvas.rotate(math.degrees(held.pitch * 0.5), 0, -50)
        body = shape(*_skirt(round(4 * swing) * 0.6))
        pen.sheet(body, rgb, shade=6.0, rim=True)
        for x, y in ((-40, -54), (-26, -46), (-10, -54), (-34, -38), (-16, -36), (0, -42)):
            pen.line(trace((x, y - 7), (x - 1.5, y), (x - 5, y + 5)), pale, 2.4)
        canvas.translate(0, {"sad": 9.0, "angry": 3.0}.get(mood, 0.0))
        canvas.rotate(math.degrees(held.nod) + {"sad": 10.0, "happy": -5.0}.get(mood, 0.0), 20, -66)
        pen.sheet(_FAR_TUSK, shade_of(_IVORY), shade=0.0, cast=False)
        _trunk(pen, rgb, mood, swing=swing, raised=raised)
        pen.sheet(_DOME, rgb, shade=5.0, rim=True)
        pen.sheet(_TOPKNOT, mix(rgb, shade_of(rgb), 0.75), shade=0.0, cast=False)
        _face(pen, rgb, mood)
        pen.sheet(_EAR, mix(rgb, pale, 0.5), shade=3.0)
        pen.sheet(_NEAR_TUSK, _IVORY, shade=2.6)
        canvas.restore()


MAMMOTH = Subject(
    name="mammoth",
    words=Words(en=("mammoth", "woolly mammoth"), en_plural=("mammoths", "woolly mammoths"), ja=("マンモス",)),
    height=5.5,
    aspect=1.5,
    actions=("idle", "walk", "run", "turn", "play", "hide"),
    places=("snowfield", "meadow"),
    slots={"fur": ("brown", "grey", "beige", "black")},
    describe_en=coloured("fur"),
    describe_ja=coloured_ja("fur"),
    draw=draw,
    mass=20.0,
    moody=True,
)
