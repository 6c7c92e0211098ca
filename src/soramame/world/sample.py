"""Scenes from seeds: who, where, doing what. Only what places and subjects allow is drawn, and only what can be told
truly."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from typing import Literal

from soramame.world.actions import ACTIONS
from soramame.world.blocking import AFLOAT
from soramame.world.curriculum import Curriculum
from soramame.world.places import PLACES
from soramame.world.scene import MOODS, SIDES, Camera, Cast, Event, Move, Relation, Scene, Shot, Side, Style
from soramame.world.subjects import SUBJECTS

__all__ = ["LIKELY", "Curriculum", "fingerprint", "sample_scene"]

Way = Literal["left", "right"]

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

_PAINTED = ("body", "feathers")
"""Slots of one colour all over, which is soon learnt."""
_BULKY = 5.0
"""Casts whose members are wider than this, in stage units, have at most three."""


def sample_scene(seed: int, curriculum: Curriculum) -> Scene:
    """The scene of a seed: the same on every machine."""
    rng = random.Random(seed)
    style: Style = "ink" if rng.random() < curriculum.ink else "paper"
    number = _weighted(rng, curriculum.shots) + 1
    places = rng.sample(sorted(PLACES), len(PLACES))
    casts = _casts(rng, curriculum, places[0])
    legal = [place for place in places[1:] if all(place in SUBJECTS[cast.kind].places for cast in casts)]
    shots = [_shot(rng, curriculum, places[0], casts)]
    for later in range(1, number):
        place = legal[later - 1] if later <= len(legal) else places[0]
        shots.append(_shot(rng, curriculum, place, _moved(rng, curriculum, casts)))
    return Scene(seed=seed, shots=tuple(shots), style=style, scenery=rng.randrange(curriculum.sceneries))


def fingerprint(curriculum: Curriculum, seeds: range = range(64)) -> str:
    """A short hash of the scenes of some seeds. While it is the same, a seed still means the same scene: what is kept
    by its seed alone (cached latents, whose captions are worded anew) belongs to one fingerprint."""
    digest = hashlib.sha256()
    for seed in seeds:
        digest.update(repr(sample_scene(seed, curriculum)).encode())
    return digest.hexdigest()[:16]


def _weighted(rng: random.Random, weights: tuple[float, ...]) -> int:
    return rng.choices(range(len(weights)), weights)[0]


def _moved(rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...]) -> tuple[Cast, ...]:
    """The same casts for another shot; one that is alone may stand elsewhere."""
    if len(casts) != 1:
        return casts
    return (replace(casts[0], side=_side(rng, curriculum, casts[0].count)),)


def _side(rng: random.Random, curriculum: Curriculum, count: int) -> Side | None:
    return rng.choice(SIDES) if count <= 2 and rng.random() < curriculum.sides else None


def _shot(rng: random.Random, curriculum: Curriculum, place: str, casts: tuple[Cast, ...]) -> Shot:
    where = PLACES[place]
    time, weather = rng.choice(where.times), rng.choice(where.weathers)
    if rng.random() < curriculum.usual:
        time, weather = where.times[0], where.weathers[0]
    events = _pursuit(rng, curriculum, casts, place)
    if not events:
        way: Way = rng.choice(("left", "right"))
        events = tuple(event for n in range(len(casts)) for event in _events(rng, curriculum, casts, n, place, way))
    return Shot(
        place=place,
        time=time,
        weather=weather,
        casts=casts,
        events=events,
        relations=_relations(rng, curriculum, casts),
        camera=_camera(rng, curriculum, casts, events),
    )


def _camera(rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...], events: tuple[Event, ...]) -> Camera:
    """A moving camera now and then: it follows only who goes somewhere, and zooms only on few."""
    if rng.random() >= curriculum.moving_camera:
        return Camera()
    moves: list[Move] = ["pan left", "pan right"]
    if sum(cast.count for cast in casts) <= 2:
        moves += ["zoom in", "zoom out"]
    going = [event for event in events if event.cast == 0 and event.direction and event.target is None]
    if going and len(going) == sum(event.cast == 0 for event in events) and going[0].action not in ("jump", "hide"):
        moves += ["follow", "follow"]
    move = rng.choice(moves)
    return Camera(move=move, cast=0 if move == "follow" else None)


def _casts(rng: random.Random, curriculum: Curriculum, place: str) -> tuple[Cast, ...]:
    count = _weighted(rng, curriculum.counts)
    if count == 0:
        return ()
    legal = sorted(name for name, subject in SUBJECTS.items() if place in subject.places)
    expected = [name for name in LIKELY.get(place, ()) if name in legal]
    kind = rng.choice(expected if expected and rng.random() < curriculum.likely else legal)
    bulky = SUBJECTS[kind].height * SUBJECTS[kind].aspect > _BULKY
    count = min(count, 3) if bulky else count
    others = [name for name in legal if name != kind]
    if count > 2 or not others or rng.random() >= curriculum.second:
        return (_cast(rng, curriculum, kind, count, _side(rng, curriculum, count)),)
    count = 1 if bulky else count
    if rng.random() < curriculum.depth:
        sides: tuple[Side | None, Side | None] = (None, None)
    else:
        sides = ("left", "right") if rng.random() < 0.5 else ("right", "left")
    return _cast(rng, curriculum, kind, count, sides[0]), _cast(rng, curriculum, rng.choice(others), 1, sides[1])


def _cast(rng: random.Random, curriculum: Curriculum, kind: str, count: int, side: Side | None) -> Cast:
    subject = SUBJECTS[kind]
    plain = rng.random() < curriculum.plain
    any_colour = plain and rng.random() < curriculum.painted
    look = tuple(
        (slot, words[0] if plain and not (any_colour and slot in _PAINTED) else rng.choice(words))
        for slot, words in sorted(subject.slots.items())
    )
    sizes = [size for size, _ in curriculum.sizes]
    size = rng.choices(sizes, [weight for _, weight in curriculum.sizes])[0]
    if size == "large" and (count > 2 or (count == 2 and subject.height * subject.aspect > 3)):
        size = "normal"
    mood = rng.choice(MOODS) if subject.moody and rng.random() < curriculum.moods else "neutral"
    return Cast(kind=kind, count=count, look=look, size=size, side=side, mood=mood, seed=rng.randrange(1 << 30))


def _possible(casts: tuple[Cast, ...], number: int, place: str) -> list[str]:
    """What a cast can do here besides standing. Walls are for one or two that are alone, tripping for one."""
    cast = casts[number]
    names = [
        name
        for name in SUBJECTS[cast.kind].actions
        if name in ACTIONS and PLACES[place].allows(name) and name != "idle"
    ]
    if cast.count > 2 or len(casts) > 1 or cast.side == "centre":
        names = [name for name in names if name != "hide"]
    if (cast.count > 1 or len(casts) > 1) and "roll" not in SUBJECTS[cast.kind].actions:
        names = [name for name in names if name != "fall"]
    return names


def _actions(rng: random.Random, curriculum: Curriculum, names: list[str], *, rolls: bool) -> list[str]:
    """One to three different things to do, in an order that physics allows."""
    if not names or rng.random() < curriculum.still:
        return ["idle"]
    weights = dict(curriculum.actions)
    count = min(_weighted(rng, curriculum.events) + 1, len(names))
    chosen: list[str] = []
    while len(chosen) < count:
        left = [name for name in names if name not in chosen]
        chosen.append(rng.choices(left, [weights.get(name, 1.0) for name in left])[0])
    for alone in ("hide", *AFLOAT):
        if alone in chosen and chosen != ["sail", "turn"]:
            return [alone]
    if rolls and "fall" in chosen:
        chosen = ["fall", *(name for name in chosen if name not in ("fall", "bounce"))]
    if len(chosen) > 1 and not rolls and rng.random() < 0.2:
        chosen[0] = "idle"
    return chosen


def _events(
    rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...], number: int, place: str, way: Way
) -> list[Event]:
    """What a cast does in time order. It goes the way, but inwards from its side; when it has turned round, the other
    way."""
    cast = casts[number]
    rolls = "roll" in SUBJECTS[cast.kind].actions
    names = _actions(rng, curriculum, _possible(casts, number, place), rolls=rolls)
    if cast.side in ("left", "right"):
        way = "right" if cast.side == "left" else "left"
    cuts = [i / len(names) + (rng.uniform(-0.06, 0.06) if 0 < i < len(names) else 0.0) for i in range(len(names) + 1)]
    events = []
    for i, name in enumerate(names):
        goes = ACTIONS[name].directed and not (name == "jump" and rng.random() < 0.25)
        events.append(Event(cast=number, action=name, start=cuts[i], end=cuts[i + 1], direction=way if goes else None))
        if name == "turn":
            way = "left" if way == "right" else "right"
    return events


def _pursuit(rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...], place: str) -> tuple[Event, ...]:
    """Now and then, where one stands on the left and one on the right, one goes to the other, who waits."""
    if len(casts) != 2 or casts[0].side is None or rng.random() >= curriculum.targets:
        return ()
    ways = [name for name in ("walk", "run") if name in SUBJECTS[casts[0].kind].actions and PLACES[place].allows(name)]
    if not ways or casts[1].kind == "boat":
        return ()
    direction: Way = "right" if casts[0].side == "left" else "left"
    return (
        Event(cast=0, action=rng.choice(ways), direction=direction, target=1),
        Event(cast=1, action="idle"),
    )


def _relations(rng: random.Random, curriculum: Curriculum, casts: tuple[Cast, ...]) -> tuple[Relation, ...]:
    if len(casts) != 2:
        return ()
    if casts[0].side and casts[1].side:
        return (Relation(subject=0, name="left of" if casts[0].side == "left" else "right of", other=1),)
    if any(cast.kind == "boat" for cast in casts):
        return ()
    return (Relation(subject=0, name=rng.choice(("behind", "in front of")), other=1),)
