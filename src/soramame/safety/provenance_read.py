"""Reading Content Credentials: out of a file or from beside it, whatever its bytes are.

Nothing is fetched from the network: neither statements kept elsewhere nor lists of withdrawn certificates.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, BinaryIO

from c2pa import C2paError, Context, Reader

from soramame.errors import MediaError
from soramame.media.content import Limits, first_of_series
from soramame.media.read import read as read_media
from soramame.safety.boxes import unhashed
from soramame.safety.certificates import PURPOSES
from soramame.safety.credentials import CERTIFICATE, CLAIM, CONTENT, SIGNATURE, Credentials, State, credentials
from soramame.safety.identity import Trust

__all__ = ["Credentials", "State", "read", "settings", "sidecars", "sniff"]

MP4 = "video/mp4"
HEADS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    *((4, box, MP4) for box in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")),
)
"""Where a kind of file has which bytes."""
EMBEDDING = frozenset({"image/png", "image/gif", "image/jpeg", "image/webp", MP4})
"""Kinds that carry a statement inside."""
ANY = "application/octet-stream"
SIDECAR = ".c2pa"
SIDECAR_BYTES = 64 << 20
STAMPING, REVOKING = "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"
"""Extended key usages of time-stamp authorities, and of those who answer whether a certificate was withdrawn."""
DAMAGED = frozenset(
    {"Assertion", "AssertionNotFound", "Decoding", "Encoding", "Json", "Manifest", "ResourceNotFound", "Verify"}
)
"""How the library begins to speak of a statement that is there, but that it cannot read."""
COMPARED = ("prompt", "seed", "task", "size", "model_sha256", "seconds")
"""What a file's own metadata and the recipe in its statement have to agree on."""


