"""A look into a file of any length: some spans of its frames, in memory that does not grow with it."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from soramame.errors import MediaError
from soramame.media import colour
from soramame.media.content import Frames, Limits, first_of_series, stacked
from soramame.media.picture import is_picture
from soramame.media.read import container_of, opened, read
from soramame.media.video import seconds_of, stream_of

ANY_LENGTH = Limits(file_bytes=1 << 62, seconds=math.inf)


def glimpses(path: Path, *, spans: int = 8, frames: int = 32) -> Iterator[tuple[float, Frames]]:
    """At most ``spans`` times at most ``frames`` frames uint8 ``(T, H, W, 3)``, each with the second at which it begins: all of a
    short video in one piece, of a longer one pieces at even distances. Pictures are one piece. :class:`MediaError` as for reading.
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
            yield 0.0, _frames(file, stream, path, spans * frames)
            return
        for number in range(spans):
            at = seconds * number / spans
            file.seek(int(at * av.time_base))
            yield at, _frames(file, stream, path, frames)


def _frames(file: InputContainer, stream: VideoStream, path: Path, count: int) -> Frames:
    aspect = stream.sample_aspect_ratio
    return stacked([colour.shown(frame, aspect) for frame in islice(file.decode(stream), count)], path)
