"""What has been painted of a film, kept in a folder beside its file until that is whole, so that it can be taken up again."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from soramame.engine.film import Film, Part
from soramame.engine.request import Frames, Kept, Painted, fingerprint
from soramame.errors import CancelledError, OptionError, OutputError, RefusedError

INDEX = "film.json"
Window = tuple[int, int, int]
"""Part, number of the window in it, how many it has."""


def folder_of(target: Path) -> Path:
    """Where what was painted for a file is kept."""
    return target.with_name(target.name + ".part")


def begun(target: Path) -> dict[str, Any]:
    """How a film that was stopped was being made; :class:`OptionError` if nothing of it was kept."""
    index = _read(target)
    return dict(index["metadata"])


class Job:
    """Keeps the windows of a film; nothing is written for a film that is painted in one."""

    def __init__(self, target: Path, film: Film, windows: list[Window]) -> None:
        self.target, self.folder = target, folder_of(target)
        self.metadata, self.windows = json.loads(json.dumps(dict(film.metadata))), windows
        self.parts = _fingerprint(film)
        self.short = sum(isinstance(part, Part) for part in film.parts) == 1
        self._fresh = not windows

    @classmethod
    def open(cls, target: Path, film: Film, *, resume: bool) -> Job:
        """Begin, or with ``resume`` take up what was stopped; :class:`OptionError` if that was another film, or is not there."""
        if not resume:
            job = cls(target, film, [])
            job._check_room()
            return job
        index = _read(target)
        job = cls(target, film, [(part, number, of) for part, number, of in index["windows"]])
        before = index["metadata"]
        other = sorted(name for name in {*before, *job.metadata} if before.get(name) != job.metadata.get(name))
        if not other and index.get("parts") != job.parts:
            other = ["order of parts"]
        if other:
            raise OptionError(
                f"{target} was begun with another {', '.join(other)}: say the same again, or leave --resume out."
            )
        return job

    def done(self, part: int) -> tuple[Sequence[Frames], Kept | None, bool]:
        """See :class:`soramame.engine.film.Keeper`. The frames lie in their files until they are looked at."""
        mine = [window for window in self.windows if window[0] == part]
        if not mine:
            return [], None, False
        try:
            frames = [np.load(self._frames(window), mmap_mode="r") for window in mine]
            complete = mine[-1][1] == mine[-1][2]
            return frames, None if complete else load_file(self._kept(mine[-1])), complete
        except (OSError, ValueError, EOFError, SafetensorError) as error:
            raise OptionError(f"{self.folder} is damaged and cannot be taken up: leave --resume out.") from error

    def keep(self, part: int, painted: Painted) -> None:
        """See :class:`soramame.engine.film.Keeper`. A window counts when the index names it, which is written last."""
        window = (part, painted.number, painted.windows)
        if self.short and painted.windows == 1:
            return
        try:
            if self._fresh:
                shutil.rmtree(self.folder, ignore_errors=True)
                self.folder.mkdir()
                self._fresh = False
            data = io.BytesIO()
            np.save(data, painted.frames)
            _put(self._frames(window), data.getvalue())
            if painted.kept is not None:
                _put(self._kept(window), save({name: value.contiguous() for name, value in painted.kept.items()}))
            before = [old for old in self.windows if old[0] == part][-1:]
            self.windows = [*self.windows, window]
            index = {"metadata": self.metadata, "parts": self.parts, "windows": self.windows}
            draft = self.folder / (INDEX + ".part")
            _put(draft, json.dumps(index).encode())
            os.replace(draft, self.folder / INDEX)
            for old in before:
                self._kept(old).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {error.strerror or error}.") from error

    def _check_room(self) -> None:
        """:class:`OutputError`, before anything is painted, if something else has the folder's name."""
        there = self.folder.exists()
        if there and not (self.folder.is_dir() and (self._ours() or not any(self.folder.iterdir()))):
            raise OutputError(
                f"{self.folder}, where unfinished work is kept, is something else: move it, or choose another output."
            )

    def _ours(self) -> bool:
        return (self.folder / INDEX).is_file() or any(self.folder.glob("frames-*.npy"))

    def finish(self) -> None:
        """The file is whole: nothing needs to be kept."""
        self.windows = []
        if self.folder.is_dir() and self._ours():
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Job:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, RefusedError):
            self.finish()  # what is refused is not kept
        if isinstance(error, KeyboardInterrupt) and self.windows:
            done = sum(len(np.load(self._frames(window), mmap_mode="r")) for window in self.windows)
            raise CancelledError(
                f"stopped; {done} frames are kept in {self.folder}: the same command with --resume goes on from them."
            ) from error

    def _frames(self, window: Window) -> Path:
        return self.folder / f"frames-{window[0]:04d}-{window[1]:04d}.npy"

    def _kept(self, window: Window) -> Path:
        return self.folder / f"kept-{window[0]:04d}-{window[1]:04d}.safetensors"


def _read(target: Path) -> dict[str, Any]:
    path = folder_of(target) / INDEX
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OptionError(f"nothing of {target} was kept that could be taken up: leave --resume out.") from error
    except (OSError, ValueError) as error:
        raise OptionError(f"{path} is damaged and cannot be taken up: leave --resume out.") from error
    whole = isinstance(index, dict) and isinstance(index.get("metadata"), dict)
    if not whole or not all(isinstance(window, list) and len(window) == 3 for window in index.get("windows", [0])):
        raise OptionError(f"{path} is damaged and cannot be taken up: leave --resume out.")
    return dict(index)


def _put(path: Path, data: bytes) -> None:
    """Write a file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fingerprint(film: Film) -> str:
    """A hash of all that a film is made of."""
    digest = hashlib.sha256(repr((film.fps, sorted(film.cuts))).encode())
    for part in film.parts:
        known = [part] if not isinstance(part, Part) else [part.shown]
        if isinstance(part, Part):
            values = {field.name: getattr(part.request, field.name) for field in fields(part.request)}
            known += [value for value in values.values() if isinstance(value, np.ndarray)]
            said = {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
            digest.update(repr((said, part.follows, part.dissolve, part.length)).encode())
        digest.update(repr([fingerprint(frames) for frames in known]).encode())
    return digest.hexdigest()
