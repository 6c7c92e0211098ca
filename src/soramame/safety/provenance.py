"""Content Credentials (C2PA): a signed statement in a file of how it was made, and of what.

MP4, WebP, PNG, GIF and JPEG carry it inside. WebM cannot; its statement lies beside it, as ``clip.c2pa``.
"""

from __future__ import annotations

import glob
import hashlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from c2pa import Builder, C2paError, C2paSignerInfo, C2paSigningAlg, Context, Reader, Signer

from soramame.errors import OutputError, TrustError
from soramame.media.content import COUNT, series_name
from soramame.media.picture import facts, number
from soramame.media.write import whole
from soramame.safety import certificates, manifest
from soramame.safety.boxes import unhashed
from soramame.safety.credentials import Credentials, State, altered
from soramame.safety.identity import Command, Identity, Trust
from soramame.safety.manifest import Source, Statement
from soramame.safety.provenance_read import ANY, EMBEDDING, MP4, read, settings, sidecar_of, sidecars, sniff

__all__ = ["Credentials", "Signed", "Source", "State", "Statement", "files_of", "read", "sign"]

LARGE = 32 << 20
"""Bytes from which a file is hashed in pieces: a little more of it is credentials, and memory stays constant."""
PIECE_KB, IN_MEMORY_MB = 1024, 16
TAMPERED = (State.TAMPERED, State.UNREADABLE)
WORST = (State.TAMPERED, State.UNREADABLE, State.NONE, State.UNKNOWN, State.TRUSTED)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """``path`` is the file that was signed (of a series the first), ``sidecar`` the statement's own file if it lies beside;
    ``notes`` say in plain words what a user should know of the sources."""

    path: Path
    sidecar: Path | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A source and what its own credentials come to; ``sha256`` of all its bytes."""

    source: Source
    credentials: Credentials
    kind: str
    sha256: str

    @property
    def warns(self) -> bool:
        """Whether the user should know of it: it, or what it was made from, was tampered with."""
        return self.credentials.state in TAMPERED or bool(altered(self.credentials.ingredients))

    def told(self) -> dict[str, str]:
        """What is said of it beside the recipe."""
        return {
            "title": self.source.name,
            "sha256": self.sha256,
            "state": str(self.credentials.state),
            "reason": self.credentials.reason,
        }


def sign(path: str | Path, statement: Statement, identity: Identity, *, ingredients: Sequence[Source] = ()) -> Signed:
    """Sign a written file in place: MP4, WebP, PNG, GIF, JPEG inside, anything else beside it. Whole or not at all.

    Of a series of PNG files every one is signed, since each is looked at, copied and changed by itself; all are written before
    any takes its name. ``ingredients`` are the files it was made from, in the order in which the task names them; what is found
    out about each is signed too, so that a source that was tampered with is told and not laundered.

    :class:`TrustError` if it cannot be signed, or has been already; :class:`OutputError` if it cannot be written;
    :class:`soramame.errors.MediaError` if a source cannot be read.
    """
    files = files_of(Path(path).resolve())
    found = [_find(source, identity) for source in ingredients]
    sidecar = None
    with ExitStack() as stack:
        for place, file in enumerate(files, 1):
            frame = (place, len(files)) if len(files) > 1 else None
            job = _Job(path=file, statement=statement, identity=identity, found=found, frame=frame)
            sidecar = job.run(stack)
    notes = tuple(f"{one.source.name}: {one.credentials.reason}" for one in found if one.warns)
    return Signed(path=files[0], sidecar=sidecar, notes=notes)


def files_of(path: Path) -> list[Path]:
    """The files that a clip was written to: of a series of PNG files all, whether ``path`` is its first or the name that it was
    saved under; otherwise ``path`` alone."""
    first = path if path.exists() or path.suffix.lower() != ".png" else series_name(path, 1)
    if first.suffix.lower() != ".png" or not first.stem.endswith("-0001"):
        return [path]
    count = int(number(facts(first).get(COUNT), 1.0))
    base = first.with_stem(first.stem.removesuffix("-0001"))
    files = [series_name(base, place) for place in range(1, min(count, 100_000) + 1)]
    return files if len(files) > 1 and all(file.is_file() for file in files) else [first]


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One file to be signed."""

    path: Path
    statement: Statement
    identity: Identity
    found: Sequence[_Found]
    frame: tuple[int, int] | None

    def run(self, stack: ExitStack) -> Path | None:
        """Sign into a file beside, that takes its place when ``stack`` ends well. Returns the statement's own file, if any."""
        try:
            with self.path.open("rb") as data:
                kind = sniff(data.read(16))
                size = data.seek(0, io.SEEK_END)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"{self.path} cannot be read to be signed: {reason}.") from error
        if kind in EMBEDDING:
            _check_unsigned(self.path, kind)
            part = stack.enter_context(whole(self.path))
            self._embed(part, kind, large=size >= LARGE)
            shutil.copymode(self.path, part)
            return None
        target = _free_sidecar(self.path)
        part = stack.enter_context(whole(target))
        part.write_bytes(self._detached(kind))
        return target

    def _embed(self, part: Path, kind: str, *, large: bool) -> None:
        signing = _Signing(identity=self.identity, large=large)
        with self.path.open("rb") as data, part.open("w+b") as out:
            signing.sign(self._definition(kind), self._ingredients(), kind, data, out)

    def _detached(self, kind: str) -> bytes:
        signing = _Signing(identity=self.identity, large=False)
        with self.path.open("rb") as data:
            return signing.sign(self._definition(kind), self._ingredients(), kind, data, None)

    def _definition(self, kind: str) -> dict[str, Any]:
        sources, left = [one.told() for one in self.found], ""
        if kind == MP4:
            with self.path.open("rb") as data:
                left = unhashed(data)
        return manifest.definition(self.statement, self.path.name, kind, sources, frame=self.frame, unhashed=left)

    def _ingredients(self) -> list[tuple[dict[str, Any], _Found]]:
        return [(manifest.ingredient(self.statement, one.source, at), one) for at, one in enumerate(self.found)]


