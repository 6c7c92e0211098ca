"""Whole English captions from the phrases of :mod:`english`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from soramame.world.captions import words_en
from soramame.world.captions.choose import Chooser
from soramame.world.captions.english import (
    AIRLESS,
    TIMELESS,
    Doer,
    camera_phrase,
    doer,
    empty_phrase,
    main_action,
    place_phrase,
    side_phrase,
    style_phrase,
    tag_of,
    time_phrase,
    verb,
    weather_phrase,
)
from soramame.world.captions.facts import deeds
from soramame.world.scene import Scene, Shot

ORDERS = ("finite", "ing", "there", "front", "ing", "finite", "place first", "tags", "with")
WORDS = 50
"""A long caption takes no further sentence beyond this many words, so that an encoder of 64 tokens sees all of it."""


def short(c: Chooser, scene: Scene) -> str:
    """One clause or a list of tags."""
    shot = scene.shots[0]
    text = _empty(c, shot) if not shot.casts else _told(c, scene)
    if len(scene.shots) > 1 and c.chance(0.5):
        text += c.pick((", then cut to ", "; cut to ", ". Cut to ", ", then a cut to ", ", next shot: ")) + later(
            c, scene
        )
    if c.chance(0.3 if shot.camera.move != "static" else 0.05):
        text += ", " + camera_phrase(c, shot)
    if c.chance(0.08):
        text += ", " + style_phrase(c, scene)
    return text


def later(c: Chooser, scene: Scene) -> str:
    """The later shots, one phrase each."""
    phrases = []
    for number, shot in enumerate(scene.shots[1:], 2):
        phrases.append(place_phrase(c, shot, str(number))[0].split(" ", 1)[1])
    c.say("shots")
    return c.pick((", then to ", ", then cut to ", "; cut to ")).join(phrases)


def _empty(c: Chooser, shot: Shot) -> str:
    text = empty_phrase(c, shot)
    for phrase in (time_phrase, weather_phrase):
        if c.chance(0.3):
            text = f"{text} {phrase(c, shot)}".strip()
    return text


def _placed(c: Chooser, shot: Shot, who: Doer) -> Doer:
    """The side goes straight after the name: it is where the cast begins, not where it goes."""
    if not shot.casts[0].side or not c.chance(0.5):
        return who
    return replace(who, name=f"{who.name} {side_phrase(c, shot, 0)}")


def _around(c: Chooser, shot: Shot, *, place: bool = True) -> list[str]:
    """Adverbials in a free order, the place mostly first."""
    parts = []
    if c.chance(0.3):
        parts.append(time_phrase(c, shot))
    if c.chance(0.3):
        parts.append(weather_phrase(c, shot))
    c.random.shuffle(parts)
    if place:
        parts.insert(0 if c.chance(0.75) else len(parts), place_phrase(c, shot)[0])
    return [part for part in parts if part]


def _told(c: Chooser, scene: Scene) -> str:
    shot = scene.shots[0]
    order = c.pick(ORDERS)
    if order == "tags":
        return _tags(c, shot)
    intro = c.pick(words_en.INTROS) if c.chance(0.25) else "{}"
    place = c.chance(0.93)
    who = _placed(c, shot, doer(c, shot, 0, share=0.4))
    around = _around(c, shot, place=place and order != "place first")
    text = _ordered(c, shot, who, around, order if intro == "{}" else c.pick(("ing", "with ing")))
    if len(shot.casts) > 1 and c.chance(0.75):
        text += _beside(c, shot)
    return intro.format(text)


def _ordered(c: Chooser, shot: Shot, who: Doer, around: list[str], order: str) -> str:
    finite = "plural" if who.many else "third"
    if order == "finite":
        return " ".join((who.name, main_action(c, shot, 0, finite), *around))
    if order == "there":
        there = c.pick(("there are", "we see", "you can see") if who.many else ("there is", "we see", "there's"))
        return " ".join((there, who.name, *around[:1])) + ", " + " ".join((main_action(c, shot, 0, "ing"), *around[1:]))
    if order == "front" and around:
        front = around.pop(c.random.randrange(len(around)))
        return f"{front}, " + " ".join((who.name, main_action(c, shot, 0, finite), *around))
    if order in ("place first", "with"):
        noun = place_phrase(c, shot)[1] if order == "place first" else ""
        if order == "place first":
            joint = c.pick(("{p}: {w} {v}", "{p} with {w} {v}", "{p}, {w} {v}", "{p} and {w} {v}", "{p} where {w} {f}"))
            acting = main_action(c, shot, 0, finite if "{f}" in joint else "ing")
            return " ".join((joint.format(p=noun, w=who.name, v=acting, f=acting), *around))
    return " ".join((who.name, main_action(c, shot, 0, "ing"), *around))


def _beside(c: Chooser, shot: Shot) -> str:
    other = doer(c, shot, 1, share=0.35)
    acts = deeds(shot, 1)
    event = acts[0] if acts else None
    relation = next((r.name for r in shot.relations if (r.subject, r.other) == (0, 1)), None)
    if relation and c.chance(0.45):
        c.say("relation")
        tail = f" {c.pick(words_en.RELATIONS[relation])} {other.name}"
        return tail + (" " + verb(c, shot, 1, event, "ing") if c.chance(0.4) else "")
    joint = c.pick(
        (" while {w} {f}", ", and {w} {f}", " and {w} {f}", " as {w} {f}", " with {w}", ", next to {w}", ", also {w}")
    )
    acting = verb(c, shot, 1, event, "plural" if other.many else "third") if "{f}" in joint else ""
    side = f" {side_phrase(c, shot, 1)}" if shot.casts[1].side and c.chance(0.35) else ""
    return joint.format(w=other.name + side, f=acting)


def _tags(c: Chooser, shot: Shot) -> str:
    who = doer(c, shot, 0, share=0.4)
    tags = [who.name if c.chance(0.5) else who.name.removeprefix("a ").removeprefix("an "), place_phrase(c, shot)[1]]
    if c.chance(0.6):
        tags.append(tag_of(c, shot, 0))
    if c.chance(0.5) and shot.place not in TIMELESS:
        c.say("time")
        tags.append(c.pick(words_en.TIME_WORDS[shot.time]))
    if c.chance(0.5) and shot.place not in AIRLESS:
        c.say("weather")
        tags.append(c.pick(words_en.WEATHER_WORDS[shot.weather]))
    if len(shot.casts) > 1 and c.chance(0.7):
        tags.append(doer(c, shot, 1, share=0.3).name)
    if c.chance(0.15):
        tags.append(c.pick(words_en.FLOURISHES))
    if c.chance(0.5):
        c.random.shuffle(tags)
    return (", " if c.chance(0.85) else " ").join(tags)


def long(c: Chooser, scene: Scene) -> str:
    """A paragraph: who, what, where; clothes; air and light; mood; what happens in order; camera; style."""
    shot = scene.shots[0]
    if not shot.casts:
        sentences, who = [_empty(c, shot)], None
    else:
        who = _placed(c, shot, doer(c, shot, 0, share=0.75, tell=0.7))
        opening = c.pick(("finite", "ing", "there", "front"))
        around = _around(c, shot, place=True)
        sentences = [_ordered(c, shot, who, around, opening)]
    middle = _further(c, scene, who)
    c.random.shuffle(middle)
    ending: list[Callable[[], str]] = [
        lambda: camera_phrase(c, shot, who.it if who else "it"),
        lambda: style_phrase(c, scene),
    ]
    steps = [*middle, *(step for step in ending if c.chance(0.6))]
    if len(scene.shots) > 1:
        steps.insert(0 if c.chance(0.3) else len(middle), lambda: "cut to " + later(c, scene))
    for step in steps:
        if sum(len(sentence.split()) for sentence in sentences) < WORDS - 10:
            sentences.append(step())
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences if sentence)


def _further(c: Chooser, scene: Scene, who: Doer | None) -> list[Callable[[], str]]:
    """Sentences that may follow the first, not yet made."""
    shot = scene.shots[0]
    steps: list[Callable[[], str]] = []
    if shot.place not in TIMELESS and "time" not in c.said:
        steps.append(lambda: _said(c, "time", words_en.TIME_SENTENCES[shot.time]))
    if shot.place not in AIRLESS and "weather" not in c.said:
        steps.append(lambda: _said(c, "weather", words_en.WEATHER_SENTENCES[shot.weather]))
    if shot.place in words_en.DETAILS and c.chance(0.5):
        steps.append(lambda: c.pick(words_en.DETAILS[shot.place]))
    if len(shot.casts) > 1:
        steps.append(lambda: _second(c, shot))
    if who and shot.casts[0].mood != "neutral" and "mood" not in c.said:
        steps.append(lambda: _moody(c, shot, who))
    if who and "then" not in c.said and len(deeds(shot, 0)) > 1:
        steps.append(lambda: _in_order(c, shot, who))
    return [step for step in steps if c.chance(0.85)]


def _said(c: Chooser, fact: str, wordings: tuple[str, ...]) -> str:
    c.say(fact)
    return c.pick(wordings)


def _moody(c: Chooser, shot: Shot, who: Doer) -> str:
    c.say("mood")
    words = ("look", "are", "seem") if who.many else ("looks", "is", "seems")
    sentence = c.pick(words_en.MOOD_SENTENCES[shot.casts[0].mood])
    return sentence.format(it=who.it, looks=words[0], **{"is": words[1]}, seems=words[2])


def _second(c: Chooser, shot: Shot) -> str:
    other = doer(c, shot, 1, share=0.6)
    acts = deeds(shot, 1)
    acting = verb(c, shot, 1, acts[0] if acts else None, "plural" if other.many else "third")
    side = f" {side_phrase(c, shot, 1)}" if shot.casts[1].side and c.chance(0.6) else ""
    return f"{other.name}{side} {acting}"


def _in_order(c: Chooser, shot: Shot, who: Doer) -> str:
    form = "plural" if who.many else "third"
    name = who.it if c.chance(0.6) else who.short
    first, *rest = deeds(shot, 0)
    told = [
        verb(c, shot, 0, first, form),
        *(verb(c, shot, 0, act, form, "then" if n == 0 else "later") for n, act in enumerate(rest)),
    ]
    if len(told) == 2:
        pattern = c.pick(
            (
                "first {n} {0}, then {n} {1}",
                "at first {n} {0}, and then {1}",
                "{n} {0} at first, later {n} {1}",
                "{n} {0}, and after a while {1}",
            )
        )
    else:
        pattern = "first {n} {0}, then {1}, and finally {2}"
    return pattern.format(*told, n=name)
