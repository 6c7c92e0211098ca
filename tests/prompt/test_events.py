"""Events in order: parts that stand alone, and one piece wherever it is not sure who does what."""

from __future__ import annotations

import pytest

from soramame.prompt.events import events

SPLIT = {
    "first the dog sits, then runs away": ("the dog sits", "the dog runs away"),
    "the dog sits, then it runs away": ("the dog sits", "the dog runs away"),
    "the dog sits then runs": ("the dog sits", "the dog runs"),
    "First the dog sits. Then it runs away. Finally, it sleeps.": (
        "the dog sits",
        "the dog runs away",
        "the dog sleeps.",
    ),
    "two dogs play, and then they run away": ("two dogs play", "two dogs run away"),
    "a woman in a red dress walks, then stops, and finally turns around": (
        "a woman in a red dress walks",
        "a woman in a red dress stops",
        "a woman in a red dress turns around",
    ),
    "a dog sitting on the grass, then running away": ("a dog sitting on the grass", "a dog running away"),
    "a dog slowly walks, then suddenly stops walking": ("a dog slowly walks", "a dog suddenly stops walking"),
    "At first the ball lies still, later it rolls away": ("the ball lies still", "the ball rolls away"),
    "on the beach, first a dog runs, then it swims": ("on the beach, a dog runs", "on the beach, a dog swims"),
    "first a wolf howls, then a mammoth appears, and finally snow falls": (
        "a wolf howls",
        "a mammoth appears",
        "snow falls",
    ),
    "a wolf howls, then a mammoth appears, then runs away": (
        "a wolf howls",
        "a mammoth appears",
        "a mammoth runs away",
    ),
    "まず犬が座る、次に走り去る、最後に眠る": ("犬が座る", "犬が走り去る", "犬が眠る"),
    "最初は女性が歩く。それから彼女は立ち止まる": ("女性が歩く", "女性が立ち止まる"),
    "雨が降る、やがて雪が降る": ("雨が降る", "雪が降る"),
    "犬が座る、次に猫が現れる、最後に走り去る": ("犬が座る", "猫が現れる", "猫が走り去る"),
}


@pytest.mark.parametrize("prompt", SPLIT)
def test_order_words_split_and_the_subject_is_repeated(prompt: str) -> None:
    assert events(prompt) == SPLIT[prompt]


WHOLE = {
    "a dog runs": "no order words",
    "a dog next to a car, next to a tree": "a place, not an order",
    "the first snow falls on the city": "a number, not an order",
    "First snow falls on the city": "nothing comes after it",
    "a man kicks a ball, then it bounces": "the ball may be meant",
    "a dog meets a man, then he runs": "somebody else may be meant",
    "a wolf howls, then a mammoth appears, then it runs away": "either may be meant",
    "a man sits, then she stands up": "nobody that was named",
    "a man and a woman dance, then she leaves": "one of two",
    "a woman eats a cookie, then an apple": "the second part has no verb of its own",
    "a flibber flobs, then runs away": "who acts is not plain",
    "a dog that sits, then runs": "a clause within a clause",
    "a dog runs, then its tail wags": "whose tail is in another part",
    "a dog runs, then the camera zooms in": "the camera is no event",
    "a woman on a street, then cut to a beach": "a cut is a matter of shots",
    "then": "nothing but an order word",
    "砂浜を走る犬": "no order words",
    "砂浜を走る犬、それから泳ぐ犬": "no subject to repeat",
    "犬が走る、最後にカメラが寄る": "the camera is no event",
    "犬が座る、次に猫が来る、最後に彼は走る": "either may be meant",
    "": "nothing",
}


@pytest.mark.parametrize("prompt", WHOLE, ids=list(WHOLE.values()))
def test_what_is_not_sure_stays_in_one_piece(prompt: str) -> None:
    assert events(prompt) == (prompt,)
