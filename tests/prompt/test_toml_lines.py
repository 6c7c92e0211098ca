"""Lines of keys: checked on generated documents, whose writer knows where it put them."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soramame.prompt.toml_lines import DEEPEST, Path, lines_of


def test_keys_tables_and_arrays_of_tables_have_the_line_they_stand_in() -> None:
    lines = lines_of(
        "title = 'a'\n"  # 1
        "\n"
        "[characters.mira] # [no.table]\n"  # 3
        'look = """\n'
        "[shots]\n"
        'fake = 1"""\n'
        "[[shots]]\n"  # 7
        "seconds = 1\n"
        "[[shots.cards]]\n"
        "at = 0\n"  # 10
        "[[shots.cards]]\n"
        "[[shots]]\n"  # 12
        '[[ shots . "cards" ]]\n'
        "  at = 0\n"
    )
    assert lines.of(("title",)) == 1
    assert lines.of(("characters",)) == lines.of(("characters", "mira")) == 3
    assert lines.of(("characters", "mira", "look")) == 4
    assert lines.of(("shots", 0)) == 7
    assert lines.of(("shots", 0, "cards", 0, "at")) == 10
    assert lines.of(("shots", 0, "cards", 1)) == 11
    assert lines.of(("shots", 1)) == 12
    assert lines.of(("shots", 1, "cards", 0, "at")) == 14
    assert ("fake",) not in lines.known
    assert ("no",) not in lines.known


def test_what_is_inside_a_value_has_the_line_of_its_key() -> None:
    lines = lines_of("a = 1\nshots = [\n  { seconds = 1 },\n  { seconds = 2 }, # ]\n]\nb = { c.d = 1 }\n")
    assert lines.of(("shots", 1, "seconds")) == 2
    assert lines.of(("b", "c", "d")) == 6


def test_dotted_and_quoted_keys_are_paths() -> None:
    lines = lines_of("a.'b.c'.\"d\\u00e9\" = 1\r\n[x]\r\ny . z = 2\r\n")
    assert lines.of(("a", "b.c", "dé")) == 1
    assert lines.of(("x", "y", "z")) == 3


def test_what_is_not_there_has_the_line_of_what_it_would_belong_to() -> None:
    lines = lines_of("\n[a]\nb = 1\n")
    assert lines.of(("a", "missing")) == 2
    assert lines.of(("missing",)) == 1
    assert lines.of(()) == 1


@pytest.mark.parametrize("text", ["", "=", "[", "[[", "a", "a = [", "]]\n[[[", '"', "'''", "a = {", "\\"])
def test_the_scanner_ends_whatever_it_is_given(text: str) -> None:
    assert lines_of(text).of(("a",)) == 1


def test_a_key_of_very_many_dots_is_soon_scanned() -> None:
    lines = lines_of("a" + ".a" * 20_000 + " = 1")
    assert len(lines.known) == DEEPEST


VALUES = st.sampled_from(
    (
        "1",
        "true",
        "1979-05-27T07:32:00Z",
        '"x = 1 # \\" ] }"',
        "'[a]'",
        '"""\n[fake]\nx = 1\n\\"" \\"""""',
        '"""two""\\\n  """""',
        "'''\nfake = \"\"\"\n'''",
        "[]",
        '[1, [2,\n "]"], # ] and [\n\n]',
        "{ a = 1, b = { c = '}' } }",
        '[ { x = 1 },\n { x = """\n""" } ]',
    )
).filter(lambda text: text.count('"""') != 3)
NAMES = st.text("ab_-.é日 #[]={}\"'\\\t", max_size=5)
SPACE = st.sampled_from(("", " ", "\t "))
ENDS = st.sampled_from(("\n", " # [x] y = '\n", "\r\n", "\n\n#\n"))


@dataclass
class Draft:
    """A document that is being written, and where its keys are."""

    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)
    keys: int = 0

    def put(self, path: Path, statement: str) -> None:
        """A statement that defines a path."""
        line = self.text.count("\n") + 1
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)
        self.text += statement


def spellings(name: str) -> list[str]:
    """The ways to write a key."""
    found = [json.dumps(name), json.dumps(name, ensure_ascii=False)]
    if "'" not in name:
        found.append(f"'{name}'")
    if re.fullmatch(r"[A-Za-z0-9_-]+", name):
        found.append(name)
    return found


@st.composite
def documents(draw: st.DrawFn) -> Draft:
    """Tables, arrays of tables and arrays inside these, with keys of every kind below each."""
    draft = Draft()

    def fresh() -> tuple[str, str]:
        """A key as it is meant and as it is written; a number before it keeps it from repeating."""
        draft.keys += 1
        name = f"{draft.keys}-{draw(NAMES)}"
        return name, draw(st.sampled_from(spellings(name)))

    def pairs(table: Path) -> None:
        for _ in range(draw(st.integers(0, 3))):
            parts = [fresh() for _ in range(draw(st.integers(1, 3)))]
            dot = draw(SPACE) + "." + draw(SPACE)
            key = draw(SPACE) + dot.join(written for _, written in parts)
            path = (*table, *(name for name, _ in parts))
            draft.put(path, f"{key}{draw(SPACE)}={draw(SPACE)}{draw(VALUES)}{draw(ENDS)}")

    pairs(())
    for _ in range(draw(st.integers(0, 4))):
        name, written = fresh()
        if draw(st.booleans()):
            draft.put((name,), f"[{draw(SPACE)}{written}{draw(SPACE)}]{draw(ENDS)}")
            pairs((name,))
            continue
        inner, inside = fresh()
        for number in range(draw(st.integers(1, 3))):
            draft.put((name, number), f"[[{written}]]{draw(ENDS)}")
            pairs((name, number))
            for deep in range(draw(st.integers(0, 2))):
                draft.put((name, number, inner, deep), f"  [[{written}.{inside}]]{draw(ENDS)}")
                pairs((name, number, inner, deep))
    return draft


def paths(value: Any, path: Path = ()) -> set[Path]:
    """Every path of a parsed document, but for the elements of plain arrays."""
    found: set[Path] = {path} if path else set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= paths(inner, (*path, key))
    if isinstance(value, list) and value and all(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value):
            found |= paths(inner, (*path, number))
    return found


@given(draft=documents())
def test_every_key_of_a_document_is_found_in_its_line(draft: Draft) -> None:
    parsed = tomllib.loads(draft.text)
    lines = lines_of(draft.text)
    assert lines.known == draft.lines
    for path in paths(parsed):
        above = next(path[:length] for length in range(len(path), 0, -1) if path[:length] in draft.lines)
        assert lines.of(path) == draft.lines[above]
