"""What a prompt says, and so what may not be added to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from soramame.prompt import heard_en, heard_ja, words_en, words_ja
from soramame.prompt.lexicon import Found, Lexicon, lexicon, plain
from soramame.prompt.sentences import Language
from soramame.prompt.strange import strange_en, strange_ja


@dataclass(frozen=True, kw_only=True)
class Named:
    """A subject of the world by the prompt's own noun; ``alike`` is only something like it."""

    kind: str
    noun: str
    many: bool = False
    alike: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a prompt says something about.

    ``places``, ``times`` and ``weathers`` are those of the world that it names; ``aspects`` are what it touches in any
    words ("time", "weather", "look", "style", "scenery", "elsewhere", "outdoors", "green", "water", "flies", "season:warm",
    "season:cold", "not").
    """

    named: tuple[Named, ...]
    places: frozenset[str]
    times: frozenset[str]
    weathers: frozenset[str]
    aspects: frozenset[str]

    @property
    def place(self) -> str | None:
        """The only place that is named, if it is one of the world's."""
        return next(iter(self.places)) if len(self.places) == 1 and "elsewhere" not in self.aspects else None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all who are named, in the order of their first mention."""
        return tuple(dict.fromkeys(one.kind for one in self.named))


def _nouns_en() -> dict[str, str]:
    one = {noun: f"subject:{kind}" for kind, nouns in words_en.NOUNS.items() for noun in nouns}
    many = {noun: f"subject:{kind}:many" for kind, nouns in words_en.NOUNS.items() for noun in nouns.values()}
    return one | many


LEXICONS: dict[Language, Lexicon] = {
    "en": lexicon(heard_en.WORDS, _nouns_en(), spaced=True),
    "ja": lexicon(
        heard_ja.WORDS,
        {noun: f"subject:{kind}" for kind, nouns in words_ja.NOUNS.items() for noun in nouns},
        spaced=False,
    ),
}

_NOT = {
    "en": re.compile(r"\b(?:no|not|without|never|nothing|neither|nor|cannot|lacks?|lacking|except|instead|\w+n't)\b"),
    "ja": re.compile(r"な[いし]|無し|なく|ずに|以外|ません|抜き"),
}


def said(prompt: str, language: Language) -> Said:
    """What a prompt says, as far as words can tell; in doubt it says something."""
    text = plain(prompt)
    found = list(LEXICONS[language].find(text))
    named = tuple(one for word in found if not word.denied for one in _named(word))
    tags = [tag for word in found for tag in word.tags if not tag.startswith(("subject:", "like:"))]
    aspects = {tag if tag.startswith("season:") else tag.split(":")[0] for tag in tags} - {"place", "safe"}
    if re.search(r"\d[:：]\d\d|\bat \d", text):
        aspects.add("time")
    if _NOT[language].search(text):
        aspects.add("not")
    if any(word.denied and _values(word, "place") for word in found):
        aspects.add("elsewhere")
    places = frozenset(value for word in found for value in _values(word, "place"))
    strange = strange_en(text, found) if language == "en" else strange_ja(text, found)
    if strange and (not places or strange == "inside"):
        aspects.add("elsewhere")
    if language == "en" and not all(_alone(text, one) for one in named):
        aspects.add("look")  # one sentence would be about one of them
    return Said(
        named=named,
        places=places,
        times=frozenset(value for word in found if not word.denied for value in _values(word, "time")),
        weathers=frozenset(value for word in found if not word.denied for value in _values(word, "weather")),
        aspects=frozenset(aspects),
    )


def _alone(text: str, one: Named) -> bool:
    """Whether a noun in the singular means one: not "a dog and a small dog", not "a wolf pack"."""
    new = re.findall(rf"\b(?:a|an|one) (?:\w+ ){{0,3}}?{re.escape(one.noun)}\b", text)
    crowd = re.search(r"\b(?:pack|herd|flock|group|pair|couple|trio|crowd|team|dozens?|bunch)\b", text)
    return one.many or (len(new) < 2 and not crowd)


def _values(word: Found, aspect: str) -> list[str]:
    return [tag.split(":")[1] for tag in word.tags if tag.startswith(f"{aspect}:")]


def _named(word: Found) -> list[Named]:
    subjects = [tag.split(":") for tag in word.tags if tag.startswith("subject:")]
    named = [Named(kind=kind, noun=word.word, many=bool(many)) for _, kind, *many in subjects]
    return named + [Named(kind=kind, noun=word.word, alike=True) for kind in _values(word, "like")]
