"""Japanese captions: phrases, clauses, whole captions."""

from __future__ import annotations

import re
from collections.abc import Callable

from soramame.world.actions import ACTIONS
from soramame.world.captions import loose
from soramame.world.captions import words_ja as words
from soramame.world.captions.choose import Chooser
from soramame.world.captions.english import AIRLESS, TIMELESS, in_water, told_slots
from soramame.world.captions.facts import deeds, main_slot, size_seen
from soramame.world.captions.verbs_en import GROUP_OF
from soramame.world.palette import COLOURS
from soramame.world.places import PLACES
from soramame.world.scene import Cast, Event, Scene, Shot
from soramame.world.subjects import SUBJECTS

ORDERS = ("sentence", "noun", "noun", "topic", "there", "tags", "sentence last")
LETTERS = 95
"""A long caption takes no further sentence beyond this many characters: an encoder of 64 tokens shall see all of it."""


def _noun(c: Chooser, cast: Cast, suffix: str) -> tuple[str, bool]:
    c.say(f"subject{suffix}")
    if cast.size == "small" and size_seen(cast) and cast.kind in words.YOUNG and c.chance(0.4):
        c.say(f"size{suffix}")
        return c.pick(words.YOUNG[cast.kind]), True
    if c.loose and cast.kind in loose.NOUNS_JA and c.chance(0.6):
        return c.pick(loose.NOUNS_JA[cast.kind]), False
    return c.pick(tuple(dict.fromkeys((*SUBJECTS[cast.kind].words.ja, *words.NOUNS.get(cast.kind, ()))))), False


def _paint(c: Chooser, phrase: str) -> str:
    for word, others in words.LOOK_SWAPS.items():
        if word in phrase and c.chance(0.4):
            phrase = phrase.replace(word, c.pick(others), 1)
    for name, colour in COLOURS.items():
        usual = colour.words.ja[0]
        if usual in phrase and c.chance(0.35) and name in words.COLOURS:
            phrase = re.sub(rf"{usual}(?!髪)", c.pick(words.COLOURS[name]), phrase, count=1)
    return phrase


def _look(c: Chooser, cast: Cast, suffix: str, share: float) -> str:
    told = told_slots(c, cast, share)
    parts = SUBJECTS[cast.kind].describe_ja(told)
    if not parts:
        return ""
    if not suffix:
        c.say(*(f"look.{slot}" for slot in told))
    if main_slot(cast) in told:
        c.say(f"colour{suffix}")
    return _paint(c, ("、" if len("".join(parts)) > 16 else "").join(parts))


def number(c: Chooser, cast: Cast) -> str:
    """A count with its counter: 三匹, 3匹, 二人."""
    counter = c.pick(words.COUNTERS.get(cast.kind, ("個",)))
    if c.chance(0.4):
        return f"{cast.count}{counter}"
    return words.PEOPLE[cast.count] if counter == "人" else f"{words.KANJI[cast.count]}{counter}"


def doer(c: Chooser, shot: Shot, which: int, *, share: float, tell: float = 0.5) -> tuple[str, str]:
    """The name of a cast, and a count that may follow its particle ("" if told before the noun or not at all)."""
    cast, suffix = shot.casts[which], "_b" if which else ""
    noun, young = _noun(c, cast, suffix)
    adjectives = []
    if size_seen(cast) and not young and c.chance(tell):
        c.say(f"size{suffix}")
        adjectives.append(c.pick(words.SIZES[cast.size]))
    if cast.mood != "neutral" and c.chance(tell):
        c.say(f"mood{suffix}")
        adjectives.append(c.pick(words.MOODS[cast.mood]))
    c.random.shuffle(adjectives)
    name = "".join(adjectives) + _look(c, cast, suffix, share) + noun
    if cast.count == 1 and not c.chance(0.25):
        return name, ""
    if cast.count > 1 and c.chance(0.08):
        return name + ("たち" if cast.kind in words.LIVING else ""), ""
    c.say(f"count{suffix}")
    told = number(c, cast)
    return (name, told) if c.chance(0.45) else (f"{told}の{name}", "")


def place(c: Chooser, shot: Shot, suffix: str = "", *, describe: float = 0.35) -> str:
    """The place, with time and weather before it now and then: 雨の夜のネオン街."""
    c.say(f"place{suffix}")
    wet = f"{shot.place}:water"
    if c.loose and shot.place in loose.PLACES_JA and c.chance(0.5):
        noun = c.pick(loose.PLACES_JA[shot.place])
    elif in_water(shot) and wet in words.PLACES and c.chance(0.6):
        noun = c.pick(words.PLACES[wet])
    else:
        noun = c.pick(tuple(dict.fromkeys((*PLACES[shot.place].words.ja, *words.PLACES.get(shot.place, ())))))
    if suffix:
        return noun
    if shot.place not in TIMELESS and "time" not in c.said and c.chance(describe):
        c.say("time")
        noun = f"{c.pick(words.TIMES[shot.time])}の{noun}"
    if shot.place not in AIRLESS and "weather" not in c.said and c.chance(describe):
        c.say("weather")
        noun = c.pick(words.WEATHER_ADJ[shot.weather]) + noun
    return noun


