"""Commands about where a file comes from: verify, trust."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.cli.groups import Ordered, file
from soramame.errors import OptionError

if TYPE_CHECKING:
    from soramame.safety.credentials import Ingredient
    from soramame.safety.detector import Detection
    from soramame.safety.identity import Identity
    from soramame.safety.verify import Marked, Report

OTHER = 10
"""Exit status for a file that was checked, and is not both unchanged and by somebody who is trusted."""
WIDTH = 12
SAID = ("prompt", "seed", "seconds", "size", "steps", "guidance", "solver")
"""What of a recipe is shown; --json has all of it."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=file)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, a line a file.")
@click.pass_context
def verify(context: click.Context, files: Sequence[Path], as_json: bool) -> None:
    """Say what is known of each of FILES: its Content Credentials, the mark in its pixels, and how it was made.

    Where none of these tells, a detector says whether it looks like a clip of this system: a hint,
    which changes no exit status.

    The exit status is 0 if all are unchanged and signed by somebody who is trusted here, 10 if not.
    """
    from soramame.safety.verify import Verdict
    from soramame.safety.verify import verify as verified

    good = True
    for path in files:
        report = verified(path)
        good = good and report.verdict in (Verdict.OURS, Verdict.SIGNED)
        click.echo(json.dumps(report.as_json(), default=str) if as_json else _told(report))
    if not good:
        context.exit(OTHER)


def _told(report: Report) -> str:
    credentials = report.credentials
    lines = [_printable(f"{report.path}: {report.verdict}. {report.reason}")]
    lines.append(_line("credentials", f"{credentials.state}: {credentials.reason}"))
    if credentials.signed_at:
        clock = "a time-stamp authority" if credentials.time_stamped else "the signer's clock"
        lines.append(_line("signed", f"{credentials.signed_at:%Y-%m-%d %H:%M:%S %Z} by {clock}"))
    lines += _marks(report.marks)
    if report.unread:
        lines.append(_line("watermark", f"not looked for: {report.unread}"))
    if report.likeness is not None:
        lines.append(_line("detector", _likeness(report.likeness)))
    if credentials.recipe:
        told = ", ".join(f"{name} {credentials.recipe[name]!r}" for name in SAID if name in credentials.recipe)
        lines.append(_line("recipe", f"{credentials.task}; {told}"))
    lines += _tree(credentials.ingredients, 0)
    return "\n".join(lines)


def _marks(marks: Sequence[Marked]) -> list[str]:
    """A line for each part of a file that was looked at; one if none of them has a mark."""
    frames = sum(mark.frames for mark in marks)
    if all(mark.found is None for mark in marks):
        places = f" at {len(marks)} times" if len(marks) > 1 else ""
        return [_line("watermark", f"none found (of {frames} frames{places})")] if marks else []
    lines = []
    for mark in marks:
        frame = f", frame {mark.first}" if mark.first else ""
        where = f"at {mark.at:.1f} s{frame}, " if len(marks) > 1 else ""
        found = mark.found and f"payload {mark.payload}, {mark.found.confidence:.0%} of its bits right"
        lines.append(_line("watermark", f"{where}{found or 'none found'} (of {mark.frames} frames)"))
    return lines


def _likeness(likeness: Detection) -> str:
    share = "" if likeness.probability is None else f" ({likeness.probability:.0%})"
    return f"{likeness.answer}{share}: {likeness.reason}"


def _line(name: str, text: str) -> str:
    return f"  {name:{WIDTH}} {_printable(text)}"


def _printable(text: str) -> str:
    """In one line, without what plays with a terminal: a file's name may hold anything."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _tree(ingredients: Sequence[Ingredient], depth: int) -> list[str]:
    lines = []
    for one in ingredients:
        lines.append(_line("made from" if not depth else "", f"{'  ' * depth}{one.title}: {one.state}"))
        lines += _tree(one.ingredients, depth + 1)
    return lines


@click.group(cls=Ordered)
def trust() -> None:
    """Who signs what is made here, and whom to believe."""


@trust.command("init")
@click.option("--certificate", type=file, help="Your own certificates, PEM, the signer's first.")
@click.option("--key", type=file, help="Its private key, PEM.")
@click.option("--passphrase-env", help="Environment variable with the key's passphrase.")
@click.option("--command", help="A command that signs what it gets on standard input, instead of a key.")
@click.option("--tsa", help="Address of an RFC 3161 time-stamp authority.")
def trust_init(
    certificate: Path | None, key: Path | None, passphrase_env: str | None, command: str | None, tsa: str | None
) -> None:
    """Make a signing identity here, or sign with your own certificate from now on.

    With --tsa alone, what is signed here is time-stamped from now on.
    """
    from soramame.safety.identity import INDEX, Identity, default_folder

    if certificate is None:
        if key or command or passphrase_env:
            raise OptionError("a key or a signing command needs its --certificate.")
        there = (default_folder() / INDEX).exists()
        _show(Identity.stamp(tsa) if tsa and there else Identity.create(time_stamp=tsa))
        return
    words = shlex.split(command) if command else ()
    _show(Identity.adopt(chain=certificate, key=key, passphrase_env=passphrase_env, command=words, time_stamp=tsa))


@trust.command("show")
def trust_show() -> None:
    """Show the identity, and the root that others have to trust to believe it."""
    from soramame.safety.identity import Identity

    identity = Identity.load()
    _show(identity)
    if identity.root_pem:
        click.echo(identity.root_pem, nl=False)


@trust.command("rotate")
@click.option("--new-root", is_flag=True, help="A new root too: when the folder has been in the wrong hands.")
def trust_rotate(new_root: bool) -> None:
    """Sign and mark with new keys from now on; what was made before stays known."""
    from soramame.safety.identity import Identity

    _show(Identity.rotate(new_root=new_root))


@trust.command("add")
@click.argument("root", type=file)
def trust_add(root: Path) -> None:
    """Believe what is signed under the certificate authorities in ROOT, a PEM file."""
    from soramame.safety.identity import add_root

    click.echo(f"{add_root(root)}: trusted from now on")


def _show(identity: Identity) -> None:
    leaf = identity.chain[0]
    facts: dict[str, Any] = {
        "folder": identity.folder,
        "signer": identity.name,
        "key": identity.key_id,
        "until": f"{leaf.not_valid_after_utc:%Y-%m-%d}",
        "time stamps": identity.time_stamp or "none",
        "known keys": len(identity.trust.watermark_keys),
        "believed": len(identity.trust.roots),
    }
    for name, value in facts.items():
        click.echo(f"{name:{WIDTH}} {value}")
