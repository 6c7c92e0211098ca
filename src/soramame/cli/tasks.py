"""Commands that make more of a clip: extend, fill, loop."""

from __future__ import annotations

import json as jsons
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.cli.generate import progress_bar
from soramame.cli.groups import file, model_options, output

if TYPE_CHECKING:
    from soramame.engine import Soramame
    from soramame.media import Clip

SAMPLING = ("prompt", "seed", "steps", "guidance", "negative", "solver")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all of these commands can be told."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("--solver", help="euler, heun, unipc or renoise."),
        click.option("--negative", help="What should not be seen."),
        click.option("--guidance", type=float, help="How hard to follow the prompt."),
        click.option("--steps", type=int, help="Steps from noise to video, for each window."),
        click.option("--seed", type=int, help="The same seed makes the same clip."),
        click.option("--prompt", help="What happens in the new part; by default what the clip was made from."),
        click.option(
            "--seconds", type=float, default=2.0, show_default=True, help="How long the new part is, at most 60."
        ),
        output,
    ):
        command = option(command)
    return model_options(command)


@click.command()
@click.argument("source", type=file)
@click.option("--backward", is_flag=True, help="Add what happened before.")
@_options
def extend(source: Path, backward: bool, **options: Any) -> None:
    """Let the clip SOURCE go on, or begin earlier; its own frames stay as they are."""
    _run([source], options, lambda sora, clips, how: sora.extend(clips[0], backward=backward, **how))


@click.command()
@click.argument("first", type=file)
@click.argument("second", type=file)
@_options
def fill(first: Path, second: Path, **options: Any) -> None:
    """Join the clips FIRST and SECOND by what happens between them."""
    _run([first, second], options, lambda sora, clips, how: sora.fill(clips[0], clips[1], **how))


@click.command()
@click.argument("source", type=file)
@_options
def loop(source: Path, **options: Any) -> None:
    """Let the clip SOURCE lead back to its first frame, so that it can be played for ever."""
    _run([source], options, lambda sora, clips, how: sora.loop(clips[0], **how))


def _run(
    sources: list[Path], options: dict[str, Any], work: Callable[[Soramame, list[Clip], dict[str, Any]], Clip]
) -> None:
    """Load clips and model, work under a bar, write, and say what was made of what."""
    from soramame.engine import Soramame
    from soramame.media import Clip, check_output

    started, target = time.perf_counter(), check_output(options["output"])
    clips = [Clip.load(path) for path in sources]
    how = {name: options[name] for name in SAMPLING if options[name] is not None}
    with progress_bar(quiet=options["as_json"]) as bar:
        task = bar.add_task("loading", total=None)
        runtime = {name: options[name] for name in ("device", "dtype")}
        sora = Soramame.load(options["model"], **runtime)

        def moved(progress: Any) -> None:
            bar.update(task, completed=progress.step, total=progress.steps, description="painting")

        made = work(sora, clips, {**how, "seconds": options["seconds"], "on_progress": moved})
    path, took = made.save(target), time.perf_counter() - started
    if options["as_json"]:
        facts = {"output": str(path), "frames": len(made.frames), "fps": made.fps, "took_seconds": round(took, 2)}
        click.echo(jsons.dumps({**facts, **made.metadata}))
        return
    for name, done in zip(sources, made.metadata["conformed"], strict=True):
        if done:
            click.echo(f"{name}: {done}")
    click.echo(f"{path}: {made.seconds:.1f} s of video, {made.metadata['size']}, made in {took:.1f} s")
