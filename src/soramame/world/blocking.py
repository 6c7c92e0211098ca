"""Blocking, as on a stage: where everyone stands at first and how far everyone goes, so that what the script says is
true.

Sides and relations hold at the start of the shot as the watcher sees it; members of a cast stand apart; ways end
inside the picture. Where too many are too large they are all drawn smaller.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import pairwise

from soramame.world.actions import ACTIONS
from soramame.world.actions.bounce import DROP
from soramame.world.actions.fly import HEIGHT
from soramame.world.actions.swim import SINK
from soramame.world.camera import REACH, Frame, Room, room
from soramame.world.places import PLACES
from soramame.world.scene import Cast, Event, Shot, Wall
from soramame.world.subjects import SUBJECTS

SIZES = {"small": 0.75, "normal": 1.2, "large": 1.5}
TALLEST = 7.4
"""No actor is drawn higher than this many stage units."""
EDGE = 0.3
"""Room left between an actor and the edge of the picture."""
MOST = 7.5
"""Nobody goes farther than this in one event."""
LEAST = 1.8
"""Room for a way that a cast keeps even when it has to be drawn smaller for it."""
FORWARD = 1.05
"""How far in front of its feet, in heights, one who trips reaches when it lies."""
SIDE = 0.56
"""How far from the middle, in halves of the picture, a cast "on the left" stands."""
AFLOAT = ("sail", "swim")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where a member stands at first: ``lane`` 0 far to 1 near, ``facing`` and ``lift`` as in a pose, ``y`` of its
    ground."""

    cast: int
    index: int
    x: float
    y: float
    lane: float
    height: float
    facing: float
    lift: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Marks of all members, the signed way of each event (by its number in the shot), and the walls."""

    marks: tuple[Mark, ...]
    ways: dict[int, float]
    walls: tuple[Wall, ...]


@dataclass(frozen=True, kw_only=True)
class _Group:
    """A cast as one wide thing: ``x`` its middle at first, ``width`` of one member, ``gap`` between members' middles,
    ``ways`` by event number, ``low`` and ``high`` how far it gets from its start to both sides."""

    number: int
    cast: Cast
    height: float
    width: float
    gap: float
    ways: dict[int, float]
    x: float = 0.0

    @property
    def span(self) -> float:
        """The width of all members side by side."""
        return self.gap * (self.cast.count - 1) + self.width

    @property
    def low(self) -> float:
        return min(0.0, *_stops(self.ways))

    @property
    def high(self) -> float:
        return max(0.0, *_stops(self.ways))


def _stops(ways: dict[int, float]) -> list[float]:
    """Where a group gets to after each event, from 0; ways in place count to both sides."""
    here, stops = 0.0, [0.0, 0.0]
    for way in ways.values():
        here += way
        stops.append(here)
    return stops


def events_of(shot: Shot, cast: int) -> list[tuple[int, Event]]:
    """The events of a cast with their numbers in the shot, in time order."""
    mine = [(number, event) for number, event in enumerate(shot.events) if event.cast == cast]
    return sorted(mine, key=lambda item: (item[1].start, item[1].end))


def block(shot: Shot, *, frame: Frame, seconds: float) -> Plan:
    """Find places and ways for a shot of so many seconds."""
    view = room(shot.camera, frame)
    for step in range(24):
        groups = _placed(
            shot, [_group(shot, number, seconds, view, 0.93**step) for number in range(len(shot.casts))], view
        )
        if groups is not None:
            break
    else:
        groups = [_group(shot, number, seconds, view, 0.93**24) for number in range(len(shot.casts))]
    groups = [_shortened(shot, group, groups, view) for group in groups]
    ways = {number: way for group in groups for number, way in group.ways.items()}
    _aim(shot, groups, ways)
    marks = tuple(mark for group in groups for mark in _marks(shot, group, view, frame))
    return Plan(marks=marks, ways=ways, walls=_walls(shot, groups, marks, ways))


def _group(shot: Shot, number: int, seconds: float, view: Room, scale: float) -> _Group:
    """A cast at its size times ``scale``, with the ways that its events would like."""
    cast = shot.casts[number]
    subject = SUBJECTS[cast.kind]
    height = min(subject.height * SIZES[cast.size], TALLEST) * scale
    width = height * subject.aspect
    free = view.high - view.low - 2 * EDGE
    loose = (free - width - 3.0) / (cast.count - 1) if cast.count > 1 else 0.0
    tight = {2: 1.1, 3: 0.9}.get(cast.count, 0.8)
    gap = min(max(loose, tight * width), 1.35 * width) if cast.count > 1 else 0.0
    group = _Group(number=number, cast=cast, height=height, width=width, gap=gap, ways={})
    ways: dict[int, float] = {}
    for event_number, event in events_of(shot, number):
        action = ACTIONS[event.action]
        length = (event.end - event.start) * seconds
        sign = -1.0 if event.direction == "left" else 1.0
        if event.action == "hide":
            ways[event_number] = sign * (group.span + _wall_width(group) + 0.8)
        elif event.action == "fall" and "roll" not in subject.actions:
            ways[event_number] = _falls(shot, number, event_number) * FORWARD * height
        elif event.direction is not None or action.directed:
            ways[event_number] = sign * min(action.speed(height) * length, MOST) * (event.direction is not None)
    return replace(group, ways=ways)


def _wall_width(group: _Group) -> float:
    return max(1.2 * group.width, 1.6)


def _placed(shot: Shot, groups: list[_Group], view: Room) -> list[_Group] | None:
    """Groups with their ``x``, or None if they do not fit at this size."""
    if not groups:
        return []
    low, high = view.low + EDGE, view.high - EDGE
    hides = {event.cast for event in shot.events if event.action == "hide"}
    for group in groups:
        way = group.high - group.low
        need = way if group.number in hides else min(way, LEAST)
        if group.span + need > high - low and shot.camera.move != "follow":
            return None
        if group.span > high - low:
            return None
    order = sorted(groups, key=lambda group: _rank(shot, group))
    gaps = [_gap(shot, a, b) for a, b in pairwise(order)]
    spare = high - low - sum(group.span for group in order) - sum(gaps)
    if spare < 0:
        return None
    xs = [_wish(shot, group, view) for group in order]
    if len(order) > 1:
        even, at = spare / (len(order) + 1), low
        for i, group in enumerate(order):
            at += even + group.span / 2
            xs[i] = at if group.cast.side is None else xs[i]
            at += group.span / 2 + (gaps[i] if i < len(gaps) else 0.0)
    xs = _apart(order, xs, gaps, low, high)
    placed = [replace(group, x=x) for group, x in zip(order, xs, strict=True)]
    if not all(_on_side(group, view) for group in placed):
        return None
    return sorted(placed, key=lambda group: group.number)


def _apart(order: list[_Group], xs: list[float], gaps: list[float], low: float, high: float) -> list[float]:
    """The nearest places in order that keep the gaps and the bounds (there is room for all)."""
    done: list[float] = []
    edge = low
    for i, group in enumerate(order):
        done.append(max(xs[i], edge + group.span / 2))
        edge = done[i] + group.span / 2 + (gaps[i] if i < len(gaps) else 0.0)
    edge = high
    for i in range(len(order) - 1, -1, -1):
        done[i] = min(done[i], edge - order[i].span / 2)
        edge = done[i] - order[i].span / 2 - (gaps[i - 1] if i else 0.0)
    return done


def _rank(shot: Shot, group: _Group) -> tuple[float, int]:
    """From left to right: by side, then by the relations, then in the order of telling."""
    rank = {"left": -1.0, "right": 1.0}.get(group.cast.side or "", 0.0)
    for relation in shot.relations:
        if relation.name in ("left of", "right of") and group.number in (relation.subject, relation.other):
            left = (relation.subject == group.number) == (relation.name == "left of")
            rank += -0.4 if left else 0.4
    return rank, group.number


def _gap(shot: Shot, a: _Group, b: _Group) -> float:
    """Room between neighbours; who stands behind another is partly covered."""
    for relation in shot.relations:
        if relation.name in ("behind", "in front of") and {relation.subject, relation.other} == {a.number, b.number}:
            return -0.3 * min(a.width, b.width)
    return 0.5


def _wish(shot: Shot, group: _Group, view: Room) -> float:
    """Where a cast would like to stand: on its side, or so that its way has the picture's middle in its middle."""
    side = group.cast.side
    if side in ("left", "right"):
        return view.middle + (SIDE if side == "right" else -SIDE) * view.half
    jitter = random.Random(group.cast.seed * 7 + 3).uniform(-0.7, 0.7)
    if side == "centre":
        return view.middle + 0.4 * jitter
    if shot.camera.move == "follow" and shot.camera.cast == group.number:
        return jitter
    return -(group.low + group.high) / 2 + jitter


