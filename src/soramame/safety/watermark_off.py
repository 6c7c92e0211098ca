"""Taking marks off: frames that come back to be made into something new lose the mark that they have, and get the new one alone.

Marks on top of one another drown each other: from the third on, in busy pictures from the second, one or all are lost. Whether a
mark is in frames is not believed but seen in them, so that nothing is taken off that was not put on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from soramame.safety.code import Payload
from soramame.safety.watermark import Watermark, check_frames
from soramame.safety.watermark_evidence import Evidence
from soramame.safety.watermark_read import Look

Frames = NDArray[np.uint8]
WINDOW, LOOKED = 16, 4
"""A clip may be put together from several: so many frames are looked at together, by so many of them."""
SOUGHT = 24
"""Frames of a clip in which marks are looked for that nobody told of."""
SEEN = 0.62
"""Share of the code bits that shows that a mark is there: four standard deviations from chance, of 288 bits."""


def unmarked(frames: Frames, keys: Sequence[Watermark], told: Collection[Payload] = ()) -> Frames:
    """Frames uint8 ``(T, H, W, 3)`` without the marks that ``keys`` put in, if they were neither scaled nor cropped since.

    Marks are taken off that are read, or that are ``told`` and seen to be there; the frames themselves come back where there are
    none. :class:`soramame.errors.MediaError` if they are no such frames, or smaller than a mark.
    """
    check_frames(frames)
    found = [(key, payload) for key in keys for payload in sorted({*_read(frames, key), *told})]
    if not found:
        return frames
    made = frames.copy()
    for start in range(0, len(frames), WINDOW):
        window = made[start : start + WINDOW]
        look = _look(window, LOOKED)
        for key, payload in found:
            if look.agrees(key, payload) >= SEEN:
                window[:] = key.unmark(window, payload)
    return made


def _read(frames: Frames, key: Watermark) -> set[Payload]:
    """The marks that are to be read as they were put on."""
    words = _look(frames, SOUGHT).words([key], everywhere=False)
    return {word.payload for word in words if not word.view.mirrored}


def _look(frames: Frames, count: int) -> Look:
    """At so many frames, at even distances."""
    evidence = Evidence(size=(frames.shape[1], frames.shape[2]))
    for frame in frames[:: -(-len(frames) // count)]:
        evidence.add(frame)
    return Look(evidence)
