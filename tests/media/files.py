"""Real files such as other people's cameras and programs make, synthesised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from soramame.media import Audio

Frames = NDArray[np.uint8]


def shades(*values: int, width: int = 64, height: int = 48) -> Frames:
    """Grey frames ``(T, H, W, 3)``, one for each value."""
    return np.stack([np.full((height, width, 3), value, np.uint8) for value in values])


def corners(count: int = 2, width: int = 64, height: int = 32) -> Frames:
    """Frames whose quarters are red, green, blue and grey, in the order of reading: which way is up can be seen."""
    frame = np.empty((height, width, 3), np.uint8)
    frame[: height // 2, : width // 2], frame[: height // 2, width // 2 :] = (200, 30, 30), (30, 200, 30)
    frame[height // 2 :, : width // 2], frame[height // 2 :, width // 2 :] = (30, 30, 200), (120, 120, 120)
    return np.stack([frame] * count)


def tone(seconds: float = 1.0, *, rate: int = 48_000, channels: int = 2, pitch: float = 440.0) -> Audio:
    """A sine at a third of full scale."""
    wave = 10_000 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)
    return Audio(samples=np.repeat(wave[:, None], channels, axis=1).astype(np.int16), rate=rate)


def video(
    path: Path,
    pictures: Sequence[av.VideoFrame] | Frames,
    *,
    codec: str = "libx264",
    form: str = "yuv420p",
    times: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    prepare: Callable[[VideoStream], Any] | None = None,
) -> Path:
    """A video of 8 frames a second, or of frames at ``times`` in milliseconds; ``prepare`` is given the stream before it begins."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=8 if times is None else 1000, options=options or {"crf": "4"})
        assert isinstance(stream, VideoStream)
        frames = [p if isinstance(p, av.VideoFrame) else av.VideoFrame.from_ndarray(p) for p in pictures]
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, form
        if prepare is not None:
            prepare(stream)
        for number, frame in enumerate(frames):
            picture = frame.reformat(format=form)
            picture.time_base = Fraction(1, 8) if times is None else Fraction(1, 1000)
            picture.pts = number if times is None else times[number]
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    return path


def flat(codes: tuple[int, int, int], *, form: str = "yuv420p", size: tuple[int, int] = (64, 48)) -> av.VideoFrame:
    """A picture whose planes hold these very codes."""
    frame = av.VideoFrame(*size, form)
    for plane, code in zip(frame.planes, codes, strict=False):
        kind = np.uint16 if "10" in form else np.uint8
        plane.update(np.full(plane.buffer_size // kind().itemsize, code, kind).tobytes())
    return frame
