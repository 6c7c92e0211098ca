"""TOML read with care: each value is asked for by name and type, and an error says file, line, key and the way out."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from soramame.errors import ConfigError
from soramame.prompt.toml_lines import Lines, Path, lines_of

LONGEST_TEXT = 2000
"""Characters of one value: a look is repeated at every mention, and a megabyte of mentions shall not become a gigabyte."""

MOST_DOTS = 200


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a document and its path there. A value that is absent reads as None."""

    name: str
    values: Mapping[str, Any]
    lines: Lines
    path: Path = ()

    def line(self, *keys: str | int) -> int:
        """The line of a key, or of the table."""
        return self.lines.of((*self.path, *keys))

    def error(self, sentence: str, *keys: str | int) -> ConfigError:
        """An error about a key, or about the table: the sentence goes on from the key's name."""
        return ConfigError(f"{self.name}, line {self.line(*keys)}: {label((*self.path, *keys))} {sentence}")

    def only(self, *keys: str) -> None:
        """Refuse every other key, with the nearest of those that there are."""
        for key in self.values:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                way = f"did you mean {near[0]}?" if near else f"there are: {', '.join(keys)}."
                raise self.error(f"is not known; {way}", key)

    def text(self, key: str) -> str | None:
        """Text that is not blank; line breaks become blanks."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.error(f'has to be text, not {shown(value)}; write {key} = "..."', key)
        if not value.strip():
            raise self.error("is empty; say something, or leave it out.", key)
        if len(value) > LONGEST_TEXT:
            raise self.error(f"has {len(value)} characters; at most {LONGEST_TEXT} are read.", key)
        return re.sub(r"\s*\n\s*", " ", value.strip())

    def number(self, key: str) -> float | None:
        """A finite number; true and false are none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"has to be a number, not {shown(value)}; write it like {key} = 1.5", key)
        # A whole number of TOML may be too large for a float, and then even for an error message.
        if (isinstance(value, int) and value.bit_length() > 64) or not math.isfinite(value):
            raise self.error(f"has to be an ordinary number, not {shown(value)}.", key)
        return float(value)

    def whole(self, key: str, *, below: int) -> int | None:
        """A whole number from 0 to ``below`` - 1."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(f"has to be a whole number, not {shown(value)}; write it like {key} = 7", key)
        if not 0 <= value < below:
            raise self.error(f"has to be from 0 to {below - 1}, not {shown(value)}.", key)
        return value

    def table(self, key: str) -> Table | None:
        """The table under a key."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(f"has to be a table, not {shown(value)}; write [{self._header(key)}]", key)
        return self._inner(value, key)

    def entries(self, example: str) -> Iterator[tuple[str, Table]]:
        """Each key with the table under it; ``example`` is what an entry says."""
        for key, value in self.values.items():
            if not isinstance(value, dict):
                raise self.error(
                    f"has to be a table, not {shown(value)}; write [{self._header(key)}] and {example}", key
                )
            yield key, self._inner(value, key)

    def tables(self, key: str) -> Iterator[Table]:
        """Each table of the array of tables under a key."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            header = self._header(key)
            raise self.error(f"has to be written [[{header}]], once for each, not as {shown(value)}.", key)
        for number, one in enumerate(value):
            yield self._inner(one, key, number)

    def _header(self, key: str) -> str:
        return ".".join(str(part) for part in (*self.path, key) if not isinstance(part, int))

    def _inner(self, values: Mapping[str, Any], *keys: str | int) -> Table:
        return Table(name=self.name, values=values, lines=self.lines, path=(*self.path, *keys))


def parse(text: str, name: str) -> Table:
    """A document as a table; :class:`ConfigError` with the line where it is not TOML."""
    for number, line in enumerate(text.split("\n"), 1):
        # The time and memory that tomllib takes for a dotted key grow with the square of its dots.
        if line.count(".") > MOST_DOTS and re.sub(r"\"[^\"]*\"|'[^']*'", "", line).split("=")[0].count(".") > MOST_DOTS:
            raise ConfigError(
                f"{name}, line {number}: a key has too many dots; write [[shots]] and plain keys below it."
            )
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        lines = text.split("\n")
        worst = max(range(len(lines)), key=lambda number: lines[number].count("[") + lines[number].count("{"))
        raise ConfigError(
            f"{name}, line {worst + 1}: brackets are nested too deeply; write [[shots]] and plain keys below it."
        ) from error
    except ValueError as error:  # also a number of more digits than Python reads
        raise _not_toml(name, text, str(error)) from error
    return Table(name=name, values=values, lines=lines_of(text))


def _not_toml(name: str, text: str, told: str) -> ConfigError:
    match = re.fullmatch(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", told, re.DOTALL)
    if match is None:
        digits = re.search(r"\d[\d_]{4000,}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
        return ConfigError(f"{name}, line {line}: a number has more digits than can be read; write a shorter one.")
    at = match[2] or len(text.splitlines()) or 1
    reason = match[1][:1].lower() + match[1][1:]
    column = f", column {match[3]}" if match[3] else ""
    way = 'write lines like seconds = 4.0 and prompt = "..."'
    if "for a key part" in reason:  # TOML's bare keys are of Latin letters only
        way = 'names in other letters stand in quotes, like [characters."ミラ"]'
    return ConfigError(f"{name}, line {at}{column}: this is not TOML ({reason}); {way}.")


def label(path: Path) -> str:
    """A path in words, from the inside out: "at of card 1 of shot 2"."""
    words: list[str] = []
    for number, part in enumerate(path):
        before = path[number - 1] if number else None
        if isinstance(part, int):
            words[-1] = f"{str(before).removesuffix('s')} {part + 1}"
        elif before == "characters":
            words[-1] = f"character {_short(part)}"
        else:
            words.append(_short(part))
    return " of ".join(reversed(words)) or "the storyboard"


def shown(value: object) -> str:
    """A value as an error shows it: short, and never an error itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number so large"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str):
        return f'"{_short(value)}"'
    return str(value)


def _short(text: str) -> str:
    """Text that fits into a sentence: one line, not too long."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[:80])
    return line if len(text) <= 80 else line[:77] + "..."
