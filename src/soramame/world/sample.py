"""Scenes from seeds: who, where, doing what. Only what places and subjects allow is drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass

from soramame.world.actions import ACTIONS
from soramame.world.places import PLACES
from soramame.world.scene import (
    MOODS,
    SIDES,
    Camera,
    Cast,
    Event,
    Move,
    Relation,
    Scene,
    Shot,
    Side,
    Size,
    Style,
)
from soramame.world.subjects import SUBJECTS

LIKELY: dict[str, tuple[str, ...]] = {
    "neon_street": ("woman", "woman", "man", "car", "dog", "ball"),
    "snowfield": ("mammoth", "mammoth", "wolf", "wolf", "astronaut", "bird", "dog"),
    "beach": ("boat", "boat", "dog", "woman", "ball", "bird", "car"),
    "meadow": ("bird", "dog", "wolf", "ball", "woman", "mammoth"),
    "city": ("car", "car", "woman", "man", "dog", "ball", "bird"),
    "moon": ("astronaut", "astronaut", "astronaut", "ball", "wolf"),
    "kitchen_table": ("cookie", "cookie", "ball"),
}
"""Who one expects where: drawn most of the time, so that a small model sees the usual pairs often."""


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """How wide the world is. Shares are probabilities; ``counts`` are weights of 0, 1, … 5 members of the main cast;
    ``sceneries`` is in how many forms each place comes."""

    counts: tuple[float, ...] = (0.06, 0.44, 0.2, 0.13, 0.09, 0.08)
    second: float = 0.4
    likely: float = 0.5
    events: tuple[float, ...] = (0.6, 0.3, 0.1)
    moving_camera: float = 0.5
    shots: tuple[float, ...] = (0.6, 0.2, 0.2)
    ink: float = 0.4
    sizes: tuple[tuple[Size, float], ...] = (("small", 0.2), ("normal", 0.5), ("large", 0.3))
    sides: float = 0.5
    moods: float = 0.4
    sceneries: int = 1 << 30

    @classmethod
    def world(cls) -> Curriculum:
        """All that the world knows."""
        return cls()

    @classmethod
    def mame(cls) -> Curriculum:
        """What the bundled model learns first: one shot, paper style, few and large subjects, a quiet camera."""
        return cls(
            counts=(0.05, 0.66, 0.13, 0.08, 0.04, 0.04),
            second=0.12,
            likely=0.85,
            events=(0.85, 0.15),
            moving_camera=0.12,
            shots=(1.0,),
            ink=0.0,
            sizes=(("small", 0.08), ("normal", 0.52), ("large", 0.4)),
            sides=0.5,
            moods=0.3,
            sceneries=3,
        )


def sample_scene(seed: int, curriculum: Curriculum) -> Scene:
    """The scene of a seed: the same on every machine."""
    rng = random.Random(seed)
    style: Style = "ink" if rng.random() < curriculum.ink else "paper"
    number = _weighted(rng, curriculum.shots) + 1
    places = rng.sample(sorted(PLACES), len(PLACES))
    first = _shot(rng, curriculum, places[0], ())
    shots = [first]
    for place in places[1:number]:
        allowed = all(place in SUBJECTS[cast.kind].places for cast in first.casts)
        shots.append(_shot(rng, curriculum, place if allowed else first.place, first.casts))
    return Scene(seed=seed, shots=tuple(shots), style=style, scenery=rng.randrange(curriculum.sceneries))


def _weighted(rng: random.Random, weights: tuple[float, ...]) -> int:
    return rng.choices(range(len(weights)), weights)[0]


def _shot(rng: random.Random, curriculum: Curriculum, place: str, casts: tuple[Cast, ...]) -> Shot:
    where = PLACES[place]
    time, weather = rng.choice(where.times), rng.choice(where.weathers)
    if not casts:
        casts = _casts(rng, curriculum, place)
    events = tuple(event for number in range(len(casts)) for event in _events(rng, curriculum, casts, number, place))
    move: Move = "static"
    if rng.random() < curriculum.moving_camera:
        move = rng.choice(("pan left", "pan right", "zoom in", "zoom out", "follow") if casts else ("pan left", "pan right", "zoom in"))
    camera = Camera(move=move, cast=0 if move == "follow" else None)
    return Shot(
        place=place, time=time, weather=weather, casts=casts, events=events, relations=_relations(casts), camera=camera
    )


def _casts(rng: random.Random, curriculum: Curriculum, place: str) -> tuple[Cast, ...]:
    count = _weighted(rng, curriculum.counts)
    if count == 0:
        return ()
    legal = sorted(name for name, subject in SUBJECTS.items() if place in subject.places)
    expected = [name for name in LIKELY.get(place, ()) if name in legal]
    kind = rng.choice(expected if expected and rng.random() < curriculum.likely else legal)
    bulky = SUBJECTS[kind].height * SUBJECTS[kind].aspect > 5
    count = min(count, 3) if bulky else count
    side: Side | None = rng.choice(SIDES) if count == 1 and rng.random() < curriculum.sides else None
    first = _cast(rng, curriculum, kind, count, side)
    if count > 2 or rng.random() >= curriculum.second:
        return (first,)
    others = [name for name in legal if name != kind]
    if not others:
        return (first,)
    left = rng.random() < 0.5
    first = _cast(rng, curriculum, kind, 1, "left" if left else "right")
    second = _cast(rng, curriculum, rng.choice(others), 1, "right" if left else "left")
    return first, second


def _cast(rng: random.Random, curriculum: Curriculum, kind: str, count: int, side: Side | None) -> Cast:
    subject = SUBJECTS[kind]
    look = tuple((slot, rng.choice(words)) for slot, words in sorted(subject.slots.items()))
    sizes = [size for size, _ in curriculum.sizes]
    size = rng.choices(sizes, [weight for _, weight in curriculum.sizes])[0]
    if count > 2 and size == "large":
        size = "normal"
    mood = rng.choice(MOODS) if subject.moody and rng.random() < curriculum.moods else "neutral"
    return Cast(kind=kind, count=count, look=look, size=size, side=side, mood=mood, seed=rng.randrange(1 << 30))


def _events(
    rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...], number: int, place: str
) -> list[Event]:
    cast = casts[number]
    possible = [name for name in SUBJECTS[cast.kind].actions if name in ACTIONS and PLACES[place].allows(name)]
    if cast.count > 2 or len(casts) > 1:
        possible = [name for name in possible if name != "hide"] or ["idle"]
    count = min(_weighted(rng, curriculum.events) + 1, len(possible))
    lively = [name for name in possible if name != "idle"] or possible
    names = rng.sample(lively, min(count, len(lively))) if rng.random() < 0.88 else ["idle"]
    if "hide" in names:
        names = ["hide"]
    direction = "right" if cast.side == "left" else "left" if cast.side == "right" else rng.choice(("left", "right"))
    share = 1 / len(names)
    return [
        Event(
            cast=number,
            action=name,
            start=i * share,
            end=(i + 1) * share,
            direction=direction if ACTIONS[name].directed else None,  # type: ignore[arg-type]
        )
        for i, name in enumerate(names)
    ]


def _relations(casts: tuple[Cast, ...]) -> tuple[Relation, ...]:
    if len(casts) == 2 and casts[0].side and casts[1].side and casts[0].side != casts[1].side:
        return (Relation(subject=0, name="left of" if casts[0].side == "left" else "right of", other=1),)
    return ()
