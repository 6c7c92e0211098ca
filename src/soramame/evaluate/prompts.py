"""The 32 fixed prompts of the quick evaluation, with what a watcher should see. Most wordings are not in the caption grammar.

They never change: sheets of different weights are compared prompt by prompt.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prompt:
    """A prompt with its place and main subject, by the world's names; an empty subject is an empty scene."""

    text: str
    place: str
    subject: str


PROMPTS: tuple[Prompt, ...] = (
    Prompt(
        "A stylish woman in a long red dress strolls down a rainy Tokyo street glowing with neon",
        "neon_street",
        "woman",
    ),
    Prompt("five grey wolf pups play in the snow", "snowfield", "wolf"),
    Prompt("several giant woolly mammoths tread through a snowy meadow", "snowfield", "mammoth"),
    Prompt("an astronaut bounds slowly over the grey dust of the moon, earth hanging in the sky", "moon", "astronaut"),
    Prompt("someone takes a bite out of a big chocolate chip cookie on the kitchen table", "kitchen_table", "cookie"),
    Prompt("a red sports car races through the city at noon", "city", "car"),
    Prompt("a little sailing boat drifts across the bay at sunset", "beach", "boat"),
    Prompt("a blue bird flaps over a flowery forest meadow", "meadow", "bird"),
    Prompt("a yellow ball bounces on the sand", "beach", "ball"),
    Prompt("a happy brown dog dashes across the grass", "meadow", "dog"),
    Prompt("a bearded man in a dark coat waits under the neon signs at night", "neon_street", "man"),
    Prompt("雪原を歩くマンモス", "snowfield", "mammoth"),
    Prompt("ネオンの街を歩く赤いドレスの女性", "neon_street", "woman"),
    Prompt("月面を歩く宇宙飛行士", "moon", "astronaut"),
    Prompt("砂浜を走る犬", "beach", "dog"),
    Prompt("海に浮かぶ白い船", "beach", "boat"),
    Prompt("台所のテーブルの上のクッキー", "kitchen_table", "cookie"),
    Prompt("街を走る青い車", "city", "car"),
    Prompt("a man with an umbrella hat turns around on the pavement downtown", "city", "man"),
    Prompt("two dogs chase each other on the shore", "beach", "dog"),
    Prompt("a lone grey wolf howls-and-walks through falling snowflakes", "snowfield", "wolf"),
    Prompt("green ball rolling over the table top", "kitchen_table", "ball"),
    Prompt("a sad woman stands by the sea in the evening", "beach", "woman"),
    Prompt("close-up of a mammoth with long curved tusks in the mountains of ice", "snowfield", "mammoth"),
    Prompt("a white bird on the left glides above the ocean waves", "beach", "bird"),
    Prompt("a spaceman jumps high because gravity is weak up there", "moon", "astronaut"),
    Prompt("an orange car parked on the wet street between glowing signboards", "neon_street", "car"),
    Prompt("a woman jogs along the sidewalk past tall buildings", "city", "woman"),
    Prompt("three wolves run through the woods clearing", "meadow", "wolf"),
    Prompt("an empty beach, nobody around, only the waves", "beach", ""),
    Prompt("the deserted lunar surface beneath the stars", "moon", ""),
    Prompt("a purple ball falls from above and bounces in the meadow", "meadow", "ball"),
)
