"""The drawing toolkit of the paper world: tones and paints, smooth shapes from few points, and the two styles.

A :class:`Pen` draws *sheets*: closed shapes with one colour. In the "paper" style a sheet drops a soft offset shadow
on what lies below and has a light rim; in the "ink" style it has a dark outline, heavier away from the light. In both
it is shaded in two tones, lit from the upper left of the picture. A path of several contours is drawn as their union.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import skia

from soramame.world.palette import RGB
from soramame.world.scene import Style

Point = tuple[float, float]
Knot = tuple[float, float] | tuple[float, float, float]

_CAST = 0.07  # offset of a sheet's shadow, stage units
_RIM = 0.055  # width of the light rim, stage units
_LINE = 0.1  # width of an outline, stage units


def mix(a: RGB, b: RGB, t: float) -> RGB:
    """The colour at t in [0, 1] on the way from a to b."""
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


@lru_cache(maxsize=1024)
def shade_of(rgb: RGB) -> RGB:
    """The shadow tone: darker and turned towards violet, as shadows under a sky are."""
    return round(rgb[0] * 0.68), round(rgb[1] * 0.66), min(255, round(rgb[2] * 0.76 + 8))


@lru_cache(maxsize=1024)
def light_of(rgb: RGB) -> RGB:
    """The lit tone: lighter and warmer."""
    return mix(rgb, (255, 250, 236), 0.42)


@lru_cache(maxsize=1024)
def line_of(rgb: RGB) -> RGB:
    """The outline that suits a colour: nearly black, tinted."""
    return mix(shade_of(rgb), (22, 16, 34), 0.78)


@lru_cache(maxsize=4096)
def fill(rgb: RGB, alpha: float = 1.0) -> skia.Paint:
    """A filling paint. Shared: never change it."""
    return skia.Paint(AntiAlias=True, Color=skia.Color(*rgb, round(255 * alpha)))


@lru_cache(maxsize=4096)
def stroke(rgb: RGB, width: float, alpha: float = 1.0) -> skia.Paint:
    """A stroking paint with round ends; width in the canvas's units. Shared: never change it."""
    return skia.Paint(
        AntiAlias=True,
        Color=skia.Color(*rgb, round(255 * alpha)),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


_CAST_PAINT = fill((24, 16, 48), 0.24)


def _tangent(before: Knot, knot: Knot, after: Knot) -> Point:
    """A third of the Catmull-Rom tangent; a knot's third number scales it (0 = a sharp corner)."""
    smooth = knot[2] if len(knot) == 3 else 1.0
    return (after[0] - before[0]) * smooth / 6, (after[1] - before[1]) * smooth / 6


def closed(knots: Sequence[Knot]) -> skia.Path:
    """A smooth closed curve through the knots, always turning the same way so that contours unite when added."""
    area = 0.0
    px, py = knots[-1][0], knots[-1][1]
    for knot in knots:
        x, y = knot[0], knot[1]
        area += px * y - x * py
        px, py = x, y
    ring = knots if area >= 0 else knots[::-1]
    path = skia.Path()
    cubic = path.cubicTo
    before, knot, after = ring[-2], ring[-1], ring[0]
    tx, ty = _tangent(before, knot, after)
    x, y = knot[0], knot[1]
    path.moveTo(x, y)
    for i, target in enumerate(ring):
        ux, uy = _tangent(knot, target, ring[i + 1 - len(ring)])
        x1, y1 = target[0], target[1]
        cubic(x + tx, y + ty, x1 - ux, y1 - uy, x1, y1)
        knot, x, y, tx, ty = target, x1, y1, ux, uy
    path.close()
    return path


@lru_cache(maxsize=2048)
def shape(*knots: Knot) -> skia.Path:
    """:func:`closed` of constant knots, remembered. Shared: never change it."""
    return closed(knots)


def curve(knots: Sequence[Knot]) -> skia.Path:
    """A smooth open curve through the knots; through three, one even arc."""
    last = len(knots) - 1
    if last == 2:
        (ax, ay), (bx, by), (cx, cy) = knots[0][:2], knots[1][:2], knots[2][:2]
        arc = skia.Path()
        arc.moveTo(ax, ay)
        arc.quadTo(2 * bx - (ax + cx) / 2, 2 * by - (ay + cy) / 2, cx, cy)
        return arc
    tangents = [_tangent(knots[max(i - 1, 0)], knots[i], knots[min(i + 1, last)]) for i in range(last + 1)]
    path = skia.Path()
    path.moveTo(knots[0][0], knots[0][1])
    for i in range(last):
        (x0, y0), (x1, y1) = knots[i][:2], knots[i + 1][:2]
        (ax, ay), (bx, by) = tangents[i], tangents[i + 1]
        path.cubicTo(x0 + ax, y0 + ay, x1 - bx, y1 - by, x1, y1)
    return path


@lru_cache(maxsize=2048)
def trace(*knots: Knot) -> skia.Path:
    """:func:`curve` of constant knots, remembered. Shared: never change it."""
    return curve(knots)


def limb(joints: Sequence[Point], radii: Sequence[float]) -> skia.Path:
    """A tapering limb with round ends round a chain of joints (hip, knee, ankle …), one radius a joint."""
    last = len(joints) - 1
    left: list[Knot] = []
    right: list[Knot] = []
    start = end = joints[0]
    for i, ((x, y), radius) in enumerate(zip(joints, radii, strict=True)):
        ax, ay = joints[max(i - 1, 0)]
        bx, by = joints[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        tx, ty = (bx - ax) / length * radius, (by - ay) / length * radius
        left.append((x - ty, y + tx))
        right.append((x + ty, y - tx))
        if i == 0:
            start = (x - tx, y - ty)
        end = (x + tx, y + ty)
    return closed([start, *left, end, *reversed(right)])


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> skia.Path:
    """An ellipse about (x, y), turning the way :func:`closed` does."""
    ry = rx if ry is None else ry
    return skia.Path.Oval(skia.Rect(x - rx, y - ry, x + rx, y + ry), skia.PathDirection.kCW)


def union(*paths: skia.Path) -> skia.Path:
    """One path holding the contours of all: drawn as their union."""
    result = skia.Path()
    for path in paths:
        result.addPath(path)
    return result


def turned(path: skia.Path, angle: float, about: Point = (0.0, 0.0), shift: Point = (0.0, 0.0)) -> skia.Path:
    """A copy turned by an angle (radians, clockwise) about a point, then shifted."""
    matrix = skia.Matrix.RotateDeg(math.degrees(angle), skia.Point(*about))
    matrix.postTranslate(*shift)
    result = skia.Path()
    path.transform(matrix, result)
    return result


class Pen:
    """Draws sheets and details on a canvas in one style.

    ``unit`` is the number of the canvas's present units in a stage unit; ``light`` the direction towards the light in
    those units (length 1), so that a mirrored or turned figure is still lit from the picture's upper left.
    """

    def __init__(
        self, canvas: skia.Canvas, style: Style, *, unit: float = 1.0, light: Point = (-0.7071, -0.7071)
    ) -> None:
        self.canvas = canvas
        self.style: Style = style
        self.unit = unit
        self.light = light
        self._width = round(_LINE * unit, 2)

    def sheet(
        self, path: skia.Path, rgb: RGB, *, shade: float = 4.0, cast: bool = True, rim: bool = False, line: bool = True
    ) -> None:
        """Draw a layer: what it casts, or its outline; its colour; its shade (``shade`` units wide); its rim."""
        if self.style == "ink":
            if line:
                self._outline(path, rgb)
        elif cast:
            self._cast(path)
        self.canvas.drawPath(path, fill(rgb))
        self._model(path, rgb, shade=shade, rim=rim and self.style == "paper")

    def flat(self, path: skia.Path, rgb: RGB, alpha: float = 1.0) -> None:
        """A detail: colour only."""
        self.canvas.drawPath(path, fill(rgb, alpha))

    def spot(self, x: float, y: float, radius: float, rgb: RGB, alpha: float = 1.0) -> None:
        """A disc: colour only."""
        self.canvas.drawCircle(x, y, radius, fill(rgb, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, rgb: RGB) -> None:
        """An upright ellipse: colour only."""
        self.canvas.drawOval(skia.Rect(x - rx, y - ry, x + rx, y + ry), fill(rgb))

    def knob(self, x: float, y: float, radius: float, rgb: RGB) -> None:
        """A disc that is a part of its own (a hand, a button): outlined in ink, plain in paper."""
        if self.style == "ink":
            self.canvas.drawCircle(x, y, radius + 0.85 * self._width, fill(line_of(rgb)))
        self.canvas.drawCircle(x, y, radius, fill(rgb))

    def line(self, path: skia.Path, rgb: RGB, width: float, alpha: float = 1.0) -> None:
        """A drawn line with round ends."""
        self.canvas.drawPath(path, stroke(rgb, width, alpha))

    def inside(self, outer: skia.Path, path: skia.Path, rgb: RGB, alpha: float = 1.0) -> None:
        """A detail cut off at the edge of a sheet (a stripe, a pale belly)."""
        canvas = self.canvas
        canvas.save()
        canvas.clipPath(outer, skia.ClipOp.kIntersect, True)
        canvas.drawPath(path, fill(rgb, alpha))
        canvas.restore()

    def _offset(self, distance: float) -> Point:
        return self.light[0] * distance, self.light[1] * distance

    def _cast(self, path: skia.Path) -> None:
        canvas = self.canvas
        dx, dy = self._offset(-_CAST * self.unit)
        canvas.translate(dx, dy)
        canvas.drawPath(path, _CAST_PAINT)
        canvas.translate(-dx, -dy)

    def _outline(self, path: skia.Path, rgb: RGB) -> None:
        canvas, width = self.canvas, self._width
        dx, dy = self._offset(-0.28 * width)
        canvas.translate(dx, dy)
        canvas.drawPath(path, stroke(line_of(rgb), 1.7 * width))
        canvas.translate(-dx, -dy)

    def _model(self, path: skia.Path, rgb: RGB, *, shade: float, rim: bool) -> None:
        if not shade and not rim:
            return
        canvas = self.canvas
        outside = skia.Path(path)
        outside.toggleInverseFillType()
        canvas.save()
        canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        if shade:
            dx, dy = self._offset(shade)
            canvas.translate(dx, dy)
            canvas.drawPath(outside, fill(shade_of(rgb)))
            canvas.translate(-dx, -dy)
        if rim:
            dx, dy = self._offset(-_RIM * self.unit)
            canvas.translate(dx, dy)
            canvas.drawPath(outside, fill(light_of(rgb)))
        canvas.restore()
