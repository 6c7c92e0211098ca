"""The tasks as films: what of the result is known, and what is painted beside, between, over or instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from soramame.engine.core import Engine
from soramame.engine.film import Film, Part
from soramame.engine.paint import held
from soramame.engine.request import Frames, Mask, Request
from soramame.engine.wording import Expand, in_order, told
from soramame.errors import DurationError, OptionError, SizeError
from soramame.geometry import MIN_EDGE, Size, check_seconds, frames_for, shown_at
from soramame.media import Audio, Clip, conform, cut, enlarge, joined

SECONDS = 2.0
"""How long a new part is unless it is said."""
STRENGTH = 0.6
DETAIL = 0.15
EVENT = 1_000
"""Between the seeds of what happens one after the other."""
LARGEST = 1024 * 640
"""Pixels of the largest picture that is enlarged: time and memory grow with their square."""


def generate(engine: Engine, request: Request, *, expand: Expand = "off", sources: Sequence[Path] = ()) -> Film:
    """A clip for a sentence. What happens one after the other is painted one after the other, if there is more time than the model
    holds at once: then each gets its share. ``sources``: the files of the request's pictures.
    """
    said, seen = request.prompt, request.image is not None
    request = replace(request, prompt=told(engine, said, seed=request.seed, how=expand, seen=seen))
    request = engine.complete(request)
    events = in_order(request.prompt)
    metadata = engine.recipe(request) | ({"said": said} if said != request.prompt else {})
    parts: tuple[Part, ...] = (Part(request=request),)
    several = 1 < len(events) <= round((request.seconds or 0.0) * engine.card.defaults.fps) // engine.grid.time
    if several and request.last_image is None and not held(engine, request):
        parts, metadata = _events(engine, request, events), {**metadata, "events": list(events)}
    return Film(parts=parts, fps=engine.card.defaults.fps, metadata=metadata, sources=tuple(sources))


def _events(engine: Engine, request: Request, events: Sequence[str]) -> tuple[Part, ...]:
    """One event after the other; all but the first go on from what was shown."""
    fps, stride = engine.card.defaults.fps, engine.grid.time
    groups = (frames_for(request.seconds or 0.0, fps, stride) - 1) // stride
    edges = [groups * number // len(events) for number in range(len(events) + 1)]
    parts = []
    for number, event in enumerate(events):
        seconds = (edges[number + 1] - edges[number]) * stride / fps
        own = replace(request, prompt=event, seconds=seconds, seed=(request.seed + EVENT * number) % 2**63)
        parts.append(Part(request=own if not number else replace(own, image=None), follows=number > 0))
    return tuple(parts)


def extend(engine: Engine, clip: Clip, *, seconds: float, backward: bool, prompt: str | None, **options: Any) -> Film:
    """A clip that goes on for so many seconds, or with ``backward`` begins so many seconds earlier."""
    source = form(engine, clip)
    before, after = (None, source.frames) if backward else (source.frames, None)
    request = Request(prompt=_prompt(prompt, clip), seconds=seconds, before=before, after=after, **options)
    part = Part(request=request)
    parts = (part, source.frames) if backward else (source.frames, part)
    sound: list[Span | float] = [seconds, _all(source)] if backward else [_all(source), seconds]
    return _film(engine, parts, sound, task="extend backward" if backward else "extend", sources=(source,))


def fill(engine: Engine, first: Clip, second: Clip, *, seconds: float, prompt: str | None, **options: Any) -> Film:
    """Two clips and what happens between them, in the first one's form."""
    before, after = form(engine, first), form(engine, second, like=first)
    seconds = _whole(engine, seconds)
    request = Request(
        prompt=_prompt(prompt, first), seconds=seconds, before=before.frames, after=after.frames, **options
    )
    parts = (before.frames, Part(request=request), after.frames)
    return _film(engine, parts, [_all(before), seconds, _all(after)], task="fill", sources=(before, after))


def mend(engine: Engine, clip: Clip, missing: Sequence[tuple[int, int]], *, prompt: str | None, **options: Any) -> Film:
    """A clip with its frames ``missing``, from the first to the last of each pair (counted from 0), painted anew."""
    source = form(engine, clip)
    gone = np.zeros(len(clip.frames), bool)
    for first, last in missing:
        if not 0 <= first <= last < len(clip.frames):
            raise OptionError(f"missing frames have to be among 0 to {len(clip.frames) - 1}, not {first}-{last}.")
        gone[first : last + 1] = True
    gone = gone[shown_at(len(clip.frames), clip.fps, source.fps)]
    if gone.all():
        raise OptionError("all frames are missing; there has to be one to go on from.")
    edges = np.flatnonzero(np.diff(gone, prepend=gone[0])).tolist()
    parts: list[Frames | Part] = []
    ends = [0, *edges, len(gone), len(gone)]
    for first, last, end in zip(ends, ends[1:], ends[2:], strict=False):
        if gone[first]:
            parts.append(_gap(engine, source.frames[:end], range(first, last), _prompt(prompt, clip), options))
        else:
            parts.append(source.frames[first:last])
    return _film(engine, tuple(parts), [_all(source)], task="fill missing", sources=(source,), missing=list(missing))


