"""Frames and sound through FFmpeg's coders into an MP4 or WebM file, as they come."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from soramame.errors import OutputError
from soramame.media.audio import COMMON, Audio, converted
from soramame.media.content import TAG, Frames

BT709 = 1
"""ITU-T H.273: code of the colour space, its primaries and its transfer; also of limited range in FFmpeg."""
RATES = {
    "aac": frozenset((8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)),
    "libopus": frozenset((COMMON,)),
}
"""Samples a second that each coder takes."""
BLOCK = 960
"""Samples given to a coder at once: 20 ms at 48 kHz."""
BITS = 96_000
"""Bits a second for each channel."""


def mp4(path: Path, frames: Iterator[Frames], fps: float, text: str, audio: Audio | None, *, crf: int = 14) -> None:
    """H.264 and AAC. ``frames`` uint8 ``(H, W, 3)`` are pulled one by one; ``text`` becomes the comment; the higher ``crf``, x264's
    measure of what is lost, the smaller the file."""
    # The same clip has to be the same file: the number of threads is part of the result, and the macroblock tree of x264 reads
    # memory that it never wrote where the CPU has AVX-512 and a picture is narrow.
    options = {"crf": str(crf), "preset": "medium", "threads": "2", "x264-params": "mbtree=0"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata[TAG] = text
        _fill(container, frames, fps, audio, coders=("libx264", "aac"), options=options)


def webm(path: Path, frames: Iterator[Frames], fps: float, text: str, audio: Audio | None) -> None:
    """VP9 and Opus, as :func:`mp4`."""
    options = {"crf": "24", "b": "0", "cpu-used": "4", "threads": "2"}
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        container.metadata[TAG] = text
        _fill(container, frames, fps, audio, coders=("libvpx-vp9", "libopus"), options=options)


class _Track:
    """The sound on its way into a container, never ahead of the picture, so that the muxer has nothing to hold back."""

    def __init__(self, container: OutputContainer, coder: str, audio: Audio) -> None:
        rate = audio.rate if audio.rate in RATES[coder] else COMMON
        self._audio, self._done, self._container = converted(audio, rate, audio.channels), 0, container
        self._layout = ("mono", "stereo")[audio.channels - 1]
        stream = container.add_stream(coder, rate=rate, layout=self._layout)
        if not isinstance(stream, AudioStream):
            raise OutputError(f"{coder} is not a sound coder.")
        stream.bit_rate = BITS * audio.channels
        self._stream = stream

    def play(self, until: float) -> None:
        """Write the whole blocks up to so many seconds."""
        while (self._done + BLOCK) / self._audio.rate <= until and self._done + BLOCK <= len(self._audio.samples):
            self._write(BLOCK)

    def finish(self, seconds: float) -> None:
        """Write the rest, to the end of the picture and no further."""
        self.play(seconds)
        rest = min(len(self._audio.samples), round(seconds * self._audio.rate)) - self._done
        if rest > 0:
            self._write(rest)
        self._container.mux(self._stream.encode(None))

    def _write(self, count: int) -> None:
        block = np.ascontiguousarray(self._audio.samples[self._done : self._done + count])
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), "s16", self._layout)
        frame.sample_rate, frame.time_base, frame.pts = self._audio.rate, Fraction(1, self._audio.rate), self._done
        self._container.mux(self._stream.encode(frame))
        self._done += count


def _fill(
    container: OutputContainer,
    frames: Iterator[Frames],
    fps: float,
    audio: Audio | None,
    *,
    coders: tuple[str, str],
    options: dict[str, str],
) -> None:
    """4:2:0 needs even edges: an odd one is padded by repeating the last row or column. Colours are BT.709, and say so."""
    first = next(frames)
    height, width = first.shape[0] + first.shape[0] % 2, first.shape[1] + first.shape[1] % 2
    stream = container.add_stream(coders[0], rate=Fraction(fps).limit_denominator(1001), options=options)
    if not isinstance(stream, VideoStream):
        raise OutputError(f"{coders[0]} is not a video coder.")
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    coder = stream.codec_context
    coder.colorspace = coder.color_primaries = coder.color_trc = coder.color_range = BT709
    track = _Track(container, coders[1], audio) if audio is not None and len(audio.samples) else None
    count, frame = 0, first
    while True:
        padded = np.pad(frame, ((0, height - frame.shape[0]), (0, width - frame.shape[1]), (0, 0)), "edge")
        picture = av.VideoFrame.from_ndarray(padded, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        count += 1
        _mux(container, stream, picture, track)
        following = next(frames, None)
        if following is None:
            break
        frame = following
    _mux(container, stream, None, track)
    if track is not None:
        track.finish(count / fps)


def _mux(container: OutputContainer, stream: VideoStream, picture: av.VideoFrame | None, track: _Track | None) -> None:
    for packet in stream.encode(picture):
        now = float(packet.dts * packet.time_base) if packet.dts is not None and packet.time_base is not None else 0.0
        container.mux(packet)
        if track is not None:
            track.play(now)
