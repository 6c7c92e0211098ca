"""How a job becomes a film: the verbs of the engine, told what the job says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from soramame.engine import Film, Request, Soramame, read_mask, storyboard, tasks
from soramame.engine.cut import cut
from soramame.errors import ConfigError, OptionError
from soramame.geometry import parse_size
from soramame.media import Clip, read_picture
from soramame.prompt.storyboard import parse_storyboard
from soramame.serve.tables import Job

SAMPLING = ("seed", "steps", "guidance", "negative", "solver")
Sources = Mapping[str, Path]
"""The job's input files on this machine, by what they are."""


def film(sora: Soramame, job: Job, sources: Sources) -> Film:
    """What is to be painted for a job; the errors of the engine where it cannot be."""
    if job.kind not in _KINDS:
        raise OptionError(f"there is no job of the kind {job.kind!r}.")
    return _KINDS[job.kind](sora, job, sources)


def _sampling(job: Job) -> dict[str, Any]:
    return {name: job.fields[name] for name in SAMPLING if job.fields.get(name) is not None}


def _beside(job: Job) -> dict[str, Any]:
    seconds = tasks.SECONDS if job.seconds is None else job.seconds
    return {**_sampling(job), "prompt": job.prompt, "seconds": seconds}


def _over(job: Job, strength: float | None = None) -> dict[str, Any]:
    told = job.fields.get("strength", strength)
    return {**_sampling(job), **({} if told is None else {"strength": told})}


def _create(sora: Soramame, job: Job, sources: Sources) -> Film:
    pictures = {name: sources[name] for name in ("image", "last_image") if name in sources}
    request = Request(
        prompt=job.prompt or "",
        seconds=job.seconds,
        size=None if job.size is None else parse_size(job.size),
        **_sampling(job),
        image=read_picture(pictures["image"]) if "image" in pictures else None,
        last_image=read_picture(pictures["last_image"]) if "last_image" in pictures else None,
    )
    return tasks.generate(sora, request, expand=job.fields.get("expand", "auto"), sources=list(pictures.values()))


def _remix(sora: Soramame, job: Job, sources: Sources) -> Film:
    return tasks.remix(sora, Clip.load(sources["video"]), job.prompt or "", **_over(job, tasks.STRENGTH))


def _extend(sora: Soramame, job: Job, sources: Sources) -> Film:
    backward = bool(job.fields.get("backward", False))
    return tasks.extend(sora, Clip.load(sources["video"]), backward=backward, **_beside(job))


def _loop(sora: Soramame, job: Job, sources: Sources) -> Film:
    return tasks.loop(sora, Clip.load(sources["video"]), **_beside(job))


def _blend(sora: Soramame, job: Job, sources: Sources) -> Film:
    first, second = (Clip.load(sources[name]) for name in ("video", "second"))
    return tasks.blend(sora, first, second, **_over(job), prompt=job.prompt, seconds=_beside(job)["seconds"])


def _fill(sora: Soramame, job: Job, sources: Sources) -> Film:
    first, missing = Clip.load(sources["video"]), job.fields.get("missing")
    if missing is not None:
        return tasks.mend(sora, first, [(one[0], one[1]) for one in missing], prompt=job.prompt, **_sampling(job))
    return tasks.fill(sora, first, Clip.load(sources["second"]), **_beside(job))


def _inpaint(sora: Soramame, job: Job, sources: Sources) -> Film:
    clip, mask = Clip.load(sources["video"]), read_mask(sources["mask"])
    return tasks.inpaint(sora, clip, mask, job.prompt or "", **_over(job))


def _cut(sora: Soramame, job: Job, sources: Sources) -> Film:
    start, end = job.fields.get("start", 0.0), job.fields.get("end")
    return cut(sora, Clip.load(sources["video"]), start=start, end=end)


def _storyboard(sora: Soramame, job: Job, sources: Sources) -> Film:
    """Its pictures and clips are the job's files, by their names: no other file of this machine may be named."""
    text = str(job.fields["storyboard"])
    for name in _named(text):
        if name not in sources:
            raise ConfigError(f"storyboard: {name[:80]!r} did not come with it: send it as a file of that name.")
    folder = next(iter(sources.values())).parent if sources else Path()
    board = parse_storyboard(text, name="storyboard", folder=folder)
    return storyboard(sora, board, **_sampling(job))


def _named(text: str) -> list[str]:
    """The files that a storyboard names; none if it cannot be read, which is said in full by what reads it next."""
    try:
        waiting: list[Any] = [tomllib.loads(text)]
    except tomllib.TOMLDecodeError:
        return []
    found = []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [one[key] for key in ("image", "clip") if isinstance(one.get(key), str)]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


_KINDS: Mapping[str, Callable[[Soramame, Job, Sources], Film]] = {
    "create": _create,
    "remix": _remix,
    "edit": _remix,
    "extend": _extend,
    "loop": _loop,
    "blend": _blend,
    "fill": _fill,
    "inpaint": _inpaint,
    "cut": _cut,
    "storyboard": _storyboard,
}
