"""Animals seen from the front, for the moments in which they turn round."""

from __future__ import annotations

from soramame.world.ink import Pen, ellipse, limb, line_of, mix, shade_of, shape, trace, union
from soramame.world.palette import RGB
from soramame.world.scene import Mood, Pose
from soramame.world.subjects.beast import Fur, tear

TURNED = 0.46
"""Facings smaller than this are drawn from the front."""

_FACE = shape(
    (0, -20.5), (13, -17), (20, -5), (27, 6, 0), (20, 9), (22, 18, 0), (12, 17), (7, 22), (0, 23.5), (-7, 22),
    (-12, 17), (-22, 18, 0),
    (-20, 9), (-27, 6, 0), (-20, -5), (-13, -17),
)  # fmt: skip
_ROUND = shape((0, -22), (14, -18), (21, -4), (18, 12), (8, 21), (0, 22), (-8, 21), (-18, 12), (-21, -4), (-14, -18))
_MASK = shape((0, 0), (9, 5), (27, 6), (22, 18), (8, 26), (-8, 26), (-22, 18), (-27, 6), (-9, 5))
_BLAZE = shape((0, -24), (5, -10), (12, 6), (11, 22), (0, 26), (-11, 22), (-12, 6), (-5, -10))
_PRICKED = shape((5, -15, 0.3), (8, -28), (16, -38, 0.1), (20, -26), (18, -11, 0.3))
_FLOPPY = shape((11, -18, 0.4), (20, -17), (27, -4), (27, 12), (20, 16), (15, 4))
_TRUNK = limb(((0, -66), (1, -44), (0, -22), (4, -10)), (9.0, 7.2, 5.6, 4.4))
_TUSK = shape((9, -54, 0.3), (13, -38), (23, -30), (32, -36), (33, -48, 0.1), (28, -40), (22, -39), (17, -46),
    (16, -56, 0.3))  # fmt: skip
_DOME = shape((0, -101), (17, -95), (26, -80), (24, -60), (14, -46), (0, -42), (-14, -46), (-24, -60),
    (-26, -80), (-17, -95))  # fmt: skip
_TOPKNOT = shape((0, -104), (16, -98), (25, -83, 0.1), (16, -87), (9, -79, 0.1), (0, -85), (-9, -79, 0.1),
    (-16, -87), (-25, -83, 0.1), (-16, -98))  # fmt: skip


def _features(pen: Pen, rgb: RGB, mood: Mood, *, iris: RGB, eye_x: float, eye_y: float, size: float) -> None:
    """Two eyes with their brows."""
    wide = size * (1.3 if mood == "surprised" else 1.0)
    for side in (-1, 1):
        x = side * eye_x
        pen.oval(x, eye_y, 4.4 * wide, 5.0 * wide, line_of(rgb))
        pen.oval(x, eye_y + 0.4, 3.4 * wide, 4.0 * wide, iris)
        pen.oval(x, eye_y + 0.6, 2.0 * wide, 2.8 * wide, (28, 20, 30))
        pen.spot(x - 1.2, eye_y - 1.6, 1.3, (255, 255, 255))
        inner, outer = {"angry": (-5.0, -10.0), "sad": (-11.0, -6.0), "surprised": (-11.0, -10.5)}.get(mood, (0.0, 0.0))
        if inner:
            pen.line(trace((x - 5 * side, eye_y + inner), (x + 5 * side, eye_y + outer)), line_of(rgb), 2.8)
    if mood == "sad":
        tear(pen, eye_x, eye_y + 7)


def _muzzle(pen: Pen, rgb: RGB, mood: Mood) -> None:
    pen.oval(0, 8, 5.4, 4.0, (32, 24, 34))
    pen.spot(-1.6, 6.6, 1.2, (222, 222, 232))
    if mood == "happy":
        pen.flat(shape((-7, 13), (7, 13), (5, 19), (0, 21), (-5, 19)), (120, 30, 44))
        pen.oval(0, 20, 3.4, 4.6, (246, 124, 136))
    elif mood == "surprised":
        pen.oval(0, 17, 3.6, 4.4, (120, 30, 44))
    else:
        bend = 13.0 if mood in ("sad", "angry") else 17.0
        pen.line(trace((-7, 30 - bend), (0, bend - 0.5), (7, 30 - bend)), line_of(rgb), 1.8)


