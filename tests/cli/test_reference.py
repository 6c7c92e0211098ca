from __future__ import annotations

from pathlib import Path

import click
import pytest

from soramame.cli import cli, reference

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", reference.pages())
def test_the_pages_are_those_of_the_code(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == reference.pages()[name], "run: make docs"


@pytest.mark.parametrize(("path", "command"), list(reference._commands("soramame", cli)), ids=lambda value: str(value))
def test_every_command_and_option_says_what_it_is_for(path: str, command: click.Command) -> None:
    assert command.help
    assert command.help.rstrip().endswith(".")
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path} {option.name}"
