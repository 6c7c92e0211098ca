"""A short prompt made long, in the words that the bundled model was trained on; offline, and the same on every machine.

Sora's own trick (OpenAI, "Video generation models as world simulators", 2024): a model that learnt from long captions paints
best from long prompts. What the user said stays as it is and is never contradicted; what is left open is added behind it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import ModuleType

from soramame.model.words import LENGTH, words_of
from soramame.prompt import words_en, words_ja
from soramame.prompt.said import Named, Said, said
from soramame.prompt.sentences import Language, joined, language_of
from soramame.prompt.words import ALIKE, HOMES, LEGAL, PLACES

WORDS, LETTERS = 50, 95
"""English words and Japanese characters of the longest captions that the model was trained on."""
LONG_WORDS, LONG_LETTERS = 25, 40
PAPER = ("mame",)
"""Models that learnt from descriptions of the paper world: what these rules add, others do not know."""
LONGEST = 300
"""A prompt of more words, or characters, than these is as its writer wants it."""


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """The prompt to paint, and the sentences that were added to the user's (none if it was left as it is)."""

    text: str
    added: tuple[str, ...] = ()


def expand(prompt: str, *, seed: int, looks: bool = False) -> Expansion:
    """A prompt with what it leaves open: place, time of day, weather, a detail, the style, and with ``looks`` the subject's look.

    The user's words stay at the beginning, as they are. What they touch in any way is not added, nothing about the place
    if it is not one of the bundled model's world. English and Japanese; everything else, and what is long, is left alone. A look
    names the subject again, of which the bundled model as it is now makes further ones: three women where one was asked for.

    >>> expand("a dog runs", seed=1).text.startswith("a dog runs. ")
    True
    """
    language = language_of(prompt)
    if language is None or _long(prompt, language):
        return Expansion(text=prompt)
    digest = hashlib.sha256(f"{seed}\n{prompt}".encode("utf-8", "surrogatepass")).digest()
    candidates = _sentences(said(prompt, language), TONGUES[language], Draw(digest), looks=looks)
    kept: list[_Sentence] = []
    for sentence in sorted(candidates, key=lambda one: one.rank):
        longer = [one for one in candidates if one is sentence or one in kept]
        if _fits(joined(prompt, [one.text for one in longer]), language):
            kept = longer
    added = tuple(sentence.text for sentence in kept)
    return Expansion(text=joined(prompt, added) if added else prompt, added=added)


def placed(text: str, before: str) -> str:
    """A sentence in the world's place that the text ``before`` names, unless it says itself where it is.

    >>> placed("a dog runs away", "a dog sits in the deep snow")
    'a dog runs away in the snow'
    """
    language = language_of(text)
    if language is None or language != language_of(before):
        return text
    here, told = said(before, language).place, said(text, language)
    if here is None or told.places or told.aspects & {"elsewhere", "outdoors"}:
        return text
    place = TONGUES[language].places[here][0]
    return f"{place}で{text}" if language == "ja" else f"{text.rstrip('. ')} {place}"


class Draw:
    """Choices from a seed. ``random()`` is promised to stay the same in all versions of Python; ``choice()`` is not."""

    def __init__(self, digest: bytes) -> None:
        self._random = random.Random(int.from_bytes(digest, "big"))

    def pick(self, options: Sequence[str]) -> str:
        """One of the options, each as often as it is there."""
        return options[int(self._random.random() * len(options))]


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """The wordings of a language."""

    language: Language
    places: Mapping[str, tuple[str, ...]]
    times: Mapping[str, tuple[str, ...]]
    weathers: Mapping[str, tuple[str, ...]]
    time_sentences: Mapping[str, tuple[str, ...]]
    weather_sentences: Mapping[str, tuple[str, ...]]
    details: Mapping[str, tuple[str, ...]]
    worn: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, tuple[str, ...]]
    styles: tuple[str, ...]

    def scene(self, place: str, time: str, weather: str) -> str:
        """A place with its time and weather, both of which may be empty: "on the beach at dusk under a clear sky"."""
        if self.language == "en":
            return " ".join(part for part in (place, time, weather) if part)
        return weather + (f"{time}の" if time else "") + place

    def look(self, one: Named, told: str) -> str:
        """A sentence on the clothes or the colour of a subject."""
        worn = one.kind in self.worn
        if self.language == "ja":
            return f"{words_ja.SAILS if one.kind == 'boat' else ''}{told}{one.noun}だ"
        if worn:
            return f"the {one.noun} is wearing {told}"
        after = f" {words_en.SAILS}" if one.kind == "boat" else ""
        return f"{'they are' if one.many else 'it is a'} {told} {one.noun}{after}"


