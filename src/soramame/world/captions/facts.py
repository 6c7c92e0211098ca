"""The facts of a scene that a caption may state: plain labels, the same for every wording and language."""

from __future__ import annotations

from soramame.world.palette import COLOURS
from soramame.world.scene import Cast, Event, Scene, Shot
from soramame.world.subjects import SUBJECTS

MAIN_SLOTS = ("fur", "feathers", "body", "suit", "top_colour")
"""The slot whose colour is *the* colour of a subject, in order of preference."""


def main_slot(cast: Cast) -> str | None:
    """The slot of the look that gives a cast its main colour."""
    look = dict(cast.look)
    named = next((slot for slot in MAIN_SLOTS if look.get(slot) in COLOURS), None)
    return named or next((slot for slot, word in cast.look if word in COLOURS), None)


def seen_look(cast: Cast) -> dict[str, str]:
    """The part of a look that can be seen: no colour of an accessory that is not there or has none, no absent beard."""
    look = {slot: word for slot, word in cast.look if word not in ("none", "no")}
    if not look.get("accessory", "none").endswith(("hat", "bag", "scarf")):
        look.pop("accessory_colour", None)
    return look


def size_seen(cast: Cast) -> bool:
    """Whether the size can be told: in a crowd of big creatures all are drawn equally high."""
    subject = SUBJECTS.get(cast.kind)
    return cast.size != "normal" and (cast.count < 3 or subject is None or subject.height <= 3.0)


def deeds(shot: Shot, number: int) -> tuple[Event, ...]:
    """What cast ``number`` does, in the order of time."""
    return tuple(sorted((event for event in shot.events if event.cast == number), key=lambda event: event.start))


def _cast_facts(shot: Shot, number: int, suffix: str) -> dict[str, str]:
    cast = shot.casts[number]
    slot, acts = main_slot(cast), deeds(shot, number)
    facts = {f"subject{suffix}": cast.kind, f"count{suffix}": str(cast.count), f"mood{suffix}": cast.mood}
    if size_seen(cast):
        facts[f"size{suffix}"] = cast.size
    if slot:
        facts[f"colour{suffix}"] = dict(cast.look)[slot]
    if cast.side:
        facts[f"side{suffix}"] = cast.side
    facts[f"action{suffix}"] = acts[0].action if acts else "idle"
    if acts and acts[0].direction:
        facts[f"direction{suffix}"] = acts[0].direction
    if len(acts) > 1:
        facts[f"then{suffix}"] = acts[1].action
    return facts


def facts_of(scene: Scene) -> dict[str, str]:
    """Labels that a caption may state, all of the first shot unless the name says otherwise.

    ``place time weather camera style shots`` (number of shots), ``place2 place3`` (of later shots); of the main cast
    ``subject`` ("none" if nobody is there) ``count`` ("0" to "5") ``colour side size mood action direction then``
    (its second action) and ``look.SLOT``; of the second cast the same names followed by ``_b``; ``relation``. What is
    not there has no label.
    """
    shot = scene.shots[0]
    facts = {
        "place": shot.place,
        "time": shot.time,
        "weather": shot.weather,
        "camera": shot.camera.move,
        "style": scene.style,
        "shots": str(len(scene.shots)),
    }
    for number, later in enumerate(scene.shots[1:], 2):
        facts[f"place{number}"] = later.place
    if not shot.casts:
        return {**facts, "subject": "none", "count": "0"}
    facts |= _cast_facts(shot, 0, "")
    facts |= {f"look.{slot}": word for slot, word in seen_look(shot.casts[0]).items()}
    if len(shot.casts) > 1:
        facts |= _cast_facts(shot, 1, "_b")
    if shot.relations and (shot.relations[0].subject, shot.relations[0].other) == (0, 1):
        facts["relation"] = shot.relations[0].name
    return facts
