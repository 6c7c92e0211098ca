"""What can be said of a file: its credentials, the mark in its pixels, and what both come to together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from soramame.errors import MediaError
from soramame.media import glimpses
from soramame.safety.credentials import Credentials, State
from soramame.safety.detector import Answer, Detection, detect
from soramame.safety.identity import Trust
from soramame.safety.manifest import CUT
from soramame.safety.provenance import read
from soramame.safety.watermark import SMALLEST, Watermark
from soramame.safety.watermark_read import Found, segments


class Verdict(StrEnum):
    """What a file is, as far as can be told."""

    OURS = "made here, unchanged"
    SIGNED = "signed by someone who is trusted, unchanged"
    STRANGER = "unchanged since an unknown signer signed it"
    CHANGED = "made here, changed since"
    SPLICED = "parts of different clips"
    STRIPPED = "made here; its credentials are gone"
    TAMPERED = "changed, or its credentials are not its own"
    NOTHING = "nothing is known"
    UNCHECKED = "not checked"


SENTENCES: Mapping[Verdict, str] = {
    Verdict.OURS: "This installation made it, and nothing in it was changed since.",
    Verdict.SIGNED: "A signer that you trust vouches for it, and nothing in it was changed since.",
    Verdict.STRANGER: "Nothing was changed since it was signed, but who signed it is not known here: anyone can sign so.",
    Verdict.CHANGED: "The mark in its pixels says that it comes from this installation; the file was changed after it was signed.",
    Verdict.SPLICED: "The marks in its pixels are those of other clips than the one that its credentials, or its other parts, tell of.",
    Verdict.STRIPPED: "The mark in its pixels says that it comes from this installation; the credentials were removed.",
    Verdict.TAMPERED: "The file is not what was signed, and no mark of this installation was found in it.",
    Verdict.NOTHING: "There are no credentials and no mark of this installation; that does not mean that it is real.",
    Verdict.UNCHECKED: "It could not be checked, so nothing can be said of it.",
}

ONLY_CUT = (
    "This installation cut it out of another file and painted nothing in it, and nothing in it was changed since; it says nothing of"
    " whether that file is real."
)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Frames of a file, and the mark in them, None if there is none; ``key_id`` names the key. ``first`` is the number of the first in
    the piece that was looked at, which begins at the second ``at``."""

    at: float
    first: int = 0
    frames: int
    found: Found | None
    key_id: str = ""

    @property
    def payload(self) -> str:
        """As credentials name it, in hex digits; empty if there is none."""
        return "" if self.found is None else f"{self.found.payload.number:010x}"

    @property
    def payloads(self) -> frozenset[str]:
        """With those of the marks beneath it: of a clip that was extended, say."""
        found = () if self.found is None else (self.found.payload, *self.found.also)
        return frozenset(f"{one.number:010x}" for one in found)


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that was found. ``reason`` is the verdict in a sentence; ``unread`` says why no mark was looked for, if it was not.

    ``likeness`` is what the detector says, the weakest evidence: asked only where neither a trusted signer nor a mark says anything, and
    without a part in the verdict.
    """

    path: Path
    verdict: Verdict
    reason: str
    credentials: Credentials
    marks: tuple[Marked, ...] = ()
    unread: str = ""
    likeness: Detection | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        marks = [
            {"at": one.at, "first": one.first, "frames": one.frames, "payload": one.payload, "key_id": one.key_id}
            | ({} if one.found is None else {"confidence": one.found.confidence, "mark": _plain(one.found)})
            for one in self.marks
        ]
        return {
            "file": str(self.path),
            "verdict": str(self.verdict),
            "reason": self.reason,
            "credentials": self.credentials.as_json(),
            "watermark": marks,
            "watermark_unread": self.unread,
            "detector": None if self.likeness is None else self.likeness.as_json(),
        }


def verify(path: str | Path, trust: Trust | None = None) -> Report:
    """Look at a file of any length; ``trust`` says whom to believe, this installation's own folder unless given.

    Nothing is said to be unchanged that could not be checked. :class:`MediaError` if there is no such file.
    """
    path, trust = Path(path), Trust.load() if trust is None else trust
    credentials = read(path, trust)
    marks, unread = _marks(path, trust)
    verdict = _verdict(credentials, marks)
    silent = credentials.state is not State.TRUSTED and not any(mark.payload for mark in marks)
    return Report(
        path=path,
        verdict=verdict,
        reason=ONLY_CUT if verdict is Verdict.OURS and _only_cut(credentials) else SENTENCES[verdict],
        credentials=credentials,
        marks=marks,
        unread=unread,
        likeness=_likeness(path) if silent else None,
    )


def _marks(path: Path, trust: Trust) -> tuple[tuple[Marked, ...], str]:
    """The marks of spans, and why there are none to tell of."""
    names = list(trust.watermark_keys)
    if not names:
        return (
            (),
            "this installation has no watermark key, so there is no mark that it could read (soramame trust init).",
        )
    keys = [Watermark(trust.watermark_keys[name]) for name in names]
    made = []
    try:
        for at, frames in glimpses(path):
            if min(frames.shape[1:3]) < SMALLEST:
                return (), f"its pictures are smaller than {SMALLEST} pixels, too small for a mark."
            for part in segments([frames], keys):
                key = names[part.found.key] if part.found else ""
                length = part.stop - part.start
                made.append(Marked(at=at, first=part.start, frames=length, found=part.found, key_id=key))
    except MediaError as error:
        return tuple(made), str(error)
    return tuple(made), ""


def _likeness(path: Path) -> Detection:
    """What the detector says of a file, whatever kind of file it is."""
    try:
        return detect(frames for _, frames in glimpses(path))
    except MediaError as error:
        return Detection(answer=Answer.UNSURE, reason=str(error))


def _verdict(credentials: Credentials, marks: tuple[Marked, ...]) -> Verdict:
    payloads = {mark.payload for mark in marks if mark.payload}
    told = credentials.watermark
    if credentials.state in (State.TRUSTED, State.UNKNOWN):
        if told is not None and any(told not in mark.payloads for mark in marks if mark.payload):
            return Verdict.SPLICED
        if credentials.state is State.UNKNOWN:
            return Verdict.STRANGER
        return Verdict.OURS if payloads else Verdict.SIGNED
    if payloads and not frozenset.intersection(*(mark.payloads for mark in marks if mark.payload)):
        return Verdict.SPLICED
    if payloads:
        return Verdict.STRIPPED if credentials.state is State.NONE else Verdict.CHANGED
    if credentials.state is State.TAMPERED:
        return Verdict.TAMPERED
    return Verdict.NOTHING if credentials.state is State.NONE and marks else Verdict.UNCHECKED


def _only_cut(credentials: Credentials) -> bool:
    """Whether a file was cut here out of one that is not known to be painted."""
    return credentials.task == CUT and not any(action.source_type for action in credentials.actions)


def _plain(found: Found) -> dict[str, Any]:
    values = asdict(found)
    values["payload"], values["also"] = f"{found.payload.number:010x}", [f"{one.number:010x}" for one in found.also]
    return values