def _tongue(language: Language, module: ModuleType) -> Tongue:
    names = [field.name for field in fields(Tongue) if field.name != "language"]
    return Tongue(language=language, **{name: getattr(module, name.upper()) for name in names})


TONGUES: dict[Language, Tongue] = {"en": _tongue("en", words_en), "ja": _tongue("ja", words_ja)}


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """A sentence that may be added; the lowest ranks are kept where there is not room for all."""

    text: str
    rank: int


def _sentences(told: Said, tongue: Tongue, draw: Draw, *, looks: bool) -> list[_Sentence]:
    """What may be added, in the order in which it is read."""
    home = _home(told, draw)
    here = told.place or home
    found: list[_Sentence] = []
    if here is not None:
        time, weather = _air(told, here, draw)
        wet = here == "beach" and ("water" in told.aspects or "boat" in told.kinds)
        view = "beach:water" if wet else here
        if home is not None:
            air = (
                draw.pick(tongue.times[time]) if time else "",
                draw.pick(tongue.weathers[weather]) if weather else "",
            )
            found.append(_Sentence(text=tongue.scene(draw.pick(tongue.places[view]), *air), rank=0))
        else:
            if time:
                found.append(_Sentence(text=draw.pick(tongue.time_sentences[time]), rank=1))
            if weather:
                found.append(_Sentence(text=draw.pick(tongue.weather_sentences[weather]), rank=2))
        if not told.aspects & {"scenery", "not", "season:warm", "season:cold"}:
            found.append(_Sentence(text=draw.pick(tongue.details[view]), rank=5))
    look = _look(told, tongue, draw)
    if look is not None and looks:
        found.append(_Sentence(text=look, rank=3))
    if "style" not in told.aspects:
        found.append(_Sentence(text=draw.pick(tongue.styles), rank=4))
    return found


def _home(told: Said, draw: Draw) -> str | None:
    """A place for a subject whose prompt names none: where it is expected, else where all who are named can be."""
    if told.places or not told.named or told.aspects & {"elsewhere", "season:cold"}:
        return None
    first = told.named[0]
    usual = ALIKE[first.kind] if first.alike else HOMES[first.kind]
    for options in (usual, tuple(place for place in LEGAL[first.kind] if place != "moon")):
        fit = [place for place in options if _suits(told, place)]
        if fit:
            return draw.pick(fit)
    return None


def _suits(told: Said, place: str) -> bool:
    """Whether a place can hold what a prompt says."""
    unfit = {
        "green": place != "meadow",
        "water": place != "beach",
        "flies": place in ("moon", "kitchen_table"),
        "outdoors": place == "kitchen_table",
        "season:warm": place == "snowfield",
    }
    return (
        all(place in LEGAL[kind] for kind in told.kinds)
        and told.times <= set(PLACES[place].times)
        and told.weathers <= set(PLACES[place].weathers)
        and not any(unfit.get(aspect) for aspect in told.aspects)
    )


def _air(told: Said, place: str, draw: Draw) -> tuple[str, str]:
    """Time and weather of a place, as far as the prompt leaves them open and one would tell them; else empty."""
    where = PLACES[place]
    time = draw.pick(where.times) if where.told and "time" not in told.aspects else ""
    weather = draw.pick(where.weathers) if where.told and "weather" not in told.aspects else ""
    return time, weather


def _look(told: Said, tongue: Tongue, draw: Draw) -> str | None:
    """Clothes or colour, where there is one kind of subject, of which nothing of that is said."""
    if len(told.kinds) != 1 or "look" in told.aspects or any(one.alike for one in told.named):
        return None
    first = told.named[0]
    if len({one.many for one in told.named}) > 1:
        return None
    if first.kind in tongue.worn:  # several people seldom wear the same
        return None if first.many else tongue.look(first, draw.pick(tongue.worn[first.kind]))
    return tongue.look(first, draw.pick(tongue.colours[first.kind])) if first.kind in tongue.colours else None


def _long(prompt: str, language: Language) -> bool:
    if language == "en" or len(prompt) > LONGEST:
        return len(prompt) > LONGEST or len(prompt.split()) > LONG_WORDS
    return len("".join(prompt.split())) > LONG_LETTERS


def _fits(text: str, language: Language) -> bool:
    """Whether a text is no longer than the training captions, and the encoder reads all of it."""
    longest = len(text.split()) <= WORDS if language == "en" else len(text) <= LETTERS
    return longest and len(words_of(text)) < LENGTH  # one token is the null token
