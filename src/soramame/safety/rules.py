"""Rules: names of people and brands, and words that alone or together say what a prompt is about.

The data are in ``rules/``: TOML files of concepts (lists of phrases, see :mod:`soramame.safety.match`) and of rules (concepts
that have to stand near each other, and those that clear them), and lists of names, one a line. What stands inside a harmless
phrase ("kill the lights") does not count. Names and some rules are certain; the others are evidence, which the classifier weighs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from soramame.errors import ConfigError
from soramame.safety.disguise import folded
from soramame.safety.lexicon import Lexicon
from soramame.safety.match import JAPANESE, Hit, Letters, Words, tokens
from soramame.safety.names import NameList, names_found

FOLDER = Path(__file__).with_name("rules")
SPARE = "harmless"
"""The concept inside whose phrases no other begins."""
NEVER_SPARED = ("minor",)
"""Concepts that count wherever they stand."""
ABSOLUTE = "minors"
"""The category that may rather be found too often: its words, and those that clear any category, count inside longer ones too."""
NEAR = 90
"""Letters between concepts of a rule, unless it says otherwise; Japanese says the same in less than half of them."""
JAPANESE_SHARE = 0.45
_STOP = re.compile(r"[.!?]\s|[。！？\n]")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found, and why: ``said`` is the text that it was found in. Scores are in [0, 1]. What is not ``certain`` is to be
    weighed against the rest of the text.
    """

    category: str
    rule: str
    score: float
    said: str = ""
    certain: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Concepts that have to stand near each other (``need``), none of ``unless`` near them."""

    name: str
    category: str
    need: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: int = NEAR
    certain: bool = False


class Rules:
    """Concepts, rules and names, ready to be looked for."""

    def __init__(self, concepts: Mapping[str, Mapping[str, str]], rules: Iterable[Rule], names: NameList) -> None:
        self.rules = tuple(rules)
        self._names = names
        self._words, self._letters, self._anywhere, self._kana = Words(), Letters(), Letters(short=0), Letters()
        needed = {name for rule in self.rules for name in rule.need if rule.category != ABSOLUTE}
        for concept, told in concepts.items():
            self._words.add(concept, _phrases(told.get("en", "")))
            japanese = _phrases(told.get("ja", ""))
            (self._letters if concept in needed else self._anywhere).add(concept, japanese)
            self._kana.add(concept, [folded(phrase) for phrase in japanese if len(phrase) > 3])
        self._lexicon = Lexicon(self._words.vocabulary() | self._names.vocabulary())
        unknown = {name for rule in self.rules for name in (*rule.need, *rule.unless)} - set(concepts)
        if unknown:
            raise ConfigError(f"the rules name concepts that are not there: {', '.join(sorted(unknown))}; add them.")

    def lexicon(self) -> Lexicon:
        """The dictionary with the words of rules and names."""
        return self._lexicon

    def find(self, text: str, *, names_only: bool = False) -> list[Finding]:
        """What the rules say about a text as :func:`~soramame.safety.disguise.readings` gives it."""
        low = text.lower()
        words = tokens(low)
        hits = [*self._words.find(words)]
        if JAPANESE.search(low):
            hits += [*self._letters.find(low), *self._anywhere.find(low), *self._kana.find(folded(low))]
        spared = [hit for hit in hits if hit.label == SPARE]
        counted = [
            hit for hit in hits if hit.label in NEVER_SPARED or (hit.label != SPARE and not _begins_in(hit, spared))
        ]
        named = names_found(self._names, low, words, [*counted, *spared])
        found = [Finding(category=kind, rule=f"name: {name}", score=1.0) for kind, name in named]
        if not names_only:
            found += [finding for rule in self.rules if (finding := _applied(rule, counted, low))]
        return found


def _applied(rule: Rule, hits: list[Hit], text: str) -> Finding | None:
    by_concept = {name: [hit for hit in hits if hit.label == name] for name in (*rule.need, *rule.unless)}
    first, *others = rule.need
    for hit in by_concept[first]:
        reach = rule.within * (JAPANESE_SHARE if JAPANESE.search(text[hit.start : hit.end]) else 1.0)
        if not all(any(_near(hit, other, reach, text) for other in by_concept[name]) for name in others):
            continue
        if any(_near(hit, other, reach, text) for name in rule.unless for other in by_concept[name]):
            continue
        said = text[hit.start : hit.end]
        return Finding(category=rule.category, rule=rule.name, score=1.0, said=said, certain=rule.certain)
    return None


def _near(one: Hit, other: Hit, reach: float, text: str) -> bool:
    """Whether two hits stand within reach; another sentence is three times as far."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) <= (reach / 3 if _STOP.search(between) else reach)


def _begins_in(hit: Hit, others: list[Hit]) -> bool:
    return any(other.start <= hit.start < other.end for other in others)


def _phrases(text: str) -> list[str]:
    """Phrases of a concept: one a line, or several with semicolons between them."""
    return [told for line in text.splitlines() for phrase in line.split(";") if (told := phrase.strip())]


@cache
def bundled() -> Rules:
    """The rules of this package."""
    concepts: dict[str, Mapping[str, str]] = {}
    rules: list[Rule] = []
    for path in sorted(FOLDER.glob("*.toml")):
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        concepts |= data.get("concept", {})
        rules += [_rule(told, path) for told in data.get("rule", [])]
    return Rules(concepts, rules, NameList.read(FOLDER / "names"))


def _rule(told: Mapping[str, Any], path: Path) -> Rule:
    category = told.get("category", path.stem)
    return Rule(
        name=told["name"],
        category=category,
        need=tuple(told["need"]),
        unless=tuple(told.get("unless", ())),
        within=told.get("within", NEAR),
        certain=told.get("certain", False),
    )
