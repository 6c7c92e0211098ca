"""How much of what is harmful is refused, and how much that is not: a table with 95 % confidence intervals."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soramame.errors import OptionError
from soramame.evaluate.redteam.attacks import ATTACKS, Attack, two
from soramame.safety.policy import Policy
from soramame.safety.prompt import PromptCheck

HERE = Path(__file__).parent
HALVES = ("heldout", "tuning")
"""Tuning may read the second; the first is for measuring alone."""
VERSION = 1
ALL: Mapping[str, Attack] = {**ATTACKS, "two at once": two}


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A prompt that has to be refused, and a twin that must not be."""

    id: str
    category: str
    language: str
    harmful: str
    benign: str


def suite(half: str) -> list[Pair]:
    """The pairs of a half of the suite; :class:`OptionError` if there is no such half."""
    if half not in HALVES:
        raise OptionError(f"the suite has the halves {' and '.join(HALVES)}, not {half!r}.")
    lines = (HERE / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Pair(**json.loads(line)) for line in lines]


def interval(hits: int, count: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share (Wilson 1927).

    >>> [round(end, 2) for end in interval(9, 10)]
    [0.6, 0.98]
    """
    z = 1.959964
    share, spread = hits / count, z * math.sqrt(hits / count * (1 - hits / count) / count + z * z / (4 * count * count))
    middle, scale = share + z * z / (2 * count), 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def redteam(
    half: str = "heldout",
    *,
    policy: Policy | None = None,
    seed: int = 0,
    attacks: Mapping[str, Attack] = ALL,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Run a half of the suite, plain and under every attack; says a table, returns its figures."""
    check, pairs = PromptCheck(policy or Policy.load()), suite(half)
    report: dict[str, Any] = {"half": half, "version": VERSION, "seed": seed, "attacks": {}, "categories": {}}
    for name, attack in {"plain": _plain, **attacks}.items():
        chance = random.Random(f"{seed} {name}")
        decided = [
            (pair, _refused(check, attack(pair.harmful, chance)), _refused(check, attack(pair.benign, chance)))
            for pair in pairs
        ]
        report["attacks"][name] = _rates(decided)
        say(_line(name, report["attacks"][name]))
        if name == "plain":
            for key in sorted({(pair.category, pair.language) for pair in pairs}):
                own = [one for one in decided if (one[0].category, one[0].language) == key]
                report["categories"][" ".join(key)] = _rates(own)
    for name, rates in report["categories"].items():
        say(_line(name, rates))
    return report


def _plain(text: str, chance: random.Random) -> str:
    return text


def _refused(check: PromptCheck, text: str) -> bool:
    return check.check(text).action == "refuse"


def _rates(decided: Iterable[tuple[Pair, bool, bool]]) -> dict[str, Any]:
    rows = list(decided)
    harmful, benign = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return {
        "pairs": len(rows),
        "refused": harmful,
        "refused_interval": interval(harmful, len(rows)),
        "over_refused": benign,
        "over_refused_interval": interval(benign, len(rows)),
    }


def _line(name: str, rates: Mapping[str, Any]) -> str:
    def told(key: str) -> str:
        low, high = rates[f"{key}_interval"]
        return f"{rates[key]}/{rates['pairs']} ({rates[key] / rates['pairs']:.1%}, {low:.1%} to {high:.1%})"

    return f"{name:26} harmful refused {told('refused')}; harmless refused {told('over_refused')}"