def _whither(c: Chooser, shot: Shot, event: Event, suffix: str | None) -> str:
    """To whom or which way, now and then; ``suffix`` of the fact that states the direction, if one does."""
    if event.target is not None:
        if not c.chance(0.6):
            return ""
        c.say("subject_b" if event.target == 1 else "subject")
        return SUBJECTS[shot.casts[event.target].kind].words.ja[0] + c.pick(words.TOWARDS)
    if event.direction and event.action not in ("play", "hide", "fall") and c.chance(0.22):
        if suffix is not None:
            c.say(f"direction{suffix}")
        return c.pick(words.DIRECTIONS[event.direction])
    return ""


def verb(c: Chooser, shot: Shot, which: int, event: Event | None, fact: str = "action") -> str:
    """What a cast does, plain or continuing, now and then with its direction."""
    cast, suffix = shot.casts[which], "_b" if which else ""
    action = event.action if event else "idle"
    c.say(f"{fact}{suffix}")
    keys = (f"{action}:{cast.kind}", f"{action}:{GROUP_OF.get(cast.kind, '')}", action)
    key = next((key for key in keys if key in words.VERBS), None)
    told = c.pick(words.VERBS[key]) if key else ACTIONS[action].verbs[0].ja
    if event:
        told = _whither(c, shot, event, suffix if fact == "action" else None) + told
    return told


def _first(shot: Shot, which: int) -> Event | None:
    acts = deeds(shot, which)
    return acts[0] if acts else None


def _particle(c: Chooser, action: str) -> str:
    if action in words.TRAVELS:
        return c.pick(("を", "で"))
    return c.pick(("に", "で")) if action == "idle" else "で"


def _side(c: Chooser, shot: Shot, which: int) -> str:
    side = shot.casts[which].side
    if side is None or not c.chance(0.5):
        return ""
    c.say(f"side{'_b' if which else ''}")
    return c.pick(words.SIDES[side])


def short(c: Chooser, scene: Scene) -> str:
    """One clause, a noun phrase or tags."""
    shot = scene.shots[0]
    text = empty(c, shot) if not shot.casts else told(c, shot, c.pick(ORDERS), share=0.4)
    if len(scene.shots) > 1 and c.chance(0.5):
        text += later(c, scene)
    if c.chance(0.3 if shot.camera.move != "static" else 0.05):
        text += "、" + camera(c, shot)
    if c.chance(0.08):
        text += "、" + style(c, scene)
    return text


def later(c: Chooser, scene: Scene) -> str:
    """The later shots."""
    c.say("shots")
    cuts = [place(c, shot, str(n)) for n, shot in enumerate(scene.shots[1:], 2)]
    joint = c.pick(("、次に{}に切り替わる", "、カットして{}", "、そして{}へ場面が変わる"))
    return "".join(joint.format(cut) for cut in cuts)


def camera(c: Chooser, shot: Shot) -> str:
    """The camera's move."""
    c.say("camera")
    return c.pick(words.CAMERA[shot.camera.move])


def style(c: Chooser, scene: Scene) -> str:
    """The drawing style."""
    c.say("style")
    return c.pick(words.STYLES[scene.style])


def empty(c: Chooser, shot: Shot) -> str:
    """A place with nobody in it."""
    c.say("subject", "count")
    return c.pick(words.EMPTY).format(p=place(c, shot))


def told(c: Chooser, shot: Shot, order: str, *, share: float) -> str:
    """A clause about the main cast and, now and then, the second."""
    if order == "tags":
        return tags(c, shot)
    name, after = doer(c, shot, 0, share=share)
    event = _first(shot, 0)
    action = event.action if event else "idle"
    where = place(c, shot) + _particle(c, action) if c.chance(0.93) else ""
    side = _side(c, shot, 0)
    act = verb(c, shot, 0, event)
    acts = deeds(shot, 0)
    if len(acts) > 1 and order not in ("noun", "there") and c.chance(0.7):
        act = act + c.pick(("、それから", "、次に", "、その後")) + verb(c, shot, 0, acts[1], "then")
    subject = f"{side}の{name}" if side else name
    if order == "noun":
        text = f"{where}{act}{after + 'の' if after else ''}{subject}"
        if c.chance(0.3):
            text = c.pick(words.INTROS).format(text)
    else:
        text = _clause(c, order, where, subject, after, act)
        text = _with_air(c, shot, text)
    if len(shot.casts) > 1 and c.chance(0.75):
        text = _beside(c, shot, text)
    return text


