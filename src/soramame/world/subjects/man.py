"""The man: hair, perhaps a beard, a top, trousers, an accessory, in the colours of the look."""

from __future__ import annotations

import skia

from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import LAND, PERSON_ACTIONS, Subject
from soramame.world.subjects.person import Build, draw_person
from soramame.world.subjects.tell import describe_en, describe_ja
from soramame.world.words import Words

_BUILD = Build(shoulder=12.2, waist=9.2, sleeve=1.12, cropped=True, top="coat", bottom="trousers")


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a man."""
    draw_person(canvas, state, style, _BUILD)


MAN = Subject(
    name="man",
    words=Words(en=("man", "guy"), en_plural=("men", "guys"), ja=("男性", "男の人")),
    height=5.5,
    aspect=0.44,
    actions=PERSON_ACTIONS,
    places=tuple(place for place in LAND if place != "moon"),
    slots={
        "hair": ("black", "brown", "gold", "red", "grey"),
        "beard": ("no", "yes"),
        "top": ("leather jacket", "coat", "sweater", "t-shirt", "suit"),
        "top_colour": ("black", "white", "red", "blue", "grey", "beige", "green", "brown"),
        "bottom": ("trousers",),
        "bottom_colour": ("blue", "black", "grey", "brown", "beige", "white"),
        "accessory": ("none", "hat", "sunglasses", "bag", "scarf"),
        "accessory_colour": ("red", "black", "yellow", "white", "blue", "brown"),
    },
    describe_en=describe_en,
    describe_ja=describe_ja,
    draw=draw,
    mass=4.5,
    moody=True,
)
