"""What C2PA's hash of an MP4 file leaves out, to be bound by a sum of our own: boxes that hold what kind of file it is, and an index.

A file could otherwise carry anything in a second ``ftyp``, and still be unchanged. Source: ISO/IEC 14496-12, section 4.2 (boxes);
C2PA specification 2.2, section 18.7 (exclusions).
"""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

LEFT_OUT = (b"ftyp", b"mfra")
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""How the boxes begin that hold the statement, or sums of the pieces of a large file, which the statement vouches for."""
STATEMENT, SUMS = b"manifest", b"merkle"
MOST, PIECE = 100_000, 1 << 20
"""Boxes that are looked at; bytes that are read at once."""


def unhashed(file: BinaryIO) -> str:
    """The SHA-256 sum of all that is left out but the statement and its sums, in hex digits; of a second statement too."""
    digest, seen = hashlib.sha256(), False
    end, at = file.seek(0, io.SEEK_END), 0
    for _ in range(MOST):
        file.seek(at)
        head = file.read(48)
        size, kind = int.from_bytes(head[:4]), head[4:8]
        length = 16 if size == 1 else 8
        size = int.from_bytes(head[8:16]) if size == 1 else size or end - at
        if len(head) < 8 or size < length:
            break
        ours = kind == b"uuid" and head[length : length + 16] == C2PA
        purpose = head[length + 20 : length + 28].split(b"\0")[0]
        if kind in LEFT_OUT or (ours and purpose != SUMS and (seen or purpose != STATEMENT)):
            _add(digest, file, at, min(size, end - at))
        seen = seen or (ours and purpose == STATEMENT)
        at += size
    return digest.hexdigest()


def _add(digest: hashlib._Hash, file: BinaryIO, at: int, size: int) -> None:
    file.seek(at)
    while size > 0 and (data := file.read(min(size, PIECE))):
        digest.update(data)
        size -= len(data)
