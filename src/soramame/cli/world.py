"""Commands of the paper world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from soramame.cli.groups import Ordered, file, some


@click.group(cls=Ordered)
def world() -> None:
    """The paper world: captioned clips whose every fact is known."""


def _curriculum(name: str) -> Any:
    from soramame.world.sample import Curriculum

    return {"world": Curriculum.world, "mame": Curriculum.mame}[name]()


any_seed = click.IntRange(0, 2**31 - 1)
_breadth = click.option(
    "--curriculum",
    type=click.Choice(["world", "mame"]),
    default="world",
    show_default=True,
    help="How much of the world.",
)


@world.command("render")
@click.option("-o", "--output", type=file, required=True, help="Folder for clips and truths.")
@click.option("--count", type=some, default=8, show_default=True, help="How many clips.")
@click.option("--seed", type=any_seed, default=0, show_default=True, help="Seed of the first clip.")
@click.option("--size", default="256x160", show_default=True, help="WIDTHxHEIGHT in pixels.")
@click.option("--seconds", default=4.0, show_default=True, help="Length of a clip, at most 60.")
@click.option("--fps", type=click.IntRange(1, 60), default=8, show_default=True, help="Frames a second.")
@click.option("--processes", type=some, default=1, show_default=True, help="How many draw side by side.")
@_breadth
def world_render(
    output: Path, count: int, seed: int, size: str, seconds: float, fps: int, processes: int, curriculum: str
) -> None:
    """Write clips with captions and truth: NUMBER.mp4 and NUMBER.json."""
    from soramame.geometry import LatentGrid, frames_for, parse_size
    from soramame.world.library import write_clips

    chosen = LatentGrid(space=1, patch=2).check(parse_size(size))
    frames = frames_for(seconds, fps)
    for path in write_clips(
        output,
        range(seed, seed + count),
        _curriculum(curriculum),
        size=(chosen.width, chosen.height),
        num_frames=frames,
        fps=fps,
        workers=processes,
    ):
        click.echo(str(path))


@world.command("sheet")
@click.option("-o", "--output", type=file, required=True, help="Picture to write; .png, .jpg or .webp.")
@click.option("--count", type=some, default=16, show_default=True, help="How many scenes.")
@click.option("--seed", type=any_seed, default=0, show_default=True, help="Seed of the first scene.")
@_breadth
def world_sheet(output: Path, count: int, seed: int, curriculum: str) -> None:
    """Write a contact sheet of scenes with their captions."""
    from soramame.media import check_output, save_picture
    from soramame.media.write import PICTURES
    from soramame.world.library import sheet

    check_output(output, PICTURES)
    click.echo(str(save_picture(sheet(range(seed, seed + count), _curriculum(curriculum)), output)))
