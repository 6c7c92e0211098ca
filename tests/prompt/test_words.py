"""The words of expansion are the world's: names, pairs and wordings, so that prompts and training captions cannot drift."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from types import ModuleType

import pytest

from soramame.prompt import words_en, words_ja
from soramame.prompt.expand import LETTERS, WORDS, Expansion, expand
from soramame.prompt.said import said
from soramame.prompt.sentences import Language
from soramame.prompt.words import ALIKE, HOMES, LEGAL, PLACES
from soramame.world.captions import compose_en, compose_ja, loose
from soramame.world.captions import words_en as world_en
from soramame.world.captions import words_ja as world_ja
from soramame.world.captions.choose import Chooser
from soramame.world.captions.english import AIRLESS, TIMELESS, article, many_of, place_phrase
from soramame.world.captions.facts import facts_of
from soramame.world.palette import COLOURS
from soramame.world.places import PLACES as WORLD
from soramame.world.sample import LIKELY, Curriculum, sample_scene
from soramame.world.scene import Cast, Shot
from soramame.world.subjects import SUBJECTS

MODULES: dict[Language, tuple[ModuleType, ModuleType]] = {"en": (words_en, world_en), "ja": (words_ja, world_ja)}
LANGUAGES: tuple[Language, ...] = ("en", "ja")
both = pytest.mark.parametrize("language", LANGUAGES)


def flat(table: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {word for words in table.values() for word in words}


def place_wordings(place: str, language: Language) -> set[str]:
    """All that the captions call a place, and its water."""
    if language == "ja":
        return {*WORLD[place].words.ja, *world_ja.PLACES.get(place, ()), *world_ja.PLACES.get(f"{place}:water", ())}
    shots = [Shot(place=place, time="day", weather="clear", casts=(Cast(kind=kind),)) for kind in ("dog", "boat")]
    return {place_phrase(Chooser(seed), shot)[0] for shot in shots for seed in range(1500)}


def looks(kind: str, language: Language) -> set[str]:
    """All that the captions say of a subject's clothes and colours, before or after its noun."""
    subject, found = SUBJECTS[kind], set()
    slots = [
        slot for slot in subject.slots if slot not in ("hair", "hair_style", "beard", "helmet") and "acc" not in slot
    ]
    for values in product(*(subject.slots[slot] for slot in slots)):
        look = dict(zip(slots, values, strict=True))
        if language == "ja":
            found.add("".join(subject.describe_ja(look)))
        else:
            phrases = subject.describe_en(look)
            found.add(" ".join((*phrases.before, "NOUN", *phrases.after)))
    return found


def test_places_and_subjects_are_the_worlds() -> None:
    assert set(PLACES) == set(WORLD)
    assert set(HOMES) == set(LEGAL) == set(SUBJECTS)
    assert set(ALIKE) <= set(SUBJECTS)


@pytest.mark.parametrize("place", PLACES)
def test_hours_and_weathers_are_legal_in_their_place(place: str) -> None:
    assert set(PLACES[place].times) == set(WORLD[place].times)
    assert set(PLACES[place].weathers) == set(WORLD[place].weathers)
    assert PLACES[place].told == (place not in TIMELESS) == (place not in AIRLESS)


@pytest.mark.parametrize("kind", HOMES)
def test_subjects_are_at_home_where_the_world_expects_them(kind: str) -> None:
    assert set(LEGAL[kind]) == set(SUBJECTS[kind].places)
    assert all(kind in LIKELY[place] for place in HOMES[kind])
    assert set(ALIKE.get(kind, ())) <= set(LEGAL[kind])


@both
def test_the_tables_have_a_wording_for_all_there_is(language: Language) -> None:
    ours, _ = MODULES[language]
    for table in (ours.PLACES, ours.DETAILS):
        assert set(table) == {*WORLD, "beach:water"}
    for table in (ours.TIMES, ours.TIME_SENTENCES):
        assert set(table) == {time for place in PLACES.values() for time in place.times}
    for table in (ours.WEATHERS, ours.WEATHER_SENTENCES):
        assert set(table) == {weather for place in PLACES.values() for weather in place.weathers}
    assert set(ours.NOUNS) == set(SUBJECTS)
    assert not set(ours.WORN) & set(ours.COLOURS)
    assert set(ours.WORN) | set(ours.COLOURS) == {kind for kind, subject in SUBJECTS.items() if subject.slots}


@both
def test_times_and_weathers_and_details_are_wordings_of_the_captions(language: Language) -> None:
    ours, world = MODULES[language]
    weathers = world.WEATHERS if language == "en" else world.WEATHER_ADJ
    tables = [(ours.TIMES, world.TIMES), (ours.WEATHERS, weathers)]
    tables += [(ours.TIME_SENTENCES, world.TIME_SENTENCES), (ours.WEATHER_SENTENCES, world.WEATHER_SENTENCES)]
    for mine, theirs in tables:
        for name, wordings in mine.items():
            assert set(wordings) <= set(theirs[name]), name
    for name, wordings in ours.DETAILS.items():
        assert set(wordings) <= set(world.DETAILS[name.split(":")[0]]), name
    assert set(ours.STYLES) <= set(world.STYLES["paper"])


@both
def test_places_are_called_as_the_captions_call_them(language: Language) -> None:
    ours, _ = MODULES[language]
    for name, wordings in ours.PLACES.items():
        assert set(wordings) <= place_wordings(name.split(":")[0], language), name


def test_nouns_are_those_of_the_captions() -> None:
    for kind, subject in SUBJECTS.items():
        english = {*subject.words.en, *world_en.NOUNS[kind], *world_en.YOUNG.get(kind, ())}
        japanese = {*subject.words.ja, *world_ja.NOUNS[kind], *world_ja.YOUNG.get(kind, ())}
        assert set(words_en.NOUNS[kind]) <= english
        assert set(words_ja.NOUNS[kind]) <= japanese
        assert all(many == many_of(one) for one, many in words_en.NOUNS[kind].items())


