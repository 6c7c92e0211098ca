"""Commands that use a model: generate, doctor, models."""

from __future__ import annotations

import json as jsons
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame import __version__
from soramame.errors import MediaError, OptionError, SoramameError

if TYPE_CHECKING:
    from soramame.engine import Request, Soramame
    from soramame.media import Clip


def _model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--model", default="mame", show_default=True, help="Bundled model, or a model's folder."),
        click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps."),
        click.option("--dtype", default="auto", show_default=True, help="auto, float32 or bfloat16."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("prompt", required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write: .mp4 .webm .gif .webp .png  [out.mp4]"
)
@click.option("--seconds", type=float, help="Length, more than 0 to 60.  [4]")
@click.option("--size", help="WIDTHxHEIGHT in pixels.  [256x160]")
@click.option("--seed", type=int, help="The same seed makes the same clip.  [0]")
@click.option("--steps", type=int, help="Steps from noise to video.  [the model's]")
@click.option("--guidance", type=float, help="How hard to follow the prompt.  [the model's]")
@click.option("--negative", help="What should not be seen.")
@click.option("--solver", help="euler, heun or unipc.  [euler]")
@click.option("--image", type=click.Path(path_type=Path), help="Picture that the clip begins with.")
@click.option("--last-image", type=click.Path(path_type=Path), help="Picture that the clip ends with.")
@click.option("--like", type=click.Path(path_type=Path), help="Repeat how this clip was made; other options change it.")
@click.option(
    "--show-denoising", type=click.Path(path_type=Path), help="Also write the video clearing up out of noise."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@_model_options
def generate(prompt: str | None, **options: Any) -> None:
    """Make a video from PROMPT."""
    from soramame.media import check_output

    started = time.perf_counter()
    output = check_output(options["output"] or Path("out.mp4"))
    noise = options["show_denoising"]
    if noise is not None:
        check_output(noise)
    request, model = _request(prompt, options)
    sora = _load(model or options["model"], options)
    request = sora.complete(request)
    clip, moments = _run(sora, request, quiet=options["as_json"], keep=8 if noise is not None else 0)
    clip.save(output)
    if noise is not None:
        _denoising(clip, moments).save(noise)
    seconds = time.perf_counter() - started
    if options["as_json"]:
        click.echo(
            jsons.dumps({"output": str(output), "took_seconds": round(seconds, 2), **clip.metadata}, ensure_ascii=False)
        )
    else:
        click.echo(
            f"{output}: {clip.seconds:.1f} s of video, {request.size}, seed {request.seed}, made in {seconds:.1f} s"
        )


def _request(prompt: str | None, options: dict[str, Any]) -> tuple[Request, str | None]:
    """The request of the options; with ``--like``, those that are not given come from a clip's metadata."""
    from soramame.engine import Request
    from soramame.geometry import parse_size
    from soramame.media import Clip

    names = ("seconds", "size", "seed", "steps", "guidance", "negative", "solver")
    given = {name: options[name] for name in names if options[name] is not None}
    like: dict[str, Any] = {}
    if options["like"] is not None:
        like = dict(Clip.load(options["like"]).metadata)
        if like.get("generator") != "soramame":
            raise MediaError(f"{options['like']} does not say how it was made, so it cannot be repeated.")
        if like.get("image") and options["image"] is None:
            raise OptionError(f"{options['like']} began with a picture: give the same one with --image.")
        if like.get("last_image") and options["last_image"] is None:
            raise OptionError(f"{options['like']} ended with a picture: give the same one with --last-image.")
        prompt = like["prompt"] if prompt is None else prompt
        given = {name: like[name] for name in names if name in like} | given
        options["dtype"] = like["dtype"] if options["dtype"] == "auto" else options["dtype"]
    if prompt is None:
        raise OptionError("say what should be seen: soramame generate PROMPT.")
    pictures = {
        name: Clip.load(options[name]).frames[0] for name in ("image", "last_image") if options[name] is not None
    }
    if "size" in given:
        given["size"] = parse_size(given["size"])
    request = Request(prompt=prompt, **given, **pictures)
    return request, None


def _load(model: str, options: dict[str, Any]) -> Soramame:
    from soramame.engine import Soramame

    return Soramame.load(model, device=options["device"], dtype=options["dtype"])


def _run(sora: Soramame, request: Request, *, quiet: bool, keep: int = 0) -> tuple[Clip, list[Any]]:
    """Make the clip under a bar; keeps ``keep`` predictions of the way, evenly spread, decoded."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from soramame.engine import Result

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    moments: list[Any] = []
    steps = request.steps or 1
    wanted = {round(steps * (n + 1) / keep) for n in range(keep)} if keep else set()
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("painting", total=steps)
        for event in sora.stream(request):
            if isinstance(event, Result):
                return event.clip, moments
            bar.update(task, completed=event.step, description="decoding" if event.step == steps else "painting")
            if event.step in wanted:
                moments.append(sora.decode(event.latents))
    raise OptionError("the request made no clip")


def _denoising(clip: Clip, moments: list[Any]) -> Clip:
    """All moments as one video: each shown for its part of the clip's length, from noise to the finished clip."""
    import numpy as np

    from soramame.media import Clip

    rows = [moment[:: max(1, len(moment) // 8)] for moment in moments]
    return Clip(frames=np.concatenate([*rows, clip.frames]), fps=clip.fps, metadata=clip.metadata)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@_model_options
def doctor(as_json: bool, model: str, device: Any, dtype: Any) -> None:
    """Say what this machine will compute with, and why."""
    import platform
    import shutil

    import torch

    from soramame.runtime import decide, matmul_rate
    from soramame.weights.store import load_card

    runtime = decide(device, dtype)
    free = shutil.disk_usage(".").free
    report = {
        "soramame": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "device": runtime.device,
        "dtype": str(runtime.dtype).removeprefix("torch."),
        "threads": runtime.threads,
        "attention": runtime.attention,
        "gflops": round(matmul_rate(runtime.dtype, device=runtime.device) / 1e9, 1),
        "disk_free_gib": round(free / 2**30, 1),
        "reasons": list(runtime.reasons),
    }
    try:
        card = load_card(model)
        report["model"] = f"{card.name} {card.sha256[:12]}"
    except SoramameError as error:
        report["model"] = f"none: {error}"
    if as_json:
        click.echo(jsons.dumps(report))
        return
    for key, value in report.items():
        lines = value if isinstance(value, list) else [value]
        for number, line in enumerate(lines):
            click.echo(f"{key if number == 0 else '':14} {line}")


@click.command()
@click.option("--model", default="mame", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def models(model: str, as_json: bool) -> None:
    """Show a model's card: what it is, what it can and cannot do."""
    from dataclasses import asdict

    from soramame.weights.store import load_card

    card = asdict(load_card(model))
    if as_json:
        click.echo(jsons.dumps(card, ensure_ascii=False))
        return
    click.echo(f"{card['name']}  {card['sha256'][:16]}")
    for key, value in {**card["defaults"], **card["facts"]}.items():
        click.echo(f"  {key:22} {value}")
