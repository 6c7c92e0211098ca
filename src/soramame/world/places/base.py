"""What a place of the paper world is: words, air, ground, gravity, and layers of paper from far to near."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from soramame.world.light import Light, light_at
from soramame.world.places.paint import Easel
from soramame.world.scene import Time, Wall, Weather
from soramame.world.words import Words

Painter = Callable[[Easel], None]
Live = Callable[[Easel, float], None]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One sheet of scenery: how much of the camera's pan it follows (0 infinitely far, 1 where the actors are, more is
    nearer). ``paint`` paints it once a shot; such a sheet may ``drift``, so many units a second at first, a few units to
    and fro in the end. ``live`` draws, each frame, what moves by itself: a
    function of the easel and the seconds since the shot began. It
    lies ``where`` all actors are before it, or only those on land ("shore"), or none ("before")."""

    depth: float
    paint: Painter | None = None
    live: Live | None = None
    drift: float = 0.0
    where: Literal["behind", "shore", "before"] = "behind"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place. ``far`` and ``near`` are the ground's y at lanes 0 and 1; ``sea`` is the y of open water, if there is some.

    ``gravity`` in stage units / s². ``wall`` draws what one passes behind: it covers its box. ``light`` is
    its light by hour and weather. ``mirror`` is the y below
    which wet ground mirrors what is above, and everyone on it. ``refuses`` names actions that cannot be here.
    """

    name: str
    words: Words
    times: tuple[Time, ...]
    weathers: tuple[Weather, ...]
    layers: tuple[Layer, ...]
    wall: Callable[[Easel, Wall], None]
    light: Callable[[Time, Weather], Light] = light_at
    far: float = 2.4
    near: float = 4.2
    gravity: float = 24.0
    sea: float | None = None
    mirror: float | None = None
    refuses: tuple[str, ...] = ()

    def ground(self, lane: float) -> float:
        """y of the ground at a lane, 0 far to 1 near."""
        return self.far + (self.near - self.far) * lane

    def shore(self, lane: float) -> float:
        """y of the water's surface for those who swim or sail at a lane."""
        return self.ground(lane) if self.sea is None else self.sea + 0.9 * lane

    def scale(self, lane: float) -> float:
        """Size of an actor at a lane."""
        return 0.9 + 0.2 * lane

    def allows(self, action: str) -> bool:
        """Whether an action can happen here."""
        return action not in self.refuses and (action not in ("swim", "sail") or self.sea is not None)
