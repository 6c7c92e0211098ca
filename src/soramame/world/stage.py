"""Pictures from states: scenery from far to near, the actors with shadow and reflection, walls, weather, light."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
import skia
from numpy.typing import NDArray

from soramame.world.camera import CLOSE, REACH
from soramame.world.ink import stroke
from soramame.world.light import Light
from soramame.world.palette import RGB
from soramame.world.places import PLACES, Place
from soramame.world.places.base import Layer, Painter
from soramame.world.places.paint import BOTTOM, RIGHT, Easel
from soramame.world.scene import ActorState, FrameState, Scene, Shot, Style, View
from soramame.world.subjects import SUBJECTS
from soramame.world.weather import Sky

AFLOAT = ("sail", "swim")
_UP = 2.0
"""How far the camera goes up or down, at most, in stage units."""
_DRIFT = 3.0
"""How far drifting sheets go to both sides, in stage units."""
_STRIP = 0.11
"""Height of the strips in which reflections ripple, in stage units."""
_LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)
_FAST = skia.Canvas.SrcRectConstraint.kFast_SrcRectConstraint
_AVERAGE = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


class Stage:
    """Draws the frames of one scene at ``size`` (width, height). Scenery is painted once a shot and then only moved."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        self.scene, self.size = scene, size
        self._pixels: NDArray[np.uint8] = np.zeros((size[1], size[0], 4), np.uint8)
        self._surface = skia.Surface(self._pixels)
        self._sets: dict[int, _Set] = {}

    def draw(self, state: FrameState) -> NDArray[np.uint8]:
        """One frame, uint8 ``(H, W, 3)``."""
        if state.shot not in self._sets:
            self._sets[state.shot] = _Set(self.scene, self.scene.shots[state.shot], self.size)
        self._sets[state.shot].draw(self._surface, state)
        frame: NDArray[np.uint8] = np.empty((*self._pixels.shape[:2], 3), np.uint8)
        for channel in range(3):  # much faster than a copy of rows of three bytes
            frame[..., channel] = self._pixels[..., channel]
        return frame


