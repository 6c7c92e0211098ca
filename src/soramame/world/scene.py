"""What is told and what happens: the plain data of the paper world.

A :class:`Scene` is the *script*: places, casts, events, camera. Everything else is derived from it and a seed: the
states of every frame (``simulate``), the pictures (``stage``), the captions (``captions``) and the truth (``truth``).

Stage units: the frame is 10 units high at zoom 1 in landscape and square (10 wide in portrait); x grows to the right,
y grows *downwards*, the origin is the middle of the frame. Angles are radians, clockwise positive. Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Side = Literal["left", "centre", "right"]
Size = Literal["small", "normal", "large"]
Mood = Literal["neutral", "happy", "sad", "angry", "surprised"]
Time = Literal["dawn", "day", "dusk", "night"]
Weather = Literal["clear", "cloudy", "rain", "snow", "fog"]
Move = Literal["static", "pan left", "pan right", "zoom in", "zoom out", "follow"]
Style = Literal["paper", "ink"]
RelationName = Literal["left of", "right of", "behind", "in front of"]

SIDES: tuple[Side, ...] = ("left", "centre", "right")
MOODS: tuple[Mood, ...] = ("neutral", "happy", "sad", "angry", "surprised")
TIMES: tuple[Time, ...] = ("dawn", "day", "dusk", "night")
WEATHERS: tuple[Weather, ...] = ("clear", "cloudy", "rain", "snow", "fog")
MOVES: tuple[Move, ...] = ("static", "pan left", "pan right", "zoom in", "zoom out", "follow")
STYLES: tuple[Style, ...] = ("paper", "ink")


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A group of equal subjects: "three grey wolves on the left".

    ``look`` maps a slot of the kind ("hair", "dress", "fur", "body", …) to a colour name of the palette or to a
    garment/accessory word the kind knows. It is a tuple of pairs so that a scene can be hashed.
    """

    kind: str
    count: int = 1
    look: tuple[tuple[str, str], ...] = ()
    size: Size = "normal"
    side: Side | None = None
    mood: Mood = "neutral"
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 5:
            raise ValueError(f"a cast has 1 to 5 members, not {self.count}; an empty scene has no casts")

    def wears(self, slot: str, default: str = "") -> str:
        """The colour or word in a slot of the look."""
        return dict(self.look).get(slot, default)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One cast does one thing for a span of the shot, given as fractions of the shot's length."""

    cast: int
    action: str
    start: float = 0.0
    end: float = 1.0
    direction: Literal["left", "right"] | None = None
    target: int | None = None  # the cast acted upon ("the dog runs to the ball")


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Where one cast stands with respect to another, as the watcher sees it, at the start of the shot."""

    subject: int
    name: RelationName
    other: int


@dataclass(frozen=True, kw_only=True)
class Camera:
    """How the picture moves. ``cast`` is who is followed, for ``follow``."""

    move: Move = "static"
    cast: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One uncut stretch: a place, its air, who is there, what they do. ``share`` is its part of the scene's time."""

    place: str
    time: Time = "day"
    weather: Weather = "clear"
    casts: tuple[Cast, ...] = ()
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()
    camera: Camera = field(default_factory=Camera)
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The whole script of a clip: one to three shots in one drawing style. ``seed`` fixes every free detail of the actors,
    ``scenery`` those of the places and the weather (where the houses stand, where the flakes fall)."""

    seed: int
    shots: tuple[Shot, ...]
    style: Style = "paper"
    scenery: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.shots) <= 3:
            raise ValueError(f"a scene has 1 to 3 shots, not {len(self.shots)}")


@dataclass(frozen=True, kw_only=True)
class Pose:
    """How one actor stands at one moment: all that its drawing may depend on besides its look.

    ``x, y`` is where it touches the ground (or would: feet, keel, lowest point), ``height`` its drawn height, both in
    stage units. ``facing`` is +1 to the right, -1 to the left, in between while it turns round. ``phase`` counts
    cycles of its motion (a gait is periodic in 1). ``roll`` turns it about its middle, ``squash`` is its vertical
    stretch (volume is kept by the drawing), ``lift`` its height above the ground (for the shadow), ``bitten`` the
    number of bites taken (0, 1, 2, …; a fraction while a bite is being taken).
    """

    x: float
    y: float
    height: float
    facing: float = 1.0
    action: str = "idle"
    phase: float = 0.0
    roll: float = 0.0
    squash: float = 1.0
    lift: float = 0.0
    bitten: float = 0.0
    mood: Mood = "neutral"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One individual: member ``index`` of cast number ``cast`` of the shot. ``seed`` fixes its small differences."""

    cast: int
    index: int
    kind: str
    look: tuple[tuple[str, str], ...]
    seed: int

    def wears(self, slot: str, default: str = "") -> str:
        """The colour or word in a slot of the look."""
        return dict(self.look).get(slot, default)


@dataclass(frozen=True, kw_only=True)
class ActorState:
    """An actor with its pose at one frame. ``visible`` is the unhidden share of its box within the frame, 0 to 1."""

    actor: Actor
    pose: Pose
    visible: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Wall:
    """Something solid that actors pass behind: a box standing on the ground, drawn over them. Stage units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class View:
    """The camera: the point of the stage in the middle of the frame, and the magnification."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, kw_only=True)
class FrameState:
    """The exact state of one frame. ``actors`` are in drawing order, far ones first."""

    shot: int
    time: float
    view: View
    actors: tuple[ActorState, ...]
    walls: tuple[Wall, ...] = ()
