"""Commands that make more of a clip: cut, extend, fill, loop, blend, remix, inpaint, upres, storyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from soramame.cli.film import SAMPLING, as_json, make, resume, said, sampling
from soramame.cli.groups import file, model_options, output, policy
from soramame.errors import OptionError


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all of these commands can be told."""
    return _further(sampling[0](command))


def _further(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (*sampling[1:], resume, as_json, output):
        command = option(command)
    return model_options(policy(command))


_prompt = click.option("--prompt", help="What happens in the new part; by default what the clip was made from.")
_seconds = click.option("--seconds", type=float, help="How long the new part is, at most 60; 2 unless given.")
_strength = click.option("--strength", type=float, help="How much is made anew, more than 0 and at most 1.")


@click.command()
@click.argument("source", type=file)
@click.option("--start", type=float, default=0.0, show_default=True, help="Second that it begins at.")
@click.option("--end", type=float, help="Second that it ends at; the end of SOURCE unless given.")
@as_json
@output
@policy
@model_options
def cut(source: Path, start: float, end: float | None, **options: Any) -> None:
    """Keep what the clip SOURCE shows between two times; nothing is painted."""
    from soramame.engine.cut import cut as kept
    from soramame.media import Clip

    clip = Clip.load(source)
    make({**options, "resume": False}, lambda sora: kept(sora, clip, start=start, end=end))


@click.command()
@click.argument("source", type=file)
@click.option("--backward", is_flag=True, help="Add what happened before.")
@_prompt
@_seconds
@_options
def extend(source: Path, backward: bool, **options: Any) -> None:
    """Let the clip SOURCE go on, or begin earlier; its own frames stay as they are."""
    from soramame.engine import tasks
    from soramame.media import Clip

    clip = Clip.load(source)
    how = _beside(options)
    make(options, lambda sora: tasks.extend(sora, clip, backward=backward, **how), sources=(source,))


@click.command()
@click.argument("first", type=file)
@click.argument("second", type=file, required=False)
@click.option("--missing", help="Frames that FIRST lacks, counted from 0: 12-30, or 12-30,44.")
@_prompt
@_seconds
@_options
def fill(first: Path, second: Path | None, missing: str | None, **options: Any) -> None:
    """Join the clips FIRST and SECOND by what happens between them, or paint the missing frames of FIRST."""
    from soramame.engine import tasks
    from soramame.media import Clip

    if (second is None) == (missing is None):
        raise OptionError("name two clips to be joined, or one and its --missing frames.")
    how = _beside(options)
    if second is None:
        if options["seconds"] is not None:
            raise OptionError("how long the missing part is, is said by --missing: leave --seconds out.")
        clip, gaps = Clip.load(first), _ranges(missing or "")
        del how["seconds"]
        make(options, lambda sora: tasks.mend(sora, clip, gaps, **how), sources=(first,))
        return
    clips = [Clip.load(path) for path in (first, second)]
    make(options, lambda sora: tasks.fill(sora, *clips, **how), sources=(first, second))


@click.command()
@click.argument("source", type=file)
@_prompt
@_seconds
@_options
def loop(source: Path, **options: Any) -> None:
    """Let the clip SOURCE lead back to its first frame, so that it can be played for ever."""
    from soramame.engine import tasks
    from soramame.media import Clip

    clip, how = Clip.load(source), _beside(options)
    make(options, lambda sora: tasks.loop(sora, clip, **how), sources=(source,))


@click.command()
@click.argument("first", type=file)
@click.argument("second", type=file)
@click.option("--prompt", help="What is seen meanwhile; by default what SECOND was made from.")
@click.option("--seconds", type=float, help="How long they take to turn, within both; 2 unless given.")
@_strength
@_options
def blend(first: Path, second: Path, **options: Any) -> None:
    """Let the clip FIRST turn into the clip SECOND."""
    from soramame.engine import tasks
    from soramame.media import Clip

    clips, how = [Clip.load(path) for path in (first, second)], _beside(options)
    how |= said(options, ("strength",))
    make(options, lambda sora: tasks.blend(sora, *clips, **how), sources=(first, second))


@click.command()
@click.argument("source", type=file)
@click.argument("prompt")
@_strength
@_options
def remix(source: Path, prompt: str, **options: Any) -> None:
    """Paint the clip SOURCE over for PROMPT: the lower the strength (0.6 unless given), the more of it stays."""
    from soramame.engine import tasks
    from soramame.media import Clip

    clip, how = Clip.load(source), {"strength": tasks.STRENGTH, **said(options), **said(options, ("strength",))}
    make(options, lambda sora: tasks.remix(sora, clip, prompt, **how), sources=(source,))


@click.command()
@click.argument("source", type=file)
@click.argument("prompt")
@click.option("--mask", type=file, required=True, help="Picture or video of the clip's size: white is painted anew.")
@_strength
@_options
def inpaint(source: Path, prompt: str, mask: Path, **options: Any) -> None:
    """Paint PROMPT where a mask is white; everything else in the clip SOURCE stays as it is."""
    from soramame.engine import read_mask, tasks
    from soramame.media import Clip

    clip, over = Clip.load(source), read_mask(mask)
    how = {**said(options), **said(options, ("strength",))}
    make(options, lambda sora: tasks.inpaint(sora, clip, over, prompt, **how), sources=(source,))


@click.command()
@click.argument("source", type=file)
@click.option("--scale", type=float, default=2.0, show_default=True, help="How many times as large, 1 to 8.")
@click.option("--prompt", help="What is seen; by default what the clip was made from.")
@click.option("--strength", type=float, help="How much detail is made anew; 0.15 unless given.")
@_options
def upres(source: Path, scale: float, **options: Any) -> None:
    """Make the clip SOURCE larger, with detail that agrees with what it shows."""
    from soramame.engine import tasks
    from soramame.media import Clip

    clip, how = Clip.load(source), {**said(options), **said(options, ("strength", "prompt"))}
    make(options, lambda sora: tasks.upres(sora, clip, scale=scale, **{"prompt": None, **how}), sources=(source,))


@click.command()
@click.argument("board", type=file)
@click.option("--seed", type=int, help="Instead of the storyboard's own.")
@_further
def storyboard(board: Path, seed: int | None, **options: Any) -> None:
    """Make the film of the storyboard BOARD, a TOML file of shots and cards."""
    from soramame.engine import storyboard as film
    from soramame.prompt.storyboard import read_storyboard

    read = read_storyboard(board)
    read = read if seed is None else replace(read, seed=seed)
    make(options, lambda sora: film(sora, read, **said(options, SAMPLING[1:])))


def _beside(options: dict[str, Any]) -> dict[str, Any]:
    """What the verbs that paint beside clips are told."""
    from soramame.engine import tasks

    seconds = tasks.SECONDS if options["seconds"] is None else options["seconds"]
    return {**said(options), "prompt": options["prompt"], "seconds": seconds}


def _ranges(text: str) -> list[tuple[int, int]]:
    """``12-30,44`` as pairs of the first and the last."""
    found = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", part)
        if match is None:
            raise OptionError(f"missing frames are written like 12-30 or 12-30,44, not {text!r}.")
        found.append((int(match[1]), int(match[2] or match[1])))
    return found
