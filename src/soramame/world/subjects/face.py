"""The face of a person, by mood: brows, eyes and mouth bold enough to read at twenty pixels."""

from __future__ import annotations

import skia

from soramame.world.ink import Pen, mix, shade_of, shape, trace
from soramame.world.palette import RGB
from soramame.world.scene import Mood

_MOUTH: RGB = (150, 34, 50)
_DARK: RGB = (40, 26, 36)
_WHITE: RGB = (255, 253, 250)


def head_path() -> skia.Path:
    """The outline of a face about the head's centre: 25 units wide, 27 high, chin below."""
    return shape((-12, -3), (-10.5, 6), (-4, 12.2), (2, 14), (8, 12), (12, 5), (12.4, -4), (8, -11.5),
        (0, -13.5), (-8, -11.5))  # fmt: skip


def _open_eye(pen: Pen, x: float, side: int, iris: RGB, *, high: float, lashes: bool) -> None:
    pen.oval(x, 1.2, 2.9, high, _WHITE)
    pen.oval(x + 0.4, 1.4, 2.3, high - 0.3, _DARK)
    pen.oval(x + 0.5, 1.4 + high * 0.42, 1.6, high * 0.45, iris)
    pen.spot(x - 0.4, 1.4 - high * 0.42, 1.15, _WHITE)
    lid = trace((x + 3.6 * side, 2.6 - high * 0.8), (x + 0.8 * side, 0.8 - high), (x - 3.0 * side, 1.2 - high))
    pen.line(lid, _DARK, 1.7 if lashes else 1.1)


def _eyes(pen: Pen, mood: Mood, shift: float, iris: RGB, lashes: bool) -> None:
    for x, side in ((shift - 5.0, -1), (shift + 4.8, 1)):
        if mood == "happy":
            pen.line(trace((x - 3.2, 2.6), (x, -1.6), (x + 3.2, 2.6)), _DARK, 2.0)
        elif mood == "surprised":
            pen.oval(x, 0.8, 3.7, 5.0, _DARK)
            pen.oval(x, 0.8, 3.0, 4.3, _WHITE)
            pen.spot(x + 0.3, 1.0, 1.6, _DARK)
        elif mood == "sad":
            _open_eye(pen, x, side, iris, high=3.5, lashes=lashes)
            pen.line(trace((x - 2.0, 6.2), (x, 7.0), (x + 2.0, 6.2)), (120, 168, 232), 1.5)
        else:
            _open_eye(pen, x, side, iris, high=4.3 if mood == "neutral" else 3.4, lashes=lashes)


_BROWS: dict[Mood, tuple[float, float, float]] = {  # heights of the outer end, the middle and the inner end
    "neutral": (-6.4, -7.9, -7.4),
    "happy": (-4.6, -7.0, -5.6),
    "sad": (-2.6, -4.9, -7.4),
    "angry": (-7.4, -4.6, -1.8),
    "surprised": (-7.6, -9.2, -8.0),
}


def _brows(pen: Pen, mood: Mood, shift: float, rgb: RGB) -> None:
    outer, middle, inner = _BROWS[mood]
    width = {"angry": 2.3, "neutral": 1.3}.get(mood, 1.8)
    for x, side in ((shift - 5.0, -1), (shift + 4.8, 1)):
        pen.line(trace((x + 3.2 * side, outer), (x, middle), (x - 3.2 * side, inner)), rgb, width)


def _mouth(pen: Pen, mood: Mood, shift: float) -> None:
    x = shift + 0.4
    if mood == "happy":
        pen.flat(shape((x - 4.2, 6.2, 0.3), (x, 6.9), (x + 4.2, 6.2, 0.3), (x + 2.6, 10.2), (x, 11.2),
            (x - 2.6, 10.2)), _MOUTH)  # fmt: skip
        pen.oval(x, 9.9, 1.9, 1.0, (244, 130, 130))
    elif mood == "sad":
        pen.line(trace((x - 3.0, 10.4), (x, 8.3), (x + 3.0, 10.4)), _MOUTH, 1.7)
    elif mood == "angry":
        pen.flat(shape((x - 3.8, 10.6, 0.3), (x, 7.2), (x + 3.8, 10.6, 0.3), (x, 10.0)), _MOUTH)
        pen.line(trace((x - 2.6, 9.8), (x, 8.5), (x + 2.6, 9.8)), _WHITE, 0.9)
    elif mood == "surprised":
        pen.oval(x, 9.2, 2.3, 2.9, _MOUTH)
    else:
        pen.line(trace((x - 3.0, 7.9), (x, 9.5), (x + 3.0, 7.9)), _MOUTH, 1.4)


def draw_face(
    pen: Pen, skin: RGB, mood: Mood, *, shift: float, hair: RGB, lashes: bool, shades: bool, beard: bool
) -> None:
    """Draw head and features about the head's centre; ``shift`` moves the features to the side that it turns to."""
    pen.sheet(head_path(), skin, shade=3.0, rim=True)
    if beard:
        pen.sheet(_beard(shift), mix(hair, _DARK, 0.15), shade=2.0)
    blush = mix(skin, (244, 96, 96), 0.42)
    for x in (shift - 8.0, shift + 6.8):
        pen.oval(x, 5.4, 2.4, 1.5, blush)
    pen.line(trace((shift + 0.9, 4.6), (shift + 1.6, 5.2)), shade_of(skin), 1.2)
    _mouth(pen, mood, shift)
    if shades:
        sunglasses(pen, shift)
    else:
        _eyes(pen, mood, shift, (86, 120, 168), lashes)
    _brows(pen, mood, shift, mix(hair, _DARK, 0.45))


def _beard(shift: float) -> skia.Path:
    x = 0.5 * shift
    return shape(
        (-12.2, -1, 0.2), (-11.4, 8), (-5, 15), (x + 2, 18.4, 0.6), (8.4, 15), (12.6, 7), (12.8, -2, 0.2), (10.6, 3.4),
        (x + 6, 5.8), (x + 1.6, 5.4), (x - 3, 5.8), (-9.6, 4),
    )  # fmt: skip


def sunglasses(pen: Pen, shift: float) -> None:
    """Dark glasses with a gleam."""
    pen.line(trace((shift - 12.0, -1.5), (shift - 5.0, -1.6), (shift + 9.0, -1.6)), (24, 20, 30), 1.6)
    for x in (shift - 5.2, shift + 5.0):
        pen.flat(shape((x - 4.4, -2.4, 0.4), (x + 4.4, -2.4, 0.4), (x + 3.8, 3.2), (x, 4.8), (x - 3.8, 3.2)),
            (24, 20, 30))  # fmt: skip
        pen.line(trace((x - 2.4, 1.2), (x + 0.2, -1.0)), (150, 178, 214), 1.3)
