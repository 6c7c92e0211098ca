"""Commands of the paper world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from soramame.cli.groups import Ordered


@click.group(cls=Ordered)
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
