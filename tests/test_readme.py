"""What the README and the docs tell a reader to type exists, what they link to is there, and the tree is true."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from pathlib import Path

import click
import pytest

from soramame.cli import cli
from soramame.engine import Soramame

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}


def commands() -> list[tuple[str, str]]:
    """Every line of a block of code that begins with the program, and every `soramame …` between backticks."""
    found = []
    for page, text in TEXTS.items():
        if page.name == "command-line.md":  # made from the code
            continue
        lines = re.findall(r"^ {4,}(?:\.venv/bin/)?(soramame .*)$", text, re.M) + re.findall(
            r"`(soramame [^`\n]+)`", text
        )
        found += [(page.name, line.split(" #")[0].strip()) for line in lines]
    return found


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_can_be_typed(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        assert name in command.commands, f"{page}: {line}"
        command = command.commands[name]
    options = {option: p for p in command.params if isinstance(p, click.Option) for option in p.opts}
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            assert any(isinstance(p, click.Argument) for p in command.params), f"{page}: {line}"
            continue
        assert word in options, f"{page}: {line}"
        if not options[word].is_flag:
            words.pop(0)


def test_there_are_commands_to_check() -> None:
    assert sum(page == "README.md" for page, _ in commands()) >= 6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_of_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", TEXTS[page], re.M)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXTS[page]):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    names = re.findall(r"`((?:src|tests|docs|recipes|benchmarks|gallery)/[\w./-]+)`", TEXTS[page])
    for name in names:
        assert (ROOT / name).exists(), name


def test_the_tree_is_true() -> None:
    tree = re.search(r"```\nsrc/soramame/\n(.*?)```", TEXTS[ROOT / "README.md"], re.S)
    assert tree is not None
    inner = re.findall(r"^  (\S+) ", tree[1], re.M)
    package = ROOT / "src" / "soramame"
    there = {path.name + "/" for path in package.iterdir() if (path / "__init__.py").exists()}
    there |= {path.name for path in package.glob("*.py")} - {"__init__.py"}
    assert set(inner) == there
    for name in re.findall(r"^(\S+/) ", tree[1], re.M):
        assert (ROOT / name).is_dir(), name


def test_the_python_example_calls_what_exists() -> None:
    example = re.search(r"```python\n(.*?)```", TEXTS[ROOT / "README.md"], re.S)
    assert example is not None
    parameters = inspect.signature(Soramame.generate).parameters
    calls = [node for node in ast.walk(ast.parse(example[1])) if isinstance(node, ast.Call)]
    generate = next(call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "generate")
    assert {keyword.arg for keyword in generate.keywords} <= set(parameters)
