"""What the bundled model's world holds, as far as a prompt's expansion needs it: places, and who is expected where.

The names are those of the paper world, which this package may not import; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def words(text: str) -> tuple[str, ...]:
    """Alternatives, written with bars between them."""
    return tuple(text.split("|"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Hours and weathers that a place can have, the usual ones more than once; ``told`` unless one would not tell them."""

    times: tuple[str, ...]
    weathers: tuple[str, ...]
    told: bool = True


PLACES: Mapping[str, Place] = {
    "neon_street": Place(times=("night",), weathers=("rain", "rain", "clear")),
    "snowfield": Place(
        times=("day", "day", "day", "dusk", "dawn", "night"), weathers=("clear", "clear", "snow", "cloudy")
    ),
    "beach": Place(times=("day", "day", "day", "dusk", "dawn", "night"), weathers=("clear", "clear", "cloudy")),
    "meadow": Place(
        times=("day", "day", "day", "dusk", "dawn", "night"),
        weathers=("clear", "clear", "clear", "cloudy", "rain", "fog"),
    ),
    "city": Place(times=("day", "day", "day", "dusk", "dawn"), weathers=("clear", "clear", "clear", "cloudy", "rain")),
    "moon": Place(times=("night",), weathers=("clear",), told=False),
    "kitchen_table": Place(times=("day", "day", "dusk", "night"), weathers=("clear",), told=False),
}

HOMES: Mapping[str, tuple[str, ...]] = {
    "woman": ("neon_street", "neon_street", "city", "beach", "meadow"),
    "man": ("neon_street", "city"),
    "wolf": ("snowfield", "snowfield", "meadow"),
    "dog": ("meadow", "beach", "city", "snowfield"),
    "mammoth": ("snowfield",),
    "bird": ("meadow", "beach", "city"),
    "astronaut": ("moon",),
    "car": ("city", "city", "neon_street"),
    "boat": ("beach",),
    "ball": ("meadow", "beach", "kitchen_table"),
    "cookie": ("kitchen_table",),
}
"""Where a prompt that names no place puts its subject: those places where the world's scenes expect it, and a reader too."""

LEGAL: Mapping[str, tuple[str, ...]] = {
    "woman": ("neon_street", "snowfield", "beach", "meadow", "city"),
    "man": ("neon_street", "snowfield", "beach", "meadow", "city"),
    "wolf": ("snowfield", "meadow", "beach", "city", "moon"),
    "dog": ("neon_street", "snowfield", "beach", "meadow", "city"),
    "mammoth": ("snowfield", "meadow"),
    "bird": ("snowfield", "beach", "meadow", "city", "neon_street"),
    "astronaut": ("neon_street", "snowfield", "beach", "meadow", "city", "moon"),
    "car": ("neon_street", "city", "beach", "meadow", "snowfield"),
    "boat": ("beach",),
    "ball": ("neon_street", "snowfield", "beach", "meadow", "city", "moon", "kitchen_table"),
    "cookie": ("kitchen_table",),
}
"""Where a subject can be at all: two of them meet only where both can."""

ALIKE: Mapping[str, tuple[str, ...]] = {
    "woman": ("city", "beach", "meadow"),
    "man": ("city", "beach", "meadow"),
    "dog": ("meadow",),
    "bird": ("meadow",),
    "car": ("city",),
    "boat": ("beach",),
    "cookie": ("kitchen_table",),
}
"""Homes of what the world lacks but has something like: a cat is at home where a dog is, though not in a city at night."""