def _clause(c: Chooser, order: str, where: str, subject: str, after: str, act: str) -> str:
    if order == "topic":
        return f"{subject}は{where}{after}{act}"
    if order == "there":
        return f"{where.rstrip('をでに')}で{subject}が{after}{act}" if where else f"{subject}が{after}{act}"
    if order == "sentence last":
        return f"{subject}が{after}{where}{act}"
    comma = "、" if len(where) > 8 and c.chance(0.6) else ""
    return f"{where}{comma}{subject}が{after}{act}"


def _with_air(c: Chooser, shot: Shot, text: str) -> str:
    if shot.place not in AIRLESS and "weather" not in c.said and c.chance(0.2):
        c.say("weather")
        text = c.pick(words.WEATHER_ADV[shot.weather]) + text
    if shot.place not in TIMELESS and "time" not in c.said and c.chance(0.2):
        c.say("time")
        text = c.pick(words.TIMES[shot.time]) + c.pick(("、", "に、")) + text
    return text


def _beside(c: Chooser, shot: Shot, text: str) -> str:
    name, after = doer(c, shot, 1, share=0.35)
    relation = next((r.name for r in shot.relations if (r.subject, r.other) == (0, 1)), None)
    if relation and c.chance(0.4):
        c.say("relation")
        return f"{name}{c.pick(words.RELATIONS[relation])}、{text}"
    side = _side(c, shot, 1)
    other = f"{side}の{name}" if side else name
    if c.chance(0.4):
        there = "いる" if shot.casts[1].kind in words.LIVING else "ある"
        return f"{text}、{c.pick(('そばに', '一緒に', 'ほかに'))}{other}{'が' + after if after else 'も'}{there}"
    return f"{text}、{other}が{after}{verb(c, shot, 1, _first(shot, 1))}"


def tags(c: Chooser, shot: Shot) -> str:
    """A list of words."""
    name, after = doer(c, shot, 0, share=0.4)
    parts = [name + after, place(c, shot, describe=0.0)]
    if c.chance(0.6):
        parts.append(verb(c, shot, 0, _first(shot, 0)))
    if c.chance(0.5) and shot.place not in TIMELESS:
        c.say("time")
        parts.append(c.pick(words.TIMES[shot.time]))
    if c.chance(0.5) and shot.place not in AIRLESS:
        c.say("weather")
        parts.append(c.pick(words.WEATHER_NOUN[shot.weather]))
    if len(shot.casts) > 1 and c.chance(0.7):
        parts.append("".join(doer(c, shot, 1, share=0.3)))
    if c.chance(0.5):
        c.random.shuffle(parts)
    return c.pick(("、", " ", "，", "・")).join(parts)


def long(c: Chooser, scene: Scene) -> str:
    """A paragraph: who, what, where; air and light; mood; what happens in order; camera; style."""
    shot = scene.shots[0]
    sentences = [
        empty(c, shot) if not shot.casts else told(c, shot, c.pick(("sentence", "topic", "sentence last")), share=0.7)
    ]
    steps = _further(c, shot)
    c.random.shuffle(steps)
    if len(scene.shots) > 1:
        steps.append(lambda: later(c, scene).lstrip("、"))
    ending: list[Callable[[], str]] = [lambda: camera(c, shot), lambda: style(c, scene)]
    for step in [*steps, *(step for step in ending if c.chance(0.6))]:
        if sum(len(sentence) for sentence in sentences) < LETTERS - 20:
            sentences.append(step())
    return "。".join(sentences)


def _further(c: Chooser, shot: Shot) -> list[Callable[[], str]]:
    steps: list[Callable[[], str]] = []
    if shot.place not in TIMELESS and "time" not in c.said:
        steps.append(lambda: _said(c, "time", words.TIME_SENTENCES[shot.time]))
    if shot.place not in AIRLESS and "weather" not in c.said:
        steps.append(lambda: _said(c, "weather", words.WEATHER_SENTENCES[shot.weather]))
    if shot.place in words.DETAILS and c.chance(0.5):
        steps.append(lambda: c.pick(words.DETAILS[shot.place]))
    if shot.casts and shot.casts[0].mood != "neutral" and "mood" not in c.said:
        steps.append(lambda: _said(c, "mood", words.MOOD_SENTENCES[shot.casts[0].mood]))
    if shot.casts and "then" not in c.said and len(deeds(shot, 0)) > 1:
        steps.append(lambda: _in_order(c, shot))
    return [step for step in steps if c.chance(0.85)]


def _in_order(c: Chooser, shot: Shot) -> str:
    first, second, *rest = deeds(shot, 0)
    text = c.pick(("まず", "最初に", "はじめに")) + verb(c, shot, 0, first)
    text += c.pick(("、それから", "、次に", "、その後")) + verb(c, shot, 0, second, "then")
    return text + "".join("、最後に" + verb(c, shot, 0, act, "later") for act in rest)


def _said(c: Chooser, fact: str, wordings: tuple[str, ...]) -> str:
    c.say(fact)
    return c.pick(wordings)
