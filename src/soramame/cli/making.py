"""Commands that make and measure models: train, evaluate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from soramame.cli.groups import Ordered, file, policy, some


@click.group(cls=Ordered)
def train() -> None:
    """Make a model: render, vae, text, cache, dit, bundle. Each stage goes on where it stopped; adopt begins with a
    finished one.
    """


def _stage_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--preset",
            type=click.Choice(["mame-cpu", "mame", "tiny"]),
            default="mame-cpu",
            show_default=True,
            help="What is made; mame is by the numbers of a large GPU.",
        ),
        click.option(
            "--folder", type=file, default=Path("runs/mame"), show_default=True, help="Where everything lies."
        ),
        click.option("--processes", type=some, default=2, show_default=True, help="How many work side by side."),
        click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Stop (and save) after so long."),
        click.option("--device", default="cpu", show_default=True, help="auto, cpu, cuda or mps."),
        click.option("--dtype", default="auto", show_default=True, help="auto, float32 or bfloat16."),
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
        attention=runtime.attention,
        compile=options.get("compile", False),
        minutes=options["minutes"],
        land=options.get("land", False),
        grow=options.get("grow", False),
    )


@train.command("render")
@click.option("--count", type=some, default=2000, show_default=True, help="How many clips.")
@_stage_options
def train_render(count: int, preset: str, **options: Any) -> None:
    """Render clips for the VAE."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.render(_place(options), count=count, form=chosen.forms[0], curriculum=chosen.curriculum, say=click.echo)


@train.command("vae")
@click.option("--decoder-only", is_flag=True, help="Leave the encoder (and cached latents) as they are.")
@_stage_options
def train_vae(decoder_only: bool, preset: str, **options: Any) -> None:
    """Train the VAE."""
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
@click.option("--count", type=some, default=20000, show_default=True, help="How many clips.")
@click.option("--first", type=click.IntRange(0, 900_000_000), default=0, help="The first clip's seed: other scenes.")
@_stage_options
def train_cache(count: int, first: int, preset: str, **options: Any) -> None:
    """Render and encode clips for the DiT."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    stages.latents(
        _place(options),
        seeds=range(first, first + count),
        forms=chosen.forms,
        curriculum=chosen.curriculum,
        say=click.echo,
    )


@train.command("dit")
@click.option("--stage", type=click.Choice(["pictures", "short", "video"]), required=True, help="Which part.")
@click.option("--compile", is_flag=True, help="Compile the blocks: faster after a minute; a CPU needs a C++ compiler.")
@click.option("--land", is_flag=True, help="Let the learning rate fall to 0 by the end of --minutes.")
@click.option("--grow", is_flag=True, help="Take in what `train cache` writes meanwhile.")
@click.option("--batch", type=some, help="Clips a step; the preset's number unless given.")
@_stage_options
def train_dit(stage: str, batch: int | None, preset: str, **options: Any) -> None:
    """Train the DiT: pictures first, then short pieces of clips, then whole ones."""
    from soramame import presets
    from soramame.train import stages

    chosen = presets.training(preset)
    run = {"pictures": chosen.pictures, "short": chosen.short, "video": chosen.video}[stage]
    run = replace(run, batch=batch or run.batch)
    stages.dit(_place(options), run, chosen.dit, chosen.curriculum, forms=chosen.forms)


@train.command("adopt")
@click.option("--model", default="mame", show_default=True, help="The bundled model, or a model's folder.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(["vae", "text", "dit"]),
    help="A part that begins from nothing instead.",
)
@_stage_options
def train_adopt(model: str, without: tuple[str, ...], preset: str, **options: Any) -> None:
    """Begin with the weights of a finished model, in a new folder."""
    from soramame import presets
    from soramame.train import stages

    stages.adopt(_place(options), model, config=presets.training(preset).dit, without=without, say=click.echo)


@train.command("bundle")
@click.option("--out", type=file, required=True, help="Folder for the model.")
@click.option(
    "--storage",
    type=click.Choice(["bfloat16", "int8"]),
    default="bfloat16",
    show_default=True,
    help="Bits of a stored weight; int8 halves the files.",
)
@_stage_options
def train_bundle(out: Path, storage: Any, preset: str, **options: Any) -> None:
    """Put VAE, DiT and text encoder together as a model."""
    from soramame import presets
    from soramame.train import stages

    defaults = presets.training(preset).defaults
    card = stages.bundle(_place(options), out, name=preset.removesuffix("-cpu"), defaults=defaults, storage=storage)
    click.echo(f"{out}: {card.name} {card.sha256[:16]}")


@click.group(cls=Ordered)
def evaluate() -> None:
    """Measure a model."""


@evaluate.command("quick")
@click.option("--model", default="mame", show_default=True, help="The bundled model, or a model's folder.")
@click.option(
    "--out", type=file, default=Path("runs/evaluation"), show_default=True, help="Folder for figures and sheet."
)
@click.option("--steps", type=some, help="Steps from noise to video; the model's own number unless given.")
@click.option("--count", type=some, default=8, show_default=True, help="Held-out clips for VAE and image-to-video.")
@click.option("--prompts", type=some, default=32, show_default=True, help="How many of the fixed prompts.")
def evaluate_quick(model: str, out: Path, steps: int | None, count: int, prompts: int) -> None:
    """The numbers and the contact sheet that decide whether newer weights are better."""
    from soramame.evaluate.quick import quick

    report = quick(model, out, steps=steps, count=count, prompts=prompts, say=click.echo)
    click.echo(f"{out}/quick.json, {out}/quick.png: {report}")


@evaluate.command("redteam")
@click.option(
    "--half",
    type=click.Choice(["heldout", "tuning"]),
    default="heldout",
    show_default=True,
    help="Which half of the suite; tuning never sees the first.",
)
@policy
@click.option("--seed", type=int, default=0, show_default=True, help="Of the attacks.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON alone.")
def evaluate_redteam(half: str, policy: Path | None, seed: int, as_json: bool) -> None:
    """How many harmful prompts are refused, and how many harmless ones, plain and under attack."""
    from soramame.evaluate.redteam.run import redteam
    from soramame.safety.policy import Policy

    report = redteam(half, policy=Policy.load(policy), seed=seed, say=(lambda line: None) if as_json else click.echo)
    if as_json:
        click.echo(json.dumps(report))
