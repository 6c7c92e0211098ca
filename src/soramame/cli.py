"""The command line: parse, call, print. Heavy modules are imported by the command that needs them, so that help is instant.

Errors are one sentence on standard error and an exit status by kind (:mod:`soramame.errors`); Ctrl-C is 130.
"""

from __future__ import annotations

import json as jsons
import sys
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


class _Group(click.Group):
    """Keeps the order in which commands are written."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="soramame")
def cli() -> None:
    """Soramame: a sentence becomes a video, offline, on the machine you have."""


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


def _model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--model", default="mame", show_default=True, help="Bundled model, or a model's folder."),
        click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or mps."),
        click.option("--dtype", default="auto", show_default=True, help="auto, float32 or bfloat16."),
    ):
        command = option(command)
    return command


@cli.command()
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


@cli.command()
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


@cli.command()
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


@cli.group(cls=_Group)
def world() -> None:
    """The paper world: captioned clips whose every fact is known."""


def _curriculum(name: str) -> Any:
    from soramame.world.sample import Curriculum

    return {"world": Curriculum.world, "mame": Curriculum.mame}[name]()


_breadth = click.option(
    "--curriculum",
    type=click.Choice(["world", "mame"]),
    default="world",
    show_default=True,
    help="How much of the world.",
)


@world.command("render")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for clips and truths.")
@click.option("--count", default=8, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Seed of the first clip.")
@click.option("--size", default="256x160", show_default=True)
@click.option("--seconds", default=4.0, show_default=True)
@click.option("--fps", default=8, show_default=True)
@_breadth
def world_render(output: Path, count: int, seed: int, size: str, seconds: float, fps: int, curriculum: str) -> None:
    """Write clips with captions and truth: NUMBER.mp4 and NUMBER.json."""
    from soramame.geometry import frames_for, parse_size
    from soramame.world.library import write_clips

    chosen = parse_size(size)
    frames = frames_for(seconds, fps)
    for path in write_clips(
        output,
        range(seed, seed + count),
        _curriculum(curriculum),
        size=(chosen.width, chosen.height),
        num_frames=frames,
        fps=fps,
    ):
        click.echo(str(path))


@world.command("sheet")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Picture to write.")
@click.option("--count", default=16, show_default=True)
@click.option("--seed", default=0, show_default=True)
@_breadth
def world_sheet(output: Path, count: int, seed: int, curriculum: str) -> None:
    """Write a contact sheet of scenes with their captions."""
    from soramame.world.library import sheet

    sheet(range(seed, seed + count), _curriculum(curriculum)).save(output)
    click.echo(str(output))


@cli.group(cls=_Group)
def train() -> None:
    """Make a model: render, vae, text, cache, dit, bundle. Each stage goes on where it stopped."""


def _stage_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--preset", type=click.Choice(["mame", "tiny"]), default="mame", show_default=True),
        click.option("--folder", type=click.Path(path_type=Path), default=Path("runs/mame"), show_default=True),
        click.option("--processes", default=2, show_default=True),
        click.option("--minutes", type=float, help="Stop (and save) after so long."),
        click.option("--device", default="cpu", show_default=True),
        click.option("--dtype", default="auto", show_default=True),
    ):
        command = option(command)
    return command


def _place(options: dict[str, Any]) -> Any:
    from soramame.runtime import decide
    from soramame.train.stages import Place

    runtime = decide(options["device"], options["dtype"])
    return Place(
        folder=options["folder"],
        processes=options["processes"],
        device=runtime.device,
        dtype=runtime.dtype,
        minutes=options["minutes"],
    )


@train.command("render")
@click.option("--count", default=2000, show_default=True)
@_stage_options
def train_render(count: int, preset: str, **options: Any) -> None:
    """Render clips for the VAE."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.render(_place(options), count=count, form=chosen.form, curriculum=chosen.curriculum, say=click.echo)


@train.command("vae")
@click.option("--decoder-only", is_flag=True, help="Leave the encoder (and cached latents) as they are.")
@_stage_options
def train_vae(decoder_only: bool, preset: str, **options: Any) -> None:
    """Train the VAE."""
    from dataclasses import replace

    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.vae(_place(options), replace(chosen.vae_run, decoder_only=decoder_only), chosen.vae)


@train.command("text")
@_stage_options
def train_text(preset: str, **options: Any) -> None:
    """Train the text encoder on captions alone."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.text(_place(options), chosen.text, steps=chosen.text_steps, say=click.echo)


@train.command("cache")
@click.option("--count", default=20000, show_default=True)
@_stage_options
def train_cache(count: int, preset: str, **options: Any) -> None:
    """Render and encode clips for the DiT."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.latents(_place(options), seeds=range(count), form=chosen.form, curriculum=chosen.curriculum, say=click.echo)


@train.command("dit")
@click.option("--stage", type=click.Choice(["pictures", "video"]), required=True)
@_stage_options
def train_dit(stage: str, preset: str, **options: Any) -> None:
    """Train the DiT: pictures first, then video."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    run = chosen.pictures if stage == "pictures" else chosen.video
    stages.dit(_place(options), run, chosen.dit, chosen.curriculum)


@train.command("bundle")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the model.")
@_stage_options
def train_bundle(out: Path, preset: str, **options: Any) -> None:
    """Put VAE, DiT and text encoder together as a model."""
    from soramame import presets
    from soramame.train import stages

    card = stages.bundle(_place(options), out, name=preset, defaults=presets.training(preset).defaults)
    click.echo(f"{out}: {card.name} {card.sha256[:16]}")


@cli.group(cls=_Group)
def evaluate() -> None:
    """Measure a model."""


@evaluate.command("quick")
@click.option("--model", default="mame", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/evaluation"), show_default=True)
@click.option("--steps", default=16, show_default=True)
@click.option("--count", default=8, show_default=True, help="Held-out clips for VAE and image-to-video.")
@click.option("--prompts", default=32, show_default=True, help="How many of the fixed prompts.")
def evaluate_quick(model: str, out: Path, steps: int, count: int, prompts: int) -> None:
    """The numbers and the contact sheet that decide whether newer weights are better."""
    from soramame.evaluate.quick import quick

    report = quick(model, out, steps=steps, count=count, prompts=prompts, say=click.echo)
    click.echo(f"{out}/quick.json, {out}/quick.png: {report}")


if __name__ == "__main__":
    main()