@both
def test_colours_and_clothes_are_those_that_the_captions_tell(language: Language) -> None:
    ours, _ = MODULES[language]
    for kind, colours in ours.COLOURS.items():
        if language == "en":
            sails = f" {ours.SAILS}" if kind == "boat" else ""
            told = {f"{colour} NOUN{sails}" for colour in colours}
            assert set(colours) <= set(COLOURS)
            assert not any(article(colour).startswith("an ") for colour in colours), "the sentence says a"
        else:
            told = {(ours.SAILS if kind == "boat" else "") + colour for colour in colours}
        assert told <= looks(kind, language), kind
    for kind, clothes in ours.WORN.items():
        told = {f"NOUN in {worn}" for worn in clothes} if language == "en" else set(clothes)
        assert told <= looks(kind, language), kind


def test_wearing_is_a_word_of_the_captions() -> None:
    assert "wearing" in world_en.LOOK_SWAPS["in"]


def aspects_of(sentence: str, language: Language) -> set[str]:
    """What an added sentence says; it fails where the sentence is no wording of the tables."""
    ours, _ = MODULES[language]
    whole = {"time": flat(ours.TIME_SENTENCES), "weather": flat(ours.WEATHER_SENTENCES), "detail": flat(ours.DETAILS)}
    for aspect, sentences in (whole | {"style": set(ours.STYLES)}).items():
        if sentence in sentences:
            return {aspect}
    if sentence.endswith("だ") or sentence.startswith(("it is a ", "they are ")) or " is wearing " in sentence:
        return {"look"}
    for place, time, weather in product(flat(ours.PLACES), ("", *flat(ours.TIMES)), ("", *flat(ours.WEATHERS))):
        told = (
            " ".join(filter(None, (place, time, weather)))
            if language == "en"
            else f"{weather}{time and time + 'の'}{place}"
        )
        if told == sentence:
            return {"place"} | ({"time"} if time else set()) | ({"weather"} if weather else set())
    raise AssertionError(sentence)


COMPOSE: dict[Language, Callable[..., str]] = {"en": compose_en.short, "ja": compose_ja.short}


@both
@pytest.mark.parametrize("curriculum", [Curriculum.mame(), Curriculum.world()], ids=["mame", "world"])
def test_nothing_is_added_that_a_caption_of_the_world_has_already_said(
    language: Language, curriculum: Curriculum
) -> None:
    ours, _ = MODULES[language]
    expanded = 0
    for seed in range(1500):
        scene = sample_scene(seed, curriculum)
        chooser = Chooser(seed)
        caption = COMPOSE[language](chooser, scene)
        expansion = expand(caption, seed=seed)
        added = {aspect for sentence in expansion.added for aspect in aspects_of(sentence, language)}
        expanded += bool(added)
        told = {fact.split(".")[0].replace("colour", "look") for fact in chooser.said}
        if "place" in added and "place" in told:  # "among flowers" is a meadow, though it could be a vase
            names = [name for name, words in ours.PLACES.items() if any(word in expansion.added[0] for word in words)]
            assert facts_of(scene)["place"] in {name.split(":")[0] for name in names}, caption
            told.discard("place")
        assert not added & told, (caption, expansion.added)
    assert expanded > 800, "most leave something open"


def recognised(prompt: str, language: Language, aspect: str) -> bool:
    return aspect in said(prompt, language).aspects


@pytest.mark.parametrize("place", WORLD)
@both
def test_every_name_of_a_place_in_the_captions_is_that_place_or_left_alone(place: str, language: Language) -> None:
    for wording in place_wordings(place, language) - {"in the winter", "in a winter"}:
        told = said(f"a flibber waits {wording}" if language == "en" else f"{wording}に立つ人形", language)
        assert told.place == place or "elsewhere" in told.aspects or "season:cold" in told.aspects, wording


@both
def test_every_wording_of_time_weather_colour_and_style_in_the_captions_is_recognised(language: Language) -> None:
    _, world = MODULES[language]
    times, weathers = [world.TIMES, world.TIME_SENTENCES], [world.WEATHER_SENTENCES]
    weathers += [world.WEATHERS, world.WEATHER_WORDS] if language == "en" else [world.WEATHER_ADJ, world.WEATHER_ADV]
    tables = {"time": times, "weather": weathers, "look": [world.COLOURS], "style": [world.STYLES]}
    for aspect, of in tables.items():
        for wording in (word for table in of for word in flat(table)):
            assert recognised(wording.format(day="day"), language, aspect), wording


@both
def test_places_that_the_world_lacks_get_no_place_and_no_air(language: Language) -> None:
    """All but what stands in the picture rather than round it: stars, trees, a puddle."""
    table = loose.PLACES_EN if language == "en" else loose.PLACES_JA
    for wording in flat(table):
        prompt = f"a dog in the {wording}" if language == "en" else f"犬、{wording}"
        told = said(prompt, language)
        known = told.places or told.aspects & {"elsewhere", "scenery", "weather", "look", "season:cold", "time"}
        assert known, wording


@both
def test_additions_stay_within_what_the_captions_had(language: Language) -> None:
    assert (compose_en.WORDS, compose_ja.LETTERS) == (WORDS, LETTERS)
    expansions: list[Expansion] = []
    for seed in range(300):
        expansions.append(expand(COMPOSE[language](Chooser(seed), sample_scene(seed, Curriculum.world())), seed=seed))
    for text in (expansion.text for expansion in expansions if expansion.added):
        assert len(text.split()) <= WORDS if language == "en" else len(text) <= LETTERS
