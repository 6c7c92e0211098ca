"""What happens one after the other: "first A, then B" as prompts that each stand alone.

A modest reader: it splits where order words are and repeats the subject where a later part lacks it. Where it is not sure
who does what, the prompt stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from soramame.prompt.sentences import language_of
from soramame.prompt.words import words


def events(prompt: str) -> tuple[str, ...]:
    """The parts of a prompt in the order of time, each a prompt of its own; one part if there are no order words.

    >>> events("first the dog sits, then runs away")
    ('the dog sits', 'the dog runs away')
    """
    parts = _parts_ja(prompt) if language_of(prompt) == "ja" else _parts_en(prompt)
    return parts or (prompt,)


_FIRST_EN = re.compile(
    r"^\s*(?P<where>(?:in|on|at|under|by|near|inside|over|along|across)\s[^,;.]{1,60},\s*)?"
    r"(?:at first|first of all|firstly|first|to begin with|in the beginning|initially|at the start)\b,?\s+",
    re.IGNORECASE,
)
_LATER = (
    r"(?:then|after that|after a while|afterwards?|next(?!\s+to\b)|later|finally|lastly|at last|in the end|eventually|"
    r"secondly|thirdly)\b,?\s+(?:(?:then|finally)\b,?\s+)?"
)
_NEXT_EN = re.compile(rf"(?:\s*[,;.]\s*(?:and\s+|but\s+)?|\s+and\s+|\s+(?=then\b)){_LATER}", re.IGNORECASE)

_BASES = words(
    "walk|run|jump|leap|hop|sit|stand|lie|wait|rest|sleep|wake|play|fly|soar|glide|swim|dive|sail|drift|float|drive|ride|roll|"
    "bounce|fall|drop|turn|spin|look|watch|stare|see|stop|start|begin|go|come|leave|arrive|return|enter|exit|move|climb|crawl|"
    "chase|follow|catch|throw|kick|hit|push|pull|pick|take|give|hold|drop|put|eat|bite|drink|bark|howl|sing|dance|laugh|smile|"
    "cry|talk|speak|shout|wave|nod|shake|scratch|dig|hide|appear|disappear|vanish|explode|burn|melt|grow|shrink|open|close|"
    "break|land|rise|set|shine|rain|snow|stroll|stride|trot|gallop|race|dash|rush|sprint|jog|wander|march|stumble|trip|tumble|"
    "get|become|kneel|stretch|yawn|shiver|land|speed|brake|park|pass|cross|step|wag|flap|peck|perch|nibble|change|transform"
)
_DOUBLED = frozenset(words("run|hop|sit|swim|spin|stop|begin|put|drop|dig|get|set|trot|jog|trip|step|wag|flap|hit|nod"))


def _forms(base: str) -> tuple[str, ...]:
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")
    if base.endswith("y") and base[-2] not in "aeiou":
        third = base[:-1] + "ies"
    stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "ie")) else base
    stem = base + base[-1] if base in _DOUBLED else "ly" if base == "lie" else stem
    return base, third, f"{stem}ing"


_VERBS = frozenset(form for base in _BASES for form in _forms(base)) | {"is", "are"}
_OWN = frozenset(
    words("a|an|the|one|two|three|four|five|six|several|some|many|all|another|each|every|both|this|that|these|those")
)
_PRONOUNS = frozenset(words("it|he|she|they"))
_UNSURE = re.compile(
    r"^(?:its|his|her|their|cut|zoom|pan|camera|the camera)\b|\bcuts? to\b|^\W*$|^(?:the )?(?:next|other|second) shot\b",
    re.I,
)
_MALE, _FEMALE = (
    frozenset(words("man|men|boy|guy|gentleman|king|father|he")),
    frozenset(words("woman|women|girl|lady|queen|mother|princess|she")),
)


def _parts_en(prompt: str) -> tuple[str, ...]:
    opening = _FIRST_EN.match(prompt)
    where = (opening["where"] or "") if opening else ""
    told = prompt[opening.end() :] if opening else prompt
    first, *later = [part.strip(" \t\n,;") for part in _NEXT_EN.split(told)]
    if not later or any(_UNSURE.search(part) for part in (first, *later)):
        return ()
    parts, told_of = [first], [_subject(first)]
    for part in later:
        whole = _standing(part, told_of)
        if whole is None:
            return ()
        parts.append(whole)
        told_of.append(_subject(whole))
    *early, last = parts
    return (*(where + part.rstrip(". ") for part in early), where + last)


def _letters(word: str) -> str:
    return word.strip(",.;:!?").lower()


def _verb_at(tokens: list[str], start: int) -> int | None:
    """Where the first verb stands, from a position on; adverbs before it are passed over by who looks for it."""
    return next((number for number in range(start, len(tokens)) if _letters(tokens[number]) in _VERBS), None)


def _subject(part: str) -> tuple[str, str]:
    """Who acts in a part that begins with somebody, and the rest of it; both empty where that is not plain."""
    tokens = part.split()
    verb = _verb_at(tokens, 1)
    if verb is None or _letters(tokens[0]) in _VERBS | _PRONOUNS:
        return "", ""
    names = tokens[:verb]
    while len(names) > 1 and _letters(names[-1]).endswith("ly"):
        names.pop()
    if {_letters(name) for name in names} & set(words("that|who|which|video|clip|film|animation|movie|footage|there")):
        return "", ""
    return " ".join(names), " ".join(tokens[verb:])


def _standing(part: str, told_of: Sequence[tuple[str, str]]) -> str | None:
    """A later part as a prompt of its own, after parts that told of subjects and their acts; None if it is not sure."""
    tokens = part.split()
    first, subject = _letters(tokens[0]), told_of[-1][0]
    if first in _PRONOUNS:
        sure = len(tokens) > 1 and len({name for name, _ in told_of}) == 1 and _means(first, *told_of[-1])
        return f"{subject} {' '.join(tokens[1:])}" if sure else None
    start = 1 if first.endswith("ly") and len(tokens) > 1 else 0
    second = _letters(tokens[start + 1]) if len(tokens) > start + 1 else ""
    noun = second in _VERBS and not second.endswith("ing")  # "snow falls", but "stops walking"
    if _letters(tokens[start]) in _VERBS and first not in _OWN and not noun:
        return f"{subject} {part}" if subject else None
    if _verb_at(tokens, start + 1) is None:  # "eats a cookie, then an apple": the verb is the other part's
        return None
    return part


def _means(pronoun: str, subject: str, acting: str) -> bool:
    """Whether a pronoun can only mean the subject."""
    names = {_letters(name) for name in subject.split()}
    if not names:
        return False
    many = bool(names & {"and", "two", "three", "four", "five", "several", "many", "some"}) or _plural(subject)
    if pronoun == "they":
        return many
    if many:
        return False
    if pronoun == "it":  # what the subject acts on may be meant: "kicks a ball, then it bounces"
        act = [_letters(token) for token in acting.split()]
        acted_on = any(verb in _VERBS and noun in _OWN | {"its", "his", "her"} for verb, noun in pairwise(act))
        return not (names & (_MALE | _FEMALE) or acted_on)
    return not names & (_MALE if pronoun == "she" else _FEMALE)


def _plural(subject: str) -> bool:
    tokens = [_letters(token) for token in subject.split()]
    return tokens[0] not in ("a", "an", "one", "another") and tokens[-1].endswith("s")


_FIRST_JA = re.compile(r"^\s*(?:まず(?:は)?|最初(?:は|に)|はじめ(?:は|に)|初め(?:は|に)|始め(?:は|に))[、,，]?\s*")
_NEXT_JA = re.compile(
    r"[、。,，]\s*(?:そして)?(?:それから|その次に|次に|次は|そのあと(?:で|に)?|その後(?:で|に)?|続いて|やがて|最後(?:に|は)|ついに)[、,，]?\s*"
)
_SUBJECT_JA = re.compile(r"^([^、。,，]{1,30}?)(は|が)")
_PRONOUN_JA = re.compile(r"^(?:それ|彼女|彼ら|彼|そいつ)(?:は|が)")


def _parts_ja(prompt: str) -> tuple[str, ...]:
    first, *later = [part.strip(" 、,，") for part in _NEXT_JA.split(_FIRST_JA.sub("", prompt))]
    if not later or not all((first, *later)) or any(re.match(r"カメラ|カット|切り替", part) for part in later):
        return ()
    subject = _SUBJECT_JA.match(first)
    who, changed = subject[0] if subject else "", False
    parts = [first]
    for part in later:
        pronoun, own = _PRONOUN_JA.match(part), _SUBJECT_JA.match(part)
        if own and not pronoun:
            who, changed = own[0], True
            parts.append(part)
        elif not who or (pronoun and changed):
            return ()
        else:
            parts.append(who + (part[pronoun.end() :] if pronoun else part))
    return tuple(parts)