def _on_side(group: _Group, view: Room) -> bool:
    where = (group.x - view.middle) / view.half
    return {"left": where < -0.35, "right": where > 0.35, "centre": abs(where) < 0.3}.get(group.cast.side or "", True)


def _kept(shot: Shot, group: _Group, groups: list[_Group], low: float, high: float) -> tuple[float, float]:
    """Narrower bounds for who would end in front of another cast; where there is no room to move they pass each
    other."""
    for other in groups:
        if other is group or _gap(shot, group, other) < 0:
            continue
        meets = other.low < -1.0 if other.x > group.x else other.high > 1.0
        free = (abs(other.x - group.x) - (group.span + other.span) / 2 - 0.2) * (0.5 if meets else 1.0)
        if free < 1.5:
            continue
        if other.x > group.x:
            high = min(high, group.x + free)
        else:
            low = max(low, group.x - free)
    return low, high


def _shortened(shot: Shot, group: _Group, groups: list[_Group], view: Room) -> _Group:
    """The group with ways that end inside the picture, and its place moved for them if it may stand anywhere."""
    low, high = view.low + EDGE + group.span / 2, view.high - EDGE - group.span / 2
    if shot.camera.move == "follow" and shot.camera.cast == group.number:
        low, high = group.x - REACH, group.x + REACH
    elif len(shot.casts) == 1 and group.cast.side is None and high - low >= group.high - group.low:
        group = replace(group, x=min(max(group.x, low - group.low), high - group.high))
    low, high = _kept(shot, group, groups, low, high)
    share = 1.0
    if group.high > 1e-6:
        share = min(share, (high - group.x) / group.high)
    if group.low < -1e-6:
        share = min(share, (group.x - low) / -group.low)
    share = max(share, 0.0)
    return replace(group, ways={number: way * share for number, way in group.ways.items()})


