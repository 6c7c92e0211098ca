"""Hair and hats: what lies behind the head, and what lies over the brow."""

from __future__ import annotations

from soramame.world.ink import Knot, Pen, closed, light_of, mix, shade_of, shape, trace
from soramame.world.palette import RGB

_CAP = (
    (-13.2, 5, 0.4), (-14.8, -5), (-10, -15), (0, -18), (10.5, -15), (14.6, -5), (13.6, 4, 0.4), (12.0, -4.0),
    (9.0, -9.4),
    (6.0, -6.6, 0.2), (2.6, -9.8), (-2.4, -6.4, 0.2), (-5.0, -9.4), (-9.0, -5.2, 0.2), (-11.4, -3.6),
)  # fmt: skip
_CROP = (
    (-12.6, 2, 0.2), (-14.2, -6), (-12, -13), (-8.4, -17.2, 0.2), (-3, -16.6), (1.4, -19.4, 0.1), (6, -16.6),
    (12.0, -16.6, 0.1),
    (13.2, -10), (13.8, -4), (12.4, 0.5, 0.2), (11.4, -6), (7.6, -8.2, 0.2), (3.2, -6.4), (-2.6, -9.4, 0.2),
    (-7.4, -6.0), (-10.6, -7.6, 0.3),
)  # fmt: skip


def back_hair(pen: Pen, rgb: RGB, style: str, *, sway: float) -> None:
    """Hair behind the body, about the head's centre; ``sway`` blows its ends backwards (left)."""
    dark = shade_of(rgb)
    if style == "long":
        knots: tuple[Knot, ...] = (
            (-14.5, -6), (-4, -17), (8, -15), (14.8, -4), (15.4, 12), (16.5 - sway * 0.6, 27, 0.4), (8 - sway, 33),
            (2 - sway, 31), (-5 - sway, 36), (-11 - sway, 32), (-19 - sway * 0.8, 35, 0.3), (-17.5 - sway * 0.4, 16),
        )  # fmt: skip
    elif style == "ponytail":
        knots = (
            (-8, -12), (-14, -14), (-20 - sway * 0.4, -8), (-23 - sway * 0.7, 4), (-22 - sway, 15),
            (-25 - sway, 22, 0.2),
            (-18 - sway, 20), (-16 - sway * 0.7, 8), (-13, -1), (-9, -4),
        )  # fmt: skip
    else:
        knots = (
            (-14, -6), (-4, -17), (8, -15), (14.4, -4), (14.6 - sway * 0.2, 8), (11 - sway * 0.3, 14), (-2, 13),
            (-13 - sway * 0.3, 15), (-15.6 - sway * 0.2, 8),
        )  # fmt: skip
    pen.sheet(closed(knots), mix(rgb, dark, 0.55), shade=2.5, cast=False)


def front_hair(pen: Pen, rgb: RGB, *, cropped: bool = False) -> None:
    """The hair over the brow, with a band of gleam."""
    path = shape(*(_CROP if cropped else _CAP))
    pen.sheet(path, rgb, shade=2.6, rim=True)
    gleam = light_of(mix(rgb, (150, 160, 200), 0.2))
    pen.line(trace((-9.4, -10.4), (-4, -13.4), (2.4, -13.8)), gleam, 1.7, 0.8)


def hat(pen: Pen, rgb: RGB) -> None:
    """A brimmed hat over the hair."""
    pen.sheet(shape((-11, -9, 0.4), (-10.5, -17), (-7.5, -23), (0, -21.5), (7.5, -23), (11, -17),
        (11.5, -9, 0.4)), rgb, shade=4.0)  # fmt: skip
    pen.flat(shape((-11.2, -12.5, 0.2), (0, -13.2), (11.5, -12.5, 0.2), (11.7, -8.5, 0.2), (0, -8.5),
        (-11.3, -8.5, 0.2)), shade_of(shade_of(rgb)))  # fmt: skip
    pen.sheet(shape((-20, -8.5, 0.6), (0, -11.5), (20.5, -8.5, 0.6), (17, -5.6), (0, -7.0), (-17, -5.6)),
        rgb, shade=1.5)  # fmt: skip