def read(path: str | Path, trust: Trust | None = None) -> Credentials:
    """What the credentials of a file come to, of any kind and any bytes; nobody is trusted without ``trust``.

    Only :class:`MediaError` is raised, where there is no file to be read.
    """
    place = Path(path)
    try:
        if not stat.S_ISREG(place.stat().st_mode):  # opening a pipe may take for ever
            raise MediaError(f"{str(place)[:200]} cannot be read: it is not a file.")
        with place.open("rb") as file:
            kind = sniff(file.read(16))
            return _read(place, file, kind, trust or Trust())
    except (OSError, ValueError) as error:
        first = first_of_series(place)
        if is_file(first):
            raise MediaError(
                f"{place} is a series of pictures, each signed by itself; name them: {first.name} and so on."
            ) from error
        raise MediaError(f"{str(place)[:200]} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def sniff(head: bytes) -> str:
    """The MIME type of a file by its first 16 bytes; ``application/octet-stream`` if it is none of those known."""
    for at, sign, kind in HEADS:
        if head[at:].startswith(sign):
            return kind
    return ANY


def sidecars(path: Path) -> tuple[Path, Path]:
    """Where the statement about a file may lie: ``clip.c2pa``, as other tools have it, and ``clip.webm.c2pa``."""
    return path.with_suffix(SIDECAR), path.with_name(path.name + SIDECAR)


def sidecar_of(path: Path) -> Path | None:
    """The statement that lies beside a file, or beside what it is a link to."""
    places = [place for base in (path, path.resolve()) for place in reversed(sidecars(base))]
    return next((place for place in places if place != path and is_file(place)), None)


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that is too long is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def settings(trust: Trust, *, inspect: bool = True) -> dict[str, Any]:
    """Settings for c2pa's Context: whom to trust, no network. Without ``inspect`` nothing is checked while reading."""
    purposes = [*(purpose.dotted_string for purpose in PURPOSES), STAMPING, REVOKING]
    believed = {"trust_anchors": "\n".join(trust.roots)} if trust.roots else {}
    return {
        "version": 1,
        "trust": {"trust_config": "\n".join(purposes), **believed},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_reading": inspect},
    }


def _read(path: Path, file: BinaryIO, kind: str, trust: Trust) -> Credentials:
    found = _embedded(file, kind, trust) if kind in EMBEDDING else None
    if found is None or found.state is State.NONE:
        found = _beside(path, file, kind, trust) or found
    if found is None:
        return _without(path, kind)
    if found.beside and CONTENT in found.what:
        found = _with(found, f"{_name(sidecar_of(path))} beside it is not about it as it is now: {found.reason}")
    return _compared(path, found) if CONTENT in found.what else found


def _embedded(file: BinaryIO, kind: str, trust: Trust) -> Credentials | None:
    try:
        with Context.from_dict(settings(trust)) as context:
            reader = Reader.try_create(kind, file, context=context)
            if reader is None:
                return None
            with reader:
                found = credentials(json.loads(reader.json()))
        return _bound(file, found) if kind == MP4 and found.unhashed else found
    except C2paError as error:
        return _failed(error)
    except (ValueError, RecursionError):
        return _damaged(CLAIM)


def _bound(file: BinaryIO, found: Credentials) -> Credentials:
    """Trust only where what C2PA's hash leaves out is what it was, too."""
    if found.state not in (State.TRUSTED, State.UNKNOWN) or unhashed(file) == found.unhashed:
        return found
    reason = (
        f"signed in the name of {found.signer}, but its head (ftyp) is not what was signed, or there is a second one."
    )
    return _with(found, reason, state=State.TAMPERED, what=(CONTENT,))


def _beside(path: Path, file: BinaryIO, kind: str, trust: Trust) -> Credentials | None:
    """By the statement beside the file, if there is one and it does not say that it is about another kind of file."""
    place = sidecar_of(path)
    if place is None:
        return None
    try:
        size = place.stat().st_size
        data = place.read_bytes() if size <= SIDECAR_BYTES else None
    except OSError as error:
        reason = f"{place.name} beside it cannot be read: {error.strerror or error}."
        return Credentials(state=State.UNREADABLE, reason=reason, beside=True)
    if data is None:
        reason = f"{place.name} beside it is too large to be read."
        return Credentials(state=State.UNREADABLE, reason=reason, beside=True)
    try:
        with (
            Context.from_dict(settings(trust)) as context,
            Reader(kind, file, manifest_data=data, context=context) as reader,
        ):
            found = credentials(json.loads(reader.json()), beside=True)
    except C2paError as error:
        return _failed(error, beside=True)
    except (ValueError, RecursionError):
        return _damaged(CLAIM, beside=True)
    return None if CONTENT in found.what and found.kind not in ("", kind) else found


def _without(path: Path, kind: str) -> Credentials:
    if kind == ANY:
        return Credentials(state=State.UNREADABLE, reason="it is no picture or video of a kind that is known here.")
    short, long = sidecars(path)
    if other := sidecar_of(path):  # it is about another kind of file, or it would be believed
        reason = f"it has no credentials; {_name(other)} beside it is about another file, of another kind."
    elif _metadata(path).get("generator") != "soramame":
        reason = "it has no credentials: nobody signed it, or they were removed."
    elif kind in EMBEDDING:
        reason = (
            "its metadata says that Soramame made it, but it has no credentials: they were removed, or never put in."
        )
    else:
        reason = (
            "its metadata says that Soramame made it, but its credentials are missing: those of such a file lie beside it, "
            f"as {short.name} or {long.name}; bring them along if you have them."
        )
    return Credentials(state=State.NONE, reason=reason)


def _name(path: Path | None) -> str:
    """A file's name, as far as it can be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in path.name) if path else "a file"


def _compared(path: Path, found: Credentials) -> Credentials:
    """Tampered content, told from the credentials of another clip as far as the file's own metadata shows it."""
    mine, told = _metadata(path), found.recipe or {}
    apart = [name for name in COMPARED if name in mine and name in told and mine[name] != told[name]]
    if not apart:
        return found
    reason = (
        f"its credentials are those of another clip: they tell of another {', '.join(apart)} than its own metadata."
    )
    return _with(found, reason, what=(*found.what, "another file"))


def _with(found: Credentials, reason: str, **changed: Any) -> Credentials:
    return Credentials(**{**vars(found), "reason": reason, **changed})


def _metadata(path: Path) -> dict[str, Any]:
    try:
        return read_media(path, Limits(), first_only=True).metadata
    except MediaError:
        return {}


def _failed(error: C2paError, *, beside: bool = False) -> Credentials:
    """The state of a file that the library gave up on, by what it says."""
    said = str(error)
    kind = said.partition(":")[0]
    if kind in ("Remote", "RemoteManifest"):
        return Credentials(state=State.NONE, reason="its credentials are kept at an address, which is not asked.")
    if "could not be parsed" in said:
        return Credentials(state=State.UNREADABLE, reason="it is damaged or incomplete; nothing in it can be checked.")
    if kind == "Signature":
        return _damaged(CERTIFICATE if "certificate" in said else SIGNATURE, beside=beside)
    if kind in DAMAGED or "C2PA" in said or "JUMBF" in said:
        return _damaged(CLAIM, beside=beside)
    return Credentials(state=State.UNREADABLE, reason="it cannot be checked: it is damaged, or of an unknown form.")


def _damaged(what: str, *, beside: bool = False) -> Credentials:
    reason = f"it has credentials, but they were damaged or forged (the {what} cannot be read); nothing in them can be believed."
    return Credentials(state=State.TAMPERED, reason=reason, what=(what,), beside=beside)
