"""A clip cut: the frames between two times, in its own size and at its own rate, and none that is painted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from soramame.engine.core import Engine
from soramame.engine.film import Film
from soramame.engine.request import fingerprint
from soramame.errors import DurationError, MediaError
from soramame.media import Clip, joined
from soramame.media import cut as heard
from soramame.safety.credentials import State
from soramame.safety.guard import Signature
from soramame.safety.manifest import COMPOSITE, CUT, PAINTED, SOURCE_TYPE, short
from soramame.safety.provenance import read
from soramame.safety.watermark import SMALLEST, Watermark
from soramame.safety.watermark_read import read as read_mark


def cut(engine: Engine, clip: Clip, *, start: float = 0.0, end: float | None = None) -> Film:
    """What a clip shows from the second ``start`` to the second ``end``, its own end unless given, to the nearest frame; one frame
    at least. It is checked, marked and signed like everything that leaves an engine, as a part of its source, and as painted where the
    source is known to be: by credentials of this installation, or where they are gone by its mark.

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
        "size": f"{clip.frames.shape[2]}x{clip.frames.shape[1]}",
        "start": first / clip.fps,
        "seconds": seconds,
        "source_sha256": fingerprint(source.frames),
    }
    kind = _source_type(engine, clip, source)
    if kind is not None:
        metadata[SOURCE_TYPE] = short(kind)
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


def _source_type(engine: Engine, clip: Clip, unmarked: Clip) -> str | None:
    """What kind of digital source the frames of a clip are, as IPTC has it; None where nothing says that they were painted.

    What somebody who is trusted signed is believed. Everything else that bears our mark counts as painted, also what was cut here out of
    other footage and lost its credentials since: that cannot be told any more.
    """
    if isinstance(clip.seal, Signature):
        return clip.seal.statement.source_type
    if engine.guard.identity is None:
        return None
    trust = engine.guard.identity.trust
    try:
        told = None if clip.path is None else read(clip.path, trust)
    except MediaError:  # it is gone since it was read
        told = None
    if told is not None and told.state is State.TRUSTED:
        kinds = {action.source_type for action in told.actions}
        known = next((kind for kind in (COMPOSITE, PAINTED) if short(kind) in kinds), None)
        if known is not None or told.watermark is not None:
            return known
    keys = [Watermark(key) for key in trust.watermark_keys.values()]
    return COMPOSITE if _marked(clip, unmarked, keys) else None


def _marked(clip: Clip, unmarked: Clip, keys: Sequence[Watermark]) -> bool:
    """Whether our mark is in a clip: it was taken off, or is in a copy of another size, from which it cannot be taken."""
    if not np.array_equal(unmarked.frames, clip.frames):
        return True
    return bool(keys) and min(clip.frames.shape[1:3]) >= SMALLEST and read_mark([clip.frames], keys) is not None
