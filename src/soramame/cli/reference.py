"""The reference pages that are made from the code: ``python -m soramame.cli.reference docs`` writes them into a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from soramame import errors
from soramame.cli import cli
from soramame.cli.edge import BUG
from soramame.errors import SoramameError

WIDTH = 100
OTHERS = {
    0: "done",
    BUG: "a mistake in Soramame itself; `SORAMAME_TRACEBACK=1` shows where",
    130: "stopped with Ctrl-C; no unfinished file is left",
    143: "stopped with SIGTERM; no unfinished file is left",
}


def pages() -> dict[str, str]:
    """Names and contents of all pages."""
    return {"command-line.md": command_line(), "errors.md": error_table()}


def command_line() -> str:
    """The help of every command."""
    parts = ["# The command line", "Made from the code by `make docs`."]
    for path, command in _commands("soramame", cli):
        # A command remembers the names of its help option from the first context that asks.
        context = click.Context(
            command,
            info_name=path,
            terminal_width=WIDTH,
            max_content_width=WIDTH,
            help_option_names=cli.context_settings["help_option_names"],
        )
        parts.append(f"## {path}\n\n```\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(f"{path} {name}", inner)


def error_table() -> str:
    """Every error with its code, exit status and HTTP status."""
    rows = [
        f"| `{kind.__name__}` | `{kind.code}` | {kind.exit_status} | {kind.http_status} | {_first_line(kind)} |"
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, SoramameError)
    ]
    others = [f"| {status} | {meaning} |" for status, meaning in OTHERS.items()]
    return "\n".join(
        [
            "# Errors\n\nMade from the code by `make docs`.\n",
            "Whatever goes wrong for a user is one sentence that says what is wrong and the way out. In Python it is an exception of",
            "`soramame.errors`; on the command line the sentence on standard error and an exit status; over HTTP a code and a status.\n",
            "| exception | code | exit status | HTTP status | what it is |",
            "|---|---|---|---|---|",
            *rows,
            "\nOther exit statuses of the command line:\n",
            "| exit status | what it is |",
            "|---|---|",
            *others,
            "",
        ]
    )


def _first_line(kind: type[SoramameError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0].rstrip(".")


def main() -> None:
    """Write the pages into the folder that the first argument names."""
    for name, text in pages().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
