"""Places that are named in words which no lexicon knows: "in the flibber", フリブルで."""

from __future__ import annotations

import re
from collections.abc import Sequence

from soramame.prompt.lexicon import Found
from soramame.prompt.words import words

_INTO = frozenset(words("in|inside|into|within|through|under|underneath|beneath|throughout"))
_AT = _INTO | frozenset(
    words(
        "at|on|onto|upon|atop|over|across|near|by|beside|along|behind|between|among|amid|around|round|past|from|off|"
        "toward|towards|to|down|up|above|below|beyond"
    )
)
_DETERMINERS = frozenset(
    words(
        "the|a|an|his|its|their|my|our|your|this|these|those|some|each|every|two|three|four|five|several|many|all|own|"
        "very|more|one"
    )
)
_STOPS = frozenset(
    words(
        "and|or|but|while|as|then|because|that|which|who|where|when|with|of|for|until|before|after|like|than|so|is|are|"
        "out|away|about|against|during|if"
    )
)
_VERBS = frozenset(
    words(
        "walk|run|jump|stand|sit|wait|play|fly|drive|roll|bounce|fall|turn|look|walks|runs|jumps|stands|sits|waits|plays|"
        "flies|drives|rolls|bounces|falls|turns|looks"
    )
)


def strange_en(text: str, found: Sequence[Found]) -> str:
    """Whether something unknown follows a preposition of place: "in the flibber"; "inside" where it is one of enclosure.

    Known words are masked; a phrase is known if it ends with one, or is an adverb ("runs around happily").
    """
    masked = text
    for word in reversed(found):
        masked = f"{masked[: word.start]} § {masked[word.end :]}"
    worst = "beside" if any(_tag(segment) for segment in re.split(r"[,;.:!?]", masked)) else ""
    tokens = re.findall(r"§|[\w']+|[^\w\s]", masked)
    for number, token in enumerate(tokens):
        # "in the middle of the flibber": what follows "of" belongs to the place
        inner = token == "of" and number and tokens[number - 1] == "§" and _led_by_preposition(tokens[:number])
        if (token in _AT or inner) and not _known(_phrase(tokens[number + 1 :])):
            worst = "inside" if token in _INTO else worst or "beside"
    return worst


def _led_by_preposition(tokens: Sequence[str]) -> bool:
    """Whether the noun phrase at the end follows a preposition of place."""
    last = next((token for token in reversed(tokens[:-1]) if token not in _DETERMINERS and token != "§"), "")
    return last in _AT


def _tag(segment: str) -> bool:
    """Whether it may be a place in a list of tags, as in "a dog, Flibberton": a few unknown words and no verb."""
    words = segment.split()
    return 0 < len(words) <= 3 and not any(
        word == "§" or word in _STOPS or word in _VERBS or word.endswith(("ing", "ly", "s")) for word in words
    )


def _phrase(tokens: Sequence[str]) -> list[str]:
    """The words up to the end of a noun phrase, without the determiners that it begins with."""
    words: list[str] = []
    for token in tokens:
        if token in _AT or token in _STOPS or not re.match(r"§|\w", token):
            break
        if words or token not in _DETERMINERS:
            words.append(token)
    return words


def _known(phrase: Sequence[str]) -> bool:
    if not phrase:
        return True
    if "§" not in phrase:
        return phrase[0].endswith("ly") or phrase[0] in _VERBS
    rest = phrase[len(phrase) - list(reversed(phrase)).index("§") :]
    return not rest or rest[0].endswith(("ly", "ing")) or rest[0] in _VERBS


_UNKNOWN_JA = re.compile(
    r"[\u30a1-\u30ff\u3400-\u9fff々]{1,}"
    r"(?:で|(?:の(?:中|上|下|前|奥|横|隣|そば|近く|間|周り|外|後ろ|裏)(?:に|で|を)?)|から|へ|"
    r"を(?:歩|走|進|通|渡|散歩|駆|登|抜|横切|飛|泳)|に(?:いる|ある|立|座|住|着|行|向|入|到|来))"
)


def strange_ja(text: str, found: Sequence[Found]) -> str:
    """The same by particles: an unknown noun before で, の中, を歩く and the like."""
    masked = text
    for word in reversed(found):
        masked = f"{masked[: word.start]}§{masked[word.end :]}"
    tags = re.split(r"[、,。・ ]", masked)
    unknown = _UNKNOWN_JA.search(masked) or any(re.fullmatch(r"[\u30a1-\u30ff\u3400-\u9fff々]+", tag) for tag in tags)
    return "inside" if unknown else ""
