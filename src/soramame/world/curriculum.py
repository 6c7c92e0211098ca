"""How wide a world scenes are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from soramame.world.scene import Size

Weights = tuple[tuple[str, float], ...]

_COMMON: Weights = (
    ("walk", 3.0), ("run", 2.2), ("fly", 4.0), ("sail", 4.0), ("drive", 4.0), ("bounce", 3.0), ("roll", 2.0),
    ("jump", 1.5), ("play", 1.0), ("turn", 0.7), ("bite", 5.0), ("hide", 0.3), ("fall", 0.5), ("swim", 0.3),
)  # fmt: skip
"""How often a small model should see each action, among those that its subject can do."""


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """How wide the world is. Shares are probabilities unless told otherwise.

    ``counts``: weights of 0, 1, … 5 members of the main cast. ``second``: a second cast, ``depth``: one stands behind
    the other (else left and right), ``targets``: one goes to the other. ``likely``: a subject that one expects in its
    place, else any that is legal there. ``events``: weights of 1, 2, 3 events of a cast, ``still``: it only stands;
    ``actions``: weights of actions by name, 1 for others. ``shots``: weights of 1, 2, 3 shots. ``sceneries``: in how
    many forms each place comes. ``usual``: each place at its first time and in its first weather, ``plain``: a cast in
    its usual look (the first word of every slot), but for a share ``painted`` of its things and birds, which are of any
    colour; all that is possible is drawn otherwise.
    """

    counts: tuple[float, ...] = (0.06, 0.44, 0.2, 0.13, 0.09, 0.08)
    second: float = 0.4
    depth: float = 0.3
    targets: float = 0.2
    likely: float = 0.5
    events: tuple[float, ...] = (0.6, 0.3, 0.1)
    still: float = 0.12
    actions: Weights = ()
    moving_camera: float = 0.5
    shots: tuple[float, ...] = (0.6, 0.2, 0.2)
    ink: float = 0.4
    sizes: tuple[tuple[Size, float], ...] = (("small", 0.2), ("normal", 0.5), ("large", 0.3))
    sides: float = 0.5
    moods: float = 0.4
    sceneries: int = 1 << 30
    usual: float = 0.0
    plain: float = 0.0
    painted: float = 0.0

    @classmethod
    def world(cls) -> Curriculum:
        """All that the world knows."""
        return cls()

    @classmethod
    def mame(cls) -> Curriculum:
        """What the bundled model learns first: one shot, paper style, every place in one form,
        few and large subjects in their usual looks, a quiet camera."""
        return cls(
            counts=(0.05, 0.71, 0.13, 0.06, 0.03, 0.02),
            second=0.06,
            depth=0.1,
            targets=0.1,
            likely=0.9,
            events=(0.92, 0.08),
            still=0.15,
            actions=_COMMON,
            moving_camera=0.06,
            shots=(1.0,),
            ink=0.0,
            sizes=(("small", 0.04), ("normal", 0.36), ("large", 0.6)),
            sides=0.5,
            moods=0.2,
            sceneries=1,
            usual=0.6,
            plain=0.85,
            painted=0.6,
        )
