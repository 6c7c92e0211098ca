"""What all groups of commands share."""

from __future__ import annotations

import click


class Ordered(click.Group):
    """Keeps the order in which commands are written."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)
