"""The boat: a wooden hull in one colour, a mast, two sails in another, rocking on its own wavelets."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, closed, curve, light_of, mix, shade_of, shape
from soramame.world.palette import COLOURS, RGB
from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import Look, Phrases, Subject, colour_of, entered
from soramame.world.subjects.gait import wave
from soramame.world.words import Words

_HULL = shape((-44, -24, 0.1), (-20, -20), (20, -20), (52, -28, 0.1), (40, -6), (26, 0), (-26, 0), (-38, -6))
_BAND = shape((-60, -30, 0.1), (-20, -19), (20, -19), (60, -34, 0.1), (60, -24, 0.1), (20, -13.5),
    (-20, -13.5), (-60, -23, 0.1))  # fmt: skip
_WOOD: RGB = (150, 98, 58)


def _sails(pen: Pen, rgb: RGB, flag: RGB, *, belly: float) -> None:
    pen.sheet(shape((-2.2, -98, 0.1), (2.2, -98, 0.1), (2.6, -20, 0.1), (-2.6, -20, 0.1)), _WOOD, shade=1.4)
    back = closed(((-4, -92, 0.1), (-17 - belly * 0.5, -66), (-36 - belly, -34, 0.15), (-20, -30.5), (-4, -31, 0.1)))
    front = closed(((5, -86, 0.1), (20 + belly, -66), (39 + belly, -38, 0.15), (22, -33.5), (5, -34, 0.1)))
    pen.sheet(back, rgb, shade=5.0, rim=True)
    pen.sheet(front, mix(rgb, shade_of(rgb), 0.25), shade=5.0)
    for y in (-74.0, -54.0):
        pen.inside(back, shape((-60, y - 2, 0), (0, y - 3, 0), (0, y + 2, 0), (-60, y + 3, 0)), shade_of(rgb), 0.55)
    pen.sheet(closed(((0, -100, 0.1), (-9, -98 - belly * 0.3), (-18, -96.5 + belly * 0.5, 0.1), (-9, -94),
        (0, -92.5, 0.1))), flag, shade=1.5)  # fmt: skip


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a sailing boat; it rocks once a phase."""
    pose = state.pose
    hull, sail = colour_of(state, "body", "red"), colour_of(state, "sail", "white")
    moving = pose.action == "sail"
    with entered(canvas, pose, style, narrow=0.35) as pen:
        canvas.save()
        canvas.rotate(math.degrees((0.055 if moving else 0.03) * wave(pose.phase)), 0, -8)
        _sails(pen, sail, hull, belly=(4.0 if moving else 0.5) + 1.2 * wave(pose.phase, 0.2))
        pen.sheet(_HULL, hull, shade=5.0, rim=True)
        pen.inside(_HULL, _BAND, light_of(mix(hull, (255, 255, 255), 0.55)))
        for x in (-20.0, -4.0, 12.0):
            pen.spot(x, -9.6, 3.0, shade_of(shade_of(hull)))
            pen.spot(x, -9.6, 2.0, (250, 226, 150))
        canvas.restore()
        shift = 3.0 * wave(pose.phase, 0.1)
        for x, width in ((-34.0, 13.0), (-4.0, 16.0), (28.0, 13.0)):
            wavelet = curve(((x - width + shift, -1.2), (x - width / 2 + shift, -4.0), (x + shift, -1.6),
                (x + width / 2 + shift, -4.0), (x + width + shift, -1.2)))  # fmt: skip
            pen.line(wavelet, (244, 250, 255), 2.2, 0.92)
        if moving:
            pen.line(curve(((44, -3), (52, -7 + shift * 0.3), (58, -3))), (244, 250, 255), 2.6, 0.92)


def _en(look: Look) -> Phrases:
    body, sail = look.get("body"), look.get("sail")
    after = (f"with {sail} sails",) if sail else ()
    return Phrases(before=(body,) if body else (), after=after)


def _ja(look: Look) -> tuple[str, ...]:
    body, sail = look.get("body"), look.get("sail")
    parts = (f"{COLOURS[sail].words.ja[0]}帆を張った",) if sail else ()
    return (*parts, COLOURS[body].words.ja[0]) if body else parts


BOAT = Subject(
    name="boat",
    words=Words(en=("boat", "sailing boat"), en_plural=("boats", "sailing boats"), ja=("ボート", "ヨット", "船")),
    height=4.0,
    aspect=1.0,
    actions=("idle", "sail", "turn"),
    places=("beach",),
    slots={
        "body": ("red", "blue", "green", "yellow", "brown", "black", "orange", "teal"),
        "sail": ("white", "red", "yellow", "beige"),
    },
    describe_en=_en,
    describe_ja=_ja,
    draw=draw,
    mass=10.0,
)
