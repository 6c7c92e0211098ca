"""Videos that strangers made: which coders are let in, the pictures, and when they are shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.codec.codec import UnknownCodecError
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from soramame.errors import MediaError
from soramame.media import colour
from soramame.media.content import TAG, Content, Frames, Limits, decode_metadata, playable, stacked
from soramame.media.sound import hear
from soramame.media.timing import pace

CODECS = frozenset(("h264", "hevc", "vp8", "libvpx", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4", "mjpeg"))
ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""Decoders that see the transparency which WebM keeps beside the picture; FFmpeg's own do not."""


@dataclass(frozen=True, kw_only=True)
class _Picture:
    """Pixels uint8 ``(H, W, 3)``, the second it appears at if that is known, for how many seconds, and what was done to it."""

    pixels: Frames
    time: float | None
    hold: float
    changes: list[str]


def read_video(
    data: io.BufferedReader, path: Path, limits: Limits, *, container: str, first_only: bool = False
) -> Content:
    """The pictures of an open file at a constant rate, and its sound; ``container`` is FFmpeg's name of the kind of file.

    With ``first_only`` the first picture alone, without sound. :class:`MediaError` says what is wrong.
    """
    try:
        with av.open(data, "r", format=container) as file:
            stream = stream_of(file, path, limits)
            pictures = list(_pictures(file, stream, path, limits, first_only=first_only))
            seconds, rate = seconds_of(file, stream), float(stream.average_rate or stream.guessed_rate or 0)
            tags = {key.lower(): value for key, value in file.metadata.items()}
    except MediaError:
        raise
    except Exception as error:  # what a hostile file makes a parser raise is not of any one kind
        raise MediaError(f"{path} is not a video that can be read; it may be cut off or damaged.") from error
    if not first_only:
        _check_whole(pictures, seconds, rate, path)
    content = _steady(pictures, playable(rate), path, limits)
    metadata, notes = decode_metadata(tags.get(TAG)), list(content.notes)
    audio = None
    if not first_only:
        length = len(content.frames) / content.fps
        limits.check_seconds(length, path)
        audio, missing = hear(data, container=container, start=pictures[0].time or 0.0, seconds=length)
        notes += [missing] if missing else []
    return Content(frames=content.frames, fps=content.fps, metadata=metadata, audio=audio, notes=tuple(notes))


def stream_of(file: InputContainer, path: Path, limits: Limits) -> VideoStream:
    """The picture of an open file; :class:`MediaError` if it has none, or one that is not read."""
    if not file.streams.video:
        raise MediaError(f"{path} has no video in it.")
    stream = file.streams.video[0]
    coder = stream.codec_context
    if coder is None or coder.name not in CODECS:  # None: a code that FFmpeg does not know
        raise MediaError(
            f"{path} is coded as {coder.name if coder else 'something unknown'}, which is not read; convert it to H.264."
        )
    limits.check_size(coder.width, coder.height, path)
    limits.check_seconds(seconds_of(file, stream), path)
    stream.thread_type = "AUTO"
    return stream


def _pictures(
    file: InputContainer, stream: VideoStream, path: Path, limits: Limits, *, first_only: bool
) -> Iterator[_Picture]:
    aspect = stream.sample_aspect_ratio
    decoder, missing = _decoder(stream)
    frames = _seen_through(decoder, file, stream) if decoder is not None else file.decode(stream)
    for count, frame in enumerate(frames, 1):
        width, height = colour.size(frame, aspect)
        limits.check_size(width, height, path)
        limits.check_length(count, width * height, path)
        yield _picture(frame, aspect, missing)
        if first_only:
            return


def _picture(frame: av.VideoFrame, aspect: Fraction | None, missing: list[str]) -> _Picture:
    base = frame.time_base or Fraction(0)
    return _Picture(
        pixels=colour.shown(frame, aspect),
        time=None if frame.pts is None or not base else float(frame.pts * base),
        hold=float((frame.duration or 0) * base),
        changes=colour.changes(frame, aspect) + missing,
    )


def _decoder(stream: VideoStream) -> tuple[VideoCodecContext | None, list[str]]:
    """The decoder to be used in place of the stream's own, None for its own, and what is lost by that."""
    name = ALPHA.get(stream.codec_context.name)
    if name is None or stream.metadata.get("alpha_mode") != "1":
        return None, []
    try:
        decoder = av.CodecContext.create(name, "r")
    except UnknownCodecError:
        return None, ["transparency left out"]
    return (decoder, []) if isinstance(decoder, VideoCodecContext) else (None, ["transparency left out"])


def _seen_through(decoder: VideoCodecContext, file: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    for packet in file.demux(stream):
        yield from decoder.decode(packet)


def _steady(pictures: list[_Picture], rate: float, path: Path, limits: Limits) -> Content:
    frames = stacked([picture.pixels for picture in pictures], path)
    notes = dict.fromkeys(note for picture in pictures for note in picture.changes)
    times = [picture.time for picture in pictures if picture.time is not None]
    if len(times) < len(pictures):
        return Content(frames=frames, fps=rate, notes=tuple(notes))
    plan = pace(times, pictures[-1].hold, rate)
    limits.check_length(plan.count, frames[0].size // 3, path)
    if plan.changed:
        frames = frames[plan.picks]
        notes[f"made constant at {plan.fps:g} frames a second"] = None
    return Content(frames=frames, fps=plan.fps, notes=tuple(notes))


def seconds_of(file: InputContainer, stream: VideoStream) -> float:
    """Length of the picture that the file claims; 0 if it does not say. With sound, the whole may be longer than that."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    tags = {key.upper(): value for key, value in stream.metadata.items()}
    said = re.fullmatch(
        r"(\d{1,3}):(\d\d):(\d\d(?:\.\d+)?)", tags.get("DURATION", "")
    )  # as Matroska says it of each stream
    if said is not None:
        return 3600 * int(said[1]) + 60 * int(said[2]) + float(said[3])
    return float(file.duration or 0) / av.time_base if len(file.streams) == 1 else 0.0


def _check_whole(pictures: list[_Picture], seconds: float, rate: float, path: Path) -> None:
    """Decoders stop without a word where a file was cut off: compare what came with what was claimed, by number and by time."""
    claimed, times = seconds * rate, [picture.time for picture in pictures if picture.time is not None]
    span = times[-1] - times[0] + pictures[-1].hold if times else 0.0
    if len(pictures) < 0.9 * claimed - 1 and span < 0.9 * seconds - 1 / max(rate, 1.0):
        raise MediaError(
            f"{path} is cut off: it has {len(pictures)} frames of about {claimed:.0f}; get the whole file."
        )
