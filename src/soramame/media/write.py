"""Writing clips and pictures: whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from soramame.errors import OutputError
from soramame.media.read import COUNT, DESCRIPTION, RATE, TAG, series_name

Frames = NDArray[np.uint8]
EXTENSIONS = (".mp4", ".webm", ".gif", ".webp", ".png")
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
BT709 = 1
"""ITU-T H.273: code of the colour space, its primaries and its transfer; also of limited range in FFmpeg."""


def check_output(path: Path, extensions: tuple[str, ...] = EXTENSIONS) -> Path:
    """The path, if something could be written there: asked before the work, not after. :class:`OutputError` if not."""
    if path.suffix.lower() not in extensions:
        raise OutputError(f"{path.name!r}: write to a file that ends in {', '.join(extensions)}.")
    try:
        if path.is_dir():
            raise OutputError(f"{path} is a folder; name a file in it.")
        if not path.parent.is_dir():
            raise OutputError(f"the folder {path.parent} does not exist; make it first.")
    except (OSError, ValueError) as error:
        raise OutputError(f"{str(path)[:80]!r} is not a name for a file: {error}.") from error
    if "\0" in str(path):
        raise OutputError("the name of a file cannot have a zero byte in it.")
    if len(os.fsencode(path.name)) > 250:
        raise OutputError(f"the name {path.name[:40]!r}… is too long for a file; choose a shorter one.")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"the folder {path.parent} cannot be written to; choose another.")
    return path


def write(path: Path, frames: Frames, fps: float, metadata: Mapping[str, Any]) -> Path:
    """Write frames uint8 ``(T, H, W, 3)`` in the form that the extension names; several as PNG become a numbered series.

    Returns the file that was written, of a series the first.
    """
    check_output(path)
    try:
        text = json.dumps(dict(metadata), sort_keys=True)  # ASCII: not every container keeps the rest
    except (TypeError, ValueError) as error:
        raise OutputError(f"the metadata cannot be written as JSON: {error}.") from error
    kind = path.suffix.lower()
    if kind == ".png" and len(frames) > 1:
        return _series(path, frames, fps, text)
    writers: dict[str, Callable[[Path, Frames, float, str], None]] = {
        ".mp4": _mp4,
        ".webm": _webm,
        ".gif": _gif,
        ".webp": _webp,
        ".png": _png,
    }
    with whole(path) as part:
        writers[kind](part, frames, fps, text)
    return path


def save_picture(picture: Image.Image, path: str | Path) -> Path:
    """Write a picture (a contact sheet, say) as .png, .jpg or .webp, whole or not at all."""
    target = check_output(Path(path), PICTURES)
    with whole(target) as part:
        picture.save(part)
    return target


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place only if the block succeeds; otherwise nothing is left."""
    part = path.with_name(f".soramame-{secrets.token_hex(6)}{path.suffix}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield part
        os.replace(part, path)
    except (OSError, av.FFmpegError) as error:
        raise OutputError(f"{path} could not be written: {getattr(error, 'strerror', None) or error}.") from error
    except av.codec.codec.UnknownCodecError as error:
        raise OutputError(
            f"{path} could not be written: this PyAV has no {error} coder; choose another kind."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _mp4(path: Path, frames: Frames, fps: float, text: str) -> None:
    # The same clip has to be the same file: the number of threads is part of the result, and the macroblock tree of x264 reads
    # memory that it never wrote where the CPU has AVX-512 and a picture is narrow.
    options = {"crf": "14", "preset": "medium", "threads": "2", "x264-params": "mbtree=0"}
    _encode(path, frames, fps, text, codec="libx264", options=options, muxer={"movflags": "+faststart"})


def _webm(path: Path, frames: Frames, fps: float, text: str) -> None:
    options = {"crf": "24", "b": "0", "cpu-used": "4", "threads": "2"}
    _encode(path, frames, fps, text, codec="libvpx-vp9", options=options, muxer={"fflags": "+bitexact"})


def _encode(
    path: Path, frames: Frames, fps: float, text: str, *, codec: str, options: dict[str, str], muxer: dict[str, str]
) -> None:
    """4:2:0 needs even edges: an odd one is padded by repeating the last row or column. Colours are BT.709, and say so."""
    height, width = frames.shape[1] + frames.shape[1] % 2, frames.shape[2] + frames.shape[2] % 2
    with av.open(str(path), "w", options=muxer) as container:
        container.metadata[TAG] = text
        stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001), options=options)
        if not isinstance(stream, VideoStream):
            raise OutputError(f"{codec} is not a video coder.")
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        coder = stream.codec_context
        coder.colorspace = coder.color_primaries = coder.color_trc = coder.color_range = BT709
        for frame in frames:
            padded = np.pad(frame, ((0, height - frame.shape[0]), (0, width - frame.shape[1]), (0, 0)), "edge")
            picture = av.VideoFrame.from_ndarray(padded, format="rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def durations(count: int, fps: float, unit: float) -> list[int]:
    """Milliseconds that each frame is shown, in multiples of ``unit`` ms, so that no frame is early or late by more."""
    ends = [round(1000 * (n + 1) / fps / unit) for n in range(count)]
    return [max(1, round((end - start) * unit)) for start, end in zip([0, *ends], ends, strict=False)]


def _gif(path: Path, frames: Frames, fps: float, text: str) -> None:
    """256 colours a frame, without dither: a dither pattern would crawl."""
    first, *rest = [Image.fromarray(frame).quantize(256, dither=Image.Dither.NONE) for frame in frames]
    times = durations(len(frames), fps, 10)
    first.save(path, save_all=True, append_images=rest, duration=times, loop=0, comment=text.encode())


def _webp(path: Path, frames: Frames, fps: float, text: str) -> None:
    first, *rest = [Image.fromarray(frame) for frame in frames]
    exif = Image.Exif()
    exif[DESCRIPTION] = text
    times = durations(len(frames), fps, 1)
    first.save(path, save_all=True, append_images=rest, duration=times, loop=0, quality=92, method=4, exif=exif)


def _series(path: Path, frames: Frames, fps: float, text: str) -> Path:
    """All files are written before the first takes its name."""
    with ExitStack() as stack:
        for number, frame in enumerate(frames, 1):
            part = stack.enter_context(whole(series_name(path, number)))
            _png(part, frame[None], fps, text, count=len(frames))
    return series_name(path, 1)


def _png(path: Path, frames: Frames, fps: float, text: str, *, count: int = 1) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(TAG, text)
    info.add_text(RATE, f"{fps:g}")
    info.add_text(COUNT, str(count))
    Image.fromarray(frames[0]).save(path, pnginfo=info)
