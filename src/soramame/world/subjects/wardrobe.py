"""What people wear: legs, tops, dresses, bags, each drawn on the joints of a figure."""

from __future__ import annotations

import math

import skia

from soramame.world.ink import Pen, Point, closed, curve, ellipse, light_of, limb, mix, shade_of, shape
from soramame.world.palette import RGB, rgb_of
from soramame.world.subjects.figure import Figure, Limb

BOOT: RGB = (52, 40, 48)


_SHOE = shape((-4.2, -4.5), (3.6, -4.5), (4.6, -1), (9.5, 0.5), (9.6, 3.0, 0.0), (-4.4, 3.0, 0.0))


def draw_shoe(pen: Pen, leg: Limb, boot: RGB) -> None:
    """The boot at the end of a leg."""
    canvas = pen.canvas
    canvas.save()
    canvas.translate(*leg.end)
    canvas.rotate(math.degrees(leg.tilt))
    pen.sheet(_SHOE, boot, shade=0.0, cast=False)
    canvas.restore()


def draw_leg(pen: Pen, leg: Limb, cloth: RGB, boot: RGB, *, near: bool) -> None:
    """A trousered or bare leg with its boot."""
    pen.sheet(
        limb((leg.root, leg.bend, (leg.end[0], leg.end[1] - 2.4)), (6.4, 5.0, 3.9)),
        cloth,
        shade=2.4 if near else 0.0,
        cast=False,
    )
    draw_shoe(pen, leg, boot)


def draw_arm(pen: Pen, arm: Limb, cloth: RGB, skin: RGB, *, bare: bool, width: float, near: bool) -> None:
    """An arm: sleeve to the wrist (to the elbow if ``bare``), then the hand."""
    x, y = arm.end
    if bare:
        pen.sheet(limb((arm.root, arm.bend, arm.end), (3.6, 3.1, 2.8)), skin, shade=1.6 if near else 0.0, cast=near)
        middle = ((arm.root[0] + arm.bend[0] * 2) / 3, (arm.root[1] + arm.bend[1] * 2) / 3)
        pen.sheet(limb((arm.root, middle), (4.8 * width, 4.6 * width)), cloth, shade=2.0 if near else 0.0, cast=False)
        pen.spot(x, y, 3.2, skin)
    else:
        pen.knob(x, y, 3.4, skin)
        wrist = (arm.bend[0] + (x - arm.bend[0]) * 0.84, arm.bend[1] + (y - arm.bend[1]) * 0.84)
        sleeve = limb((arm.root, arm.bend, wrist), (5.0 * width, 4.3 * width, 3.6 * width))
        pen.sheet(sleeve, cloth, shade=2.2 if near else 0.0, cast=near, rim=near)


class Frame:
    """Axes of the upper body: ``at(x, y)`` with y 0 at the hip, -28 at the neck, leaning with the figure."""

    def __init__(self, figure: Figure) -> None:
        self._hip = figure.hip
        self._cos, self._sin = math.cos(figure.lean), math.sin(figure.lean)

    def at(self, x: float, y: float) -> Point:
        """A point of the upper body in figure units."""
        return self._hip[0] + x * self._cos - y * self._sin, self._hip[1] + x * self._sin + y * self._cos

    def path(self, *points: tuple[float, ...]) -> skia.Path:
        """A smooth closed shape of the upper body."""
        return closed([(*self.at(p[0], p[1]), *p[2:]) for p in points])  # type: ignore[misc]

    def line(self, *points: Point) -> skia.Path:
        """A smooth line on the upper body."""
        return curve([self.at(*p) for p in points])


def torso(frame: Frame, *, shoulder: float, waist: float, hem: float) -> skia.Path:
    """The upper body from the shoulders to ``hem`` (y, 0 = hip)."""
    return frame.path(
        (-shoulder, -25, 0.7), (-4, -29.5), (4, -29.5), (shoulder, -25, 0.7), (waist + 1.0, -12),
        (waist + 1.4, hem, 0.2),
        (-waist - 1.4, hem, 0.2), (-waist - 1.0, -12),
    )  # fmt: skip