def _aim(shot: Shot, groups: list[_Group], ways: dict[int, float]) -> None:
    """Events that have a target end beside it."""
    for group in groups:
        here = group.x
        for number, event in events_of(shot, group.number):
            if event.target is not None and event.target != group.number and number in ways:
                other = groups[event.target]
                sign = 1.0 if other.x >= here else -1.0
                apart = (group.span + other.span) / 2 + 0.1
                ways[number] = sign * max(abs(other.x - here) - apart, 0.0)
            here += ways.get(number, 0.0)


def _lane(shot: Shot, number: int, index: int) -> float:
    """Depth from 0 (far) to 1 (near): casts apart, members in zigzag."""
    cast = shot.casts[number]
    jitter = 0.1 * (random.Random(cast.seed * 5 + 1).random() - 0.5)
    zigzag = 0.0 if cast.count == 1 else (0.17 if index % 2 else -0.17)
    for relation in shot.relations:
        if relation.name in ("behind", "in front of") and number in (relation.subject, relation.other):
            back = (relation.subject == number) == (relation.name == "behind")
            return (0.12 if back else 0.85) + 0.4 * zigzag
    base = 0.55 if len(shot.casts) == 1 else (0.75, 0.3, 0.5)[number % 3]
    return min(max(base + zigzag + jitter, 0.02), 0.98)


