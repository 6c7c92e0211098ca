"""The command line: parse, call, print. Heavy modules are imported by the command that needs them, so that help is instant.

Errors are one sentence on standard error and an exit status by kind (:mod:`soramame.errors`); Ctrl-C is 130.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

import click

from soramame import __version__
from soramame.cli.edge import explained
from soramame.cli.generate import generate
from soramame.cli.groups import Ordered
from soramame.cli.machine import doctor, models
from soramame.cli.making import evaluate, train
from soramame.cli.serve import serve
from soramame.cli.tasks import blend, cut, extend, fill, inpaint, loop, remix, storyboard, upres
from soramame.cli.trust import trust, verify
from soramame.cli.world import world


@click.group(cls=Ordered, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="soramame")
def cli() -> None:
    """Soramame: a sentence becomes a video, offline, on the machine you have."""


for command in (
    generate,
    cut,
    extend,
    fill,
    loop,
    blend,
    remix,
    inpaint,
    upres,
    storyboard,
    verify,
    trust,
    doctor,
    models,
    serve,
    world,
    train,
    evaluate,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; the only place where errors become text and exit statuses."""
    # Before torch is loaded: by default its threads wait for one another by spinning for long, which on a busy machine takes
    # the time from those that they wait for.
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        status = cli(prog_name="soramame", standalone_mode=False) or 0
    except BaseException as error:  # also Ctrl-C and an end that was asked for
        status, sentence = explained(error)
        if sentence:
            click.echo(f"soramame: {sentence}", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.exit(status)


def _terminated(number: int, frame: FrameType | None) -> None:
    """An end that was asked for runs the same way out as Ctrl-C, so that no unfinished file is left."""
    sys.exit(128 + number)
