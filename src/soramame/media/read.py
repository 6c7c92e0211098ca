"""Reading videos and pictures that strangers made, within limits, by content and not by name."""

from __future__ import annotations

import io
from pathlib import Path

from soramame.errors import MediaError
from soramame.media.content import COUNT, RATE, Content, Frames, Limits, first_of_series, playable, series_name, stacked
from soramame.media.picture import facts, is_picture, number, read_pictures
from soramame.media.video import read_video


def read(path: Path, limits: Limits | None = None, *, first_only: bool = False) -> Content:
    """Read a file, or the whole series that was saved under a PNG name. :class:`MediaError` says what is wrong with it.

    With ``first_only`` the first picture alone, without sound.
    """
    limits = limits or Limits()
    series = first_of_series(path)
    if series.is_file() and not path.exists():
        return _series(path, limits, first_only=first_only)
    with opened(path, limits) as data:
        head = data.read(16)
        data.seek(0)
        if is_picture(head):
            return read_pictures(data, path, limits, first_only=first_only)
        return read_video(data, path, limits, container=container_of(head, path), first_only=first_only)


def read_picture(path: Path, limits: Limits | None = None) -> Frames:
    """The first frame uint8 ``(H, W, 3)`` of a picture or video."""
    first: Frames = read(path, limits, first_only=True).frames[0]
    return first


def opened(path: Path, limits: Limits) -> io.BufferedReader:
    """A file within the limits, to be read; :class:`MediaError` in one sentence otherwise."""
    if path.is_dir():
        raise MediaError(f"{path} is a folder; name a file.")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise MediaError(f"{path} is not a file.")
        data = path.open("rb")
    except (OSError, ValueError) as error:
        raise MediaError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if 0 < size <= limits.file_bytes:
        return data
    data.close()
    if size == 0:
        raise MediaError(f"{path} is empty.")
    raise MediaError(f"{path} has {size >> 20} MiB; at most {limits.file_bytes >> 20} MiB are read.")


def container_of(head: bytes, path: Path) -> str:
    """The demuxer by the file's first bytes. FFmpeg must not choose: some of its formats open further files and addresses."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    raise MediaError(f"{path} is not a video or picture that is read; give MP4, WebM, GIF, WebP, PNG or JPEG.")


def _series(path: Path, limits: Limits, *, first_only: bool) -> Content:
    """As many pictures as the first file says. It is the last to be written, so that what it says is there."""
    first = read(series_name(path, 1), limits)
    if first_only:
        return first
    said = facts(series_name(path, 1))
    count, rate = int(number(said.get(COUNT), 1.0)), number(said.get(RATE), 8.0)
    limits.check_length(count, first.frames[0].size // 3, path)
    frames = [first.frames[0], *(read(series_name(path, n), limits).frames[0] for n in range(2, count + 1))]
    return Content(frames=stacked(frames, path), fps=playable(rate), metadata=first.metadata, notes=first.notes)
