"""Files by key, in a folder or in an object store: whatever fsspec can open."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]

from soramame.errors import ConfigError, OutputError

KEY = re.compile(r"[a-z]+(/[A-Za-z0-9_-]+)+(\.[a-z0-9]+)?")
PIECE = 1 << 18
DRAFTS = ".drafts"
"""Folder of files that are not whole; in the storage itself, so that a file appears under its key at once."""
FORGOTTEN = 86_400.0
"""Seconds after which a draft is one of somebody who was killed over it."""


class Storage:
    """Files under a folder or an address such as ``s3://bucket/prefix``. A key appears when its file is whole."""

    def __init__(self, address: str) -> None:
        """:class:`ConfigError` if nothing here can open it."""
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ValueError, ImportError) as error:
            raise ConfigError(f"the storage {address!r} cannot be used ({error}); name a folder, or s3://….") from error
        self._local = "file" in self._files.protocol or "local" in self._files.protocol

    def put(self, source: Path, key: str) -> None:
        """Store a file; :class:`OutputError` if there is no room for it."""
        self._whole(lambda target: self._files.put_file(str(source), target), key)

    def _whole(self, write: Callable[[str], object], key: str) -> None:
        """Let a file be written, in a folder under another name first, and appear under its key."""
        target = self._path(key)
        draft = f"{self._root}/{DRAFTS}/{secrets.token_hex(8)}"
        try:
            if not self._local:
                write(target)
                return
            for path in (draft, target):
                self._files.makedirs(os.path.dirname(path), exist_ok=True)
            write(draft)
            os.replace(draft, target)
        except OSError as error:
            if self._local:
                Path(draft).unlink(missing_ok=True)
            raise OutputError(f"{key} cannot be stored: {error.strerror or error}.") from error

    def size(self, key: str) -> int | None:
        """How many bytes it has; None if there is no such file."""
        try:
            return int(self._files.info(self._path(key))["size"])
        except FileNotFoundError:
            return None

    def pieces(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes ``first`` to ``last``, both counted from 0 and both among them."""
        with self._files.open(self._path(key), "rb") as file:
            file.seek(first)
            left = last + 1 - first
            while left > 0 and (piece := file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece

    def read(self, key: str) -> bytes:
        """All of a small file."""
        data: bytes = self._files.cat_file(self._path(key))
        return data

    def fetch(self, key: str, target: Path) -> Path:
        """A file as one on this machine."""
        try:
            self._files.get_file(self._path(key), str(target))
        except FileNotFoundError as error:
            raise OutputError(f"{key} is not there any more.") from error
        return target

    def copy(self, key: str, folder: str) -> str:
        """A copy of a file under a new key in a folder; :class:`OutputError` if it is not there, or if there is no room."""
        made, source = f"{folder}/file_{secrets.token_hex(16)}.{key.rpartition('.')[2]}", self._path(key)
        try:
            self._whole(lambda target: self._files.cp_file(source, target), made)
        except OutputError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise OutputError(f"{key} is not there any more.") from error
            raise
        return made

    def delete(self, key: str) -> None:
        """Remove a file, or all files under a folder, if there is one."""
        path: Any = self._path(key)
        if self._files.exists(path):
            with suppress(FileNotFoundError):  # somebody else removes it too
                self._files.rm(path, recursive=True)

    def tidy(self) -> None:
        """Remove drafts that nobody writes any more. In an object store there are none."""
        folder = Path(self._root) / DRAFTS
        for draft in folder.iterdir() if self._local and folder.is_dir() else ():
            if draft.stat().st_mtime < time.time() - FORGOTTEN:
                draft.unlink(missing_ok=True)

    def _path(self, key: str) -> str:
        if KEY.fullmatch(key) is None:
            raise OutputError(f"{key!r} is not a key of a stored file.")
        return f"{self._root}/{key}"