def draw_top(pen: Pen, frame: Frame, garment: str, rgb: RGB, under: RGB, *, shoulder: float, waist: float) -> None:
    """The garment of the upper body over what is worn ``under`` it."""
    hem = {"leather jacket": -3.0, "coat": 18.0, "suit": 5.0}.get(garment, 2.0)
    body = torso(frame, shoulder=shoulder, waist=waist + (2.0 if garment == "coat" else 0.0), hem=hem)
    pen.sheet(body, rgb, shade=3.0, rim=True)
    gleam = light_of(rgb)
    if garment in ("leather jacket", "coat", "suit"):
        low = hem if garment == "leather jacket" else (-8.0 if garment == "suit" else -12.0)
        pen.flat(frame.path((-0.5, -30, 0.3), (6.5, -29.6, 0.3), (3.6 if low < -5 else 6.2, low, 0.1),
            (2.4 if low < -5 else 0.6, low, 0.1)), under)  # fmt: skip
    if garment == "leather jacket":
        pen.flat(frame.path((-1, -30.5, 0.1), (-5.2, -28, 0.1), (-3.2, -17, 0.1), (0.4, -20, 0.1)),
            mix(rgb, gleam, 0.45))  # fmt: skip
        pen.flat(frame.path((7, -30, 0.1), (9.4, -27, 0.1), (8.2, -17, 0.1), (5.4, -21, 0.1)), mix(rgb, gleam, 0.45))
        pen.line(frame.line((-6.6, -22), (-6.0, -10)), gleam, 1.3, 0.8)
        pen.line(frame.line((-waist, hem - 1.6), (-1.0, hem - 1.0)), mix(rgb, gleam, 0.5), 1.3)
    elif garment == "coat":
        pen.flat(frame.path((-1, -30.5, 0.1), (-6.4, -27, 0.1), (-2.6, -15, 0.1), (2.6, -12, 0.1)), shade_of(rgb))
        pen.flat(frame.path((7, -30.5, 0.1), (10.0, -26, 0.1), (7.6, -15, 0.1), (3.4, -12, 0.1)), shade_of(rgb))
        pen.line(frame.line((3, -12), (3.4, 17)), shade_of(rgb), 1.3)
        for y in (-7.0, 0.0):
            pen.spot(*frame.at(0.6, y), 1.1, gleam)
        pen.line(frame.line((-waist - 1.6, -9), (waist + 2, -9)), shade_of(rgb), 1.6)
    elif garment == "suit":
        pen.flat(frame.path((3.0, -28, 0.1), (4.6, -28, 0.1), (4.4, -13, 0.1), (3.2, -10, 0.1),
            (2.2, -13, 0.1)), rgb_of("red"))  # fmt: skip
        pen.flat(frame.path((-1, -30.5, 0.1), (-5.2, -27, 0.1), (2.2, -8, 0.1)), shade_of(rgb))
    elif garment == "sweater":
        pen.line(frame.line((-4.2, -29), (1.5, -26.6), (6.4, -29)), mix(rgb, gleam, 0.6), 2.6)
        pen.line(frame.line((-waist - 0.6, hem - 0.6), (waist + 0.6, hem - 0.6)), shade_of(rgb), 2.2)
        pen.line(frame.line((-shoulder + 2.5, -17), (0, -16), (shoulder - 2.5, -17)), mix(rgb, gleam, 0.75), 2.2)
    else:
        pen.line(frame.line((-4.0, -29.4), (1.4, -26.8), (6.2, -29.4)), shade_of(rgb), 1.5)


def draw_skirt(pen: Pen, figure: Figure, rgb: RGB, *, long: bool, sway: float) -> None:
    """The skirt of a dress: long to the ankles, else to the knees; its hem follows the legs."""
    hem = -5.0 if long else -23.0
    reach = [leg.end[0] if long else leg.bend[0] for leg in (figure.near_leg, figure.far_leg)]
    flare = 13.0 if long else 10.0
    left, right = min(min(reach), -3.0) - flare - sway, max(max(reach), 3.0) + flare - 2 - 0.4 * sway
    x, y = figure.hip
    ripple = [(right + (left - right) * t, hem + (2.2 if i % 2 else -0.4)) for i, t in enumerate((0.2, 0.4, 0.6, 0.8))]
    path = closed((
        (x - 7.4, y - 13, 0.3), (x, y - 13.5), (x + 7.6, y - 13, 0.3), (x + 9.6, y - 1),
        (right, hem - 1.5, 0.25), *ripple,
        (left, hem - 1.5, 0.25), (x - 9.4, y - 1),
    ))  # fmt: skip
    pen.sheet(path, rgb, shade=4.0, rim=True)
    fold = shade_of(rgb)
    for t in (0.3, 0.62):
        end = left + (right - left) * t
        pen.line(curve(((x - 3 + 7 * t, y + 4), ((x + end) / 2 + 1, (y + hem) / 2), (end, hem - 1.5))), fold, 1.7)


def draw_bag(pen: Pen, hand: Point, rgb: RGB) -> None:
    """A handbag hanging from a hand."""
    x, y = hand
    dark = shade_of(rgb)
    pen.line(curve(((x - 4, y + 8), (x, y + 0.5), (x + 4, y + 8))), dark, 1.7)
    pen.sheet(closed(((x - 7, y + 6, 0.3), (x + 7, y + 6, 0.3), (x + 8.2, y + 16.5, 0.4),
        (x - 8.2, y + 16.5, 0.4))), rgb, shade=2.2)  # fmt: skip
    pen.flat(ellipse(x, y + 10.0, 1.5), rgb_of("gold"))


def draw_scarf(pen: Pen, frame: Frame, rgb: RGB, *, sway: float) -> None:
    """A scarf round the neck with one end hanging behind."""
    tail = [frame.at(-5, -29), frame.at(-11 - sway * 0.7, -22), frame.at(-12 - sway, -13)]
    pen.sheet(limb(tail, (2.6, 2.9, 3.4)), rgb, shade=1.6)
    pen.sheet(frame.path((-8, -31), (0, -32.5), (8.4, -31), (8.4, -27), (0.8, -24.8), (-8, -27)), rgb, shade=2.2)
