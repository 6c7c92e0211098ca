"""Writing clips and pictures: whole or not at all, at once or as they come."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, PngImagePlugin

from soramame.errors import OutputError
from soramame.media import encode
from soramame.media.audio import Audio
from soramame.media.content import COUNT, DESCRIPTION, RATE, TAG, Frames, series_name

EXTENSIONS = (".mp4", ".webm", ".gif", ".webp", ".png")
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
SOUNDING = (".mp4", ".webm")
Seal = Callable[[Path], None]
"""Completes a file that has been written, and nobody has seen yet, in place; it may put a file beside it."""


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


def sound_kept(path: Path) -> bool:
    """Whether a file of this name can hold sound: .mp4 and .webm can; in all others it is left out."""
    return path.suffix.lower() in SOUNDING


def write(
    path: Path,
    frames: Frames,
    fps: float,
    metadata: Mapping[str, Any],
    *,
    audio: Audio | None = None,
    seal: Seal | None = None,
) -> Path:
    """Write frames uint8 ``(T, H, W, 3)`` at once: :func:`stream` with a single chunk, and the same file."""
    return stream(path, [frames], fps, metadata, audio=audio, seal=seal)


def stream(
    path: Path,
    chunks: Iterable[Frames],
    fps: float,
    metadata: Mapping[str, Any],
    *,
    audio: Audio | None = None,
    seal: Seal | None = None,
) -> Path:
    """Write chunks uint8 ``(T, H, W, 3)`` of one size as they come, in the form that the extension names, with sound if it has
    any (:func:`sound_kept`), no longer than the picture. How frames are dealt out to chunks makes no difference to the file.

    Chunks are pulled when the coder wants more, and whatever they raise passes through unchanged. The file appears under its
    name only when it is whole. Several frames as PNG become a numbered series, of which the first file, that says how many
    there are, is the last to get its name; one frame is a single file. MP4, WebM and PNG hold a few frames at a time; GIF holds
    all of them with one byte a pixel, WebP all of them, because Pillow begins either only when it has the last.

    ``seal`` completes the file before it gets its name: it never lies there without, and not at all if that fails.

    Returns the file that was written, of a series the first. :class:`OutputError` if it cannot be written.
    """
    check_output(path)
    if seal is not None:
        with _hidden(path) as draft:
            written = stream(draft, chunks, fps, metadata, audio=audio)
            seal(written)
        return path.with_name(written.name)
    if not 0.01 <= fps <= 240:
        raise OutputError(f"{path.name} cannot be written at {fps} frames a second; 0.01 to 240 can.")
    try:
        text = json.dumps(dict(metadata), sort_keys=True)  # ASCII: not every container keeps the rest
    except (TypeError, ValueError) as error:
        raise OutputError(f"the metadata cannot be written as JSON: {error}.") from error
    pulled = _Pulled(chunks)
    try:
        return _written(path, pulled, fps, text, audio)
    except OutputError:
        if pulled.error is not None:  # an OSError of the chunks is none of the file's
            raise pulled.error from pulled.error.__cause__
        raise


def _written(path: Path, pulled: _Pulled, fps: float, text: str, audio: Audio | None) -> Path:
    kind = path.suffix.lower()
    first = next(pulled, None)
    if first is None:
        raise OutputError(f"there are no frames to be written to {path}.")
    if kind == ".png" and (second := next(pulled, None)) is not None:
        return _series(path, first, chain((second,), pulled), fps, text)
    frames = chain((first,), pulled)
    with whole(path) as part:
        match kind:
            case ".mp4":
                encode.mp4(part, frames, fps, text, audio)
            case ".webm":
                encode.webm(part, frames, fps, text, audio)
            case ".gif":
                _gif(part, frames, fps, text)
            case ".webp":
                _webp(part, frames, fps, text)
            case _:
                _png(part, first, fps, text, count=1)
    return path


class _Pulled(Iterator[Frames]):
    """The frames ``(H, W, 3)`` of the chunks one by one; ``error`` is what the chunks raised, to be told from what writing did."""

    def __init__(self, chunks: Iterable[Frames]) -> None:
        self._frames = _singly(chunks)
        self.error: BaseException | None = None

    def __next__(self) -> Frames:
        try:
            return next(self._frames)
        except StopIteration:
            raise
        except BaseException as error:
            self.error = error
            raise


def _singly(chunks: Iterable[Frames]) -> Iterator[Frames]:
    size: tuple[int, ...] | None = None
    for chunk in chunks:
        shape = chunk.shape
        if chunk.dtype != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape[1:]:
            raise OutputError(f"frames have to be uint8 (T, H, W, 3), not {chunk.dtype} {shape}.")
        if size is not None and shape[1:] != size:
            raise OutputError(
                f"frames of a file have to be of one size, not {size[1]}x{size[0]} and {shape[2]}x{shape[1]}."
            )
        size = shape[1:]
        yield from chunk


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


@contextmanager
def _hidden(path: Path) -> Iterator[Path]:
    """The same name in a hidden folder beside it; what is written there takes its place if the block succeeds, of a series the
    first file last.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".soramame-", dir=path.parent))
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror or error}.") from error
    try:
        yield folder / path.name
        _moved(folder, path.parent)
    except OutputError as error:
        raise OutputError(str(error).replace(str(folder), str(path.parent))) from error.__cause__
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _moved(folder: Path, to: Path) -> None:
    for file in sorted(folder.iterdir(), reverse=True):
        try:
            os.replace(file, to / file.name)
        except OSError as error:
            raise OutputError(f"{to / file.name} could not be written: {error.strerror or error}.") from error


