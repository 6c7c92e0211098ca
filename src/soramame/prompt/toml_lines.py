"""In which line of a TOML document each key stands: ``tomllib`` does not say, and an error that does is soon mended.

The scanner is for documents that ``tomllib`` has read: it knows where things begin and end, not whether they are legal.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The way to a value: ``("shots", 1, "cards", 0, "at")``. Elements of arrays of tables are counted from 0."""

DEEPEST = 16
"""Longer paths share a line with what they belong to: a long dotted key has no more prefixes than this."""

_TEXT = (
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'  # up to two quotes may stand before the three that close
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
_KEY = re.compile(rf"[A-Za-z0-9_-]+|{_TEXT}", re.DOTALL)
_PIECE = re.compile(rf"{_TEXT}|#[^\n]*|\n|[\[\]{{}}]|[^\n\[\]{{}}#\"']+|.", re.DOTALL)
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The line, from 1, at which each table begins and each key stands."""

    known: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        """The line of a key. Keys inside inline tables and arrays have that of the key which they belong to."""
        while path and path not in self.known:
            path = path[:-1]
        return self.known.get(path, 1)


def lines_of(text: str) -> Lines:
    """Where the keys of a document stand that ``tomllib.loads`` accepts."""
    scan = _Scan(text.replace("\r\n", "\n"))
    return Lines(known=dict(scan.found()))


class _Scan:
    """A walk through a document, statement by statement."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.line, self._counted = 1, 0
        self.arrays: dict[Path, int] = {}

    def found(self) -> Iterator[tuple[Path, int]]:
        """Paths with their lines; the first mention of a path counts."""
        table: Path = ()
        seen: set[Path] = set()
        while self._begins():
            line = self._line()
            if self.text[self.at] == "[":
                path = table = self._header()
            else:
                path = table + self._keys()
                self._value()
            for length in range(1, min(len(path), DEEPEST) + 1):
                if path[:length] not in seen:
                    seen.add(path[:length])
                    yield path[:length], line

    def _begins(self) -> bool:
        """Whether there is a further statement; its first letter is then next."""
        self._take(_BLANK)
        return self.at < len(self.text)

    def _line(self) -> int:
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.line

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        taken = match[0] if match else ""
        self.at += len(taken)
        return taken

    def _keys(self) -> tuple[str, ...]:
        """A dotted key; whatever follows it ("=" or "]") is next."""
        keys: list[str] = []
        while True:
            self._skip(" \t")
            raw = self._take(_KEY)
            if not raw:  # not a document that tomllib accepts: never stand still
                self.at += 1
                return tuple(keys)
            keys.append(tomllib.loads(f"k = {raw}")["k"] if raw[0] in "\"'" else raw)
            self._skip(" \t")
            if self.text[self.at : self.at + 1] != ".":
                return tuple(keys)
            self.at += 1

    def _skip(self, letters: str) -> None:
        while self.text[self.at : self.at + 1] and self.text[self.at] in letters:
            self.at += 1

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``: a name that is an array of tables means its last table, or a new one at the end."""
        many = self.text.startswith("[[", self.at)
        self._skip("[")
        *above, last = self._keys() or ("",)
        self._skip("]")
        path: Path = ()
        for key in above:
            path += (key,)
            if path in self.arrays:
                path += (self.arrays[path] - 1,)
        path += (last,)
        if many:
            self.arrays[path] = self.arrays.get(path, 0) + 1
            path += (self.arrays[path] - 1,)
        return path

    def _value(self) -> None:
        """Pass over the value: it ends with its line, unless brackets are open."""
        depth = 0
        while self.at < len(self.text):
            piece = self._take(_PIECE)
            depth += piece in ("[", "{")
            depth -= piece in ("]", "}")
            if piece == "\n" and depth <= 0:
                return