def _gap(engine: Engine, frames: Frames, gap: range, prompt: str, options: dict[str, Any]) -> Part:
    """What lies between two known parts of one clip, of which ``frames`` reach as far as the next gap. What follows begins where a
    latent frame does: at most three frames that are known are painted too, and not shown.
    """
    stride, fps, end = engine.grid.time, engine.card.defaults.fps, len(frames)
    if gap.start == 0:
        return Part(request=Request(prompt=prompt, after=frames[gap.stop :], seconds=len(gap) / fps, **options))
    paint = -(-len(gap) // stride) * stride
    behind = None if gap.stop == end else frames[min(gap.start + paint, end - 1) :]
    before = frames[gap.start - 1 : gap.start]
    request = Request(prompt=prompt, before=before, after=behind, seconds=paint / fps, **options)
    return Part(request=request, follows=True, length=len(gap))


def loop(engine: Engine, clip: Clip, *, seconds: float, prompt: str | None, **options: Any) -> Film:
    """A clip that leads back to its own first frame, which then follows its last."""
    source, seconds = form(engine, clip), _whole(engine, seconds)
    request = Request(
        prompt=_prompt(prompt, clip), seconds=seconds, before=source.frames, after=source.frames, **options
    )
    sound: list[Span | float] = [_all(source), seconds]
    return _film(engine, (source.frames, Part(request=request)), sound, task="loop", sources=(source,))


def blend(
    engine: Engine,
    first: Clip,
    second: Clip,
    *,
    seconds: float,
    prompt: str | None,
    strength: float = 1.0,
    **options: Any,
) -> Film:
    """One clip that turns into another: the last ``seconds`` of the one and the first of the other become the same time."""
    before, after = form(engine, first), form(engine, second, like=first)
    stride = engine.grid.time
    frames = max(1, round(check_seconds(seconds) * before.fps / stride)) * stride
    most = min(len(before.frames) - 1, len(after.frames) - stride) // stride * stride
    if frames > most:
        longest = (
            f"at most {most / before.fps:g} seconds here" if most > 0 else "and these clips are too short for that"
        )
        raise DurationError(f"clips turn into one another in less time than they last, {longest}.")
    lead, rest = before.frames[:-frames], after.frames[frames:]
    request = Request(
        prompt=_prompt(prompt, second),
        before=lead,
        source=before.frames[-frames:],
        into=after.frames[:frames],
        after=rest,
        strength=strength,
        **options,
    )
    half = frames / before.fps / 2
    sound = [(before, 0.0, before.seconds - half), (after, half, after.seconds - half)]
    return _film(engine, (lead, Part(request=request), rest), sound, task="blend", sources=(before, after))


def remix(engine: Engine, clip: Clip, prompt: str, *, strength: float, **options: Any) -> Film:
    """A clip painted over: the higher the strength, the less stays."""
    source = form(engine, clip)
    request = Request(prompt=prompt, source=source.frames, strength=strength, **options)
    return _film(engine, (Part(request=request),), [_all(source)], task="remix", sources=(source,))


def inpaint(engine: Engine, clip: Clip, mask: Mask, prompt: str, *, strength: float = 1.0, **options: Any) -> Film:
    """A clip painted anew where a mask is true, ``(H, W)`` or ``(T, H, W)`` in the size of the clip; the rest stays as it is."""
    source = form(engine, clip)
    if mask.shape not in (clip.frames.shape[1:3], clip.frames.shape[:3]):
        size = Size(width=clip.frames.shape[2], height=clip.frames.shape[1])
        raise OptionError(
            f"the mask is {mask.shape[-1]}x{mask.shape[-2]}"
            + (f" with {len(mask)} frames" if mask.ndim == 3 else "")
            + f"; it has to be {size} like the clip, with one frame or {len(clip.frames)}."
        )
    over = _conformed_mask(engine, mask, clip, source)
    request = Request(prompt=prompt, source=source.frames, mask=over, strength=strength, **options)
    return _film(engine, (Part(request=request),), [_all(source)], task="inpaint", sources=(source,))


def _conformed_mask(engine: Engine, mask: Mask, clip: Clip, source: Clip) -> Mask:
    """The mask in the form that its clip was brought to."""
    levels = np.where(mask, 255, 0).astype(np.uint8)[..., None].repeat(3, -1)
    height, width = source.frames.shape[1:3]
    levels = levels if mask.ndim == 3 else levels[None]
    fps = clip.fps if mask.ndim == 3 else source.fps
    frames, _ = conform(Clip(frames=levels, fps=fps), Size(width=width, height=height), source.fps)
    over: Mask = frames[..., 0] >= 128
    return over if mask.ndim == 3 else over[0]


def upres(
    engine: Engine, clip: Clip, *, scale: float, strength: float = DETAIL, prompt: str | None, **options: Any
) -> Film:
    """A clip ``scale`` times as large: detail is painted into it that agrees with what it shows."""
    clip = engine.guard.unmarked(clip)
    height, width = clip.frames.shape[1:3]
    if not 1 <= scale <= 8:
        raise OptionError(f"scale has to be 1 to 8, not {scale:g}.")
    edge = engine.grid.multiple
    size = Size(width=_multiple(width * scale, edge), height=_multiple(height * scale, edge))
    if size.width * size.height > LARGEST:
        raise SizeError(
            f"{size} is more than is painted at once, {LARGEST} pixels; choose a smaller --scale than {scale:g}."
        )
    small, done = conform(clip, Size(width=_near(size.width / scale), height=_near(size.height / scale)), clip.fps)
    said = ", ".join([*clip.notes, *([done] if done else [])])
    metadata = {**clip.metadata, "conformed": said}
    source = Clip(frames=small, fps=clip.fps, metadata=metadata, audio=clip.audio, path=clip.path)
    request = Request(
        prompt=_prompt(prompt, clip), source=enlarge(small, size), small=small, strength=strength, **options
    )
    parts = (Part(request=request),)
    film = _film(engine, parts, [_all(source)], task="upres", sources=(source,), seconds=source.seconds)
    return replace(film, fps=clip.fps)


def _multiple(pixels: float, edge: int) -> int:
    """The multiple of ``edge`` nearest to a number of pixels, none too small to be painted."""
    return max(-(-MIN_EDGE // edge), round(pixels / edge)) * edge


def _near(pixels: float) -> int:
    return max(1, round(pixels))


def form(engine: Engine, clip: Clip, *, like: Clip | None = None) -> Clip:
    """A clip in a form that the model paints in: its frame rate, and its size, upright if the clip is (or as ``like``).

    ``metadata["conformed"]`` says what was done to it, empty if nothing. A mark of ours is taken off; a new one is put on at the end.
    """
    clip = engine.guard.unmarked(clip)
    d = engine.card.defaults
    height, width = (like or clip).frames.shape[1:3]
    long, short = max(d.width, d.height), min(d.width, d.height)
    size = Size(width=long, height=short) if width >= height else Size(width=short, height=long)
    frames, done = conform(clip, size, d.fps)
    said = ", ".join([*clip.notes, *([done] if done else [])])
    metadata = {**clip.metadata, "conformed": said}
    return Clip(frames=frames, fps=d.fps, metadata=metadata, audio=clip.audio, path=clip.path)


def _prompt(prompt: str | None, clip: Clip) -> str:
    """What was said, else what the clip was made from, else nothing."""
    told = clip.metadata.get("prompt", "")
    return prompt if prompt is not None else told if isinstance(told, str) else ""


Span = tuple[Clip, float, float]
"""Of a clip's sound: from when, and for how many seconds."""


def _film(
    engine: Engine,
    parts: tuple[Frames | Part, ...],
    sound: Sequence[Span | float],
    *,
    task: str,
    sources: tuple[Clip, ...],
    **more: Any,
) -> Film:
    """With how it was made: the recipe of what is painted first, the task, and what was done to the sources. ``sound``: spans of
    the sources', and seconds of silence between.
    """
    requests = [part.request for part in parts if isinstance(part, Part)]
    nothing = Request(prompt="", source=sources[0].frames)  # where nothing has to be painted
    request = engine.complete(requests[0] if requests else nothing)
    facts = {"task": task, "conformed": [source.metadata["conformed"] for source in sources], **more}
    heard = [_heard(span) for span in sound]
    metadata = {**engine.recipe(request), **facts}
    files = tuple(dict.fromkeys(source.path for source in sources if source.path is not None))
    fps = engine.card.defaults.fps
    return Film(parts=parts, fps=fps, metadata=metadata, audio=joined(heard), sources=files)


def _heard(span: Span | float) -> tuple[Audio | None, float]:
    if not isinstance(span, tuple):
        return None, float(span)
    clip, start, seconds = span
    return (None if clip.audio is None else cut(clip.audio, start, seconds)), seconds


def _whole(engine: Engine, seconds: float) -> float:
    """The length nearest above that ends where a latent frame does: what lies between two clips has to."""
    fps, stride = engine.card.defaults.fps, engine.grid.time
    return -(-max(1, round(check_seconds(seconds) * fps)) // stride) * stride / fps


def _all(clip: Clip) -> Span:
    return clip, 0.0, clip.seconds