def durations(count: int, fps: float, unit: float) -> list[int]:
    """Milliseconds that each frame is shown, in multiples of ``unit`` ms, so that no frame is early or late by more."""
    return list(islice(_durations(fps, unit), count))


def _durations(fps: float, unit: float) -> Iterator[int]:
    start = 0
    for number in count(1):
        end = round(1000 * number / fps / unit)
        yield max(1, round((end - start) * unit))
        start = end


def _gif(path: Path, frames: Iterator[Frames], fps: float, text: str) -> None:
    """256 colours a frame, without dither: a dither pattern would crawl."""
    times: list[int] = []  # grows as Pillow pulls the pictures, and is looked up picture by picture

    def pictures() -> Iterator[Image.Image]:
        for frame, time in zip(frames, _durations(fps, 10), strict=False):
            times.append(time)
            yield Image.fromarray(frame).quantize(256, dither=Image.Dither.NONE)

    rest = pictures()
    next(rest).save(path, save_all=True, append_images=rest, duration=times, loop=0, comment=text.encode())


def _webp(path: Path, frames: Iterator[Frames], fps: float, text: str) -> None:
    first, *rest = [Image.fromarray(frame) for frame in frames]
    exif = Image.Exif()
    exif[DESCRIPTION] = text
    times = durations(1 + len(rest), fps, 1)
    first.save(path, save_all=True, append_images=rest, duration=times, loop=0, quality=92, method=4, exif=exif)


def _series(path: Path, first: Frames, rest: Iterator[Frames], fps: float, text: str) -> Path:
    """All files are written before any takes its name. The first is written last, when their number is known, and named last."""
    with ExitStack() as stack:
        opening = stack.enter_context(whole(series_name(path, 1)))
        number = 1
        for number, frame in enumerate(rest, 2):
            _png(stack.enter_context(whole(series_name(path, number))), frame, fps, text)
        _png(opening, first, fps, text, count=number)
    return series_name(path, 1)


def _png(path: Path, frame: Frames, fps: float, text: str, *, count: int | None = None) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(TAG, text)
    info.add_text(RATE, f"{fps:g}")
    if count is not None:
        info.add_text(COUNT, str(count))
    Image.fromarray(frame).save(path, pnginfo=info)
