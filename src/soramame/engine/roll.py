"""A window that rolls along: latent frames on their way from noise to video, each a few steps behind the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from soramame.engine.core import Engine
from soramame.engine.request import Frames, Kept, Painted, Request
from soramame.engine.stretch import Stretch, composed, edge, groups, later, middle, next_seed, seen_before, spans
from soramame.flow.canvas import Canvas
from soramame.flow.path import noise_from_x0, over
from soramame.flow.sample import Progress, noise
from soramame.flow.window import Roll, context
from soramame.geometry import pixel_frames
from soramame.media import Edge, steady
from soramame.nn.streaming import State


@dataclass(frozen=True, kw_only=True)
class Window:
    """Between two steps: latents that are ``known``, and the ``tail`` of frames that they stand for; latent frames on their way
    from number ``first`` on, as they are ``foreseen``, their ``noise`` and where they join (``cap``); steps made; the decoder's state.
    """

    known: Tensor
    tail: Frames
    decoder: State | None
    foreseen: Tensor
    noise: Tensor
    cap: Tensor
    first: int = 0
    step: int = 0

    def kept(self) -> Kept:
        """As tensors by name."""
        names = ("known", "foreseen", "noise", "cap")
        return {
            **{name: getattr(self, name).cpu() for name in names},
            **{f"decoder.{n:03d}": tensor.cpu() for n, tensor in enumerate(self.decoder or ())},
            "tail": torch.from_numpy(self.tail.copy()),
            "at": torch.tensor([self.first, self.step]),
        }


def resumed(kept: Kept, device: str) -> Window:
    """The inverse of :meth:`Window.kept`."""
    names = ("known", "foreseen", "noise", "cap")
    layers = tuple(kept[name].to(device) for name in sorted(kept) if name.startswith("decoder."))
    first, step = kept["at"].tolist()
    return Window(
        **{name: kept[name].to(device) for name in names},
        tail=kept["tail"].numpy(),
        decoder=layers or None,
        first=first,
        step=step,
    )


def begin(engine: Engine, part: Stretch) -> tuple[Window, Frames]:
    """A window that sees what is before a stretch, and the frames that the decoder makes of that."""
    tail = seen_before(engine, part.before, context(engine.length))
    height, width = part.size.height, part.size.width
    grid = (height // engine.grid.space, width // engine.grid.space)
    none = torch.zeros(1, engine.channels, 0, *grid, device=engine.runtime.device)
    nothing = np.empty((0, height, width, 3), np.uint8)
    window = Window(known=none, tail=nothing, decoder=None, foreseen=none, noise=none, cap=none.new_ones(1, 0))
    if tail is None:
        return window, nothing
    latents = engine.known(tail)
    frames, decoder = engine.decode_on(latents, None)
    return replace(window, known=latents, tail=tail, decoder=decoder), frames


def roll(
    engine: Engine, request: Request, part: Stretch, window: Window, *, decoded: Frames
) -> Iterator[Progress | Painted]:
    """Paint the rest of a stretch, group by group of four frames; each comes with what is needed to go on from it.

    ``decoded``: what the decoder makes of the frames that are before the stretch.
    """
    stride, ladder, total = engine.grid.time, engine.ladder(request), groups(part, engine.grid.time)
    walk = way(engine, part, len(ladder) - 1)
    while window.first < total:
        made = spans(part, range(window.first), stride)[1] if window.first else 0
        window = _enter(engine, request, part, window, total)
        board, times = _board(engine, part, window, walk, ladder)
        seed = next_seed(request.seed, 1 + window.first)
        for progress in engine.walk(request, board, noise=_padded(board, window), times=times, seed=seed):
            yield replace(progress, step=window.step + progress.step, steps=walk.end(total - 1))
        window, latents = _step(window, progress, times, walk)
        frames, decoder = engine.decode_on(latents, window.decoder)
        after = None
        if part.after is not None and window.first == total:
            after = edge(part.after[0], engine.decode_on(later(engine, part.after, 1), decoder)[0][0])
        frames = steady(frames, _before(part, window, decoded), after, grain=engine.card.defaults.grain)
        window = _remember(engine, request, replace(window, decoder=decoder), latents, frames)
        shown = [composed(request, frames[: part.wanted - made], made)]
        if part.opening and part.before is not None and not made:
            shown.insert(0, part.before)
        if part.closing and part.after is not None and window.first == total:
            shown.append(part.after)
        yield Painted(frames=np.concatenate(shown), number=window.first, windows=total, kept=window.kept())


def _before(part: Stretch, window: Window, decoded: Frames) -> Edge | None:
    """What further frames join."""
    if not len(window.tail):
        return None
    joined = Edge(shown=window.tail[-1])
    return joined if part.before is None else replace(joined, real=part.before[-1], decoded=decoded[-1])


def way(engine: Engine, part: Stretch, steps: int) -> Roll:
    """How the latent frames of a stretch follow one another; one place is left for what comes after it."""
    most = context(engine.length)
    ahead = engine.length - most - (part.after is not None)
    return Roll(steps=steps, ahead=ahead, together=0 if part.before is not None else most)


def _enter(engine: Engine, request: Request, part: Stretch, window: Window, total: int) -> Window:
    """Further latent frames as far as the window has room for them; one is left for what comes after."""
    room = engine.length - window.known.shape[2] - (part.after is not None)
    held = window.foreseen.shape[2]
    new = range(window.first + held, min(window.first + room, total))
    if not new:
        return window
    board = middle(engine, request, part, new)
    _, channels, _, rows, columns = board.latents.shape
    drawn = [noise((channels, 1, rows, columns), [next_seed(request.seed, 1_000_003 * (1 + frame))]) for frame in new]
    return replace(
        window,
        foreseen=torch.cat([window.foreseen, board.latents], 2),
        noise=torch.cat([window.noise, *(piece.to(board.latents) for piece in drawn)], 2),
        cap=torch.cat([window.cap if held else board.start[:, :0], board.start], 1),
    )


def _board(engine: Engine, part: Stretch, window: Window, walk: Roll, ladder: Tensor) -> tuple[Canvas, Tensor]:
    """The canvas as it stands, and the times until the first of its frames is done."""
    held = window.foreseen.shape[2]
    frames = range(window.first, window.first + held)
    times = walk.times(ladder, frames, window.step, walk.end(window.first))
    parts, ends = [window.known, window.foreseen], 0
    if part.after is not None and frames.stop == groups(part, engine.grid.time):
        room = engine.length - window.known.shape[2] - held
        parts.append(later(engine, part.after, min(room, len(part.after) // engine.grid.time)))
        ends = parts[-1].shape[2]
    sides = (window.known.shape[2], ends)
    level = Canvas(latents=window.foreseen, start=window.cap).clock(times[0])
    start = F.pad(level, sides if level.ndim == 2 else (0, 0, 0, 0, *sides))
    return Canvas(latents=torch.cat(parts, 2), start=start), F.pad(times, sides)


def _padded(board: Canvas, window: Window) -> Tensor:
    """The window's noise for a whole canvas: none is needed where latents are given."""
    before, held = window.known.shape[2], window.noise.shape[2]
    return F.pad(window.noise, (0, 0, 0, 0, before, board.latents.shape[2] - before - held))


