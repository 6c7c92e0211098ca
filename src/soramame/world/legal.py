"""Whether a script can be played: names that exist, numbers that point at something. Sampled scenes always can."""

from __future__ import annotations

from collections.abc import Iterable

from soramame.errors import OptionError
from soramame.world.actions import ACTIONS
from soramame.world.places import PLACES
from soramame.world.scene import MOODS, MOVES, SIDES, STYLES, TIMES, WEATHERS, Cast, Event, Scene, Shot
from soramame.world.subjects import SUBJECTS


def check(scene: Scene) -> None:
    """Raise :class:`~soramame.errors.OptionError` with a sentence about the first thing that is wrong."""
    _known("style", scene.style, STYLES)
    for number, shot in enumerate(scene.shots):
        _known("place", shot.place, PLACES)
        _known("time", shot.time, TIMES)
        _known("weather", shot.weather, WEATHERS)
        _known("camera move", shot.camera.move, MOVES)
        if not shot.share > 0:
            raise OptionError(f"The share of shot {number} must be more than 0, not {shot.share}.")
        for cast in shot.casts:
            _check_cast(cast)
        for event in shot.events:
            _check_event(event, shot)
        for relation in shot.relations:
            _exists("A relation's subject", relation.subject, shot)
            _exists("A relation's other", relation.other, shot)
        if shot.camera.move == "follow":
            _exists("The camera's cast", shot.camera.cast, shot)


def _check_cast(cast: Cast) -> None:
    _known("subject", cast.kind, SUBJECTS)
    _known("size", cast.size, ("small", "normal", "large"))
    _known("mood", cast.mood, MOODS)
    if cast.side is not None:
        _known("side", cast.side, SIDES)
    slots = SUBJECTS[cast.kind].slots
    for slot, word in cast.look:
        _known(f"slot of a {cast.kind}'s look", slot, slots)
        _known(f"{slot} of a {cast.kind}", word, slots[slot])


def _check_event(event: Event, shot: Shot) -> None:
    _known("action", event.action, ACTIONS)
    _exists("An event's cast", event.cast, shot)
    if event.target is not None:
        _exists("An event's target", event.target, shot)
    if not 0 <= event.start < event.end <= 1:
        raise OptionError(f"An event goes from a share to a later one within 0 to 1, not {event.start} to {event.end}.")


def _known(what: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise OptionError(f"There is no {what} {name!r}; there are: {', '.join(names)}.")


def _exists(what: str, cast: int | None, shot: Shot) -> None:
    if cast is None or not 0 <= cast < len(shot.casts):
        raise OptionError(f"{what} is number {cast}, but the shot has {len(shot.casts)} casts, counted from 0.")
