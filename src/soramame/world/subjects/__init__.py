"""The subjects of the paper world, by name. A new one is one file and one line here."""

from __future__ import annotations

from soramame.world.subjects.astronaut import ASTRONAUT
from soramame.world.subjects.ball import BALL
from soramame.world.subjects.base import Phrases, Subject
from soramame.world.subjects.bird import BIRD
from soramame.world.subjects.boat import BOAT
from soramame.world.subjects.car import CAR
from soramame.world.subjects.cookie import COOKIE
from soramame.world.subjects.dog import DOG
from soramame.world.subjects.mammoth import MAMMOTH
from soramame.world.subjects.man import MAN
from soramame.world.subjects.wolf import WOLF
from soramame.world.subjects.woman import WOMAN

__all__ = ["SUBJECTS", "Phrases", "Subject"]

SUBJECTS: dict[str, Subject] = {
    subject.name: subject
    for subject in (
        WOMAN,
        MAN,
        WOLF,
        DOG,
        MAMMOTH,
        BIRD,
        ASTRONAUT,
        CAR,
        BOAT,
        BALL,
        COOKIE,
    )
}
