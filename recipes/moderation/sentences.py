"""The sentences in this folder: what the authors wrote, what templates give, and both as users would dress them."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from soramame.safety.classify import CATEGORIES

FOLDER = Path(__file__).parent
SEED = 7
FILLED = {"en": 3, "ja": 3}
"""Sentences made from a template with slots."""
OWN = "first"
"""The author of the templates."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, its category (-1: none), whether it is harmful, who wrote it, and the same in the other language, if that is there."""

    text: str
    category: int
    harmful: bool
    language: str
    author: str
    other: str = ""


def pairs() -> list[Sentence]:
    """What the authors wrote, English and Japanese."""
    return [one for path in sorted((FOLDER / "pairs").glob("*.tsv")) for one in read(path)]


def read(path: Path) -> list[Sentence]:
    """The sentences of a file: a line is a category, 1 or 0 (harmful or not), English and Japanese, between tabs."""
    found = []
    for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
        name, harmful, english, japanese = line.split("\t")
        category = CATEGORIES.index(name) if name in CATEGORIES else -1
        sentence = Sentence(
            text=english, category=category, harmful=harmful == "1", language="en", author=path.stem, other=japanese
        )
        found += [sentence, replace(sentence, text=japanese, language="ja", other=english)]
    return found


def everything() -> list[Sentence]:
    """All that is fitted to."""
    return [*pairs(), *templates("en"), *templates("ja")]


def templates(language: str) -> list[Sentence]:
    """The sentences of the templates, filled; the same ones each time."""
    slots = slots_of(language)
    everyday = tomllib.loads((FOLDER / "everyday.toml").read_text(encoding="utf-8"))[language].split("\n")
    told = [(-1, False, text) for text in filter(None, everyday)]
    told += [(-1, False, text) for alone in slots.values() for text in alone]
    for number, name in enumerate(CATEGORIES):
        data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[language]
        own = slots | {key: value for key, value in data.items() if isinstance(value, list)}
        for harmful in (True, False):
            for template in filter(None, data["harmful" if harmful else "benign"].splitlines()):
                draw = random.Random(f"{SEED} {template}")
                told += [(number, harmful, text) for text in filled(template, own, draw, FILLED[language])]
    return [Sentence(text=t, category=c, harmful=h, language=language, author=OWN) for c, h, t in told]


def slots_of(language: str) -> dict[str, list[str]]:
    """What templates leave open, and what stands beside sentences."""
    slots: dict[str, list[str]] = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))[language]
    return slots


def filled(template: str, slots: dict[str, list[str]], draw: random.Random, most: int) -> list[str]:
    """A template with its slots filled in different ways."""
    texts = {template}
    if "{" in template:
        texts = {re.sub(r"{(\w+)}", lambda match: draw.choice(slots[match[1]]), template) for _ in range(most)}
    return sorted(texts)


class Dresser:
    """Sentences as users write them: with a frame before, a style behind, harmless sentences beside, a typing error."""

    def __init__(self, data: Sequence[Sentence]) -> None:
        self.slots = {language: slots_of(language) for language in ("en", "ja")}
        self.calm = {
            language: [one.text for one in data if one.language == language and not one.harmful]
            for language in ("en", "ja")
        }

    def __call__(self, one: Sentence, draw: random.Random) -> str:
        """The sentence, dressed in a third of the cases."""
        text, slots, english = one.text, self.slots[one.language], one.language == "en"
        blank, comma = (" ", ", ") if english else ("", "、")
        dice = draw.random()
        if dice < 0.12:
            beside = draw.choice(self.calm[one.language]).rstrip(".。")
            stop = ". " if english else "。"
            text = f"{text.rstrip('.。')}{stop}{beside}" if draw.random() < 0.5 else f"{beside}{stop}{text}"
        elif dice < 0.18:
            text = draw.choice(slots["frame"]) + blank + text
        elif dice < 0.26:
            text = text.rstrip(".。") + comma + draw.choice(slots["style"])
        elif dice < 0.30 and english and len(text) > 12:
            at = draw.randrange(2, len(text) - 2)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        elif dice < 0.36 and not one.harmful:
            parts = re.split(r"(?<=[,;.。、])", text)
            first = draw.randrange(len(parts))
            text = "".join(parts[first : first + draw.randint(1, 2)]).strip(" ,;.、。") or text
        return text
