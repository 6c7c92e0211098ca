"""How a request becomes frames: at once where the model holds it, else in a window that rolls along, or backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from soramame.engine.core import Engine
from soramame.engine.request import Frames, Kept, Painted, Request
from soramame.engine.roll import begin, resumed, roll, way
from soramame.engine.stretch import Stretch, composed, edge, groups, later, middle, next_seed, seen_before, stretch
from soramame.flow.canvas import Canvas, beside
from soramame.flow.sample import Progress, noise
from soramame.flow.window import Piece, at_once, backwards, context
from soramame.geometry import pixel_frames
from soramame.media import steady


def paint(engine: Engine, request: Request, kept: Kept | None = None) -> Iterator[Progress | Painted]:
    """Paint a complete request, from its beginning, or from what was ``kept`` with some of its frames.

    All frames are the same, whether it was interrupted or not.
    """
    events = _events(engine, request, kept)
    while True:
        with torch.inference_mode():  # not over a yield: it would hold for whoever asks
            event = next(events, None)
        if event is None:
            return
        yield event


def _events(engine: Engine, request: Request, kept: Kept | None) -> Iterator[Progress | Painted]:
    part = stretch(engine, request)
    piece = _piece(engine, part)
    if piece is not None:
        yield from _whole(engine, request, part, piece)
    elif part.before is None and part.after is not None:
        yield from _backwards(engine, request, part, kept)
    else:
        yield from _rolled(engine, request, part, kept)


def held(engine: Engine, request: Request) -> bool:
    """Whether the model holds a complete request at once."""
    return _piece(engine, stretch(engine, request)) is not None


def total_steps(engine: Engine, request: Request) -> int:
    """How many steps a complete request takes."""
    part, steps = stretch(engine, request), len(engine.ladder(request)) - 1
    if _piece(engine, part) is not None:
        return steps
    if part.before is None and part.after is not None:
        after = len(part.after)
        return steps * len(list(backwards(part.paint, after, length=engine.length, stride=engine.grid.time)))
    return way(engine, part, steps).end(groups(part, engine.grid.time) - 1)


def _piece(engine: Engine, part: Stretch) -> Piece | None:
    before, after = (0 if side is None else len(side) for side in (part.before, part.after))
    return at_once(before, part.paint, after, length=engine.length, stride=engine.grid.time)


def _whole(engine: Engine, request: Request, part: Stretch, piece: Piece) -> Iterator[Progress | Painted]:
    """In one window."""
    board = _board(engine, request, part, piece)
    latents = board.latents
    times, drawn = engine.ladder(request), _noise(board, request.seed)
    for progress in engine.walk(request, board, noise=drawn, times=times, seed=request.seed):
        latents = progress.latents
        yield progress
    frames = _joined(engine, part, engine.decode(latents), piece)
    if part.before is None and part.after is not None and request.source is None:
        frames = frames[-part.wanted :]
    elif not part.opening:
        frames = frames[: part.wanted]
    yield Painted(frames=composed(request, frames, 0), number=1, windows=1)


def _joined(engine: Engine, part: Stretch, frames: Frames, piece: Piece) -> Frames:
    """What was painted of a window's frames, joined to what is known beside it; that comes with it if it is shown too."""
    first = pixel_frames(piece.before, engine.grid.time) if piece.before else 0
    last = len(frames) - piece.after * engine.grid.time
    before = edge(part.before[-1], frames[first - 1]) if part.before is not None and first else None
    after = edge(part.after[0], frames[last]) if part.after is not None and last < len(frames) else None
    made = [steady(frames[first:last], before, after, grain=engine.card.defaults.grain)]
    if part.opening and part.before is not None:
        made.insert(0, part.before)
    if part.closing and part.after is not None:
        made.append(part.after)
    return np.concatenate(made)


def _rolled(engine: Engine, request: Request, part: Stretch, kept: Kept | None) -> Iterator[Progress | Painted]:
    """Frame after frame."""
    window, seen = begin(engine, part)
    if kept is not None:
        window = resumed(kept, engine.runtime.device)
    yield from roll(engine, request, part, window, decoded=seen)


def _board(engine: Engine, request: Request, part: Stretch, piece: Piece) -> Canvas:
    seen = seen_before(engine, part.before, piece.before)
    earlier = None if seen is None else engine.known(seen)
    after = later(engine, part.after, piece.after) if part.after is not None and piece.after else None
    return beside(earlier, middle(engine, request, part, range(piece.paint)), after)


def _noise(board: Canvas, seed: int) -> Tensor:
    _, channels, frames, rows, columns = board.latents.shape
    return noise((channels, frames, rows, columns), [seed])


def _backwards(engine: Engine, request: Request, part: Stretch, kept: Kept | None) -> Iterator[Progress | Painted]:
    """Window by window, the last first; each sees the one after it encoded anew."""
    stride, ladder = engine.grid.time, engine.ladder(request)
    after, begun, made = _known(part.after), 0, 0
    windows = list(backwards(part.paint, len(after), length=engine.length, stride=stride))
    if kept is not None:
        after, (begun, made) = kept["after"].numpy(), kept["at"].tolist()
    for number, piece in enumerate(windows[begun:], begun):
        board = _board(engine, request, replace(part, after=after), piece)
        latents, seed = board.latents, next_seed(request.seed, number)
        for progress in engine.walk(request, board, noise=_noise(board, seed), times=ladder, seed=seed):
            latents = progress.latents
            steps = len(ladder) - 1
            yield replace(progress, step=number * steps + progress.step, steps=len(windows) * steps)
        frames = _joined(engine, replace(part, after=after), engine.decode(latents), piece)[made - part.wanted :]
        made += len(frames)
        after = np.concatenate([frames, after])[: context(engine.length) * stride]
        state = {"after": torch.from_numpy(after.copy()), "at": torch.tensor([number + 1, made])}
        yield Painted(frames=frames, number=number + 1, windows=len(windows), kept=state)


def _known(after: Frames | None) -> Frames:
    if after is None:
        raise ValueError("what is painted backwards leads to something")
    return after
