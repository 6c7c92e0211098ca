"""Pictures from states: scenery from far to near, the actors with shadow and reflection, walls, weather, light."""

from __future__ import annotations

import math
import random

import numpy as np
import skia
from numpy.typing import NDArray

from soramame.world.ink import Pen, fill, line_of, mix
from soramame.world.places import PLACES, Place
from soramame.world.places.base import BOTTOM, LEFT, RIGHT, TOP, Easel
from soramame.world.scene import ActorState, FrameState, Scene, Shot, Style, Wall
from soramame.world.subjects import SUBJECTS

CLOSE = 1.35
"""Largest magnification of the camera: scenery is painted once at this scale."""


PAN = 3.2
"""How far the camera goes to the side, at most, in stage units."""


class Stage:
    """Draws the frames of one scene at ``size`` (width, height). Scenery is painted once a shot and then only moved."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        self.scene, self.size = scene, size
        self.unit = min(size) / 10
        # very wide pictures, with a pan, see further than scenery is painted: it is stretched for them
        self._wide = max(1.0, (size[0] / self.unit / 2 + PAN) / RIGHT)
        self._surface = skia.Surface(*size)
        self._scenery: dict[int, list[tuple[float, skia.Image]]] = {}

    def draw(self, state: FrameState) -> NDArray[np.uint8]:
        """One frame, uint8 ``(H, W, 3)``."""
        canvas, shot = self._surface.getCanvas(), self.scene.shots[state.shot]
        place = PLACES[shot.place]
        canvas.save()
        canvas.translate(self.size[0] / 2, self.size[1] / 2)
        canvas.scale(self.unit * state.view.zoom, self.unit * state.view.zoom)
        self._draw_scenery(canvas, state, shot)
        canvas.translate(-state.view.x, -state.view.y)
        if place.live is not None:
            place.live(canvas, state.time, random.Random(self.scene.scenery), shot.time)
        self._draw_actors(canvas, state, shot, place)
        for wall in state.walls:
            _draw_wall(canvas, wall, place, self.scene.style)
        canvas.restore()
        _draw_weather(canvas, shot, state.time, self.size, self.scene.scenery)
        _draw_light(canvas, shot, self.size)
        pixels: NDArray[np.uint8] = self._surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)
        return np.ascontiguousarray(pixels[..., :3])

    def _draw_scenery(self, canvas: skia.Canvas, state: FrameState, shot: Shot) -> None:
        if state.shot not in self._scenery:
            self._scenery[state.shot] = self._paint(shot)
        smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
        for depth, image in self._scenery[state.shot]:
            rect = skia.Rect.MakeLTRB(LEFT * self._wide, TOP, RIGHT * self._wide, BOTTOM)
            rect.offset(-state.view.x * depth, -state.view.y)
            canvas.drawImageRect(image, rect, smooth)

    def _paint(self, shot: Shot) -> list[tuple[float, skia.Image]]:
        scale = self.unit * CLOSE
        width, height = math.ceil((RIGHT - LEFT) * scale), math.ceil((BOTTOM - TOP) * scale)
        done = []
        for number, layer in enumerate(PLACES[shot.place].layers):
            surface = skia.Surface(width, height)
            canvas = surface.getCanvas()
            canvas.clear(skia.ColorTRANSPARENT)
            canvas.scale(width / (RIGHT - LEFT), height / (BOTTOM - TOP))
            canvas.translate(-LEFT, -TOP)
            pen = Pen(canvas, self.scene.style, light=(-0.62, -0.78))
            rng = random.Random(self.scene.scenery * 977 + number)
            layer.paint(Easel(pen=pen, rng=rng, time=shot.time, weather=shot.weather))
            done.append((layer.depth, surface.makeImageSnapshot()))
        return done

    def _draw_actors(self, canvas: skia.Canvas, state: FrameState, shot: Shot, place: Place) -> None:
        style = self.scene.style
        if place.wet:
            for actor in state.actors:
                _draw_reflection(canvas, actor, style)
        for actor in state.actors:
            if actor.pose.action == "swim":
                _draw_swimmer(canvas, actor, style)
                continue
            if actor.pose.action != "sail":
                _draw_shadow(canvas, actor)
            SUBJECTS[actor.actor.kind].draw(canvas, actor, style)


def _draw_shadow(canvas: skia.Canvas, actor: ActorState) -> None:
    pose = actor.pose
    near = 1 / (1 + 0.5 * max(pose.lift, 0.0))
    half = pose.height * SUBJECTS[actor.actor.kind].aspect * 0.46 * (0.6 + 0.4 * near)
    rect = skia.Rect(pose.x - half, pose.y - 0.14, pose.x + half, pose.y + 0.2)
    canvas.drawOval(rect, fill((20, 18, 50), round(0.3 * near, 2)))


def _draw_swimmer(canvas: skia.Canvas, actor: ActorState, style: Style) -> None:
    """What is above the water, and foam where the water begins."""
    pose = actor.pose
    half = pose.height * SUBJECTS[actor.actor.kind].aspect
    canvas.save()
    canvas.clipRect(skia.Rect(pose.x - 2 * half, pose.y - 3 * pose.height, pose.x + 2 * half, pose.y), doAntiAlias=True)
    SUBJECTS[actor.actor.kind].draw(canvas, actor, style)
    canvas.restore()
    for share, width in ((-0.34, 0.26), (-0.06, 0.34), (0.3, 0.3)):
        x = pose.x + (share + 0.03 * math.sin(2 * math.pi * pose.phase)) * half
        rect = skia.Rect(x - width * half / 2, pose.y - 0.1, x + width * half / 2, pose.y + 0.1)
        canvas.drawOval(rect, fill((250, 252, 255), 0.9))


def _draw_reflection(canvas: skia.Canvas, actor: ActorState, style: Style) -> None:
    pose = actor.pose
    half = pose.height * max(SUBJECTS[actor.actor.kind].aspect, 1.0)
    canvas.saveLayerAlpha(skia.Rect(pose.x - half, pose.y - 0.3, pose.x + half, pose.y + pose.height * 1.2), 88)
    canvas.translate(0, 2 * pose.y)
    canvas.scale(1, -1)
    SUBJECTS[actor.actor.kind].draw(canvas, actor, style)
    canvas.restore()


def _draw_wall(canvas: skia.Canvas, wall: Wall, place: Place, style: Style) -> None:
    pen = Pen(canvas, style, light=(-0.62, -0.78))
    path = skia.Path()
    path.addRect(skia.Rect.MakeXYWH(wall.x, wall.y - wall.height, wall.width, wall.height))
    canvas.drawOval(
        skia.Rect(wall.x - 0.2, wall.y - 0.2, wall.x + wall.width + 0.4, wall.y + 0.25), fill((20, 18, 50), 0.3)
    )
    pen.sheet(path, place.wall, shade=0.25)
    line = fill(mix(place.wall, line_of(place.wall), 0.35))
    rows = max(3, round(wall.height / 0.8))
    for row in range(rows):
        y = wall.y - wall.height + wall.height * row / rows
        canvas.drawRect(skia.Rect.MakeXYWH(wall.x, y, wall.width, 0.07), line)
        for brick in range(1, 4):
            x = wall.x + wall.width * (brick - 0.5 * (row % 2)) / 3.5
            canvas.drawRect(skia.Rect.MakeXYWH(x, y, 0.07, wall.height / rows), line)
    top = skia.Path()
    top.addRect(skia.Rect.MakeXYWH(wall.x - 0.15, wall.y - wall.height - 0.2, wall.width + 0.3, 0.34))
    pen.sheet(top, mix(place.wall, (255, 250, 240), 0.4), shade=0.0)


def _draw_weather(canvas: skia.Canvas, shot: Shot, time: float, size: tuple[int, int], seed: int) -> None:
    """Rain and snow fall in periods of the frame, so that they are the same at every length; fog lies in bands."""
    width, height = size
    unit, rng = min(size) / 10, random.Random(seed + 5)
    if shot.weather == "rain":
        for _ in range(26):
            x, y = rng.uniform(0, width * 1.1), rng.uniform(0, 1)
            fall = (y + 1.5 * time) % 1.0 * (height * 1.15)
            slant = skia.Path()
            slant.moveTo(x - fall * 0.12, fall - 1.1 * unit)
            slant.lineTo(x - fall * 0.12 - 0.13 * unit, fall)
            paint = skia.Paint(
                AntiAlias=True,
                Style=skia.Paint.kStroke_Style,
                StrokeWidth=0.09 * unit,
                Color=skia.Color(210, 226, 255, 130),
            )
            canvas.drawPath(slant, paint)
    elif shot.weather == "snow":
        for _ in range(34):
            x, y, r = rng.uniform(0, width), rng.uniform(0, 1), rng.uniform(0.1, 0.2) * unit
            fall = (y + 0.19 * time) % 1.0 * (height + 2 * r) - r
            canvas.drawCircle(
                (x + 0.5 * unit * math.sin(2 * math.pi * (0.3 * time + y))) % width,
                fall,
                r,
                fill((255, 255, 255), 0.92),
            )
    elif shot.weather == "fog":
        for band in range(3):
            y = height * (0.5 + 0.14 * band)
            drift = unit * math.sin(2 * math.pi * (0.05 * time + 0.3 * band))
            rect = skia.Rect(-0.3 * width + drift, y - 1.2 * unit, 1.3 * width + drift, y + 1.2 * unit)
            canvas.drawOval(rect, fill((236, 240, 244), 0.28))
    elif shot.weather == "cloudy":
        canvas.drawRect(skia.Rect(0, 0, width, height), fill((150, 156, 172), 0.16))


def _draw_light(canvas: skia.Canvas, shot: Shot, size: tuple[int, int]) -> None:
    tint = {"dawn": ((255, 190, 170), 0.1), "dusk": ((255, 130, 80), 0.13), "night": ((20, 24, 80), 0.14)}.get(
        shot.time
    )
    if tint is not None and shot.place not in ("neon_street", "moon"):
        canvas.drawRect(skia.Rect(0, 0, *size), fill(*tint))