def _facing(shot: Shot, number: int) -> float:
    """The way a cast faces at first: where it will go; inwards, or either way, if it goes nowhere."""
    sign = 1.0
    for _, event in events_of(shot, number):
        if event.action == "turn":
            sign = -sign
        if event.direction is not None:
            return sign if event.direction == "right" else -sign
    cast = shot.casts[number]
    either = 1.0 if random.Random(cast.seed + 11).random() < 0.5 else -1.0
    return sign * {"left": 1.0, "right": -1.0}.get(cast.side or "", either)


def _falls(shot: Shot, number: int, falling: int) -> float:
    """The way a cast faces when it falls: forwards."""
    facing = _facing(shot, number)
    for event_number, event in events_of(shot, number):
        if event_number == falling:
            break
        if event.direction is not None:
            facing = 1.0 if event.direction == "right" else -1.0
        elif event.action == "turn":
            facing = -facing
    return facing


def _lift(kind: str, events: list[tuple[int, Event]], height: float, ceiling: float) -> float:
    """How high one is at first: in flight, or held up to be let go."""
    first = events[0][1].action if events else "idle"
    if first == "fly":
        return min(HEIGHT, ceiling)
    if first == "swim":
        return -SINK * height
    if "roll" in SUBJECTS[kind].actions:
        moves = [event.action for _, event in events if event.action != "idle"]
        if moves and moves[0] in ("bounce", "fall"):
            return min(DROP if moves[0] == "bounce" else 9.0, ceiling)
    return 0.0


def ceiling_of(y: float, height: float, frame: Frame) -> float:
    """The highest lift at which one is still in the picture."""
    return max(y - height + frame.half_height - 0.35, 0.2)


def _marks(shot: Shot, group: _Group, view: Room, frame: Frame) -> list[Mark]:
    place, cast = PLACES[shot.place], group.cast
    events = events_of(shot, group.number)
    afloat = cast.kind == "boat" or any(event.action in AFLOAT for _, event in events)
    marks = []
    for index in range(cast.count):
        lane = _lane(shot, group.number, index)
        vary = 1.0 if cast.count == 1 else 0.94 + 0.12 * random.Random(cast.seed * 31 + index).random()
        height = min(group.height * place.scale(lane) * vary, TALLEST)
        y = place.shore(lane) if afloat else place.ground(lane)
        x = group.x + group.gap * (index - (cast.count - 1) / 2)
        lift = _lift(cast.kind, events, height, ceiling_of(y, height, frame))
        facing = _facing(shot, group.number)
        marks.append(Mark(cast=group.number, index=index, x=x, y=y, lane=lane, height=height, facing=facing, lift=lift))
    return marks


def _walls(shot: Shot, groups: list[_Group], marks: tuple[Mark, ...], ways: dict[int, float]) -> tuple[Wall, ...]:
    """A wall in the middle of the way of each cast that passes behind one."""
    walls = []
    for group in groups:
        here = group.x
        for number, event in events_of(shot, group.number):
            way = ways.get(number, 0.0)
            if event.action == "hide":
                mine = [mark for mark in marks if mark.cast == group.number]
                width = _wall_width(group)
                walls.append(
                    Wall(
                        x=here + way / 2 - width / 2,
                        y=max(mark.y for mark in mine) + 0.25,
                        width=width,
                        height=max(mark.height for mark in mine) * 1.1 + 0.6,
                    )
                )
            here += way
    return tuple(walls)