def draw_front(pen: Pen, pose: Pose, fur: Fur, *, floppy: bool, iris: RGB, youth: float) -> None:
    """A wolf or a dog (``floppy``) from the front."""
    canvas, drop = pen.canvas, 9.0 * youth
    shift = 12.0 * abs(pose.facing)
    lift = 4.0 * (pose.phase % 1.0 < 0.5)
    pen.sheet(limb(((-6, -50 + drop), (-24, -58 + drop), (-30, -70 + drop)), (5.0, 7.0, 2.0)),
        fur.base, shade=2.0, cast=False)  # fmt: skip
    far = union(limb(((-13, -46 + drop), (-15, -4)), (8.0, 4.4)), limb(((13, -46 + drop), (15, -4)), (8.0, 4.4)))
    pen.sheet(far, fur.dark, shade=0.0, cast=False)
    near = union(
        limb(((-8, -46 + drop), (-9, -4 - lift)), (7.4, 4.6)), limb(((8, -46 + drop), (9, -8 + lift)), (7.4, 4.6)),
        ellipse(0, -52 + drop, 20, 20), ellipse(-9, -3.6 - lift, 6.2, 3.6), ellipse(9, -7.6 + lift, 6.2, 3.6),
    )  # fmt: skip
    pen.sheet(near, fur.base, shade=3.4, rim=True)
    pen.flat(shape((-13, -62 + drop), (13, -62 + drop), (11, -50 + drop), (6, -38 + drop, 0), (0, -44 + drop),
        (-6, -38 + drop, 0), (-11, -50 + drop)), fur.pale)  # fmt: skip
    canvas.save()
    canvas.translate(shift, -68 + drop + {"sad": 9.0, "angry": 5.0}.get(pose.mood, 0.0))
    canvas.scale(1.0 + 0.2 * youth, 1.0 + 0.2 * youth)
    face = _ROUND if floppy else _FACE
    if not floppy:
        _ears(pen, fur, floppy=False)
    pen.sheet(face, fur.base, shade=4.0, rim=True)
    pen.inside(face, _BLAZE if floppy else _MASK, fur.pale)
    _features(pen, fur.base, pose.mood, iris=iris, eye_x=9.5, eye_y=-4.0, size=1.0)
    _muzzle(pen, fur.base, pose.mood)
    if floppy:
        _ears(pen, fur, floppy=True)
    canvas.restore()


def _ears(pen: Pen, fur: Fur, *, floppy: bool) -> None:
    canvas = pen.canvas
    for side in (-1, 1):
        canvas.save()
        canvas.scale(side, 1)
        pen.sheet(_FLOPPY if floppy else _PRICKED, fur.dark if floppy or side > 0 else fur.base, shade=0.0)
        canvas.restore()


def draw_mammoth_front(pen: Pen, pose: Pose, rgb: RGB, ivory: RGB) -> None:
    """A mammoth from the front: dome, trunk and both tusks."""
    canvas = pen.canvas
    shift = 14.0 * abs(pose.facing)
    legs = union(*(limb(((x, -40), (x * 1.05, -9)), (12.0, 9.0)) for x in (-24.0, 24.0)))
    pen.sheet(legs, mix(rgb, shade_of(rgb), 0.5), shade=0.0, cast=False)
    fringe = [(x, -14.0 - (10 if i % 2 else 0), 0.1) for i, x in enumerate(range(36, -42, -9))]
    pen.sheet(shape((-40, -46), (-34, -76), (-14, -88), (14, -88), (34, -76), (40, -46), *fringe),
        rgb, shade=5.0, rim=True)  # fmt: skip
    canvas.save()
    canvas.translate(shift, {"sad": 8.0, "angry": 3.0}.get(pose.mood, 0.0))
    for x in (-27.0, 27.0):
        pen.sheet(ellipse(x, -68, 9, 14), mix(rgb, (250, 214, 160), 0.16), shade=3.0)
    pen.sheet(_DOME, rgb, shade=5.0, rim=True)
    pen.sheet(_TOPKNOT, mix(rgb, shade_of(rgb), 0.75), shade=0.0, cast=False)
    canvas.save()
    canvas.translate(0, -70)
    _features(pen, rgb, pose.mood, iris=(92, 60, 40), eye_x=14.0, eye_y=0.0, size=0.9)
    canvas.restore()
    for side in (-1, 1):
        canvas.save()
        canvas.scale(side, 1)
        pen.sheet(_TUSK, ivory, shade=0.0)
        canvas.restore()
    pen.sheet(_TRUNK, rgb, shade=3.4)
    canvas.restore()
