"""What is to be seen, part after part, and how it is played: frames that are known, and stretches that are painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from soramame.engine.core import Engine
from soramame.engine.paint import paint, total_steps
from soramame.engine.request import Frames, Kept, Painted, Request
from soramame.flow.sample import Progress
from soramame.geometry import pixel_frames
from soramame.media import Audio
from soramame.safety.match import JAPANESE

DISSOLVE = 0.9
"""How far towards noise two shots are painted anew in the middle of a dissolve."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch that is painted; it ``follows`` what was shown before, or grows out of its last ``dissolve`` frames. Only its first
    ``length`` frames are shown, if there is one. Or the frames ``shown`` are known, and only the dissolve is painted.
    """

    request: Request
    follows: bool = False
    dissolve: int = 0
    length: int | None = None
    shown: Frames | None = None


@dataclass(frozen=True, kw_only=True)
class Film:
    """Parts in playing order, of one size, at ``fps``; ``metadata`` says how they are made; ``audio`` is heard with them. At the parts
    numbered in ``cuts`` something new begins: nothing before is remembered. ``sources``: the files that it is made from.
    """

    parts: tuple[Frames | Part, ...]
    fps: float
    cuts: frozenset[int] = frozenset()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    audio: Audio | None = None
    sources: tuple[Path, ...] = ()


class Keeper(Protocol):
    """Keeps what has been painted of a film, so that it can be taken up again."""

    def done(self, part: int) -> tuple[Sequence[Frames], Kept | None, bool]:
        """Of a part: what was painted, what it goes on from, whether it is complete."""

    def keep(self, part: int, painted: Painted) -> None:
        """Take in a window."""


def play(engine: Engine, film: Film, keeper: Keeper | None = None) -> Iterator[Progress | Frames]:
    """All frames ``(T, H, W, 3)`` of a film in playing order, and between them the progress over all of it.

    There is no other way out of the engine: what is asked for is checked first, then all that is to be seen, which is marked.
    """
    _check(engine, film)
    output = engine.guard.output(engine.guard.recorded(film.metadata), film.fps, japanese=_japanese(film))
    for event in _Player(engine, film, keeper).run():
        yield event if isinstance(event, Progress) else output.passed(event)


def _check(engine: Engine, film: Film) -> None:
    """Every text and every picture of a film, before anything is painted."""
    requests = [part.request for part in film.parts if isinstance(part, Part)]
    said = film.metadata.get("said")
    texts = {"prompt": str(said or ""), "title": str(film.metadata.get("title") or "")}
    shown: dict[int, Frames] = {id(part): part for part in film.parts if not isinstance(part, Part)}
    for number, request in enumerate(requests, 1):
        where = f"prompt {number}" if len(requests) > 1 else "prompt as told" if said else "prompt"
        texts[where] = request.prompt
        engine.guard.check_negative(request.negative, f"negative {where}")
        pictures = (request.image, request.last_image, *request.known)
        shown |= {id(picture): picture for picture in pictures if picture is not None}
    engine.guard.check_texts(texts)
    named = dict(zip(names(len(shown)), shown.values(), strict=True))
    engine.guard.check_pictures(named, film.fps, japanese=_japanese(film))
    for check in engine.checks:
        for request in requests:
            check(engine.complete(request))


def _japanese(film: Film) -> bool:
    """The language of who asks for a film, as far as the words in it tell."""
    prompts = [part.request.prompt for part in film.parts if isinstance(part, Part)]
    return bool(JAPANESE.search(str(film.metadata.get("said") or " ".join(prompts))))


def names(count: int) -> list[str]:
    """What the pictures and clips of a film are called."""
    return [f"source {number}" for number in range(1, count + 1)] if count > 1 else ["source"][:count]


class _Player:
    def __init__(self, engine: Engine, film: Film, keeper: Keeper | None) -> None:
        self.engine, self.film, self.keeper = engine, film, keeper
        self.window = pixel_frames(engine.length, engine.grid.time)
        self.seen = self.held = np.empty((0, *_size(film)), np.uint8)
        """The last frames before those that are held back, for a dissolve."""
        self.step, self.steps = 0, sum(self._steps(number) for number in range(len(film.parts)))

    def run(self) -> Iterator[Progress | Frames]:
        for number, part in enumerate(self.film.parts):
            hold = self._hold(number)
            if number in self.film.cuts and not (isinstance(part, Part) and part.dissolve):
                self.seen = self.seen[:0]
            for event in self._part(number, part):
                if isinstance(event, Progress):
                    yield event
                    continue
                frames = np.concatenate([self.held, event])
                keep = max(0, len(frames) - hold)
                shown, self.held = frames[:keep], frames[keep:]
                self.seen = np.concatenate([self.seen, shown])[-self.window :]
                if len(shown):
                    yield shown

    def _hold(self, number: int) -> int:
        """How many of a part's last frames are in the next dissolve; shorter parts may lie between."""
        between = 0
        for part in self.film.parts[number + 1 :]:
            if isinstance(part, Part) and (part.dissolve or part.length is None):
                return max(0, part.dissolve - between)
            between += part.length or 0 if isinstance(part, Part) else len(part)
        return 0

    def _part(self, number: int, part: Frames | Part) -> Iterator[Progress | Frames]:
        if not isinstance(part, Part):
            yield part
            return
        request = part.request
        if part.follows:
            before = np.concatenate([self.seen, self.held])[-self.window :]
            request = replace(request, before=before if len(before) else None)
        events = self._cut(part, self._painted(2 * number, request)) if part.shown is None else iter([part.shown])
        yield from self._dissolved(number, part, request, events) if part.dissolve else events

    def _cut(self, part: Part, events: Iterator[Progress | Frames]) -> Iterator[Progress | Frames]:
        """No more frames than the part shows."""
        left = part.length
        for event in events:
            if isinstance(event, Progress) or left is None:
                yield event
            elif left > 0:
                yield event[:left]
                left -= len(event)

    def _dissolved(
        self, number: int, part: Part, request: Request, events: Iterator[Progress | Frames]
    ) -> Iterator[Progress | Frames]:
        """Enough of the new part first, then what turns the held frames into it, then the rest."""
        out, self.held = self.held, self.held[:0]
        new, waits = out[:0], True
        for event in events:
            if isinstance(event, Progress):
                yield event
                continue
            new = np.concatenate([new, event])
            if waits and len(new) > part.dissolve:
                waits = False
                before, self.seen = self.seen if len(self.seen) else None, self.seen[:0]
                yield from self._painted(2 * number + 1, self._blend(part, request, out, new, before))
                new = new[part.dissolve :]
            if not waits:
                yield new
                new = new[:0]
        if waits:
            raise ValueError("what is dissolved into is longer than the dissolve")

    def _blend(self, part: Part, request: Request, out: Frames, new: Frames, before: Frames | None) -> Request:
        n = part.dissolve
        return replace(
            request,
            image=None,
            last_image=None,
            before=before,
            after=new[n:],
            source=out,
            into=new[:n],
            strength=DISSOLVE,
        )

    def _painted(self, number: int, request: Request) -> Iterator[Progress | Frames]:
        """One request's frames in playing order; what was kept of it is not painted again."""
        request = self.engine.complete(request)
        frames, kept, complete = self.keeper.done(number) if self.keeper is not None else ([], None, False)
        backward = request.after is not None and request.before is None and request.source is None
        came = list(frames[::-1] if backward else frames)
        if not backward:
            yield from came
        steps, made = total_steps(self.engine, request), 0
        for event in () if complete else paint(self.engine, request, kept):
            if isinstance(event, Progress):
                # Two parts are on their way at a time while one dissolves into the other.
                self.step, made = self.step + event.step - made, event.step
                yield replace(event, step=self.step, steps=max(self.steps, self.step))
                continue
            if self.keeper is not None:
                self.keeper.keep(number, event)
            if backward:
                came.insert(0, event.frames)
            else:
                yield event.frames
        if backward:
            yield from came
        self.step += steps - made

    def _steps(self, number: int) -> int:
        """Steps that a part takes, before it is known what it follows."""
        part = self.film.parts[number]
        if not isinstance(part, Part):
            return 0
        request, anything = part.request, np.empty((self.window, *_size(self.film)), np.uint8)
        if part.follows:
            request = replace(request, before=anything)
        steps = total_steps(self.engine, self.engine.complete(request)) if part.shown is None else 0
        if part.dissolve:
            new = anything[: part.dissolve + self.engine.grid.time]
            blend = self._blend(part, request, anything[: part.dissolve], new, anything)
            steps += total_steps(self.engine, self.engine.complete(blend))
        return steps


def _size(film: Film) -> tuple[int, int, int]:
    """Height, width and channels of a film's frames."""
    for part in film.parts:
        if not isinstance(part, Part):
            return part.shape[1], part.shape[2], 3
        if part.request.known:
            return part.request.known[0].shape[1], part.request.known[0].shape[2], 3
        if part.request.size is not None:
            return part.request.size.height, part.request.size.width, 3
    raise ValueError("a film says its size")
