"""What several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

file = click.Path(path_type=Path)
"""A path as it was written: whether it can be read or written is said by what reads or writes it."""
some = click.IntRange(min=1)
"""A number of things, at least one."""
output = click.option(
    "-o",
    "--output",
    type=file,
    default=Path("out.mp4"),
    show_default=True,
    help="File to write; .mp4, .webm, .gif, .webp or .png.",
)
"""Where a clip goes."""


policy = click.option(
    "--policy",
    type=file,
    envvar="SORAMAME_POLICY",
    help="What is refused, marked and signed: a TOML file (docs/trust.md).",
)


class Ordered(click.Group):
    """Keeps the order in which commands are written."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which model, and what to compute with."""
    for option in (
        click.option("--model", default="mame", show_default=True, help="The bundled model, or a model's folder."),
        click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps."),
        click.option("--dtype", default="auto", show_default=True, help="auto, float32 or bfloat16."),
    ):
        command = option(command)
    return command
