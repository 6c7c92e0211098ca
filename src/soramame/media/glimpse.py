"""A look into a file of any length: some spans of its frames, in memory that does not grow with it."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import av
from av.video.stream import VideoStream

from soramame.errors import MediaError
from soramame.media import colour
from soramame.media.content import Frames, Limits, first_of_series, stacked
from soramame.media.picture import is_picture
from soramame.media.read import container_of, opened, read
from soramame.media.video import seconds_of, stream_of

SKIPPED = 256
"""Frames that are decoded to come to a span, at most."""
ANY_LENGTH = Limits(file_bytes=1 << 62, seconds=math.inf)


def glimpses(path: Path, *, spans: int = 8, frames: int = 32) -> Iterator[tuple[float, Frames]]:
    """At most ``spans`` times at most ``frames`` frames uint8 ``(T, H, W, 3)``, each with the second at which it begins: all of a
    short video in one piece, of a longer one pieces at even distances, or as near behind the key frame before as is soon decoded.
    Pictures are one piece. :class:`MediaError` as for reading.
    """
    if not path.exists() and first_of_series(path).is_file():
        yield 0.0, read(path).frames[: spans * frames]
        return
    with opened(path, ANY_LENGTH) as data:
        head = data.read(16)
        data.seek(0)
        if is_picture(head):
            yield 0.0, read(path, ANY_LENGTH).frames[: spans * frames]
            return
        try:
            yield from _spans(data, path, container_of(head, path), spans, frames)
        except MediaError:
            raise
        except Exception as error:  # what a hostile file makes a parser raise is not of any one kind
            raise MediaError(f"{path} is not a video that can be read; it may be cut off or damaged.") from error


def _spans(
    data: io.BufferedReader, path: Path, container: str, spans: int, frames: int
) -> Iterator[tuple[float, Frames]]:
    with av.open(data, "r", format=container) as file:
        stream = stream_of(file, path, ANY_LENGTH)
        seconds, rate = seconds_of(file, stream), float(stream.average_rate or stream.guessed_rate or 8)
        if seconds * rate <= spans * frames:
            yield 0.0, _frames(islice(file.decode(stream), spans * frames), stream, path)
            return
        begin, last = float((stream.start_time or 0) * (stream.time_base or 0)), -1.0
        for number in range(spans):
            at = seconds * number / spans
            file.seek(int((begin + at) * av.time_base))
            found = file.decode(stream)
            first = next(_from(found, begin + at), None)
            if first is not None and first.time is not None:
                at = first.time - begin
            if at > last:
                yield at, _frames([] if first is None else chain([first], islice(found, frames - 1)), stream, path)
                last = at


def _from(found: Iterator[av.VideoFrame], at: float) -> Iterator[av.VideoFrame]:
    """The first frame from a second on; an earlier one where the key frame before is so far away that decoding would take too long."""
    for frame in islice(found, SKIPPED):
        if frame.time is None or frame.time >= at:
            yield frame
            return
    yield from islice(found, 1)


def _frames(frames: Iterable[av.VideoFrame], stream: VideoStream, path: Path) -> Frames:
    aspect = stream.sample_aspect_ratio
    return stacked([colour.shown(frame, aspect) for frame in frames], path)