def _step(window: Window, progress: Progress, times: Tensor, walk: Roll) -> tuple[Window, Tensor]:
    """The window after some steps without the frames that are done, and those."""
    before, held = window.known.shape[2], window.foreseen.shape[2]
    latents, foreseen = (x[:, :, before : before + held] for x in (progress.latents, progress.x0))
    step = window.step + len(times) - 1
    done = sum(walk.end(frame) <= step for frame in range(window.first, window.first + held))
    level = Canvas(latents=foreseen, start=window.cap).clock(times[-1, before : before + held])
    drawn = torch.where(over(level) > 0, noise_from_x0(latents, foreseen, level), window.noise)
    left = replace(
        window,
        foreseen=foreseen[:, :, done:],
        noise=drawn[:, :, done:],
        cap=window.cap[:, done:],
        first=window.first + done,
        step=step,
    )
    return left, latents[:, :, :done]


def _remember(engine: Engine, request: Request, window: Window, latents: Tensor, frames: Frames) -> Window:
    """Take in latents that are done, and forget the oldest but the very first: what was seen at the beginning keeps colours from
    wandering off (an attention sink, as in StreamingLLM, Xiao et al. 2024). What is painted over says itself what is to be seen,
    and may be something else by now: there the first that stays becomes a picture's.
    """
    most, known = context(engine.length), torch.cat([window.known, latents], 2)
    if engine.layout:
        known[:, -engine.layout :] = 0  # what is given has none
    tail = np.concatenate([window.tail, frames])[-pixel_frames(most, engine.grid.time) :]
    if known.shape[2] > most:
        first = known[:, :, :1] if request.source is None and most > 1 else engine.known(tail[:1])
        known = torch.cat([first, known[:, :, known.shape[2] - most + 1 :]], 2)
    return replace(window, known=known, tail=tail)
