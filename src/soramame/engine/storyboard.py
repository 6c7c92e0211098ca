"""A storyboard as a film: shot after shot, each painted between the cards that say what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from soramame.engine.core import Engine
from soramame.engine.film import Film, Part
from soramame.engine.request import Frames, Request, fingerprint
from soramame.errors import ConfigError
from soramame.geometry import Size
from soramame.media import Clip, conform, fit, read_picture
from soramame.prompt.storyboard import Card, Shot, Storyboard

APART = 1_000
"""Between the seeds of two shots: more than one shot has parts."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Frames that stand from number ``first`` of a shot on, as the card of ``line`` says."""

    first: int
    frames: Frames
    line: int

    @property
    def last(self) -> int:
        """The frame after them."""
        return self.first + len(self.frames)


def storyboard(engine: Engine, board: Storyboard, **options: Any) -> Film:
    """The film of a storyboard; ``options``: ``steps``, ``guidance``, ``negative``, ``solver`` of every shot.

    :class:`ConfigError` names the line of what does not fit together.
    """
    d = engine.card.defaults
    size = engine.grid.check(board.size or Size(width=d.width, height=d.height))
    parts: list[Frames | Part] = []
    for number, shot in enumerate(board.shots):
        how = {"size": size, "seed": (board.seed + APART * number) % 2**63, **options}
        parts += _shot(engine, shot, size, how)
    requests = [part.request for part in parts if isinstance(part, Part)]
    first = engine.complete(requests[0])
    told = {
        "task": "storyboard",
        "seed": board.seed,
        "seconds": board.seconds,
        "prompt": board.title or first.prompt,
        "shots": [[request.prompt, request.seconds] for request in requests],
        "known_sha256": [fingerprint(part) for part in parts if not isinstance(part, Part)],
    }
    return Film(parts=tuple(parts), fps=d.fps, metadata={**engine.recipe(first), **told})


def _shot(engine: Engine, shot: Shot, size: Size, how: dict[str, Any]) -> list[Frames | Part]:
    fps, stride = engine.card.defaults.fps, engine.grid.time
    frames = max(1, round(shot.seconds * fps))
    known = _known(engine, shot, size, frames)
    dissolve = round(shot.transition_seconds * fps / stride) * stride or stride if shot.transition == "dissolve" else 0
    if 2 * dissolve > frames:
        raise ConfigError(
            f"the shot of line {shot.line} lasts {frames / fps:g} s, too little for a dissolve of {dissolve / fps:g} s."
        )
    parts: list[Frames | Part] = []
    at = 0
    for following in [*known, None]:
        end = frames if following is None else following.first
        parts += _gap(engine, shot, range(at, end), following, how)
        if following is not None:
            parts.append(following.frames)
            at = following.last
    return [_dissolved(parts[0], dissolve, shot, how), *parts[1:]] if dissolve else parts


def _gap(engine: Engine, shot: Shot, span: range, following: Known | None, how: dict[str, Any]) -> Iterator[Part]:
    """What is painted before the next known frames, a part for each prompt; the last of them leads there."""
    fps, stride = engine.card.defaults.fps, engine.grid.time
    said = [round(card.at * fps) for card in shot.cards if card.prompt is not None]
    edges = sorted({span.start, *(frame for frame in said if frame in span), span.stop})
    for first, last in pairwise(edges):
        count = last - first
        request: dict[str, Any] = {**how, "prompt": shot.prompt_at(first / fps), "seed": how["seed"] + first}
        leads = following is not None and last == span.stop
        # What is painted ends where a latent frame does, and begins with a picture's where nothing is before.
        made = -(-count // stride) * stride if first else 1 + -(-(count - 1) // stride) * stride
        if leads and following is not None:
            if first == 0:
                yield Part(request=Request(**request, after=following.frames, seconds=count / fps))
                continue
            ahead = min(made - count, len(following.frames) - 1)
            yield Part(
                request=Request(**request, after=following.frames[ahead:], seconds=made / fps),
                follows=True,
                length=count,
            )
        else:
            yield Part(request=Request(**request, seconds=made / fps), follows=first > 0, length=count)


def _known(engine: Engine, shot: Shot, size: Size, frames: int) -> list[Known]:
    """The pictures and clips of a shot, in order; what would stand beyond its end is cut."""
    fps = engine.card.defaults.fps
    known: list[Known] = []
    for card in shot.cards:
        shown = _frames(card, size, fps)
        if shown is None:
            continue
        first = round(card.at * fps)
        if known and first < known[-1].last:
            raise ConfigError(
                f"the cards of lines {known[-1].line} and {card.line} overlap: the clip of the first goes on until "
                f"{known[-1].last / fps:g} s of the shot; let the second begin then, or cut the clip."
            )
        known.append(Known(first=first, frames=shown[: max(1, frames - first)], line=card.line))
    return known


def _frames(card: Card, size: Size, fps: float) -> Frames | None:
    if card.image is not None:
        return fit(read_picture(card.image), size)[None]
    return None if card.clip is None else conform(Clip.load(card.clip), size, fps)[0]


def _dissolved(part: Frames | Part, frames: int, shot: Shot, how: dict[str, Any]) -> Part:
    if isinstance(part, Part):
        return Part(request=part.request, length=part.length, dissolve=frames)
    if len(part) < frames + 1:
        part = np.concatenate([part, np.repeat(part[-1:], frames + 1 - len(part), 0)])
    return Part(request=Request(**how, prompt=shot.prompt_at(0)), shown=part, dissolve=frames)
