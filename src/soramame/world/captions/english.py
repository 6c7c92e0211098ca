"""English captions: phrases, clauses, and whole captions, short and long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from soramame.world.actions import ACTIONS
from soramame.world.captions import loose, words_en
from soramame.world.captions.choose import Chooser
from soramame.world.captions.facts import deeds, main_slot, seen_look, size_seen
from soramame.world.captions.verbs_en import MEANS, ing, plural, third, verbs_of
from soramame.world.palette import COLOURS
from soramame.world.places import PLACES
from soramame.world.scene import Cast, Event, Scene, Shot
from soramame.world.subjects import SUBJECTS

GROUPED = ("hair", "top", "bottom", "accessory", "suit", "helmet")
PRONOUN = {"woman": "she", "man": "he"}
TIMELESS, AIRLESS = ("moon", "kitchen_table"), ("moon", "kitchen_table")
"""Places whose time of day or weather one would not tell."""


@dataclass(frozen=True)
class Doer:
    """A told cast: its full name, its short name with article, and its pronouns."""

    name: str
    short: str
    it: str
    many: bool


def article(phrase: str) -> str:
    """The phrase with "a" or "an"."""
    return ("an " if re.match(r"[aeio]|u(?!n[ia]|s)", phrase, re.IGNORECASE) else "a ") + phrase


def many_of(noun: str) -> str:
    """The plural of a noun phrase."""
    head, _, last = noun.rpartition(" ")
    if last in words_en.IRREGULAR:
        last = words_en.IRREGULAR[last]
    else:
        last += "es" if last.endswith(("s", "sh", "ch", "x")) else "s"
    return f"{head} {last}".strip()


def _noun(c: Chooser, cast: Cast, suffix: str) -> tuple[str, bool]:
    """A noun, and whether it tells that they are small."""
    c.say(f"subject{suffix}")
    if cast.size == "small" and size_seen(cast) and cast.kind in words_en.YOUNG and c.chance(0.4):
        c.say(f"size{suffix}")
        return c.pick(words_en.YOUNG[cast.kind]), True
    if c.loose and cast.kind in loose.NOUNS_EN and c.chance(0.6):
        return c.pick(loose.NOUNS_EN[cast.kind]), False
    registered = SUBJECTS[cast.kind].words.en
    return c.pick(tuple(dict.fromkeys((*registered, *words_en.NOUNS.get(cast.kind, ()))))), False


def _number(c: Chooser, cast: Cast, suffix: str, noun: str, describing: str) -> str:
    """Number, adjectives and noun together."""
    singular = f"{describing} {noun}".strip()
    if cast.count == 1:
        c.say(f"count{suffix}")
        return f"{c.pick(words_en.ALONE)} {singular}" if c.chance(0.15) else article(singular)
    plural_words = many_of(singular)
    if c.chance(0.1):
        return f"some {plural_words}"
    if c.chance(0.08) and cast.count > 2 and cast.kind in words_en.GROUPS:
        return f"{c.pick(words_en.GROUPS[cast.kind])} {plural_words}"
    c.say(f"count{suffix}")
    return f"{c.pick(words_en.NUMBERS[cast.count])} {plural_words}"


def told_slots(c: Chooser, cast: Cast, share: float) -> dict[str, str]:
    """A part of the look, drawn group by group (a garment goes with its colour)."""
    look = seen_look(cast)
    groups: dict[str, list[str]] = {}
    for slot in look:
        head = slot.split("_")[0]
        groups.setdefault("hair" if slot == "beard" else head, []).append(slot)
    slots = [slot for group in groups.values() if c.chance(share) for slot in group]
    return {slot: look[slot] for slot in slots}


def paint(c: Chooser, phrase: str) -> str:
    """Garments and colours of a phrase in other words."""
    for word, others in words_en.LOOK_SWAPS.items():
        if c.chance(0.4):
            phrase = re.sub(rf"\b{re.escape(word)}\b", lambda _, others=others: c.pick(others), phrase, count=1)  # type: ignore[misc]
    for name in COLOURS:
        if re.search(rf"\b{name}\b", phrase) and c.chance(0.35) and name in words_en.COLOURS:
            phrase = re.sub(rf"\b{name}\b(?! hair)", c.pick(words_en.COLOURS[name]), phrase, count=1)
    return re.sub(
        r"\b(an?) (?=\w)",
        lambda m: article(phrase[m.end() :])[: len(article(phrase[m.end() :])) - len(phrase[m.end() :])],
        phrase,
    )


def look_phrases(c: Chooser, cast: Cast, suffix: str, share: float) -> tuple[str, str]:
    """Adjectives before and phrases after the noun for a drawn part of the look."""
    subject, told = SUBJECTS[cast.kind], told_slots(c, cast, share)
    phrases = subject.describe_en(told)
    if not (phrases.before or phrases.after):
        return "", ""
    if not suffix:
        c.say(*(f"look.{slot}" for slot in told))
    if main_slot(cast) in told:
        c.say(f"colour{suffix}")
    return paint(c, ", ".join(phrases.before)), paint(c, " ".join(phrases.after))


def doer(c: Chooser, shot: Shot, number: int, *, share: float, tell: float = 0.5) -> Doer:
    """The name of a cast: "two small grey wolves"."""
    cast, suffix = shot.casts[number], "_b" if number else ""
    noun, young = _noun(c, cast, suffix)
    before, after = look_phrases(c, cast, suffix, share)
    size = ""
    if size_seen(cast) and not young and c.chance(tell):
        size = c.pick(words_en.SIZES[cast.size])
        c.say(f"size{suffix}")
    mood = ""
    if cast.mood != "neutral" and c.chance(tell):
        mood = c.pick(words_en.MOODS[cast.mood])
        c.say(f"mood{suffix}")
    first, second = (mood, size) if c.chance(0.5) else (size, mood)
    describing = " ".join(word for word in (first, second, before) if word)
    name = _number(c, cast, suffix, noun, describing) + (f" {after}" if after else "")
    many = cast.count > 1
    it = "they" if many else PRONOUN.get(cast.kind, "it")
    return Doer(name, f"the {many_of(noun) if many else noun}", it, many)


def in_water(shot: Shot) -> bool:
    """Whether the main cast is on the water."""
    acts = deeds(shot, 0)
    return bool(shot.casts) and (shot.casts[0].kind == "boat" or (bool(acts) and acts[0].action in ("swim", "sail")))


def place_phrase(c: Chooser, shot: Shot, suffix: str = "") -> tuple[str, str]:
    """Where: "in the snow", and the bare noun."""
    c.say(f"place{suffix}")
    if c.loose and shot.place in loose.PLACES_EN and c.chance(0.5):
        noun = c.pick(loose.PLACES_EN[shot.place])
        return f"{c.pick(('in the {}', 'at the {}', 'near a {}')).format(noun)}", noun
    pattern, nouns = "in the {}", []
    wet = f"{shot.place}:water" if in_water(shot) and not suffix and c.chance(0.6) else ""
    known = words_en.PLACES.get(wet, words_en.PLACES.get(shot.place, ()))
    options: dict[str, str] = {}
    for entry in known:
        if "~" in entry:
            pattern, entry = entry.split("~")
        options.setdefault(entry, pattern)
        nouns.append(entry)
    for word in () if wet in words_en.PLACES else PLACES[shot.place].words.en:
        options.setdefault(
            word,
            "on the {}"
            if word == "moon's grey dust" or shot.place in TIMELESS
            else "in the {}"
            if word == "snow"
            else "on a {}"
            if "street" in word
            else "in the {}",
        )
    noun = c.pick(tuple(options))
    phrase = options[noun].format(noun)
    if phrase.split(" ")[1] == "a":
        head = phrase.split(" ")[0]
        phrase = f"{head} {article(noun) if c.chance(0.8) else f'the {noun}'}"
    return phrase, noun


def time_phrase(c: Chooser, shot: Shot) -> str:
    """When: "at night"; empty where one would not tell."""
    if shot.place in TIMELESS:
        return ""
    c.say("time")
    return c.pick(words_en.TIMES[shot.time])


def weather_phrase(c: Chooser, shot: Shot) -> str:
    """The weather: "in the rain"; empty where there is none."""
    if shot.place in AIRLESS:
        return ""
    c.say("weather")
    if shot.weather == "clear" and shot.time == "day" and c.chance(0.6):
        c.say("time")
        return c.pick(words_en.SUNNY)
    day = {"dawn": "morning", "day": "day", "dusk": "evening", "night": "night"}[shot.time]
    phrase = c.pick(words_en.WEATHERS[shot.weather])
    if "{day}" in phrase:
        c.say("time")
    return phrase.format(day=day)


def _whither(c: Chooser, shot: Shot, event: Event, suffix: str | None) -> str:
    """To whom or which way, now and then; ``suffix`` of the fact that states the direction, if one does."""
    if event.target is not None:
        target = shot.casts[event.target]
        if not c.chance(0.6):
            return ""
        c.say("subject_b" if event.target == 1 else "subject")
        noun = SUBJECTS[target.kind].words.en[0]
        return f" {c.pick(words_en.TOWARDS)} the {many_of(noun) if target.count > 1 else noun}"
    if event.direction and event.action not in ("play", "hide") and c.chance(0.25):
        if suffix is not None:
            c.say(f"direction{suffix}")
        return " " + c.pick(words_en.DIRECTIONS[event.direction])
    return ""


def verb(c: Chooser, shot: Shot, number: int, event: Event | None, form: str, fact: str = "action") -> str:
    """What a cast does, with its direction and target now and then. ``form``: "third", "plural", "ing"."""
    cast, suffix = shot.casts[number], "_b" if number else ""
    action = event.action if event else "idle"
    c.say(f"{fact}{suffix}")
    registered = tuple(word.base for word in ACTIONS[action].verbs) if action in ACTIONS else (action,)
    base = c.pick(verbs_of(action, cast.kind, registered))
    phrase = {"third": third, "plural": plural, "ing": ing}[form](base)
    if cast.count > 1:
        phrase = phrase.replace("its wings", "their wings").replace("out of it", "out of them")
    if event and " " not in base:
        phrase += _whither(c, shot, event, suffix if fact == "action" else None)
    return phrase


def main_action(c: Chooser, shot: Shot, number: int, form: str) -> str:
    """The first action, and now and then what comes after it."""
    acts = deeds(shot, number)
    phrase = verb(c, shot, number, acts[0] if acts else None, form)
    if len(acts) > 1 and c.chance(0.7):
        phrase += (
            c.pick((" and then ", ", then ", " before ", ", and after that "))
            if form == "ing"
            else c.pick((" and then ", ", then ", ", and after that "))
        )
        phrase += verb(c, shot, number, acts[1], form, "then")
    return phrase


def side_phrase(c: Chooser, shot: Shot, number: int) -> str:
    """On which side; empty where the scene does not say."""
    side = shot.casts[number].side
    if side is None:
        return ""
    c.say(f"side{'_b' if number else ''}")
    return c.pick(words_en.SIDES[side])


def camera_phrase(c: Chooser, shot: Shot, it: str = "it") -> str:
    """The camera's move."""
    c.say("camera")
    return c.pick(words_en.CAMERA[shot.camera.move]).format(
        it={"they": "them", "she": "her", "he": "him"}.get(it, "it")
    )


def style_phrase(c: Chooser, scene: Scene) -> str:
    """The drawing style."""
    c.say("style")
    return c.pick(words_en.STYLES[scene.style])


def empty_phrase(c: Chooser, shot: Shot) -> str:
    """A place with nobody in it."""
    c.say("subject", "count")
    at, noun = place_phrase(c, shot)
    return c.pick(words_en.EMPTY).replace("an empty {p}", "an empty {p}").format(p=noun, at=at)


def tag_of(c: Chooser, shot: Shot, number: int) -> str:
    """The first action as a tag."""
    acts = deeds(shot, number)
    action = acts[0].action if acts else "idle"
    c.say(f"action{'_b' if number else ''}")
    return c.pick(MEANS.get(action, (ing(action),)))
