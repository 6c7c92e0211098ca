"""Reading videos and pictures that strangers made, within limits, by content and not by name."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from soramame.errors import MediaError

Frames = NDArray[np.uint8]
PICTURES = ("GIF", "JPEG", "PNG", "WEBP")
CODECS = frozenset(("h264", "hevc", "vp8", "libvpx", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4", "mjpeg"))
DESCRIPTION = 0x010E
"""The EXIF field ImageDescription."""
TAG, RATE, COUNT = "comment", "fps", "frames"
"""Keys of the metadata in every kind of file; of the rate and the number of pictures in a series of PNG files."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is read at most: bytes of the file, edge in pixels, frames, seconds, and pixels of all frames together."""

    file_bytes: int = 512 << 20
    edge: int = 4096
    frames: int = 7200
    seconds: float = 300.0
    pixels: int = 1 << 29

    def check_size(self, width: int, height: int, path: Path) -> None:
        """:class:`MediaError` if an edge is too long."""
        if not (0 < width <= self.edge and 0 < height <= self.edge):
            raise MediaError(f"{path} is {width}x{height}; edges of 1 to {self.edge} pixels are read.")

    def check_length(self, count: int, pixels: int, path: Path) -> None:
        """:class:`MediaError` if so many frames of so many pixels are too much."""
        if count > self.frames or count * pixels > self.pixels:
            raise MediaError(
                f"{path} is too long to be read: at most {self.frames} frames, "
                f"{self.pixels / 1e6:.0f} million pixels in all; cut it or make it smaller."
            )


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file holds: frames uint8 ``(T, H, W, 3)``, frames a second, and the metadata that this system put in."""

    frames: Frames
    fps: float
    metadata: dict[str, Any] = field(default_factory=dict)


def read(path: Path, limits: Limits | None = None, *, first_only: bool = False) -> Content:
    """Read a file, or the whole series that was saved under a PNG name. :class:`MediaError` says what is wrong with it."""
    limits = limits or Limits()
    series = first_of_series(path)
    if series.is_file() and not path.exists():
        return _series(path, limits, first_only=first_only)
    with _open(path, limits) as data:
        head = data.read(16)
        data.seek(0)
        if _is_picture(head):
            return _picture(data, path, limits, first_only=first_only)
        return _video(data, path, limits, container=_container(head, path), first_only=first_only)


def read_picture(path: Path, limits: Limits | None = None) -> Frames:
    """The first frame uint8 ``(H, W, 3)`` of a picture or video."""
    first: Frames = read(path, limits, first_only=True).frames[0]
    return first


def first_of_series(path: Path) -> Path:
    """The first file of a series of pictures that was saved under the name ``path``."""
    return series_name(path, 1) if path.stem else path


def series_name(path: Path, number: int) -> Path:
    """``name.png`` and 7 → ``name-0007.png``."""
    return path.with_stem(f"{path.stem}-{number:04d}")


def decode_metadata(text: object) -> dict[str, Any]:
    """The metadata in a tag's text; empty if it is somebody else's."""
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _open(path: Path, limits: Limits) -> io.BufferedReader:
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


def _is_picture(head: bytes) -> bool:
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return webp or head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"))


def _container(head: bytes, path: Path) -> str:
    """The demuxer by the file's first bytes. FFmpeg must not choose: some of its formats open further files and addresses."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    raise MediaError(f"{path} is not a video or picture that is read; give MP4, WebM, GIF, WebP, PNG or JPEG.")


