"""What has been painted of a film, kept in a folder beside its file until that is whole, so that it can be taken up again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from soramame.engine.film import Film, Part
from soramame.engine.request import Frames, Kept, Painted
from soramame.errors import CancelledError, OptionError, OutputError

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
        self.short = sum(isinstance(part, Part) for part in film.parts) == 1
        self._fresh = not windows

    @classmethod
    def open(cls, target: Path, film: Film, *, resume: bool) -> Job:
        """Begin, or with ``resume`` take up what was stopped; :class:`OptionError` if that was another film, or is not there."""
        if not resume:
            return cls(target, film, [])
        index = _read(target)
        job = cls(target, film, [(part, number, of) for part, number, of in index["windows"]])
        before = index["metadata"]
        other = sorted(name for name in {*before, *job.metadata} if before.get(name) != job.metadata.get(name))
        if other:
            raise OptionError(
                f"{target} was begun with another {', '.join(other)}: say the same again, or leave --resume out."
            )
        return job

    def done(self, part: int) -> tuple[list[Frames], Kept | None, bool]:
        """See :class:`soramame.engine.film.Keeper`."""
        mine = [window for window in self.windows if window[0] == part]
        if not mine:
            return [], None, False
        try:
            frames = [np.load(self._frames(window)) for window in mine]
            complete = mine[-1][1] == mine[-1][2]
            return frames, None if complete else load_file(self._kept(mine[-1])), complete
        except (OSError, ValueError, SafetensorError) as error:
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
            np.save(self._frames(window), painted.frames)
            if painted.kept is not None:
                self._kept(window).write_bytes(save({name: value.contiguous() for name, value in painted.kept.items()}))
            before, self.windows = self.windows[-1:], [*self.windows, window]
            draft = self.folder / (INDEX + ".part")
            draft.write_text(json.dumps({"metadata": self.metadata, "windows": self.windows}), encoding="utf-8")
            os.replace(draft, self.folder / INDEX)
            for old in before:
                self._kept(old).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {error.strerror or error}.") from error

    def finish(self) -> None:
        """The file is whole: nothing needs to be kept."""
        self.windows = []
        if not self._fresh:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Job:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
    if not isinstance(index, dict) or not isinstance(index.get("metadata"), dict) or "windows" not in index:
        raise OptionError(f"{path} is damaged and cannot be taken up: leave --resume out.")
    return index
