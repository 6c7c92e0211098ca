"""English verbs beyond those of the actions, by action and kind of doer. Base forms; a particle may follow."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


PERSON, BEAST = "person", "beast"
GROUP_OF = {"woman": PERSON, "man": PERSON, "astronaut": PERSON, "wolf": BEAST, "dog": BEAST, "mammoth": BEAST}

VERBS: dict[str, tuple[str, ...]] = {
    "idle": _w("stand still|remain still|stay put|be still"),
    "idle:person": _w("stand|stand there|stand still|wait|linger|stand quietly|stand around|rest"),
    "idle:beast": _w("stand|stand still|wait|rest|stand around|stay still|stand and look"),
    "idle:bird": _w("stand|stand still|wait|rest|sit still"),
    "idle:car": _w("stand|stand still|wait|be parked|be at a standstill"),
    "idle:boat": _w("float|rock gently|lie still|bob on the water|drift in place|float on the water"),
    "idle:ball": _w("lie|lie still|rest|stay still"),
    "idle:cookie": _w("lie|lie still|rest|sit"),
    "walk": _w("walk|wander|move at a walk|amble|pace along"),
    "walk:person": _w(
        "walk|stroll|wander|march|stride|amble|walk along|take a walk|go for a walk|saunter|step along|pace"
    ),
    "walk:beast": _w("walk|wander|trot|pad along|tread|plod|roam|amble|pace|walk along|tramp"),
    "walk:mammoth": _w("walk|wander|tread|plod|lumber|trudge|tramp|roam|stomp along|march"),
    "walk:bird": _w("walk|wander|strut|step along|walk about|toddle"),
    "run": _w("run|dash|race|sprint|rush|hurry along|run fast|speed along"),
    "run:person": _w("run|dash|race|sprint|jog|rush|hurry along|run along|run fast"),
    "run:beast": _w("run|dash|race|gallop|sprint|bound along|rush|run fast|charge along|tear along"),
    "jump": _w("jump|leap|hop|bound|jump up|spring into the air|jump high|leap into the air|jump around"),
    "bounce": _w("bounce|bob up and down|bounce up and down|spring up and down|bounce along|hop up and down"),
    "roll": _w("roll|roll along|trundle|roll over the ground|go rolling|wheel along"),
    "fall": _w("fall|drop|fall down|drop down|fall from above|come falling down|plummet"),
    "fall:person": _w("fall over|trip|tumble|topple over|stumble and fall|fall down|trip and fall"),
    "fall:beast": _w("fall over|trip|tumble|topple over|stumble and fall|fall down|trip and fall"),
    "swim": _w("swim|paddle|swim along|swim in the water|go swimming|move through the water"),
    "sail": _w("sail|glide along|sail along|cruise|drift along|sail over the water|go sailing|move over the waves"),
    "fly": _w("fly|glide|flap through the air|soar|fly along|flap its wings|wing through the air|fly past"),
    "drive": _w("drive|cruise|roll along|drive along|speed along|drive past|motor along|go driving"),
    "turn": _w("turn around|turn round|spin around|turn to the other side|turn back|look back and turn"),
    "turn:boat": _w("turn around|turn round|make a turn|turn to the other side"),
    "turn:car": _w("turn around|turn round|make a U-turn|turn to the other side"),
    "turn:ball": _w("turn around|turn round|spin around"),
    "bite": _w("get bitten|lose a bite|be bitten|get a bite taken out of it|be bitten into|get nibbled"),
    "hide": _w(
        "pass behind a wall and come out again|disappear behind a wall and come out again|go behind a wall and reappear"
        "|vanish behind a wall and come back out|move behind a wall and out again|go out of sight behind a wall and return"
    ),
    "hide:person": _w(
        "pass behind a wall and come out again|disappear behind a wall and come out again|go behind a wall and reappear"
        "|walk behind a wall and emerge again|vanish behind a wall and come back out|hide behind a wall and come out"
    ),
    "play": _w("play|romp|frolic|play around|play about|gambol|caper|romp around|have fun|play happily"),
}
MEANS: dict[str, tuple[str, ...]] = {
    "idle": _w("no movement|standing still|motionless"), "walk": _w("walking|a walk"), "run": _w("running|a run"),
    "jump": _w("jumping|a jump"), "bounce": _w("bouncing"), "roll": _w("rolling"), "fall": _w("falling|a fall"),
    "swim": _w("swimming"), "sail": _w("sailing"), "fly": _w("flying|in flight"), "drive": _w("driving"),
    "turn": _w("turning around"), "bite": _w("bitten|a bite taken"),
    "hide": _w("hiding behind a wall"), "play": _w("playing|at play"),
}  # fmt: skip
"""What an action is called in a list of tags."""

_DOUBLED = frozenset(
    ("run", "hop", "bob", "jog", "trot", "drop", "swim", "flap", "spin",
     "trip", "get", "sit", "step", "skip", "pad", "strut", "plod")
)  # fmt: skip
_ODD_ING = {"lie": "lying", "be": "being", "frolic": "frolicking", "gambol": "gambolling"}
_ODD_THIRD = {"be": "is", "have": "has", "go": "goes"}


def _each(phrase: str, form: str) -> str:
    words = phrase.split(" ")
    out = []
    for number, word in enumerate(words):
        first = number == 0 or words[number - 1] == "and"
        known = word in ("come", "reappear", "emerge", "return", "fall", "look", "turn") or number == 0
        out.append(_inflect(word, form) if first and known else word)
    return " ".join(out)


def _inflect(verb: str, form: str) -> str:
    if form == "ing":
        if verb in _ODD_ING:
            return _ODD_ING[verb]
        if verb in _DOUBLED:
            return verb + verb[-1] + "ing"
        return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"
    if verb in _ODD_THIRD:
        return _ODD_THIRD[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")


def third(phrase: str) -> str:
    """ "walk along" → "walks along"; verbs after "and" too."""
    return _each(phrase, "third")


def ing(phrase: str) -> str:
    """ "run" → "running"; "be still" → "being still"."""
    return _each(phrase, "ing")


def plural(phrase: str) -> str:
    """ "be still" → "are still"; other verbs have their base form in the plural."""
    return "are" + phrase[2:] if phrase.startswith("be ") else phrase


def verbs_of(action: str, kind: str, registered: tuple[str, ...]) -> tuple[str, ...]:
    """Base forms for an action done by a kind: the most particular table, else the general one, else ``registered``."""
    for key in (f"{action}:{kind}", f"{action}:{GROUP_OF.get(kind, '')}", action):
        if key in VERBS:
            return VERBS[key]
    return registered
