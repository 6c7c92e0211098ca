"""The woman: hair, a top, a dress or trousers, an accessory, in the colours of the look."""

from __future__ import annotations

import skia

from soramame.world.scene import ActorState, Style
from soramame.world.subjects.base import LAND, PERSON_ACTIONS, Subject
from soramame.world.subjects.person import Build, draw_person
from soramame.world.subjects.tell import describe_en, describe_ja
from soramame.world.words import Words

_BUILD = Build(shoulder=9.4, waist=7.4, sleeve=0.92, cropped=False, top="leather jacket", bottom="long dress")


def draw(canvas: skia.Canvas, state: ActorState, style: Style) -> None:
    """Draw a woman."""
    draw_person(canvas, state, style, _BUILD)


WOMAN = Subject(
    name="woman",
    words=Words(en=("woman", "lady"), en_plural=("women", "ladies"), ja=("女性", "女の人")),
    height=5.5,
    aspect=0.42,
    actions=PERSON_ACTIONS,
    places=tuple(place for place in LAND if place != "moon"),
    slots={
        "hair": ("black", "brown", "gold", "red", "grey"),
        "hair_style": ("long", "short", "ponytail"),
        "top": ("leather jacket", "coat", "sweater", "t-shirt"),
        "top_colour": ("black", "white", "red", "blue", "yellow", "beige", "teal", "brown"),
        "bottom": ("long dress", "skirt", "trousers"),
        "bottom_colour": ("red", "blue", "black", "white", "green", "purple", "pink", "yellow"),
        "accessory": ("none", "hat", "sunglasses", "bag", "scarf", "sunglasses and bag"),
        "accessory_colour": ("red", "black", "yellow", "white", "blue", "brown"),
    },
    describe_en=describe_en,
    describe_ja=describe_ja,
    draw=draw,
    mass=4.0,
    moody=True,
)
