"""A clip at the edge of the system: frames for people, and what is known of how they came about."""

from __future__ import annotations

import base64
import html
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from soramame.errors import MediaError
from soramame.media.audio import Audio
from soramame.media.content import Frames, Limits
from soramame.media.read import read
from soramame.media.write import Seal, write


@dataclass(frozen=True, kw_only=True, eq=False)
class Clip:
    """``frames`` uint8 ``(T, H, W, 3)`` sRGB at ``fps`` frames a second; ``metadata`` is JSON-able and travels in the file.

    ``audio`` is its sound, if it has any. ``notes`` say in plain words what reading had to do to the file that it comes from, and
    ``path`` is that file; they do not travel. ``seal`` completes every file that it is saved to (:func:`soramame.media.stream`).
    """

    frames: Frames
    fps: float
    metadata: Mapping[str, Any] = field(default_factory=dict)
    audio: Audio | None = None
    notes: tuple[str, ...] = ()
    path: Path | None = None
    seal: Seal | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        shape = self.frames.shape
        if self.frames.dtype != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape:
            raise MediaError(f"frames have to be uint8 (T, H, W, 3), not {self.frames.dtype} {shape}.")
        if not 0.01 <= self.fps <= 240:
            raise MediaError(f"fps has to be 0.01 to 240, not {self.fps}.")

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.frames) / self.fps

    def save(self, path: str | Path) -> Path:
        """Write by extension: .mp4 (H.264), .webm (VP9), .gif, .webp (animated), .png (one file, or a numbered series).

        Sound goes along as AAC or Opus into the first two and is left out of the others (``sound_kept`` tells). The file appears
        under its name only when it is whole. Returns the file written (of a series the first). :class:`OutputError` if it cannot
        be written.
        """
        return write(Path(path), self.frames, self.fps, self.metadata, audio=self.audio, seal=self.seal)

    @classmethod
    def load(cls, path: str | Path, limits: Limits | None = None) -> Clip:
        """Read a video, or a picture as a clip of one frame; :class:`MediaError` for what is no such thing or out of limits.

        Under the name that a series of PNG files was saved with, the series. Frames come upright, with square pixels, in standard
        range, at a constant rate; sound as 16 bits, as long as the picture.
        """
        content = read(Path(path), limits)
        return cls(
            frames=content.frames,
            fps=content.fps,
            metadata=content.metadata,
            audio=content.audio,
            notes=content.notes,
            path=Path(path),
        )

    def _repr_html_(self) -> str:
        """A player for notebooks, with the prompt beneath."""
        with tempfile.TemporaryDirectory() as folder:
            data = self.save(Path(folder) / "clip.mp4").read_bytes()
        source = base64.b64encode(data).decode()
        prompt = html.escape(str(self.metadata.get("prompt", "")))
        return (
            f'<figure><video controls loop muted autoplay width="{self.frames.shape[2] * 2}" '
            f'src="data:video/mp4;base64,{source}"></video><figcaption>{prompt}</figcaption></figure>'
        )
