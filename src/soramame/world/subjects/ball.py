"""The ball: a beach ball whose white panels show its rolling."""

from __future__ import annotations

import math
from functools import lru_cache

import skia

from soramame.world.ink import ellipse, fill, light_of, shade_of
from soramame.world.palette import rgb_of
from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import LAND, Subject, colour_of, coloured, coloured_ja, entered
from soramame.world.words import Words

_DISC = ellipse(0.0, -50.0, 50.0)


@lru_cache(maxsize=1)
def _panels() -> skia.Path:
    """Three curved wedges from the pole to the rim, about the ball's centre (0, 0)."""
    path = skia.Path()
    for third in range(3):
        start = third * 2 * math.pi / 3
        points = [(54 * math.cos(start + a), 54 * math.sin(start + a)) for a in (0.0, 0.35, 0.7, 1.05)]
        bend = [(30 * math.cos(start + a), 30 * math.sin(start + a)) for a in (-0.28, 0.77)]
        path.moveTo(0.0, 0.0)
        path.quadTo(*bend[0], *points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.quadTo(*bend[1], 0.0, 0.0)
        path.close()
    return path


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a ball; ``roll`` turns its panels under a light that stays where it is."""
    rgb = colour_of(state, "body", "red")
    other = rgb_of("yellow") if state.actor.wears("body", "red") == "white" else rgb_of("white")
    with entered(canvas, state.pose, style, narrow=1.0, rolls=False) as pen:
        pen.sheet(_DISC, rgb, shade=0.0, rim=False)
        canvas.save()
        canvas.clipPath(_DISC, skia.ClipOp.kIntersect, True)
        canvas.translate(0.0, -50.0)
        canvas.rotate(math.degrees(state.pose.roll) * (1 if state.pose.facing >= 0 else -1))
        canvas.drawPath(_panels(), fill(other))
        canvas.drawCircle(0.0, 0.0, 10.0, fill(shade_of(rgb)))
        canvas.drawCircle(0.0, 0.0, 8.0, fill(light_of(rgb)))
        canvas.restore()
        shadow = skia.Path(ellipse(0.0, -50.0, 56.0))
        shadow.toggleInverseFillType()
        x, y = pen.light
        canvas.save()
        canvas.clipPath(_DISC, skia.ClipOp.kIntersect, True)
        canvas.translate(x * 22, y * 22)
        canvas.drawPath(shadow, fill((30, 12, 60), 0.34))
        canvas.restore()
        canvas.drawOval(skia.Rect.MakeXYWH(x * 31 - 10, -50 + y * 31 - 7, 20, 13), fill((255, 255, 255), 0.72))


BALL = Subject(
    name="ball",
    words=Words(en=("ball",), en_plural=("balls",), ja=("ボール", "玉")),
    height=2.6,
    aspect=1.0,
    actions=("idle", "bounce", "roll", "fall"),
    places=(*LAND, "kitchen_table"),
    slots={"body": ("red", "blue", "yellow", "green", "orange", "purple", "pink", "white")},
    describe_en=coloured("body"),
    describe_ja=coloured_ja("body"),
    draw=draw,
    mass=0.6,
    bounciness=0.75,
)
