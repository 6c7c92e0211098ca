"""The command that makes videos."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.cli.film import as_json, make, progress_bar, resume, sampling, tell, told_once
from soramame.cli.groups import file, model_options, output, policy
from soramame.cli.like import PICTURES, REQUEST, Like, like
from soramame.errors import OptionError

if TYPE_CHECKING:
    from soramame.engine import Expand, Film, Request, Soramame
    from soramame.media import Frames

PANELS = 6
"""Moments side by side in the video of ``--show-denoising``, the finished clip among them."""


def _sampling(command: Any) -> Any:
    for option in reversed(sampling):
        command = option(command)
    return command


@click.command()
@click.argument("prompt", required=False)
@output
@click.option("--seconds", type=float, help="Length, more than 0 and at most 60.")
@click.option("--size", help="WIDTHxHEIGHT in pixels.")
@_sampling
@click.option("--image", type=file, help="Picture that the clip begins with.")
@click.option("--last-image", type=file, help="Picture that the clip ends with.")
@click.option(
    "--expand",
    type=click.Choice(["auto", "off", "llm"]),
    help="Make a short prompt long first: by rules (auto, unless given; not beside a picture), not at all, or by a language model.",
)
@click.option("--llm-url", envvar="SORAMAME_LLM_URL", help="Endpoint of the language model, up to its /v1.")
@click.option("--llm-model", envvar="SORAMAME_LLM_MODEL", help="Its name there. A key is read from SORAMAME_LLM_KEY.")
@click.option("--like", "example", type=file, help="Repeat how this clip was made; other options change it.")
@click.option("--show-denoising", type=file, help="Also write a video of the clip at moments from noise to video.")
@resume
@as_json
@policy
@model_options
@click.pass_context
def generate(context: click.Context, /, prompt: str | None, **options: Any) -> None:
    """Make a video from PROMPT. What is left open is the model's default (`soramame models` shows it)."""
    from soramame.engine import tasks
    from soramame.media import check_output

    target, noise = check_output(options["output"]), options["show_denoising"]
    if noise is not None and check_output(noise).absolute() == target.absolute():
        raise OptionError("the video of --show-denoising needs another name than the output.")
    named = context.get_parameter_source("model") is click.core.ParameterSource.COMMANDLINE
    recipe = like(options["example"], any_model=named) if options["example"] else None
    request, expand = _request(prompt, options, recipe), _expand(prompt, options, recipe)
    sources = [options[name] for name in PICTURES if options[name] is not None]

    def plan(sora: Soramame) -> Film:
        if recipe:
            recipe.check_model(sora.card.sha256)
        return tasks.generate(sora, request, expand=expand, sources=sources)

    runtime = recipe.runtime if recipe else {}
    if noise is None:
        make(options, plan, runtime=runtime)
    else:
        _with_noise(options, plan, runtime, noise)


def _with_noise(options: dict[str, Any], plan: Any, runtime: Any, noise: Path) -> None:
    """The same with all frames in memory, and a second video of how they came out of the noise."""
    from soramame.engine import Soramame, Written
    from soramame.media import strip

    if options["resume"]:
        raise OptionError("--show-denoising shows a clip from its beginning: leave --resume out.")
    started = time.perf_counter()
    chosen = {**runtime, **{name: options[name] for name in ("device", "dtype") if options[name] != "auto"}}
    moments: list[Frames] = []
    with progress_bar(quiet=options["as_json"]) as bar:
        task = bar.add_task("loading", total=None)
        sora = Soramame.load(options["model"], policy=options["policy"], **chosen)
        film = plan(sora)
        if not sora.holds(film):
            raise OptionError(f"--show-denoising is for clips of at most {sora.card.defaults.seconds:g} seconds.")

        def moved(event: Any) -> None:
            bar.update(task, completed=event.step, total=event.steps, description="painting")
            # The first step, then even spaces of noise, not of steps: the last moment is the clip itself.
            done = event.step == event.steps
            if not done and event.time <= 1 - len(moments) / (PANELS - 1) and len(moments) < PANELS - 1:
                moments.append(sora.decode(event.latents))

        clip = sora.show(film, moved)
    path = clip.save(options["output"])
    panels = sora.guard.output(clip.metadata, clip.fps).passed(strip([*moments, clip.frames], columns=3))
    replace(clip, frames=panels).save(noise)
    told_once(sora)
    written = Written(path=path, frames=len(clip.frames), fps=clip.fps, metadata=clip.metadata)
    more = {noise: "the same from noise to video"}
    tell(written, (), time.perf_counter() - started, as_json=options["as_json"], more=more)


def _expand(prompt: str | None, options: dict[str, Any], recipe: Like | None) -> Expand:
    """What makes the prompt long; nothing for one that comes out of a recipe and was made long when that was painted."""
    from soramame.engine import begun
    from soramame.prompt.expand import Expansion
    from soramame.prompt.llm import ask

    how, url, model = options["expand"], options["llm_url"], options["llm_model"]
    if options["resume"] and prompt is not None:
        made = begun(options["output"])
        if made.get("said") == prompt:  # a language model may say it otherwise the second time
            return lambda _: Expansion(text=str(made["prompt"]))
    if how != "llm":
        return how or ("off" if recipe and (prompt is None or recipe.is_prompt(prompt)) else "auto")
    if not url or not model:
        raise OptionError("--expand llm needs --llm-url and --llm-model, or SORAMAME_LLM_URL and SORAMAME_LLM_MODEL.")
    return partial(ask, url=url, model=model, key=os.environ.get("SORAMAME_LLM_KEY"))


def _request(prompt: str | None, options: dict[str, Any], recipe: Like | None) -> Request:
    """The request of the options; what they leave open comes from the recipe, if there is one."""
    from soramame.engine import Request
    from soramame.geometry import parse_size
    from soramame.media import read_picture

    fields = dict(recipe.request) if recipe else {}
    given = {**options, "prompt": prompt}
    fields |= {name: given[name] for name in REQUEST if given[name] is not None}
    if recipe:
        recipe.check_words(fields)
    if "prompt" not in fields:
        raise OptionError('say what should be seen: soramame generate "a wolf runs through the snow".')
    if "size" in fields:
        fields["size"] = parse_size(fields["size"])
    pictures: dict[str, Any] = {name: read_picture(options[name]) for name in PICTURES if options[name] is not None}
    if recipe:
        recipe.check_pictures(pictures)
    return Request(**fields, **pictures)
