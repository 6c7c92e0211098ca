"""Reading videos and pictures that strangers made, within limits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from soramame.errors import MediaError

PICTURES = frozenset({"PNG", "JPEG", "WEBP", "GIF"})
CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "gif", "mjpeg", "png", "webp"})
TAG = "comment"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is read at most: bytes of the file, edge in pixels, frames, and pixels of all frames together."""

    file_bytes: int = 512 << 20
    edge: int = 4096
    frames: int = 3600
    pixels: int = 1 << 31


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file holds: frames uint8 ``(T, H, W, 3)``, frames a second, and the metadata that this system put in."""

    frames: NDArray[np.uint8]
    fps: float
    metadata: dict[str, Any] = field(default_factory=dict)


def read(path: Path, limits: Limits | None = None) -> Content:
    """Read a file by its content, not its name. :class:`MediaError` says in a sentence what is wrong with it."""
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror or error}.") from error
    if size == 0:
        raise MediaError(f"{path} is empty.")
    if size > limits.file_bytes:
        raise MediaError(f"{path} has {size >> 20} MiB; at most {limits.file_bytes >> 20} MiB are read.")
    picture = head[:8] == b"\x89PNG\r\n\x1a\n" or head[:3] == b"\xff\xd8\xff" or head[:4] in (b"RIFF", b"GIF8")
    if picture and not head[8:12] == b"AVI ":
        return _picture(path, limits)
    return _video(path, limits)


def decode_metadata(text: object) -> dict[str, Any]:
    """The metadata in a tag's text; empty if it is somebody else's."""
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _check(width: int, height: int, path: Path, limits: Limits) -> None:
    if not (0 < width <= limits.edge and 0 < height <= limits.edge):
        raise MediaError(f"{path} is {width}x{height}; edges of 1 to {limits.edge} pixels are read.")


def _picture(path: Path, limits: Limits) -> Content:
    try:
        with Image.open(path, formats=sorted(PICTURES)) as image:
            _check(*image.size, path, limits)
            count = getattr(image, "n_frames", 1)
            if count > limits.frames or count * image.size[0] * image.size[1] > limits.pixels:
                raise MediaError(f"{path} has {count} frames; that is more than is read.")
            metadata = decode_metadata(image.info.get(TAG) or _exif_comment(image))
            frames, durations = [], []
            for number in range(count):
                image.seek(number)
                frames.append(_rgb(image))
                durations.append(float(image.info.get("duration", 0) or 0))
    except MediaError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise MediaError(f"{path} is not a picture that can be read; it may be cut off or damaged.") from error
    span = sum(durations)
    return Content(frames=np.stack(frames), fps=1000 * count / span if span > 0 else 8.0, metadata=metadata)


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Upright sRGB; what is transparent is shown on white."""
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, upright)
    return np.asarray(upright.convert("RGB"), np.uint8)


def _exif_comment(image: Image.Image) -> object:
    value = image.getexif().get(0x9C9C) or image.getexif().get(0x010E)
    return value.decode("utf-16-le", "ignore") if isinstance(value, bytes) else value


def _video(path: Path, limits: Limits) -> Content:
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MediaError(f"{path} has no video in it.")
            stream = container.streams.video[0]
            if stream.codec_context.name not in CODECS:
                raise MediaError(
                    f"{path} is coded as {stream.codec_context.name}, which is not read; convert it to H.264."
                )
            _check(stream.codec_context.width, stream.codec_context.height, path, limits)
            stream.thread_type = "AUTO"
            frames: list[NDArray[np.uint8]] = []
            for frame in container.decode(stream):
                _check(frame.width, frame.height, path, limits)
                frames.append(frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False))
                if len(frames) > limits.frames or len(frames) * frame.width * frame.height > limits.pixels:
                    raise MediaError(f"{path} is longer than {limits.frames} frames or too large to be read; cut it.")
            rate = float(stream.average_rate or stream.guessed_rate or 0)
            tags = {key.lower(): value for key, value in container.metadata.items()}
    except MediaError:
        raise
    except (av.FFmpegError, OSError, ValueError, RuntimeError) as error:
        raise MediaError(f"{path} is not a video that can be read; it may be cut off or damaged.") from error
    if not frames or any(frame.shape != frames[0].shape for frame in frames):
        raise MediaError(f"{path} has no frames, or frames of different sizes.")
    return Content(
        frames=np.stack(frames), fps=rate if 0 < rate <= 240 else 8.0, metadata=decode_metadata(tags.get(TAG))
    )
