"""Files to be signed, and signed ones, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from soramame.media.write import write
from soramame.safety.identity import Identity
from soramame.safety.provenance import Source, Statement, sign

KINDS = (".mp4", ".webp", ".png", ".gif", ".webm")
RECIPE: dict[str, Any] = {
    "generator": "soramame",
    "model": "mame",
    "model_sha256": "ab" * 32,
    "prompt": "豆の木が空へのびる",
    "negative": "",
    "seed": 7,
    "guidance": 4.5,
    "events": [["it rains", 1.5]],
}


def frames(seed: int = 0, count: int = 3) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 255, (count, 64, 96, 3), dtype=np.uint8)


def clip(path: Path, *, seed: int = 0, count: int = 3, **recipe: object) -> Path:
    """A written file, not signed: a single picture as PNG."""
    return write(path, frames(seed, 1 if path.suffix == ".png" else count), 8, {**RECIPE, **recipe})


def made(path: Path, by: Identity, *sources: Path, seed: int = 0, task: str = "generate", **options: Any) -> Path:
    """A signed file."""
    clip(path, seed=seed)
    sign(path, Statement(recipe=RECIPE, task=task, **options), by, ingredients=[Source(path=one) for one in sources])
    return path


def flipped(path: Path, at: int = 0) -> Path:
    """A copy with a bit of the content changed (and the statement beside it taken along)."""
    data = bytearray(path.read_bytes())
    data[at or _content(data, path.suffix)] ^= 1
    target = path.with_name(f"changed{path.suffix}")
    target.write_bytes(data)
    if path.suffix == ".webm":
        target.with_suffix(".c2pa").write_bytes(path.with_suffix(".c2pa").read_bytes())
    return target


def _content(data: bytes | bytearray, kind: str) -> int:
    marks = {".mp4": b"mdat", ".webp": b"ANMF", ".png": b"IDAT", ".gif": b"\x2c\0\0\0\0", ".webm": b"\x1f\x43\xb6\x75"}
    return bytes(data).index(marks[kind]) + 60


def box(data: bytes, name: bytes) -> tuple[int, int]:
    """Where a box of an MP4 file begins and ends."""
    start = 0
    while data[start + 4 : start + 8] != name:
        start += int.from_bytes(data[start : start + 4], "big")
    return start, start + int.from_bytes(data[start : start + 4], "big")


def chunk(data: bytes, name: bytes) -> bytes:
    """The whole chunk of a PNG file, with its length and sum."""
    at = data.index(name) - 4
    return data[at : at + 12 + int.from_bytes(data[at : at + 4], "big")]


def photographed(path: Path) -> None:
    Image.fromarray(frames(3, 1)[0]).save(path)
