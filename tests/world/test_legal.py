"""Scripts that can be played, and sentences about those that cannot."""

from __future__ import annotations

import pytest

from soramame.errors import OptionError
from soramame.world.legal import check
from soramame.world.scene import Camera, Cast, Event, Relation, Scene, Shot

DOG = Cast(kind="dog")


def test_a_good_script_passes() -> None:
    check(Scene(seed=0, shots=(Shot(place="meadow", casts=(DOG,), events=(Event(cast=0, action="walk"),)),)))


@pytest.mark.parametrize(
    ("shot", "message"),
    [
        (Shot(place="meadow", share=0.0), "share of shot 0"),
        (Shot(place="meadow", casts=(DOG,), relations=(Relation(subject=0, name="left of", other=4),)), "number 4"),
        (Shot(place="meadow", camera=Camera(move="follow")), "camera's cast is number None"),
        (Shot(place="meadow", casts=(DOG,), events=(Event(cast=0, action="run", target=2),)), "target is number 2"),
        (Shot(place="meadow", casts=(Cast(kind="dog", look=(("hat", "red"),)),)), "no slot of a dog's look 'hat'"),
        (Shot(place="nowhere"), "there are: neon_street"),
    ],
)
def test_the_first_mistake_is_told(shot: Shot, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        check(Scene(seed=0, shots=(shot,)))
