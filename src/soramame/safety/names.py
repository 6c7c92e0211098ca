"""Names of people and brands in a text, and when a name does not mean its famous bearer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from soramame.safety.disguise import clean, joined_japanese
from soramame.safety.match import JAPANESE, Hit, Letters, Token, Words, tokens

KINDS = ("people", "brands")
ORDINARY, FAME, PET, STYLE = "ordinary role", "fame", "pet", "style"
"""Concepts of the rules that tell what a name means."""
_CALLED = re.compile(r"\b(?:named|called|whose name is|by the name of|goes by|is called|is named)\s+[\"'“]?$")
_APPOSED = re.compile(r"^[\"'”]?,?\s*(?:\([^)]*\),?\s*)?(?:who is )?(?:an?|the|our|my|their|his|her)\s")
_NOT_FAMOUS = re.compile(
    r"no relation|namesake|not the (?:famous|singer|actor|actress|footballer|politician|star)|同姓同名|別人"
)
_CALLED_JA = re.compile(r"^[」』]?(?:という|と名付け|と名づけ|っていう)")


@dataclass(frozen=True, kw_only=True)
class NameList:
    """Names by kind; ``context`` holds the words of which one has to be there too."""

    words: Words = field(default_factory=Words)
    letters: Letters = field(default_factory=lambda: Letters(short=99))
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> NameList:
        """The lists of a folder: ``people*.txt``, ``brands*.txt``, ``artists_past.txt``; a ``#`` begins a comment."""
        names = cls()
        for path in sorted(folder.glob("*.txt")):
            kind = path.stem.split("_")[0]
            for line in path.read_text(encoding="utf-8").splitlines():
                name, _, context = line.partition("|")
                if name.strip() and not name.startswith("#"):
                    names.add(kind, name.strip(), [word.strip() for word in context.split(",") if word.strip()])
        return names

    def add(self, kind: str, name: str, context: Sequence[str] = ()) -> None:
        """A further name. In a Japanese one, what comes after a blank is its context."""
        plain = joined_japanese(clean(name)).lower() if not JAPANESE.search(name) else clean(name).lower()
        if JAPANESE.search(plain):
            plain, *more = plain.split()
            context = (*context, *more)
            plain = re.sub(r"[・=＝]", "", plain)
        label = f"{kind}\n{name}\n{' '.join(context)}"
        if context:
            self.context[label] = tuple(clean(word).lower() for word in context)
        if JAPANESE.search(plain):
            self.letters.add(label, [plain.replace("(", "").replace(")", "")])
            return
        parts = [token.word for token in tokens(plain)]
        if max(map(len, parts)) < 2:
            return  # single letters are everywhere
        self.words.add(label, [" ".join(parts)])
        if len(parts) > 1 and sum(map(len, parts)) > 8:
            self.words.add(label, ["".join(parts)])

    def vocabulary(self) -> frozenset[str]:
        """Every word of the English names."""
        return self.words.vocabulary()


def names_found(names: NameList, text: str, words: list[Token], hits: Iterable[Hit]) -> Iterator[tuple[str, str]]:
    """Kind and name of those that a text (in small letters) means; ``hits`` are what the rules found in it."""
    told = list(hits)
    found = [*names.words.find(words)]
    if JAPANESE.search(text):
        found += [*names.letters.find(text)]
    for hit in found:
        kind, name, _ = hit.label.split("\n")
        if any(other.label == "harmless" and hit.start < other.end and other.start < hit.end for other in told):
            continue
        if hit.label in names.context and not _beside(names.context[hit.label], text, hit):
            continue
        if _other_bearer(hit, text, told):
            continue
        if kind == "artists":
            if any(other.label == STYLE and _apart(hit, other) < 40 for other in told):
                continue
            kind = "people"
        yield kind, name


def _beside(context: Sequence[str], text: str, hit: Hit) -> bool:
    rest = text[: hit.start] + " " + text[hit.end :]
    return any(
        word in rest if JAPANESE.search(word) else re.search(rf"\b{re.escape(word)}\b", rest) for word in context
    )


def _apart(one: Hit, other: Hit) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _other_bearer(hit: Hit, text: str, hits: list[Hit]) -> bool:
    """Whether it is plainly somebody else: a pet of that name, or somebody whose ordinary work is told with it."""
    before, after = text[: hit.start], text[hit.end :]
    beside = [other for other in hits if _apart(hit, other) < 40]
    called = bool(_CALLED.search(before) or _CALLED_JA.match(after))
    if called and any(other.label == PET for other in beside):
        return True
    if " " not in text[hit.start : hit.end] and not JAPANESE.match(text[hit.start]):
        return False  # a single name that nobody else has
    if any(other.label == FAME for other in hits):
        return False
    ordinary = [other for other in beside if other.label == ORDINARY]
    if not ordinary:
        return False
    directly = any(0 <= hit.start - other.end <= 2 for other in ordinary)
    return called or directly or bool(_APPOSED.match(after)) or bool(_NOT_FAMOUS.search(text))
