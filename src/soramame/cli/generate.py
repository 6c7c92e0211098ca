"""The command that makes videos."""

from __future__ import annotations

import json as jsons
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.cli.groups import file, model_options, output
from soramame.cli.like import PICTURES, REQUEST, Like, like
from soramame.errors import OptionError

if TYPE_CHECKING:
    from rich.progress import Progress

    from soramame.engine import Request, Soramame
    from soramame.media import Clip, Frames

PANELS = 6
"""Moments side by side in the video of ``--show-denoising``, the finished clip among them."""


@click.command()
@click.argument("prompt", required=False)
@output
@click.option("--seconds", type=float, help="Length, more than 0 and at most 60.")
@click.option("--size", help="WIDTHxHEIGHT in pixels.")
@click.option("--seed", type=int, help="The same seed makes the same clip.")
@click.option("--steps", type=int, help="Steps from noise to video.")
@click.option("--guidance", type=float, help="How hard to follow the prompt.")
@click.option("--negative", help="What should not be seen.")
@click.option("--solver", help="euler, heun, unipc or renoise.")
@click.option("--image", type=file, help="Picture that the clip begins with.")
@click.option("--last-image", type=file, help="Picture that the clip ends with.")
@click.option("--like", "example", type=file, help="Repeat how this clip was made; other options change it.")
@click.option("--show-denoising", type=file, help="Also write a video of the clip at moments from noise to video.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@model_options
@click.pass_context
def generate(context: click.Context, /, prompt: str | None, **options: Any) -> None:
    """Make a video from PROMPT. What is left open is the model's default (`soramame models` shows it)."""
    from soramame.media import check_output, strip

    started = time.perf_counter()
    target, noise = check_output(options["output"]), options["show_denoising"]
    if noise is not None and check_output(noise).absolute() == target.absolute():
        raise OptionError("the video of --show-denoising needs another name than the output.")
    named = context.get_parameter_source("model") is click.core.ParameterSource.COMMANDLINE
    recipe = like(options["example"], any_model=named) if options["example"] else None
    request = _request(prompt, options, recipe)
    made = _make(request, options, recipe, panels=PANELS if noise is not None else 0)
    path = made.clip.save(target)
    if noise is not None:
        panels = strip([*made.moments, made.clip.frames], columns=3)
        type(made.clip)(frames=panels, fps=made.clip.fps, metadata=made.clip.metadata).save(noise)
    _tell(path, made.clip, time.perf_counter() - started, as_json=options["as_json"], noise=noise)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A clip, and frames of the moments before it was finished."""

    clip: Clip
    moments: list[Frames]


def _request(prompt: str | None, options: dict[str, Any], recipe: Like | None) -> Request:
    """The request of the options; what they leave open comes from the recipe, if there is one."""
    from soramame.engine import Request
    from soramame.geometry import parse_size
    from soramame.media import read_picture

    fields = dict(recipe.request) if recipe else {}
    given = {**options, "prompt": prompt}
    fields |= {name: given[name] for name in REQUEST if given[name] is not None}
    if "prompt" not in fields:
        raise OptionError('say what should be seen: soramame generate "a wolf runs through the snow".')
    if "size" in fields:
        fields["size"] = parse_size(fields["size"])
    pictures: dict[str, Any] = {name: read_picture(options[name]) for name in PICTURES if options[name] is not None}
    if recipe:
        recipe.check_pictures(pictures)
    return Request(**fields, **pictures)


def _make(request: Request, options: dict[str, Any], recipe: Like | None, *, panels: int) -> _Made:
    """Load the model and run it under a bar, keeping so many moments, the end among them."""
    from soramame.engine import Soramame

    runtime = dict(recipe.runtime) if recipe else {}
    runtime |= {name: options[name] for name in ("device", "dtype") if options[name] != "auto"}
    with progress_bar(quiet=options["as_json"]) as bar:
        task = bar.add_task("loading", total=None)
        sora = Soramame.load(options["model"], **runtime)
        if recipe:
            recipe.check_model(sora.card.sha256)
        request = sora.complete(request)
        bar.reset(task, total=request.steps, description="painting")
        return _run(sora, request, bar, task=task, panels=panels)


def _run(sora: Soramame, request: Request, bar: Progress, *, task: Any, panels: int) -> _Made:
    from soramame.engine import Result

    moments: list[Frames] = []
    for event in sora.stream(request):
        if isinstance(event, Result):
            return _Made(clip=event.clip, moments=moments)
        done = event.step == event.steps
        bar.update(task, completed=event.step, total=event.steps, description="decoding" if done else "painting")
        # The first step, then even spaces of noise, not of steps: the last moment is the clip itself.
        if not done and event.time <= 1 - len(moments) / max(1, panels - 1) and len(moments) < panels - 1:
            moments.append(sora.decode(event.latents))
    raise RuntimeError("the stream of a request ends with its result")


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


def _tell(path: Path, clip: Clip, took: float, *, as_json: bool, noise: Path | None) -> None:
    if as_json:
        facts = {"output": str(path), "frames": len(clip.frames), "fps": clip.fps, "took_seconds": round(took, 2)}
        if noise is not None:
            facts["show_denoising"] = str(noise)
        click.echo(jsons.dumps({**facts, **clip.metadata}))
        return
    seed, size = clip.metadata["seed"], clip.metadata["size"]
    click.echo(f"{path}: {clip.seconds:.1f} s of video, {size}, seed {seed}, made in {took:.1f} s")
    if noise is not None:
        click.echo(f"{noise}: the same from noise to video")
