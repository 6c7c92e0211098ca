"""What a file may be at most, what it holds, and how this system's own facts are kept in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError
from soramame.media.audio import Audio

Frames = NDArray[np.uint8]
DESCRIPTION = 0x010E
"""The EXIF field ImageDescription."""
TAG, RATE, COUNT = "comment", "fps", "frames"
"""Keys of the metadata in every kind of file; of the rate and, in the first file alone, the number of a series of PNG files."""


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

    def check_seconds(self, seconds: float, path: Path) -> None:
        """:class:`MediaError` if it lasts too long."""
        if seconds > self.seconds:
            raise MediaError(f"{path} is {seconds:.0f} seconds long; at most {self.seconds:.0f} are read: cut it.")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file holds: frames uint8 ``(T, H, W, 3)``, frames a second, the metadata that this system put in, its sound, and
    in plain words what had to be done to it."""

    frames: Frames
    fps: float
    metadata: dict[str, Any] = field(default_factory=dict)
    audio: Audio | None = None
    notes: tuple[str, ...] = ()


def decode_metadata(text: object) -> dict[str, Any]:
    """The metadata in a tag's text; empty if it is somebody else's."""
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def first_of_series(path: Path) -> Path:
    """The first file of a series of pictures that was saved under the name ``path``."""
    return series_name(path, 1) if path.stem else path


def series_name(path: Path, number: int) -> Path:
    """``name.png`` and 7 → ``name-0007.png``."""
    return path.with_stem(f"{path.stem}-{number:04d}")


def playable(rate: float) -> float:
    """A rate that can be played; 8 where a file has none, or nonsense."""
    return rate if 0.01 <= rate <= 240 else 8.0


def stacked(frames: list[Frames], path: Path) -> Frames:
    """Frames ``(H, W, 3)`` as one array; :class:`MediaError` if there are none or they differ in size."""
    if not frames:
        raise MediaError(f"{path} has no frames in it.")
    if any(frame.shape != frames[0].shape for frame in frames):
        raise MediaError(f"{path} has frames of different sizes, which is not read.")
    return np.stack(frames)
