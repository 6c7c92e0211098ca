"""Whom to believe: a folder of roots and of one's own keys, past and present, and the files in it.

:mod:`soramame.safety.identity` says what the folder looks like.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soramame.errors import TrustError
from soramame.safety import certificates

KEYS, TRUSTED, ROOT, CHAIN, WATERMARK = "keys", "trusted", "root.pem", "chain.pem", "watermark.key"
WATERMARK_BYTES = 32


def default_folder() -> Path:
    """``$SORAMAME_HOME/trust``, else the platform's folder for a user's data."""
    if home := os.environ.get("SORAMAME_HOME"):
        return Path(home) / "trust"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        told = os.environ.get("XDG_DATA_HOME", "")
        base = Path(told) if os.path.isabs(told) else Path.home() / ".local" / "share"
    return base / "soramame" / "trust"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whom to believe: ``roots`` as PEM texts, and the watermark keys by key id, of 32 bytes each."""

    roots: tuple[str, ...] = ()
    watermark_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> Trust:
        """All keys there ever were in the folder (:func:`default_folder`), and its trust list; empty if there is no folder.

        Whether one's own certificate could still sign is not asked. :class:`TrustError` for a file that cannot be read.
        """
        place = Path(folder) if folder is not None else default_folder()
        roots, keys = [], {}
        for path in listed(place / TRUSTED, "*.pem"):
            roots.append(read_pem(path))
        for pair in listed(place / KEYS, "[!.]*"):
            try:
                keys[pair.name] = _watermark_key(pair)
                if (pair / ROOT).exists():
                    roots.append(read_pem(pair / ROOT))
            except TrustError:
                if pair.is_dir():
                    raise  # otherwise another process has just taken back what it made, since we were first
        return cls(roots=tuple(dict.fromkeys(roots)), watermark_keys=keys)


def add_root(path: str | Path, folder: str | Path | None = None) -> Path:
    """Copy the authorities' certificates of a PEM file into the trust list; :class:`TrustError` if one is none, or expired."""
    place = Path(folder) if folder is not None else default_folder()
    roots = certificates.read_certificates(read_file(Path(path)), str(path))
    for root in roots:
        certificates.check_root(root, str(path), now=datetime.now(UTC))
    text = certificates.pem(roots)
    make_folder(place)
    make_folder(place / TRUSTED)
    return write_file(place / TRUSTED / f"{hashlib.sha256(text).hexdigest()[:16]}.pem", text)


def _watermark_key(pair: Path) -> bytes:
    key = read_file(pair / WATERMARK)
    if len(key) != WATERMARK_BYTES:
        raise TrustError(
            f"{pair / WATERMARK} has {len(key)} bytes instead of {WATERMARK_BYTES}; put it back from a copy."
        )
    return key


def make_folder(path: Path) -> None:
    """A folder that only its owner opens."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
    except (OSError, ValueError) as error:
        raise TrustError(f"the folder {path} cannot be made: {getattr(error, 'strerror', None) or error}.") from error


def write_file(path: Path, data: bytes, *, new: bool = False) -> Path:
    """A file that only its owner reads, whole or not at all; with ``new``, only if there is none by that name."""
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _take(part, path)
        else:
            os.replace(part, path)
    except FileExistsError as error:
        raise TrustError(f"{path} is there already.") from error
    except OSError as error:
        raise TrustError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return path


def read_pem(path: Path) -> str:
    """Certificates of a file, as a PEM text of nothing else."""
    return certificates.pem(certificates.read_certificates(read_file(path), str(path))).decode()


def _take(part: Path, path: Path) -> None:
    """Give ``part`` the name ``path`` if nobody else has it: FileExistsError if so."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is reserved first
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.replace(part, path)


def listed(folder: Path, pattern: str) -> list[Path]:
    """The entries of a folder by a pattern, sorted; none if there is no folder."""
    return sorted(folder.glob(pattern)) if folder.is_dir() else []


def read_file(path: Path) -> bytes:
    """A file's bytes; :class:`TrustError` if they cannot be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise TrustError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def read_json(path: Path, missing: str) -> dict[str, Any]:
    """The object in a JSON file; :class:`TrustError` with the sentence ``missing`` if there is no file."""
    if not path.exists():
        raise TrustError(missing)
    try:
        value = json.loads(read_file(path))
    except (ValueError, RecursionError) as error:
        raise TrustError(f"{path} is damaged; put it back from a copy.") from error
    if not isinstance(value, dict):
        raise TrustError(f"{path} is damaged; put it back from a copy.")
    return value