@dataclass(frozen=True, kw_only=True)
class _Signing:
    """The library's side of it. Nothing of it outlives a call: its objects do not survive a fork."""

    identity: Identity
    large: bool

    def sign(
        self,
        definition: dict[str, Any],
        sources: Sequence[tuple[dict[str, Any], _Found]],
        kind: str,
        data: BinaryIO,
        out: BinaryIO | None,
    ) -> bytes:
        """Sign ``data`` into ``out``, or without it beside. Returns the statement."""
        problems: list[TrustError] = []

        def answer(claim: bytes) -> bytes:
            try:
                return self.identity.sign(claim)
            except TrustError as error:  # the library would swallow it
                problems.append(error)
                return b""

        try:
            with self._context(answer) as context, Builder(definition, context=context) as builder:
                for entry, one in sources:
                    _add(builder, entry, one, context)
                if out is not None:
                    return bytes(builder.sign(kind, data, out))
                builder.set_no_embed()
                with tempfile.TemporaryFile() as copy:
                    return bytes(builder.sign(kind, data, copy))
        except C2paError as error:
            if problems:
                raise problems[0] from error
            raise self._translated(error) from error

    def _context(self, answer: Callable[[bytes], bytes]) -> Context:
        # Boxes of free space may hold anything, so they are hashed too, which the library does not do unless told.
        builder = {"thumbnail": {"enabled": False}, "bmff_hash_exclude_free_and_skip_boxes": False}
        core = {"backing_store_memory_threshold_in_mb": IN_MEMORY_MB}
        if self.large:
            core["merkle_tree_chunk_size_in_kb"] = PIECE_KB
        chosen = {**settings(self.identity.trust), "builder": builder, "core": core}
        return Context.from_dict(chosen, self._signer(answer))

    def _signer(self, answer: Callable[[bytes], bytes]) -> Signer:
        """The library keeps three times as much room for a signature that it does not make itself."""
        me, chain = self.identity, certificates.pem(self.identity.chain).decode()
        if isinstance(me.key, Command):
            return Signer.from_callback(answer, C2paSigningAlg[me.algorithm.upper()], chain, me.time_stamp)
        info = (me.algorithm, chain, certificates.key_pem(me.key).decode(), me.time_stamp)
        return Signer.from_info(C2paSignerInfo(*(part if part is None else part.encode() for part in info)))

    def _translated(self, error: C2paError) -> TrustError | OutputError:
        said = " ".join(str(error).split())[:300]
        if said.startswith("Io:"):
            return OutputError(f"the signed file could not be written: {said}.")
        if self.identity.time_stamp is not None and re.search("time.?stamp|http resolver", said, re.IGNORECASE):
            return TrustError(f"the time-stamp authority {self.identity.time_stamp} gave no time stamp: {said}.")
        return TrustError(f"the file could not be signed: {said}.")


def _find(source: Source, identity: Identity) -> _Found:
    """Of a series of pictures the one with the worst to be said of it."""
    read_of = {file: read(file, identity.trust) for file in files_of(source.path)}
    worst = min(read_of, key=lambda file: WORST.index(read_of[file].state))
    with worst.open("rb") as data:
        kind = sniff(data.read(16))
        data.seek(0)
        total = hashlib.file_digest(data, "sha256").hexdigest()
    named = Source(path=worst, title=source.title or worst.name)
    return _Found(source=named, credentials=read_of[worst], kind=kind, sha256=total)


def _add(builder: Builder, entry: dict[str, Any], one: _Found, context: Context) -> None:
    """Add a source: with its own statement, from inside or beside, and how that was found; or as mere bytes."""
    with one.source.path.open("rb") as data:
        beside = sidecar_of(one.source.path) if one.credentials.beside else None
        if not one.credentials.signer:  # no statement, or none that can be read: the library would give up on it
            builder.add_ingredient({**entry, "format": one.kind}, ANY, data)
        elif beside is None:
            builder.add_ingredient(entry, one.kind, data)
        else:
            statement, name = beside.read_bytes(), f"{entry['label']}.c2pa"
            with Reader(one.kind, data, manifest_data=statement, context=context) as reader:
                results = reader.get_validation_results()
            builder.add_resource(name, io.BytesIO(statement))
            held = {"format": "application/c2pa", "identifier": name}
            builder.add_ingredient({**entry, "validation_results": results, "manifest_data": held}, one.kind, data)


def _check_unsigned(path: Path, kind: str) -> None:
    """:class:`TrustError` if there is a statement in the file: signing over it would launder whatever it says."""
    try:
        with path.open("rb") as data, Context.from_dict(settings(Trust(), inspect=False)) as context:
            reader = Reader.try_create(kind, data, context=context)
            if reader is None:
                return
            reader.close()
    except C2paError as error:
        raise TrustError(f"{path} cannot be signed: it is damaged, or has damaged credentials.") from error
    raise TrustError(f"{path} has credentials already; make a new file from it, and name it as the source.")


def _free_sidecar(path: Path) -> Path:
    """Where the statement about ``path`` goes: ``clip.c2pa``, but ``clip.webm.c2pa`` where the former may be another file's."""
    short, long = sidecars(path)
    others = (other for other in path.parent.glob(f"{glob.escape(path.stem)}.*") if other not in (path, short, long))
    return long if long.exists() or (short.exists() and any(others)) else short
