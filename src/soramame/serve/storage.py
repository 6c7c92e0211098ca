"""Files by key, in a folder or in an object store: whatever fsspec can open."""

from __future__ import annotations

import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]

from soramame.errors import ConfigError, OutputError

log = logging.getLogger("soramame.serve")
KEY = re.compile(r"[a-z]+(/[A-Za-z0-9_-]+)+(\.[a-z0-9]+)?")
PIECE, OBJECTS_PIECE = 1 << 18, 1 << 20
"""Bytes that are read at a time: of a file, and of an object, for which each costs a request."""
S3: Mapping[str, Any] = {
    "config_kwargs": {
        "connect_timeout": 5, "read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 2},
    },
}  # fmt: skip
"""Seconds, of each try; the driver's own are of minutes, for which a request would hold its thread."""
TRIES = 1
"""How often the driver of S3 does all of the above."""
GONE = "the file is not there any more."
DRAFTS = ".drafts"
"""Folder of files that are not whole; in the storage itself, so that a file appears under its key at once."""
FORGOTTEN = 86_400.0
"""Seconds after which a draft is one of somebody who was killed over it."""


class StorageGoneError(OutputError):
    """The storage gives no answer, for now."""

    code = "storage_unavailable"
    http_status = 503


class GoneError(OutputError):
    """A file is not there, or not any more."""

    code = "content_not_found"
    http_status = 404


class Storage:
    """Files under a folder or an address such as ``s3://bucket/prefix``. A key appears when its file is whole.

    Every method raises :class:`StorageGoneError` if an object store gives no answer. Nothing that it once told of a folder is believed
    later: other processes write there too.
    """

    def __init__(self, address: str) -> None:
        """:class:`ConfigError` if nothing here can open it."""
        s3 = fsspec.utils.get_protocol(address) in ("s3", "s3a")
        try:
            self._files, self._root = fsspec.core.url_to_fs(address, use_listings_cache=False, **(S3 if s3 else {}))
        except ImportError as error:
            way = "pip install 'soramame[s3]'" if s3 else "install it"
            raise ConfigError(
                f"the storage {_kind(address)!r} needs a package that is not there ({error}): {way}."
            ) from error
        except ValueError as error:
            raise ConfigError(f"the storage {_kind(address)!r} cannot be used; name a folder, or s3://….") from error
        self._local = "file" in self._files.protocol or "local" in self._files.protocol
        if s3:
            self._files.retries = TRIES

    def put(self, source: Path, key: str) -> None:
        """Store a file; :class:`OutputError` if there is no room for it."""
        self._whole(lambda target: self._files.put_file(str(source), target), key)

    def _whole(self, write: Callable[[str], object], key: str) -> None:
        """Let a file be written, in a folder under another name first, and appear under its key."""
        target = self._path(key)
        draft = f"{self._root}/{DRAFTS}/{secrets.token_hex(8)}"
        try:
            if not self._local:
                with self._answering(key):
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
            with self._answering(key):
                return int(self._files.info(self._path(key))["size"])
        except FileNotFoundError:
            return None

    def pieces(self, key: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes ``first`` to ``last``, both counted from 0 and both among them. No more than these are asked of an object store."""
        path = self._path(key)
        if not self._local:
            for start in range(first, last + 1, OBJECTS_PIECE):
                with self._answering(key):
                    piece: bytes = self._files.cat_file(path, start=start, end=min(start + OBJECTS_PIECE, last + 1))
                yield piece
            return
        with self._files.open(path, "rb") as file:
            file.seek(first)
            left = last + 1 - first
            while left > 0 and (part := file.read(min(PIECE, left))):
                left -= len(part)
                yield part

    def read(self, key: str) -> bytes:
        """All of a small file; :class:`GoneError` if it is not there."""
        with self._there(key):
            data: bytes = self._files.cat_file(self._path(key))
        return data

    def fetch(self, key: str, target: Path) -> Path:
        """A file as one on this machine; :class:`GoneError` if it is not there."""
        with self._there(key):
            self._files.get_file(self._path(key), str(target))
        return target

    def copy(self, key: str, folder: str) -> str:
        """A copy of a file under a new key in a folder; :class:`GoneError` if it is not there, or if there is no room."""
        made, source = f"{folder}/file_{secrets.token_hex(16)}.{key.rpartition('.')[2]}", self._path(key)
        try:
            self._whole(lambda target: self._files.cp_file(source, target), made)
        except OutputError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise GoneError(GONE) from error
            raise
        return made

    def delete(self, key: str) -> None:
        """Remove a file, or all files under a folder, if there is one."""
        path: Any = self._path(key)
        with suppress(FileNotFoundError), self._answering(key):  # somebody else removes it too
            if self._files.exists(path):
                self._files.rm(path, recursive=True)

    @contextmanager
    def _there(self, key: str) -> Iterator[None]:
        try:
            with self._answering(key):
                yield
        except FileNotFoundError as error:
            raise GoneError(GONE) from error

    @contextmanager
    def _answering(self, key: str) -> Iterator[None]:
        """What an object store, or the way to it, does wrong as one error; the log says what it was, and clients are not told of hosts."""
        try:
            yield
        except (FileNotFoundError, OutputError):
            raise
        except PermissionError as error:
            if self._local:
                raise
            told = f"the storage refuses {key}: look at its credentials, and at what they may do there."
            raise OutputError(told) from error
        except Exception as error:  # each driver has errors of its own, with nothing in common
            if self._local:
                raise
            log.error("the storage: %s: %s", key, error)
            raise StorageGoneError("the storage gives no answer; try again in a moment.") from error

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


def _kind(address: str) -> str:
    """How it begins: behind that may be a secret."""
    return address.partition("://")[0] + "://…" if "://" in address else address
