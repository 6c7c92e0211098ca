"""Writing clips: whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from soramame.errors import OutputError
from soramame.media.read import TAG

Frames = NDArray[np.uint8]
EXTENSIONS = (".mp4", ".webm", ".gif", ".webp", ".png")


def check_output(path: Path) -> Path:
    """The path, if something could be written there: asked before hours of work, not after. :class:`OutputError` if not."""
    if path.suffix.lower() not in EXTENSIONS:
        raise OutputError(f"{path.name!r}: write to a file that ends in {', '.join(EXTENSIONS)}.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it.")
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"the folder {folder} does not exist; make it first.")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"the folder {folder} cannot be written to; choose another.")
    return path


def write(path: Path, frames: Frames, fps: float, metadata: Mapping[str, Any]) -> Path:
    """Write frames uint8 ``(T, H, W, 3)`` in the form that the extension names; returns the path."""
    check_output(path)
    writers: dict[str, Callable[[Path, Frames, float, str], None]] = {
        ".mp4": _mp4,
        ".webm": _webm,
        ".gif": _animation,
        ".webp": _animation,
        ".png": _png,
    }
    text = json.dumps(dict(metadata), sort_keys=True)  # ASCII: not every container keeps the rest
    if path.suffix.lower() == ".png" and len(frames) > 1:
        for number, frame in enumerate(frames, 1):
            with whole(path.with_stem(f"{path.stem}-{number:04d}")) as part:
                _png(part, frame[None], fps, text)
        return path
    with whole(path) as part:
        writers[path.suffix.lower()](part, frames, fps, text)
    return path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place only if the block succeeds; otherwise nothing is left."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        os.replace(part, path)
    except (OSError, av.FFmpegError) as error:
        raise OutputError(f"{path} could not be written: {getattr(error, 'strerror', None) or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _mp4(path: Path, frames: Frames, fps: float, text: str) -> None:
    options = {"crf": "16", "preset": "medium", "threads": "2"}
    _encode(path, frames, fps, text, "libx264", options, {"movflags": "+faststart"})


def _webm(path: Path, frames: Frames, fps: float, text: str) -> None:
    _encode(path, frames, fps, text, "libvpx-vp9", {"crf": "24", "b": "0", "cpu-used": "4"}, {})


def _encode(
    path: Path, frames: Frames, fps: float, text: str, codec: str, options: dict[str, str], muxer: dict[str, str]
) -> None:
    """4:2:0 needs even edges: an odd one is padded by repeating the last row or column."""
    height, width = frames.shape[1] + frames.shape[1] % 2, frames.shape[2] + frames.shape[2] % 2
    with av.open(str(path), "w", options=muxer) as container:
        container.metadata[TAG] = text
        stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001), options=options)
        if not isinstance(stream, av.VideoStream):
            raise OutputError(f"{codec} is not a codec for video here.")
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            padded = np.pad(frame, ((0, height - frame.shape[0]), (0, width - frame.shape[1]), (0, 0)), "edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(padded, format="rgb24")))
        container.mux(stream.encode(None))


def _animation(path: Path, frames: Frames, fps: float, text: str) -> None:
    first, *rest = [Image.fromarray(frame) for frame in frames]
    if path.suffix.lower() == ".gif":
        first, *rest = [image.quantize(256, dither=Image.Dither.NONE) for image in (first, *rest)]
        first.save(path, save_all=True, append_images=rest, duration=round(1000 / fps), loop=0, comment=text.encode())
        return
    exif = Image.Exif()
    exif[0x010E] = text
    first.save(path, save_all=True, append_images=rest, duration=round(1000 / fps), loop=0, quality=92, exif=exif)


def _png(path: Path, frames: Frames, fps: float, text: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(TAG, text)
    Image.fromarray(frames[0]).save(path, pnginfo=info)
