"""A storyboard as a film: shot after shot, each painted between the cards that say what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from soramame.engine.core import Engine
from soramame.engine.film import Film, Part
from soramame.engine.request import Frames, Request
from soramame.engine.stretch import next_seed
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
    cuts, shared = [], 0
    for number, shot in enumerate(board.shots):
        how = {"size": size, "seed": next_seed(board.seed, APART * number), **options}
        dissolve = _dissolve(engine, shot, board.shots[number - 1])
        cuts.append(len(parts))
        shared += dissolve
        parts += _shot(engine, shot, size, how, dissolve)
    requests = [part.request for part in parts if isinstance(part, Part)]
    first = requests[0] if requests else Request(prompt=board.shots[0].prompt_at(0), size=size, seed=board.seed)
    told = {
        "task": "storyboard",
        "title": board.title,
        "seed": board.seed,
        "seconds": board.seconds - shared / d.fps,
        "shots": [[request.prompt, request.seconds] for request in requests],
    }
    metadata = {**engine.recipe(engine.complete(first)), **told}
    files = (
        path for shot in board.shots for card in shot.cards for path in (card.image, card.clip) if path is not None
    )
    return Film(
        parts=tuple(parts), fps=d.fps, cuts=frozenset(cuts), metadata=metadata, sources=tuple(dict.fromkeys(files))
    )


def _dissolve(engine: Engine, shot: Shot, before: Shot) -> int:
    """Frames over which a shot comes out of the one before it: whole latent frames, in at most half of either shot."""
    if shot.transition != "dissolve":
        return 0
    fps, stride = engine.card.defaults.fps, engine.grid.time
    half = min(round(one.seconds * fps) for one in (before, shot)) // 2
    if half < stride:
        raise ConfigError(
            f"line {shot.line}: transition: a dissolve takes {stride / fps:g} s at least and half of each shot at most; make "
            f"both shots {2 * stride / fps:g} s long, or cut."
        )
    return min(max(1, round(shot.transition_seconds * fps / stride)), half // stride) * stride


def _shot(engine: Engine, shot: Shot, size: Size, how: dict[str, Any], dissolve: int) -> list[Frames | Part]:
    frames = max(1, round(shot.seconds * engine.card.defaults.fps))
    known = _known(engine, shot, size, frames)
    parts: list[Frames | Part] = []
    at, picture = 0, None
    if (
        dissolve and known and known[0].last == 1
    ):  # the picture that a shot begins with is dissolved into with what follows
        picture = known.pop(0).frames[0]
    for following in [*known, None]:
        end = frames if following is None else following.first
        parts += _gap(engine, shot, range(at, end), following, how | ({"image": picture} if not at else {}))
        if following is not None:
            parts.append(following.frames)
            at = following.last
    return [_dissolved(parts[0], dissolve, shot, how), *parts[1:]] if dissolve else parts


def _gap(engine: Engine, shot: Shot, span: range, following: Known | None, how: dict[str, Any]) -> Iterator[Part]:
    """What is painted before the next known frames, a part for each prompt; the last of them leads there."""
    fps, stride = engine.card.defaults.fps, engine.grid.time
    said = [_frame(card, fps, shot) for card in shot.cards if card.prompt is not None]
    edges = sorted({span.start, *(frame for frame in said if frame in span), span.stop})
    for first, last in pairwise(edges):
        count = last - first
        request: dict[str, Any] = {**how, "prompt": _said(shot, first, fps), "seed": next_seed(how["seed"], first)}
        if first:
            request["image"] = None
        # What is painted ends where a latent frame does, and begins with a picture's where nothing is before.
        made = -(-count // stride) * stride if first else 1 + -(-(count - 1) // stride) * stride
        if following is None or last < span.stop:
            yield Part(request=Request(**request, seconds=made / fps), follows=first > 0, length=count)
        elif first == 0:
            if request.get("image") is not None:
                raise ConfigError(
                    f"line {following.line}: the shot dissolves from a picture and leads to this card; say a prompt in between."
                )
            yield Part(request=Request(**request, after=following.frames, seconds=count / fps), length=count)
        else:
            ahead = min(made - count, len(following.frames) - 1)
            after = following.frames[ahead:]
            yield Part(request=Request(**request, after=after, seconds=made / fps), follows=True, length=count)


def _frame(card: Card, fps: float, shot: Shot) -> int:
    """The frame of a shot at which a card stands."""
    return min(round(card.at * fps), max(1, round(shot.seconds * fps)) - 1)


def _said(shot: Shot, frame: int, fps: float) -> str:
    """The prompt that holds from a frame on."""
    told = [card.prompt for card in shot.cards if card.prompt is not None and _frame(card, fps, shot) <= frame]
    return told[-1] if told else shot.prompt_at(0)


def _known(engine: Engine, shot: Shot, size: Size, frames: int) -> list[Known]:
    """The pictures and clips of a shot, in order; what would stand beyond its end is cut."""
    fps = engine.card.defaults.fps
    known: list[Known] = []
    for card in shot.cards:
        shown = _frames(engine, card, size)
        if shown is None:
            continue
        first = _frame(card, fps, shot)
        if known and first < known[-1].last:
            raise ConfigError(
                f"the cards of lines {known[-1].line} and {card.line} overlap: the clip of the first goes on until "
                f"{known[-1].last / fps:g} s of the shot; let the second begin then, or cut the clip."
            )
        known.append(Known(first=first, frames=shown[: max(1, frames - first)], line=card.line))
    return known


def _frames(engine: Engine, card: Card, size: Size) -> Frames | None:
    if card.image is not None:
        return fit(read_picture(card.image), size)[None]
    if card.clip is None:
        return None
    return conform(engine.guard.unmarked(Clip.load(card.clip)), size, engine.card.defaults.fps)[0]


def _dissolved(part: Frames | Part, frames: int, shot: Shot, how: dict[str, Any]) -> Part:
    """The first part of a shot, which is dissolved into."""
    length = part.length if isinstance(part, Part) else len(part)
    if length is not None and length <= frames:
        raise ConfigError(
            f"line {shot.line}: transition: the first card of the shot has to last longer than the dissolve, which takes "
            f"{frames} frames; let the next card begin later, or cut."
        )
    if isinstance(part, Part):
        return replace(part, dissolve=frames)
    return Part(request=Request(**how, prompt=shot.prompt_at(0)), shown=part, length=length, dissolve=frames)
