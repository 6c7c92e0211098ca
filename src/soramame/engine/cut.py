"""A clip cut: the frames between two times, in its own size and at its own rate, and none that is painted."""

from __future__ import annotations

from soramame.engine.core import Engine
from soramame.engine.film import Film
from soramame.engine.request import fingerprint
from soramame.errors import DurationError
from soramame.media import Clip, joined
from soramame.media import cut as heard
from soramame.safety.manifest import CUT


def cut(engine: Engine, clip: Clip, *, start: float = 0.0, end: float | None = None) -> Film:
    """What a clip shows from the second ``start`` to the second ``end``, its own end unless given, to the nearest frame; one frame
    at least. It is checked, marked and signed like everything that leaves an engine, as a part of its source.

    :class:`DurationError` if ``end`` is not after ``start``, or ``start`` not before the end of the clip.
    """
    last = clip.seconds if end is None else min(end, clip.seconds)
    if not 0 <= start < last:
        raise DurationError(
            f"a cut begins at 0 or later and before its end and the end of the clip, {clip.seconds:g} s:"
            f" {start:g} to {last if end is None else end:g} s is none."
        )
    source = engine.guard.unmarked(clip)
    first = min(round(start * clip.fps), len(clip.frames) - 1)
    stop = max(first + 1, round(last * clip.fps))
    seconds, prompt = (stop - first) / clip.fps, clip.metadata.get("prompt")
    metadata = {
        "generator": "soramame",
        "task": CUT,
        "start": first / clip.fps,
        "seconds": seconds,
        "source_sha256": fingerprint(source.frames),
    }
    if isinstance(prompt, str) and prompt:  # what makes it longer begins with that; nothing else may have read it yet
        engine.guard.check_texts({"prompt of the clip": prompt})
        metadata["prompt"] = prompt
    sound = None if clip.audio is None else heard(clip.audio, first / clip.fps, seconds)
    return Film(
        parts=(source.frames[first:stop],),
        fps=clip.fps,
        metadata=metadata,
        audio=joined([(sound, seconds)]),
        sources=() if clip.path is None else (clip.path,),
    )
