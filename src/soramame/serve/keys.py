"""Who calls: keys, and how much each may ask for."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
import tomllib
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soramame.errors import ConfigError
from soramame.serve.errors_http import Refusal


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key's name is the owner of what is made with it; ``sha256`` of the key in hex digits. Limits: requests that make videos or
    characters, or look at files and texts, in a minute, and videos that are not done; 0 is none. Jobs of a higher ``priority`` come first.
    """

    name: str
    sha256: str = ""
    admin: bool = False
    requests_per_minute: int = 0
    queued: int = 0
    priority: int = 0

    def __post_init__(self) -> None:
        kinds = {"name": str, "sha256": str, "admin": bool, "requests_per_minute": int, "queued": int, "priority": int}
        for name, kind in kinds.items():
            if type(getattr(self, name)) is not kind:
                raise ConfigError(f"{name} of a key has to be {kind.__name__}.")
        if not self.name or len(self.name) > 100:
            raise ConfigError("the name of a key has 1 to 100 letters.")


LOCAL = Key(name="local", admin=True)
"""Who calls where there are no keys."""


class Keys:
    """All keys; without a file everybody is ``local``."""

    def __init__(self, keys: tuple[Key, ...] | None = None) -> None:
        self._keys, self._lock = keys, threading.Lock()
        self._times: dict[str, deque[float]] = {}

    @classmethod
    def load(cls, path: Path) -> Keys:
        """From a TOML file with a table ``[[key]]`` for each; :class:`ConfigError` says what is wrong with it."""
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path} cannot be read: {error}.") from error
        rows = told.get("key")
        if set(told) != {"key"} or not isinstance(rows, list):
            raise ConfigError(f"{path} has to hold tables [[key]] and nothing else.")
        return cls(tuple(_key(row, path) for row in rows))

    def caller(self, authorization: str | None) -> Key:
        """Whose request it is; :class:`Refusal` 401 if nobody's."""
        if self._keys is None:
            return LOCAL
        kind, _, secret = (authorization or "").partition(" ")
        found = hashlib.sha256(secret.strip().encode("utf-8", "surrogateescape")).hexdigest()
        known = [key for key in self._keys if hmac.compare_digest(key.sha256, found)]
        if kind.lower() != "bearer" or not known:
            told = "Incorrect API key provided." if authorization else "You didn't provide an API key."
            raise Refusal(401, f"{told} Send it as 'Authorization: Bearer KEY'.")
        return known[0]

    def count(self, key: Key) -> None:
        """One more request that takes work; :class:`Refusal` 429 if that is too many in a minute."""
        if not key.requests_per_minute:
            return
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(key.name, deque())
            while times and times[0] <= now - 60:
                times.popleft()
            if len(times) >= key.requests_per_minute:
                raise Refusal(
                    429,
                    f"{key.requests_per_minute} requests a minute are answered for this key at most; wait a moment.",
                    code="rate_limit_exceeded",
                    retry_after=times[0] + 60 - now,
                )
            times.append(now)


def _key(row: Any, path: Path) -> Key:
    try:
        key = Key(**row)
    except TypeError as error:
        raise ConfigError(
            f"{path}: a key has name, sha256, admin, requests_per_minute, queued and priority."
        ) from error
    if len(key.sha256) != 64 or set(key.sha256) - set("0123456789abcdef"):
        raise ConfigError(f"{path}: sha256 of {key.name!r} has to be 64 hex digits (printf KEY | sha256sum).")
    return key
