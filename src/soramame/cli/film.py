"""How every command that makes a video does it: load, paint under a bar, write, and say what was made of what."""

from __future__ import annotations

import json as jsons
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.errors import OptionError

if TYPE_CHECKING:
    from rich.progress import Progress

    from soramame.engine import Film, Soramame, Written

SAMPLING = ("seed", "steps", "guidance", "negative", "solver")
"""What every kind of painting can be told."""
RUNTIME = ("device", "dtype", "threads", "attention")

sampling = (
    click.option("--seed", type=int, help="The same seed makes the same clip."),
    click.option("--steps", type=int, help="Steps from noise to video."),
    click.option("--guidance", type=float, help="How hard to follow the prompt."),
    click.option("--negative", help="What should not be seen."),
    click.option("--solver", help="euler, heun, unipc or renoise."),
)
resume = click.option("--resume", is_flag=True, help="Go on with what was stopped on the way to the same file.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def said(options: Mapping[str, Any], names: tuple[str, ...] = SAMPLING) -> dict[str, Any]:
    """The options among ``names`` that were given."""
    return {name: options[name] for name in names if options[name] is not None}


def make(
    options: Mapping[str, Any],
    plan: Callable[[Soramame], Film],
    *,
    sources: tuple[Path, ...] = (),
    runtime: Mapping[str, Any] | None = None,
) -> None:
    """Load the model, plan with it, and write the film to ``options["output"]``; ``sources`` are the files that it is made of.

    ``runtime``: what to compute with unless the options say it.
    """
    from soramame.engine import Soramame
    from soramame.media import check_output, sound_kept

    started, target = time.perf_counter(), check_output(options["output"])
    with progress_bar(quiet=options["as_json"]) as bar:
        task = bar.add_task("loading", total=None)
        sora = Soramame.load(options["model"], policy=options["policy"], **_runtime(options, target, runtime or {}))
        film = plan(sora)

        def moved(progress: Any) -> None:
            bar.update(task, completed=progress.step, total=progress.steps, description="painting")

        written = sora.write(film, target, on_progress=moved, resume=options["resume"])
    told_once(sora)
    for note in written.notes:
        click.echo(note, err=True)
    if film.audio is not None and not sound_kept(target):
        click.echo(f"{target}: {target.suffix} has no sound; .mp4 and .webm have", err=True)
    tell(written, sources, time.perf_counter() - started, as_json=options["as_json"])


def told_once(sora: Soramame) -> None:
    """Say what the user should know of the identity that signs, if it is new."""
    if sora.guard.notice:
        click.echo(sora.guard.notice, err=True)


def _runtime(options: Mapping[str, Any], target: Path, otherwise: Mapping[str, Any]) -> dict[str, Any]:
    """What to compute with: as the options say, as what is taken up did, as was asked for otherwise."""
    from soramame.engine import begun

    chosen = dict(otherwise)
    if options["resume"]:
        made = begun(target)
        chosen = {name: made[name] for name in RUNTIME if name in made}
        if chosen.get("dtype") not in (None, "float32", "bfloat16"):
            raise OptionError(f"what was kept of {target} is damaged: leave --resume out.")
    return chosen | {name: options[name] for name in ("device", "dtype") if options[name] != "auto"}


def tell(
    written: Written, sources: tuple[Path, ...], took: float, *, as_json: bool, more: Mapping[Path, str] | None = None
) -> None:
    """Say what was made, and what was done to the sources; ``more``: names of further files and what they show."""
    if as_json:
        files = {
            "output": str(written.path),
            "frames": written.frames,
            "fps": written.fps,
            "took_seconds": round(took, 2),
        }
        click.echo(jsons.dumps({**files, **written.metadata}))
        return
    for source, done in zip(sources, written.metadata.get("conformed", ()), strict=True):
        if done:
            click.echo(f"{source}: {done}")
    seed = f", seed {written.metadata['seed']}" if "seed" in written.metadata else ""
    facts = f"{written.metadata['size']}{seed}"
    click.echo(f"{written.path}: {written.frames / written.fps:.1f} s of video, {facts}, made in {took:.1f} s")
    if "said" in written.metadata:
        click.echo(f"told: {written.metadata['prompt']}")
    for name, what in (more or {}).items():
        click.echo(f"{name}: {what}")


def progress_bar(*, quiet: bool) -> Progress:
    """Steps done, time gone and time left on standard error; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True)
