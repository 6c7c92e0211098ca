"""What a file's Content Credentials come to: a verdict, in words, from what the validator of C2PA found.

Status codes are those of the C2PA specification 2.2, section 15.2. Everything here came out of a stranger's file: nothing is taken
to be of the right type, and a verdict of trust needs every check to have been made and passed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from soramame.safety.manifest import ACTIONS, BINDING, RECIPE, WATERMARK


class State(StrEnum):
    """What can be said of a file: signed by somebody who is believed, and unchanged; unchanged since a stranger signed it;
    changed or forged; without credentials; not to be checked."""

    TRUSTED = "trusted"
    UNKNOWN = "valid but unknown signer"
    TAMPERED = "tampered"
    NONE = "none"
    UNREADABLE = "unreadable"


CONTENT, CLAIM, SIGNATURE, CERTIFICATE, EXPIRED, SOURCES = (
    "content",
    "claim",
    "signature",
    "certificate",
    "expired",
    "sources",
)
"""What about a file can be wrong."""
BOUND = re.compile(r"assertion\.(bmffHash|dataHash|boxesHash|collectionHash)\.")
UNTRUSTED, BELIEVED, SIGNED = "signingCredential.untrusted", "signingCredential.trusted", "claimSignature.validated"
STAMPED = frozenset({"timeStamp.validated", "timeStamp.trusted"})
DEEPEST, MOST = 16, 200
"""Levels of ingredients, and ingredients in all, that are told."""
LONGEST = 300
"""Characters of a text that are told."""
PROBLEMS = {
    CONTENT: "the content is not what was signed: it was changed, or the credentials are those of another file",
    CLAIM: "the statement was changed after it was signed",
    SIGNATURE: "the signature is not right",
    CERTIFICATE: "the certificate is not valid",
    EXPIRED: "the certificate was out of its time, and no time stamp shows that it was signed before that",
    SOURCES: "what it says of its sources was changed",
}


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that was done, by the signer's account: ``name`` such as ``c2pa.created``, ``agent`` the software, ``model`` what
    it painted with, ``source_type`` the last part of IPTC's name, ``when`` as it was written there."""

    name: str
    agent: str = ""
    model: str = ""
    source_type: str = ""
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """A source, with the ``state`` that the signer found it in, and its own sources. Trusted only within a file that is."""

    title: str
    relationship: str
    state: State
    reason: str
    ingredients: tuple[Ingredient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The verdict on a file. Whatever else there is, is what the signer says; none of it counts unless ``state`` is trusted.

    ``what`` is wrong if it was tampered with: content, claim, signature, certificate, expired, sources. ``signed_at`` comes from
    a time-stamp authority if ``time_stamped``, else from the signer. ``watermark``: the payload that has to be in the pixels, as
    hex digits. ``beside``: whether the statement lies in a file of its own.
    """

    state: State
    reason: str
    what: tuple[str, ...] = ()
    signer: str = ""
    organisation: str = ""
    signed_at: datetime | None = None
    time_stamped: bool = False
    title: str = ""
    generator: str = ""
    task: str = ""
    recipe: Mapping[str, Any] | None = None
    actions: tuple[Action, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    watermark: str | None = None
    beside: bool = False
    kind: str = field(default="", repr=False)
    unhashed: str = field(default="", repr=False)

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return {**asdict(self), "signed_at": self.signed_at.isoformat() if self.signed_at else None}


def altered(ingredients: Sequence[Ingredient]) -> list[str]:
    """Titles of the sources, and of their sources, that had been tampered with before they were used."""
    found = []
    for one in ingredients:
        found += [one.title] if one.state is State.TAMPERED else []
        found += altered(one.ingredients)
    return list(dict.fromkeys(found))


def credentials(report: Mapping[str, Any], *, beside: bool = False) -> Credentials:
    """The verdict on what c2pa's Reader reports of a file."""
    results = _dict(report.get("validation_results"))
    codes = _codes(_dict(results.get("activeManifest")))
    state, what = verdict(codes, sound=report.get("validation_state") in ("Valid", "Trusted"))
    if state is State.TRUSTED and report.get("validation_state") != "Trusted":
        state = State.UNKNOWN
    manifests, label = _dict(report.get("manifests")), report.get("active_manifest")
    active = _dict(manifests.get(label)) if isinstance(label, str) else {}
    signature = _dict(active.get("signature_info"))
    signer = _text(signature.get("common_name")) or _text(signature.get("issuer")) or "somebody without a name"
    told = _assertion(active, RECIPE)
    actions = _actions(active)
    sources = _Tree(report, believed=state is State.TRUSTED).below(label)
    stamped = codes[0] >= STAMPED and state in (State.TRUSTED, State.UNKNOWN)
    recipe = told.get("recipe")
    return Credentials(
        state=state,
        reason=_reason(state, what, signer) + _warning(sources),
        what=what,
        signer=signer,
        organisation=_text(signature.get("issuer")),
        signed_at=_time(signature.get("time")) if stamped else _time(actions[0].when) if actions else None,
        time_stamped=stamped and _time(signature.get("time")) is not None,
        title=_text(active.get("title")),
        generator=_generator(active),
        task=_text(told.get("task")),
        recipe=recipe if isinstance(recipe, dict) else None,
        actions=actions,
        ingredients=sources,
        watermark=_watermark(active),
        beside=beside,
        kind=_text(told.get("kind")),
        unhashed=_text(told.get("unhashed_sha256")),
    )


def verdict(codes: tuple[frozenset[str], frozenset[str]], *, sound: bool) -> tuple[State, tuple[str, ...]]:
    """The state, and what is wrong, by the codes of what passed and what failed; ``sound``: whether the validator found no fault.

    Signature and content have to be among what passed: that neither failed is not enough.
    """
    passed, failed = codes
    what = tuple(dict.fromkeys(sorted(map(_fault, failed - {UNTRUSTED}))))
    if what or not sound:
        return State.TAMPERED, what or (SOURCES,)
    if SIGNED not in passed or not any(BOUND.match(code) and code.endswith(".match") for code in passed):
        return State.UNREADABLE, ()
    return (State.TRUSTED if BELIEVED in passed and UNTRUSTED not in failed else State.UNKNOWN), ()


class _Tree:
    """Ingredients of manifests, by their labels; a file may name one in a circle, or very many."""

    def __init__(self, report: Mapping[str, Any], *, believed: bool) -> None:
        self._manifests, self._believed, self._left = _dict(report.get("manifests")), believed, MOST
        self._later: dict[str, frozenset[str]] = {}  # what was found only now, by the ingredient's address
        for delta in _list(_dict(report.get("validation_results")).get("ingredientDeltas")):
            address = str(_dict(delta).get("ingredientAssertionURI"))
            self._later[address] = _codes(_dict(_dict(delta).get("validationDeltas")))[1]

    def below(self, label: object, path: tuple[str, ...] = ()) -> tuple[Ingredient, ...]:
        """The ingredients of the manifest with this label."""
        if not isinstance(label, str) or label in path or len(path) >= DEEPEST:
            return ()
        manifest = _dict(self._manifests.get(label))
        entries = _list(manifest.get("ingredients"))
        told = _list(_assertion(manifest, RECIPE).get("sources"))
        found = []
        for number, entry in enumerate(entries):
            if self._left <= 0:
                break
            self._left -= 1
            mine = _dict(told[number]) if len(told) == len(entries) else {}
            found.append(self._one(label, _dict(entry), mine, (*path, label)))
        return tuple(found)

    def _one(self, label: str, entry: Mapping[str, Any], told: Mapping[str, Any], path: tuple[str, ...]) -> Ingredient:
        state, reason = self._state(label, entry, told)
        return Ingredient(
            title=_text(entry.get("title")) or "a file without a name",
            relationship=_text(entry.get("relationship")),
            state=state,
            reason=reason,
            ingredients=self.below(entry.get("active_manifest"), path),
        )

    def _state(self, label: str, entry: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[State, str]:
        if told.get("state") in (State.TAMPERED, State.UNREADABLE):
            return State(told["state"]), _text(told.get("reason"))
        if "active_manifest" not in entry:
            return State.NONE, "it had no credentials."
        passed, failed = _codes(_dict(_dict(entry.get("validation_results")).get("activeManifest")))
        address = f"self#jumbf=/c2pa/{label}/c2pa.assertions/{entry.get('label')}"
        state, what = verdict((passed, failed | self._later.get(address, frozenset())), sound=True)
        if state is State.TRUSTED and not self._believed:
            state = State.UNKNOWN
        signature = _dict(_dict(self._manifests.get(str(entry["active_manifest"]))).get("signature_info"))
        return state, _reason(state, what, _text(signature.get("common_name")) or "somebody without a name")


def _fault(code: str) -> str:
    if BOUND.match(code):
        return CONTENT
    if code in ("signingCredential.expired", "claimSignature.outsideValidity"):
        return EXPIRED
    if code.startswith("signingCredential."):
        return CERTIFICATE
    if code.startswith(("claimSignature.", "algorithm.")):
        return SIGNATURE
    return SOURCES if code.startswith("ingredient.") else CLAIM


def _reason(state: State, what: tuple[str, ...], signer: str) -> str:
    match state:
        case State.TRUSTED:
            return f"signed by {signer}, who is trusted here, and unchanged since."
        case State.UNKNOWN:
            return f"unchanged since it was signed by {signer}, whose root is not in the trust list: anybody can sign under any name."
        case State.TAMPERED:
            return f"signed in the name of {signer}, but {'; '.join(PROBLEMS[one] for one in what)}."
    return "it has credentials, but not all of them could be checked."


def _warning(sources: Sequence[Ingredient]) -> str:
    names = ", ".join(altered(sources))
    return f" Of what it was made from, {names} had been tampered with before." if names else ""


def _codes(results: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Codes of what passed and of what failed."""
    passed, failed = (
        frozenset(str(_dict(entry).get("code")) for entry in _list(results.get(name)))
        for name in ("success", "failure")
    )
    return passed, failed


def _assertion(manifest: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    for entry in _list(manifest.get("assertions")):
        if _dict(entry).get("label") == label:
            return _dict(_dict(entry).get("data"))
    return {}


def _actions(manifest: Mapping[str, Any]) -> tuple[Action, ...]:
    data = _assertion(manifest, ACTIONS) or _assertion(manifest, "c2pa.actions")
    entries = [_dict(entry) for entry in _list(data.get("actions"))[:MOST]]
    return tuple(map(_action, entries))


def _action(entry: Mapping[str, Any]) -> Action:
    agent = entry.get("softwareAgent")
    named = _dict(agent)
    return Action(
        name=_text(entry.get("action")),
        agent=" ".join(filter(None, (_text(named.get("name")), _text(named.get("version"))))) or _text(agent),
        model=_text(named.get("org.soramame.model")),
        source_type=_text(entry.get("digitalSourceType")).rpartition("/")[2],
        when=_text(entry.get("when")),
    )


def _generator(manifest: Mapping[str, Any]) -> str:
    info = _dict(next(iter(_list(manifest.get("claim_generator_info"))), None))
    return " ".join(filter(None, (_text(info.get("name")), _text(info.get("version")))))


def _watermark(manifest: Mapping[str, Any]) -> str | None:
    binding = _assertion(manifest, BINDING)
    block = _dict(next(iter(_list(binding.get("blocks"))), None))
    value = block.get("value")
    named = binding.get("alg") == WATERMARK and isinstance(value, str)
    return str(value) if named and re.fullmatch("([0-9a-f]{2}){1,256}", str(value)) else None


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def _text(value: object) -> str:
    """A stranger's text, fit to be shown in a line: no control characters, none that turn the line around, not endless."""
    if not isinstance(value, str):
        return ""
    return "".join(c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in value[:LONGEST])


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
