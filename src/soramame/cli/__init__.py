"""The command line: parse, call, print. Heavy modules are imported by the command that needs them, so that help is instant.

Errors are one sentence on standard error and an exit status by kind (:mod:`soramame.errors`); Ctrl-C is 130.
"""

from __future__ import annotations

import sys

import click

from soramame import __version__
from soramame.cli.generate import doctor, generate, models
from soramame.cli.groups import Ordered
from soramame.cli.making import evaluate, train
from soramame.cli.world import world
from soramame.errors import SoramameError


@click.group(cls=Ordered, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="soramame")
def cli() -> None:
    """Soramame: a sentence becomes a video, offline, on the machine you have."""


for command in (generate, doctor, models, world, train, evaluate):
    cli.add_command(command)


def main() -> None:
    """Run the command line; the only place where errors become text and exit statuses."""
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except SoramameError as error:
        click.echo(f"soramame: {error}", err=True)
        sys.exit(error.exit_status)
    except click.ClickException as error:
        click.echo(f"soramame: {error.format_message()}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("soramame: stopped; nothing was written.", err=True)
        sys.exit(130)
