"""The sound of a file, laid under its pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from soramame.media.audio import COMMON, Audio

CODECS = frozenset(
    (
        "aac",
        "ac3",
        "alac",
        "amrnb",
        "amrwb",
        "eac3",
        "flac",
        "libopus",
        "mp3",
        "mp3float",
        "opus",
        "vorbis",
        "libvorbis",
    )
)
RATES = (8_000, 96_000)
"""Samples a second that are kept; others are brought to 48 kHz."""
SLIP = 0.05
"""Seconds that sound may be off its time stamps before it is moved: stamps are rounded, gaps are not."""


def hear(data: io.BufferedReader, *, container: str, start: float, seconds: float) -> tuple[Audio | None, str]:
    """``seconds`` of the sound of an open file from ``start`` on, both of its pictures, and what had to be left out, in words.

    None where it has no sound, or none that can be decoded: that never makes the pictures unreadable.
    """
    data.seek(0)
    try:
        with av.open(data, "r", format=container) as file:
            if not file.streams.audio:
                return None, ""
            stream = file.streams.audio[0]
            name = stream.codec_context.name if stream.codec_context else "something unknown"
            if name not in CODECS and not name.startswith("pcm_"):
                return None, f"sound left out: it is coded as {name}, which is not read"
            return _laid(file, stream, start, seconds)
    except Exception:  # what a hostile file makes a parser raise is not of any one kind
        return None, "sound left out: it cannot be decoded"


def _laid(file: InputContainer, stream: AudioStream, start: float, seconds: float) -> tuple[Audio | None, str]:
    rate = stream.rate if RATES[0] <= stream.rate <= RATES[1] else COMMON
    channels = 1 if stream.layout.nb_channels == 1 else 2
    samples = np.zeros((round(seconds * rate), channels), np.int16)
    place: int | None = None
    for time, piece in _pieces(file, stream, rate, channels):
        due = None if time is None else round((time - start) * rate)
        if due is not None and (place is None or abs(due - place) > SLIP * rate):
            place = due
        place = place or 0
        if place >= len(samples) + rate // 2:
            return Audio(samples=samples, rate=rate), "sound cut to the length of the picture"
        first, last = max(place, 0), min(place + len(piece), len(samples))
        if first < last:
            samples[first:last] = piece[first - place : last - place]
        place += len(piece)
    if place is None:
        return None, "sound left out: it cannot be decoded"
    return Audio(samples=samples, rate=rate), ""


def _pieces(
    file: InputContainer, stream: AudioStream, rate: int, channels: int
) -> Iterator[tuple[float | None, np.ndarray[tuple[int, int], np.dtype[np.int16]]]]:
    """Times in seconds, None for what follows at once, and samples ``(N, channels)``."""
    tool = av.AudioResampler(format="s16", layout=("mono", "stereo")[channels - 1], rate=rate)
    for frame in file.decode(stream):
        time = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        for piece in tool.resample(frame):
            yield time, piece.to_ndarray().reshape(-1, channels).astype(np.int16, copy=False)
            time = None
    for piece in tool.resample(None):
        yield None, piece.to_ndarray().reshape(-1, channels).astype(np.int16, copy=False)
