"""Whether a prompt may be painted: rules and a classifier over every reading of it, and what the policy makes of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from soramame.errors import RefusedError
from soramame.safety import classify, upstream
from soramame.safety.disguise import literal, readings
from soramame.safety.log import Entry, log
from soramame.safety.match import JAPANESE
from soramame.safety.policy import ACTIONS, SEVERITIES, Policy
from soramame.safety.rules import Finding, bundled

LEARNT = "classifier"
"""The rule that is named where no other found anything."""
DOWN = "the moderation server gave no answer"
NAMES = {
    "sexual": ("sexual content", "性的な内容"),
    "minors": ("sexual or cruel content with minors", "未成年に関わる性的・虐待的な内容"),
    "violence": ("graphic violence", "残虐な描写"),
    "hate": ("hate", "差別や憎悪をあおる内容"),
    "self-harm": ("self-harm", "自傷・自殺の描写"),
    "people": ("real people", "実在の人物"),
    "brands": ("characters and brands of others", "他者のキャラクターやブランド"),
    "instructions": ("instructions for doing harm", "危険行為の手引き"),
}
"""Categories as a refusal names them."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is done about a prompt, and why. ``category`` and ``rule`` are empty where nothing was found."""

    action: str
    category: str = ""
    rule: str = ""
    score: float = 0.0
    where: str = "prompt"
    suggestion: str = ""
    findings: tuple[Finding, ...] = ()


class PromptCheck:
    """The check of prompts under a policy. What it needs is loaded when the first prompt comes."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def check(self, text: str, *, where: str = "prompt") -> Verdict:
        """The verdict on a text. ``where`` says which text it is (prompt, shot 2, ...), for the message and the log."""
        answer = upstream.ask(text, self.policy.upstream)
        ruled = self._ruled(text)
        found = [one for _, some in ruled for one in some]
        findings = [*(one for one in found if one.certain), *answer.findings]
        refused = any(self._action(one) == "refuse" for one in findings)
        if not refused or not all(one.certain for one in found):
            findings += [one for reading, evidence in ruled for one in _weighed(reading, evidence)]
        verdict = self._verdict(_strongest(findings), text, where)
        if answer.down and self.policy.upstream.when_down == "refuse" and verdict.action != "refuse":
            verdict = replace(verdict, action="refuse", category="", rule=DOWN)
        entry = Entry(action=verdict.action, where=where, findings=verdict.findings, note=DOWN if answer.down else "")
        log(text, entry, self.policy.record)
        return verdict

    def enforce(self, text: str, *, where: str = "prompt") -> Verdict:
        """The verdict, or :class:`~soramame.errors.RefusedError` if the policy refuses the text."""
        verdict = self.check(text, where=where)
        if verdict.action == "refuse":
            raise RefusedError(message(verdict, japanese=bool(JAPANESE.search(text))))
        return verdict

    def _ruled(self, text: str) -> list[tuple[str, list[Finding]]]:
        """The readings to judge, the likeliest first, and what rules and names say of each."""
        rules = bundled()
        first, *others = ((reading, rules.find(reading)) for reading in readings(text, rules.lexicon()))
        named = rules.find(literal(text), names_only=True)
        return [(first[0], [*first[1], *named]), *((reading, found) for reading, found in others if found)]

    def _action(self, finding: Finding) -> str:
        return self.policy.categories[finding.category].action_for(finding.score)

    def _verdict(self, findings: Iterable[Finding], text: str, where: str) -> Verdict:
        told = [(ACTIONS.index(self._action(one)), self._severity(one), one.score, one) for one in findings]
        told = sorted((one for one in told if one[0]), key=lambda one: one[:3], reverse=True)
        if not told:
            return Verdict(action="allow", where=where)
        action, _, _, worst = told[0]
        category = self.policy.categories[worst.category]
        return Verdict(
            action=ACTIONS[action],
            category=worst.category,
            rule=worst.rule,
            score=worst.score,
            where=where,
            suggestion=category.instead_ja if JAPANESE.search(text) else category.instead_en,
            findings=tuple(one[3] for one in told),
        )

    def _severity(self, finding: Finding) -> int:
        return SEVERITIES.index(self.policy.categories[finding.category].severity)


def _weighed(reading: str, found: Iterable[Finding]) -> list[Finding]:
    """What the classifier says of a reading, given what rules found in it; those that it believes are named."""
    told: dict[str, str] = {}
    for one in found:
        if not one.certain:
            told.setdefault(one.category, one.rule)
    best = classify.scores(reading, ruled=told)
    return [Finding(category=c, rule=told.get(c, LEARNT), score=s, certain=False) for c, s in best.items() if s >= 0.05]


def _strongest(findings: Iterable[Finding]) -> list[Finding]:
    """Each rule once, with its highest score."""
    return list({(one.category, one.rule): one for one in sorted(findings, key=lambda one: one.score)}.values())


def message(verdict: Verdict, *, japanese: bool) -> str:
    """A refusal in one sentence, in the language of the prompt."""
    if verdict.rule == DOWN:
        return f"the {verdict.where} cannot be checked, because {DOWN}; try again later, or change [upstream] in the policy."
    name, name_ja = NAMES[verdict.category]
    rule = "" if verdict.rule == LEARNT else verdict.rule
    if japanese:
        told = f"({rule})" if rule.startswith("name: ") else ""
        return f"{verdict.where} は「{name_ja}」{told}に当たるため作れませんが、{verdict.suggestion}。"
    told = f" ({rule})" if rule else ""
    return f"the {verdict.where} is refused for {name}{told}; {verdict.suggestion}."