class _Set:
    """One shot's scenery in one light, ready to be drawn from any view."""

    def __init__(self, scene: Scene, shot: Shot, size: tuple[int, int]) -> None:
        self.size, self.unit = size, min(size) / 10
        self.style, self.seed, self.shot = scene.style, scene.scenery, shot
        self.place: Place = PLACES[shot.place]
        self.light = self.place.light(shot.time, shot.weather)
        self.sky = Sky(shot.weather, self.light, size, scene.scenery)
        self._close = CLOSE if shot.camera.move in ("zoom in", "zoom out") else 1.0
        self._images: dict[Layer, tuple[skia.Image, skia.Rect]] = {}
        for number, layer in enumerate(self.place.layers):
            if layer.paint is not None:
                self._images[layer] = self._painted(layer, layer.paint, random.Random(scene.scenery * 977 + number))
        self._vignette = _vignette(size, *self.light.edge)
        self._view: View | None = None
        self._composed: dict[Layer, skia.Image] = {}

    def draw(self, surface: skia.Surface, state: FrameState) -> None:
        """Draw one frame."""
        canvas, view, place = surface.getCanvas(), state.view, self.place
        if view != self._view:
            self._view, self._composed = view, {}
        canvas.save()
        self._enter(canvas, view)
        afloat = [actor for actor in state.actors if _floats(actor)]
        self._layers(canvas, state, [layer for layer in place.layers if layer.where == "behind"])
        self._actors(canvas, state, afloat)
        self._layers(canvas, state, [layer for layer in place.layers if layer.where == "shore"])
        if place.mirror is not None:
            self._mirror(canvas, surface, view, state.time, place.mirror)
        canvas.restore()
        self.sky.behind(canvas, state.time)
        canvas.save()
        self._enter(canvas, view)
        self.sky.splashes(canvas, view, state.time, place.far, place.near)
        self._actors(canvas, state, [actor for actor in state.actors if not _floats(actor)])
        canvas.translate(-view.x, -view.y)
        easel = self._easel(canvas, random.Random(self.seed))
        for wall in state.walls:
            place.wall(easel, wall)
        canvas.translate(view.x, view.y)
        self._layers(canvas, state, [layer for layer in place.layers if layer.where == "before"])
        canvas.restore()
        self.sky.before(canvas, state.time)
        canvas.drawImage(self._vignette, 0, 0)

    def _enter(self, canvas: skia.Canvas, view: View) -> None:
        """Go from pixels to stage units about the middle of the frame."""
        canvas.translate(self.size[0] / 2, self.size[1] / 2)
        canvas.scale(self.unit * view.zoom, self.unit * view.zoom)

    def _easel(self, canvas: skia.Canvas, rng: random.Random) -> Easel:
        time, weather = self.shot.time, self.shot.weather
        return Easel(
            canvas=canvas, style=self.style, rng=rng, scenery=self.seed, time=time, weather=weather, light=self.light
        )

    def _painted(self, layer: Layer, paint: Painter, rng: random.Random) -> tuple[skia.Image, skia.Rect]:
        """A layer as far as the camera can see of it, and where it lies on the stage."""
        reach = REACH * layer.depth + (_DRIFT if layer.drift else 0.0)
        across = math.ceil(self.size[0] / 2 + reach * self.unit)
        down = math.ceil(self.size[1] / 2 + _UP * self.unit)
        scale = self.unit * self._close
        surface = skia.Surface(math.ceil(2 * across * self._close), math.ceil(2 * down * self._close))
        canvas = surface.getCanvas()
        canvas.translate(surface.width() / 2, surface.height() / 2)
        # pictures wider or higher than anything is painted are filled by stretching it
        wide, high = max(1.0, across / self.unit / RIGHT), max(1.0, down / self.unit / BOTTOM)
        canvas.scale(scale * wide, scale * high)
        paint(self._easel(canvas, rng))
        x, y = surface.width() / 2 / scale, surface.height() / 2 / scale
        return surface.makeImageSnapshot(), skia.Rect(-x, -y, x, y)

    def _layers(self, canvas: skia.Canvas, state: FrameState, layers: Sequence[Layer]) -> None:
        """Draw layers in order. Where the camera rests, painted ones that follow each other are made one picture."""
        for moving, run in groupby(layers, key=lambda layer: layer.live is not None or layer.drift != 0):
            group = list(run)
            if moving:
                for layer in group:
                    if layer.live is not None:
                        canvas.save()
                        canvas.translate(-state.view.x * layer.depth, -state.view.y)
                        layer.live(self._easel(canvas, random.Random(self.seed)), state.time)
                        canvas.restore()
                    else:
                        self._scenery(canvas, state.view, [layer], _DRIFT * math.sin(layer.drift / _DRIFT * state.time))
            elif self.shot.camera.move == "static":
                if group[0] not in self._composed:
                    self._composed[group[0]] = self._compose(state.view, group)
                canvas.save()
                canvas.resetMatrix()
                canvas.drawImage(self._composed[group[0]], 0, 0)
                canvas.restore()
            else:
                self._scenery(canvas, state.view, group)

    def _compose(self, view: View, group: Sequence[Layer]) -> skia.Image:
        surface = skia.Surface(*self.size)
        self._enter(surface.getCanvas(), view)
        self._scenery(surface.getCanvas(), view, group)
        return surface.makeImageSnapshot()

    def _scenery(self, canvas: skia.Canvas, view: View, group: Sequence[Layer], shift: float = 0.0) -> None:
        for layer in group:
            image, rect = self._images[layer]
            canvas.drawImageRect(image, rect.makeOffset(shift - view.x * layer.depth, -view.y), _LINEAR)

    def _mirror(self, canvas: skia.Canvas, surface: skia.Surface, view: View, seconds: float, line: float) -> None:
        """All that is drawn above a line, smeared downwards and rippling below it, added as light."""
        above = surface.makeImageSnapshot()
        small = skia.Surface(max(round(self.size[0] / self.unit * 4), 1), max(round(self.size[1] / self.unit * 3), 1))
        small.getCanvas().drawImageRect(above, skia.Rect(0, 0, small.width(), small.height()), _AVERAGE)
        top = self.size[1] / 2 + (line - view.y) * self.unit * view.zoom
        wet = 0.72 if self.shot.weather == "rain" else 0.45
        paint = skia.Paint(BlendMode=skia.BlendMode.kPlus, Alphaf=wet)
        canvas.save()
        canvas.resetMatrix()
        _ripples(canvas, small.makeImageSnapshot(), self.size, (top, self.unit * view.zoom), seconds, paint, steep=-2.0)
        canvas.restore()

    def _actors(self, canvas: skia.Canvas, state: FrameState, actors: Sequence[ActorState]) -> None:
        """Some of the actors in the light of the shot, with what they cast and mirror."""
        if not actors:
            return
        canvas.save()
        canvas.translate(-state.view.x, -state.view.y)
        wet = self.place.mirror is not None
        if wet or _floats(actors[0]):
            self._reflections(canvas, state, actors)
        for actor in actors:
            if not _floats(actor):
                _shadow(canvas, actor, 0.6 if wet else 0.42)
        dim = self.light.figure != (1.0, 1.0, 1.0)
        if dim:
            canvas.saveLayer(None, skia.Paint(ColorFilter=self.light.filter()))
        for actor in actors:
            if actor.pose.action == "swim":
                _swimmer(canvas, actor, self.style, self.light, state.time)
            else:
                SUBJECTS[actor.actor.kind].draw(canvas, actor, self.style)
        if dim:
            canvas.restore()
        canvas.restore()

    def _reflections(self, canvas: skia.Canvas, state: FrameState, actors: Sequence[ActorState]) -> None:
        """The actors upside down below their feet, softened, in rippling strips."""
        soft = skia.Surface(max(self.size[0] // 2, 1), max(self.size[1] // 2, 1))
        half, view = soft.getCanvas(), state.view
        half.scale(soft.width() / self.size[0], soft.height() / self.size[1])
        self._enter(half, view)
        half.translate(-view.x, -view.y)
        for actor in actors:
            half.save()
            half.translate(0, 2 * actor.pose.y)
            half.scale(1, -1)
            half.clipRect(skia.Rect(-99, -99, 99, actor.pose.y))
            SUBJECTS[actor.actor.kind].draw(half, actor, self.style)
            half.restore()
        foot = min(actor.pose.y for actor in actors)
        top = self.size[1] / 2 + (foot - view.y) * self.unit * view.zoom
        paint = skia.Paint(Alphaf=0.5 if self.shot.weather == "rain" else 0.34)
        canvas.save()
        canvas.resetMatrix()
        _ripples(
            canvas,
            soft.makeImageSnapshot(),
            self.size,
            (top, self.unit * view.zoom),
            state.time,
            paint,
            steep=1.0,
        )
        canvas.restore()


def _floats(actor: ActorState) -> bool:
    return actor.pose.action in AFLOAT or actor.actor.kind == "boat"


def _ripples(
    canvas: skia.Canvas,
    image: skia.Image,
    size: tuple[int, int],
    line: tuple[float, float],
    seconds: float,
    paint: skia.Paint,
    *,
    steep: float = -1.0,
) -> None:
    """Draw what an image of the frame holds at ``steep`` times the distance below a line (above it, upside down, if less
    than 0) in strips that swing to both sides, more so farther down. ``line`` is its y in pixels and the pixels of a
    stage unit."""
    (width, height), (top, unit) = size, line
    down, strength = image.height() / height, paint.getAlphaf()
    strip, spare = _STRIP * unit, 0.16 * unit
    last = max(top if steep < 0 else height, strip) / abs(steep) / strip
    for number in range(min(max(0, math.ceil((height - top) / strip)), math.ceil(last))):
        low = top + number * strip
        swing = min(0.03 + 0.01 * number, 0.16) * unit * math.sin(0.95 * number - 2 * math.pi * 0.5 * seconds)
        start, end = sorted((top + steep * number * strip, top + steep * (number + 1) * strip))
        source = skia.Rect(0, start * down, image.width(), end * down)
        paint.setAlphaf(strength * (1 - (number / last) ** 3))
        canvas.save()
        if steep < 0:
            canvas.translate(0, 2 * low + strip)
            canvas.scale(1, -1)
        canvas.drawImageRect(
            image, source, skia.Rect.MakeXYWH(swing - spare, low, width + 2 * spare, strip), _LINEAR, paint, _FAST
        )
        canvas.restore()


@lru_cache(maxsize=8)
def _vignette(size: tuple[int, int], rgb: RGB, alpha: float) -> skia.Image:
    """A darker rim of the picture."""
    surface = skia.Surface(*size)
    canvas = surface.getCanvas()
    canvas.translate(size[0] / 2, size[1] / 2)
    canvas.scale(size[0] * 0.72, size[1] * 0.72)
    ends = [skia.Color(*rgb, round(255 * share * alpha)) for share in (0.0, 0.0, 1.0)]
    paint = skia.Paint(Shader=skia.GradientShader.MakeRadial((0, 0), 1, ends, [0.0, 0.6, 1.0]))
    canvas.drawRect(skia.Rect(-1, -1, 1, 1), paint)
    return surface.makeImageSnapshot()


@lru_cache(maxsize=16)
def _shade(alpha: float) -> skia.Paint:
    ends = [skia.Color(18, 14, 48, round(255 * share * alpha)) for share in (1.0, 0.8, 0.0)]
    return skia.Paint(Shader=skia.GradientShader.MakeRadial((0, 0), 1, ends, [0.0, 0.55, 1.0]))


def _shadow(canvas: skia.Canvas, actor: ActorState, strength: float) -> None:
    """A soft spot where an actor touches the ground, wider and weaker the higher it is."""
    pose = actor.pose
    near = 1 / (1 + 0.5 * max(pose.lift, 0.0))
    half = pose.height * SUBJECTS[actor.actor.kind].aspect * 0.56 * (0.6 + 0.4 * near)
    canvas.save()
    canvas.translate(pose.x + 0.08 * half, pose.y + 0.04)
    canvas.scale(half, 0.1 + 0.1 * half)
    canvas.drawCircle(0, 0, 1, _shade(round(strength * near, 2)))
    canvas.restore()


def _swimmer(canvas: skia.Canvas, actor: ActorState, style: Style, light: Light, seconds: float) -> None:
    """What is above the water, and rings where the water begins."""
    pose = actor.pose
    half = max(pose.height * SUBJECTS[actor.actor.kind].aspect * 0.5, 0.5)
    foam = light.lit((250, 253, 255))
    for back in (True, False):
        for ring in range(2):
            grow = (0.5 * seconds + 0.5 * ring + 0.37 * actor.actor.index) % 1.0
            reach = half * (0.95 + 0.55 * grow)
            rect = skia.Rect(pose.x - reach, pose.y - 0.2 * reach, pose.x + reach, pose.y + 0.2 * reach)
            paint = stroke(foam, 0.11, round(0.8 * (1 - grow), 1))
            canvas.drawArc(rect, 180 if back else 0, 180, False, paint)
        if back:
            canvas.save()
            canvas.clipRect(
                skia.Rect(pose.x - 9, pose.y - 3 * pose.height, pose.x + 9, pose.y + 0.06), doAntiAlias=True
            )
            SUBJECTS[actor.actor.kind].draw(canvas, actor, style)
            canvas.restore()
