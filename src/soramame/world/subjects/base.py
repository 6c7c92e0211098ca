"""What a subject of the paper world is, and the frame in which every subject draws itself.

A subject draws in *figure units*: x to the right, y down, feet at (0, 0), crown at (0, -100), always facing right.
:func:`entered` maps them to the stage by the pose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import skia

from soramame.world.ink import Pen
from soramame.world.palette import COLOURS, RGB, rgb_of
from soramame.world.scene import ActorState, Pose, Style
from soramame.world.words import Words

Look = Mapping[str, str]
Drawing = Callable[[skia.Canvas, ActorState, Style], None]

TALL = 100.0
LAND: tuple[str, ...] = ("neon_street", "snowfield", "beach", "meadow", "city", "moon")
PERSON_ACTIONS: tuple[str, ...] = ("idle", "walk", "run", "jump", "turn", "play", "hide", "fall")


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """English pieces round the noun: ``before`` are adjectives ("grey"), ``after`` follow it ("in a red coat")."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _no_phrases(look: Look) -> Phrases:
    return Phrases()


def _no_modifiers(look: Look) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A kind of actor.

    ``height`` is its natural height in stage units, ``aspect`` width over height. ``slots`` maps each slot of the look
    to the words allowed there (colour names or garments); a look may leave slots out. ``describe_en`` turns a look
    into true phrases round the noun, ``describe_ja`` into modifiers that stand, joined, before the noun. ``radius``
    (stage units, at natural height), ``mass`` and ``bounciness`` (0..1) are for the physics.
    """

    name: str
    words: Words
    height: float
    aspect: float
    actions: tuple[str, ...]
    places: tuple[str, ...]
    draw: Drawing
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    describe_en: Callable[[Look], Phrases] = _no_phrases
    describe_ja: Callable[[Look], tuple[str, ...]] = _no_modifiers
    mass: float = 1.0
    bounciness: float = 0.2
    moody: bool = False

    @property
    def radius(self) -> float:
        """Half the natural height: the circle that rolls and collides."""
        return self.height / 2


def colour_of(state: ActorState, slot: str, default: str) -> RGB:
    """The colour that an actor wears in a slot, or the default where the look leaves it out."""
    return rgb_of(state.actor.wears(slot, default))


def coloured(slot: str, default: str | None = None) -> Callable[[Look], Phrases]:
    """``describe_en`` for a subject of one colour: "red" before the noun."""

    def describe(look: Look) -> Phrases:
        name = look.get(slot, default)
        return Phrases() if name is None else Phrases(before=(COLOURS[name].words.en[0],))

    return describe


def coloured_ja(slot: str, default: str | None = None) -> Callable[[Look], tuple[str, ...]]:
    """``describe_ja`` for a subject of one colour."""

    def describe(look: Look) -> tuple[str, ...]:
        name = look.get(slot, default)
        return () if name is None else (COLOURS[name].words.ja[0],)

    return describe


def _light(pose: Pose, roll: float) -> tuple[float, float]:
    """The direction towards the upper left of the picture, in the figure's own mirrored and turned axes."""
    cos, sin = math.cos(roll), math.sin(roll)
    x, y = -0.62 * cos - 0.78 * sin, 0.62 * sin - 0.78 * cos
    return (x if pose.facing >= 0 else -x), y


@contextmanager
def entered(canvas: skia.Canvas, pose: Pose, style: Style, *, narrow: float = 0.4, rolls: bool = True) -> Iterator[Pen]:
    """Map figure units to the stage by a pose and yield the pen.

    The figure stands at (x, y - lift), squashed about its feet with its area kept, turned about its middle by the
    pose's roll (unless ``rolls`` is false), mirrored to face left, and no narrower than ``narrow`` while it turns
    round.
    """
    scale = pose.height / TALL
    squash = min(max(pose.squash, 0.3), 3.0)
    roll = pose.roll if rolls else 0.0
    width = max(abs(pose.facing), narrow) * (1.0 if pose.facing >= 0 else -1.0)
    canvas.save()
    canvas.translate(pose.x, pose.y - pose.lift)
    canvas.scale(scale / squash, scale * squash)
    if roll:
        canvas.translate(0.0, -TALL / 2)
        canvas.rotate(math.degrees(roll))
        canvas.translate(0.0, TALL / 2)
    canvas.scale(width, 1.0)
    yield Pen(canvas, style, unit=1.0 / scale, light=_light(pose, roll))
    canvas.restore()
