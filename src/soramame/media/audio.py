"""Sound as a value: silence, cutting, joining; all pure, nothing here opens a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import av
import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError

Samples = NDArray[np.int16]
COMMON = 48_000
"""Samples a second to which sounds that differ are brought; what Opus works at."""
RATES = (4_000, 192_000)


@dataclass(frozen=True, kw_only=True, eq=False)
class Audio:
    """``samples`` int16 ``(N, channels)``, one or two channels, ``rate`` samples a second; :class:`MediaError` if it is not so."""

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        shape = self.samples.shape
        if self.samples.dtype != np.int16 or len(shape) != 2 or shape[1] not in (1, 2):
            raise MediaError(f"sound has to be int16 (N, 1) or (N, 2), not {self.samples.dtype} {shape}.")
        if not RATES[0] <= self.rate <= RATES[1]:
            raise MediaError(f"sound has to have {RATES[0]} to {RATES[1]} samples a second, not {self.rate}.")

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[1])


def silence(seconds: float, like: Audio) -> Audio:
    """So many seconds of nothing, with the rate and channels of ``like``."""
    return replace(like, samples=np.zeros((_count(seconds, like.rate), like.channels), np.int16))


def cut(audio: Audio, start: float, seconds: float) -> Audio:
    """``seconds`` of ``audio`` from ``start`` on, both to the nearest sample; silence before its beginning and after its end."""
    return _excerpt(audio, round(start * audio.rate), _count(seconds, audio.rate))


def joined(parts: Sequence[tuple[Audio | None, float]]) -> Audio | None:
    """The sounds in a row, each cut or padded to exactly its seconds, None being silent; None if no part has sound.

    Sounds of one rate and number of channels stay as they are, others become 48 kHz stereo. Parts begin at the sample nearest to
    the sum of the seconds before them, so that a long row does not drift from its picture.
    """
    sounds = [audio for audio, _ in parts if audio is not None]
    if not sounds:
        return None
    kinds = {(audio.rate, audio.channels) for audio in sounds}
    rate, channels = next(iter(kinds)) if len(kinds) == 1 else (COMMON, 2)
    ends = [_count(end, rate) for end in accumulate(seconds for _, seconds in parts)]
    samples = np.zeros((ends[-1], channels), np.int16)
    for (audio, _), start, end in zip(parts, [0, *ends], ends, strict=False):
        if audio is not None:
            samples[start:end] = _excerpt(converted(audio, rate, channels), 0, end - start).samples
    return Audio(samples=samples, rate=rate)


def converted(audio: Audio, rate: int, channels: int) -> Audio:
    """The same sound at another rate, and on both sides if ``channels`` is 2 and it was one; length to the nearest sample."""
    if audio.rate != rate and len(audio.samples):
        audio = _excerpt(_resampled(audio, rate), 0, round(audio.seconds * rate))
    if audio.channels < channels:  # by hand: FFmpeg would make it quieter by 3 dB
        audio = replace(audio, samples=np.repeat(audio.samples, 2, axis=1))
    return replace(audio, rate=rate)


def _resampled(audio: Audio, rate: int) -> Audio:
    layout = ("mono", "stereo")[audio.channels - 1]
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(audio.samples).reshape(1, -1), "s16", layout)
    frame.sample_rate = audio.rate
    tool = av.AudioResampler(format="s16", layout=layout, rate=rate)
    pieces = [piece.to_ndarray().reshape(-1, audio.channels) for piece in (*tool.resample(frame), *tool.resample(None))]
    return Audio(samples=np.concatenate([np.zeros((0, audio.channels), np.int16), *pieces]), rate=rate)


def _count(seconds: float, rate: int) -> int:
    """Samples in so many seconds. :class:`MediaError` for less than none."""
    if not 0 <= seconds < float("inf"):
        raise MediaError(f"sound cannot last {seconds} seconds.")
    return round(seconds * rate)


def _excerpt(audio: Audio, start: int, count: int) -> Audio:
    if start == 0 and count == len(audio.samples):
        return audio
    samples = np.zeros((count, audio.channels), np.int16)
    first, last = max(start, 0), min(start + count, len(audio.samples))
    if first < last:
        samples[first - start : last - start] = audio.samples[first:last]
    return replace(audio, samples=samples)
