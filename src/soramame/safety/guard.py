"""The guard between a request and the file that leaves: what is asked for is checked, what comes out is checked, marked and signed.

An engine has exactly one, whoever talks to it; a policy says what it does.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError, RefusedError
from soramame.media import Clip
from soramame.safety.code import Payload
from soramame.safety.frames import Detector, NudeNet, OpenNsfw, Watch
from soramame.safety.identity import Identity
from soramame.safety.log import Entry, log
from soramame.safety.manifest import Source, Statement, hidden
from soramame.safety.match import JAPANESE
from soramame.safety.policy import Policy
from soramame.safety.prompt import PromptCheck, Verdict, message
from soramame.safety.provenance import read, sign
from soramame.safety.rules import Finding
from soramame.safety.watermark import SMALLEST, Watermark
from soramame.safety.watermark_off import unmarked

Frames = NDArray[np.uint8]
BARE = re.compile(
    r"\b(clothe[sd]?|clothing|dressed|garments?|underwear|bras?|swimsuits?|bikinis?)\b|服|下着|水着|着衣", re.IGNORECASE
)
"""What is not to be left out."""
PAYLOAD_DIGITS = 10
"""Of a payload as credentials name it."""
POLICY = "SORAMAME_POLICY"
"""Environment variable with the path of an operator's policy."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """``identity`` is None where the policy marks and signs nothing. ``notice``: what the user should know, once."""

    policy: Policy
    identity: Identity | None
    notice: str | None = None

    @classmethod
    def load(cls, policy: Policy | Path | None = None, folder: Path | None = None) -> Guard:
        """By a policy (a file, or the one that ``$SORAMAME_POLICY`` names, or the default), with the identity in a folder.

        The identity is made if there is none. :class:`ConfigError` and :class:`TrustError` say what is wrong with either.
        """
        if not isinstance(policy, Policy):
            named = os.environ.get(POLICY)
            policy = Policy.load(policy or (Path(named) if named else None))
        if not (policy.switches.watermark or policy.switches.credentials):
            return cls(policy=policy, identity=None)
        identity, notice = Identity.ensure(folder)
        return cls(policy=policy, identity=identity, notice=notice)

    @cached_property
    def prompts(self) -> PromptCheck:
        """The check of texts."""
        return PromptCheck(self.policy)

    @cached_property
    def detectors(self) -> Sequence[Detector]:
        """What looks at pictures; none if the policy says so."""
        return (NudeNet(), OpenNsfw()) if self.policy.switches.frames else ()

    def check_texts(self, texts: Mapping[str, str]) -> None:
        """Texts by the name of each; :class:`RefusedError` for the first that the policy refuses."""
        seen: set[str] = set()
        for where, text in texts.items():
            if text.strip() and text not in seen:
                seen.add(text)
                self.prompts.enforce(text, where=where)

    def check_negative(self, text: str, where: str) -> None:
        """What should *not* be seen is refused only where leaving it out is what the policy refuses: clothes."""
        if BARE.search(text):
            found = Finding(category="sexual", rule="no clothes", score=1.0)
            self._refuse(found, where, text, japanese=bool(JAPANESE.search(text)))

    def check_pictures(self, pictures: Mapping[str, Frames], fps: float, *, japanese: bool = False) -> None:
        """Pictures ``(H, W, 3)`` and clips ``(T, H, W, 3)`` at ``fps`` by the name of each; :class:`RefusedError` as above.

        ``japanese``: the language of who asks.
        """
        for where, picture in pictures.items():
            frames = picture if picture.ndim == 4 else picture[None]
            self._look(self._watch(fps, given=True), frames, where, japanese=japanese)

    def unmarked(self, clip: Clip) -> Clip:
        """A clip that something is made from, without the marks that this installation put into it: what comes out is marked again.

        Marks are looked for in its frames; what its credentials say is in them only helps to see it.
        """
        if self.watermark is None or self.identity is None or min(clip.frames.shape[1:3]) < SMALLEST:
            return clip
        keys = [Watermark(key) for key in self.identity.trust.watermark_keys.values()]
        return replace(clip, frames=unmarked(clip.frames, keys, _told(clip)))

    def output(self, metadata: Mapping[str, Any], fps: float, *, japanese: bool = False) -> Output:
        """What the frames of one clip go through on their way out. ``metadata``: as :meth:`recorded`, here and below."""
        return Output(guard=self, watch=self._watch(fps), payload=self.payload(metadata), japanese=japanese)

    def payload(self, metadata: Mapping[str, Any]) -> Payload:
        """What the watermark of a clip says: the model, and a hash of how it was made, which its credentials tell in full."""
        told = json.dumps(metadata, sort_keys=True)
        model = hashlib.sha256(str(metadata.get("model_sha256", "")).encode()).digest()[0]
        return Payload.of(model, told)

    def recorded(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """What a file may say of how it was made."""
        return hidden(metadata) if self.policy.record.recipe_prompt == "hash" else dict(metadata)

    def seal(self, metadata: Mapping[str, Any], sources: Sequence[Path] = ()) -> Signature | None:
        """What signs the file of a clip; None if the policy says that nothing is signed."""
        if self.identity is None or not self.policy.switches.credentials:
            return None
        mark = f"{self.payload(metadata).number:0{PAYLOAD_DIGITS}x}" if self.policy.switches.watermark else None
        statement = Statement.of(metadata, watermark=mark)
        told = tuple(Source(path=path) for path in sources)
        return Signature(statement=statement, identity=self.identity, sources=told)

    @cached_property
    def watermark(self) -> Watermark | None:
        """What marks frames; None if the policy says so."""
        if self.identity is None or not self.policy.switches.watermark:
            return None
        return Watermark(self.identity.watermark_key)

    def _watch(self, fps: float, *, given: bool = False) -> Watch:
        told = self.policy.pictures
        limits = {"nudenet/sexual": told.exposed_at, "open-nsfw/sexual": told.nsfw_at}
        if given and told.faces == "refuse":
            limits["nudenet/people"] = told.exposed_at
        return Watch(detectors=self.detectors, limits=limits, fps=fps)

    def _look(self, watch: Watch, frames: Frames, where: str, *, japanese: bool) -> None:
        """Refuse what counts, whatever else there is to see; what the policy allows in words it allows in pictures."""
        seen = watch.see(frames) if self.detectors else None
        if seen is not None:
            found = Finding(category=seen.category, rule=f"{seen.detector}: {seen.label}", score=seen.score)
            self._refuse(found, where, japanese=japanese)

    def _refuse(self, finding: Finding, where: str, text: str = "", *, japanese: bool) -> None:
        category = self.policy.categories[finding.category]
        faces = finding.category == "people" and not text  # they have a switch of their own
        refused = faces or category.action == "refuse"
        action = "refuse" if refused else category.action
        log(text, Entry(action=action, where=where, findings=(finding,)), self.policy.record)
        if refused:
            verdict = Verdict(
                action=action,
                category=finding.category,
                rule=finding.rule,
                score=finding.score,
                where=where,
                suggestion=category.instead_ja if japanese else category.instead_en,
            )
            raise RefusedError(message(verdict, japanese=japanese))


def _told(clip: Clip) -> set[Payload]:
    """The mark that a clip should have, by what will be signed, or by its file."""
    said = clip.seal.statement.watermark if isinstance(clip.seal, Signature) else None
    if clip.path is not None:
        try:
            said = read(clip.path).watermark
        except MediaError:  # it is gone since it was read
            said = None
    return {Payload.from_number(int(said, 16))} if said is not None and len(said) == PAYLOAD_DIGITS else set()


@dataclass(kw_only=True)
class Output:
    """Of one clip: frames are looked at before anyone sees them, and marked."""

    guard: Guard
    watch: Watch
    payload: Payload
    japanese: bool = False

    def passed(self, frames: Frames) -> Frames:
        """The next frames ``(T, H, W, 3)``, marked; :class:`RefusedError` if they show what the policy refuses."""
        self.guard._look(self.watch, frames, "video", japanese=self.japanese)
        watermark = self.guard.watermark
        return frames if watermark is None else watermark.mark(frames, self.payload)


@dataclass(kw_only=True)
class Signature:
    """Signs the files of one clip; ``notes`` say what was found out about its sources that the user should know."""

    statement: Statement
    identity: Identity
    sources: Sequence[Source]
    notes: tuple[str, ...] = ()

    def __call__(self, path: Path) -> None:
        self.notes = sign(path, self.statement, self.identity, ingredients=self.sources).notes