def _series(path: Path, limits: Limits, *, first_only: bool) -> Content:
    first = read(series_name(path, 1), limits)
    with Image.open(series_name(path, 1), formats=PICTURES) as image:
        count, rate = _number(image.info.get(COUNT), 1.0), _number(image.info.get(RATE), 8.0)
    if first_only:
        return first
    limits.check_length(int(count), first.frames[0].size // 3, path)
    frames = [first.frames[0], *(read(series_name(path, n), limits).frames[0] for n in range(2, int(count) + 1))]
    return Content(frames=_stacked(frames, path), fps=_rate(rate), metadata=first.metadata)


def _number(text: object, otherwise: float) -> float:
    try:
        return float(str(text))
    except ValueError:
        return otherwise


def _rate(value: float) -> float:
    """A rate that can be played; 8 where a file has none, or nonsense."""
    return value if 0.01 <= value <= 240 else 8.0


def _stacked(frames: list[Frames], path: Path) -> Frames:
    if not frames:
        raise MediaError(f"{path} has no frames in it.")
    if any(frame.shape != frames[0].shape for frame in frames):
        raise MediaError(f"{path} has frames of different sizes, which is not read.")
    return np.stack(frames)


def _picture(data: io.BufferedReader, path: Path, limits: Limits, *, first_only: bool) -> Content:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged fields that nobody reads
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _unpacked(data, path, limits, first_only=first_only)
    except MediaError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError(f"{path} claims to be larger than any picture that is read.") from error
    except Exception as error:  # what a hostile file makes a parser raise is not of any one kind
        raise MediaError(f"{path} is not a picture that can be read; it may be cut off or damaged.") from error


def _unpacked(data: io.BufferedReader, path: Path, limits: Limits, *, first_only: bool) -> Content:
    with Image.open(data, formats=PICTURES) as image:
        limits.check_size(*image.size, path)
        count = 1 if first_only else int(getattr(image, "n_frames", 1))
        limits.check_length(count, image.size[0] * image.size[1], path)
        metadata = decode_metadata(image.info.get(TAG) or image.getexif().get(DESCRIPTION))
        rate = _number(image.info.get(RATE), 0.0)
        frames, span = [], 0.0
        for number in range(count):
            image.seek(number)
            frames.append(_rgb(image))
            span += float(image.info.get("duration", 0) or 0)
    fps = _rate(1000 * count / span if span > 0 else rate)
    return Content(frames=_stacked(frames, path), fps=fps, metadata=metadata)


def _rgb(image: Image.Image) -> Frames:
    """Upright sRGB; what is transparent is shown on white."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits a pixel
        upright = Image.fromarray((np.asarray(upright).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, upright)
    return np.asarray(_srgb(upright.convert("RGB"), image.info.get("icc_profile")), np.uint8)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Out of the colour space that the file names; one that makes no sense is taken for sRGB, as browsers do."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _video(data: io.BufferedReader, path: Path, limits: Limits, *, container: str, first_only: bool) -> Content:
    try:
        with av.open(data, "r", format=container) as file:
            stream = _stream(file, path, limits)
            pictures = list(_decoded(file, stream, path, limits, first_only=first_only))
            if not first_only:
                _check_whole(file, stream, len(pictures), path)
            rate = float(stream.average_rate or stream.guessed_rate or 0)
            tags = {key.lower(): value for key, value in file.metadata.items()}
    except MediaError:
        raise
    except Exception as error:  # as above
        raise MediaError(f"{path} is not a video that can be read; it may be cut off or damaged.") from error
    return Content(frames=_stacked(pictures, path), fps=_rate(rate), metadata=decode_metadata(tags.get(TAG)))


def _stream(file: InputContainer, path: Path, limits: Limits) -> VideoStream:
    if not file.streams.video:
        raise MediaError(f"{path} has no video in it.")
    stream = file.streams.video[0]
    coder = stream.codec_context
    if coder is None or coder.name not in CODECS:  # None: a code that FFmpeg does not know
        raise MediaError(
            f"{path} is coded as {coder.name if coder else 'something unknown'}, which is not read; convert it to H.264."
        )
    limits.check_size(coder.width, coder.height, path)
    seconds = _seconds(file, stream)
    if seconds > limits.seconds:
        raise MediaError(f"{path} is {seconds:.0f} seconds long; at most {limits.seconds:.0f} are read: cut it.")
    stream.thread_type = "AUTO"
    return stream


def _decoded(
    file: InputContainer, stream: VideoStream, path: Path, limits: Limits, *, first_only: bool
) -> Iterator[Frames]:
    for count, frame in enumerate(file.decode(stream), 1):
        limits.check_size(frame.width, frame.height, path)
        limits.check_length(count, frame.width * frame.height, path)
        yield frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
        if first_only:
            return


def _seconds(file: InputContainer, stream: VideoStream) -> float:
    """Length of the picture that the file claims; 0 if it does not say. With sound, the whole may be longer than that."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(file.duration or 0) / av.time_base if len(file.streams) == 1 else 0.0


def _check_whole(file: InputContainer, stream: VideoStream, count: int, path: Path) -> None:
    """Decoders stop without a word where a file was cut off: compare what came with what was claimed."""
    claimed = _seconds(file, stream) * float(stream.average_rate or 0)
    if count < 0.9 * claimed - 1:
        raise MediaError(f"{path} is cut off: it has {count} frames of about {claimed:.0f}; get the whole file.")
