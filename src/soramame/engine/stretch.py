"""What of a request is known and what is to be painted, as frames and as canvases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from soramame.engine.core import Engine, known
from soramame.engine.request import Frames, Mask, Request
from soramame.errors import DurationError
from soramame.flow import canvas as tasks
from soramame.geometry import Size, frames_for, pixel_frames
from soramame.media import Edge, agreeing, fit


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """``paint`` new frames between the known ones ``before`` and ``after``, which are shown too where they come from pictures.

    ``size (width, height)`` in pixels; ``wanted`` is how many new frames are asked for, at most ``paint``.
    """

    size: Size
    before: Frames | None
    after: Frames | None
    paint: int
    wanted: int
    opening: bool
    closing: bool


def stretch(engine: Engine, request: Request) -> Stretch:
    """Of a complete request. :class:`DurationError` if there is no time for it."""
    d, stride, size = engine.card.defaults, engine.grid.time, known(request.size)
    before, after = request.before, request.after
    seconds = known(request.seconds)
    if request.known:
        wanted = len(request.source) if request.source is not None else max(1, round(seconds * d.fps))
        # What lies between two clips has to end where a latent frame does.
        paint = -(-wanted // stride) * stride if after is not None and before is not None else wanted
        wanted = paint if request.source is None else wanted
        return Stretch(
            size=size,
            before=before,
            after=_enough(after, stride),
            paint=paint,
            wanted=wanted,
            opening=False,
            closing=False,
        )
    count = frames_for(seconds, d.fps, stride)
    if request.image is not None:
        before = fit(request.image, size)[None]
        count -= 1
    if request.last_image is not None:
        if count < stride:
            raise DurationError(f"a clip between two pictures has to last {stride / d.fps:g} seconds at least.")
        after = np.repeat(fit(request.last_image, size)[None], stride, 0)
        count -= stride
    opening, closing = before is not None, after is not None
    return Stretch(size=size, before=before, after=after, paint=count, wanted=count, opening=opening, closing=closing)


def _enough(after: Frames | None, stride: int) -> Frames | None:
    """What comes after fills a latent frame at least: its last frame is held where it is shorter."""
    if after is None or len(after) >= stride:
        return after
    return np.concatenate([after, np.repeat(after[-1:], stride - len(after), 0)])


def seen_before(engine: Engine, before: Frames | None, frames: int) -> Frames | None:
    """The end of what comes before, aligned: as many frames as so many latent frames stand for, or what there is."""
    if before is None or not frames:
        return None
    frames = min(frames, 1 + (len(before) - 1) // engine.grid.time)
    return before[-pixel_frames(frames, engine.grid.time) :]


def later(engine: Engine, after: Frames, frames: int) -> Tensor:
    """The first latent frames ``(1, C, F, Y, X)`` of what comes after: each stands for four of its frames."""
    return engine.known(np.concatenate([after[:1], after[: frames * engine.grid.time]]))[:, :, 1:]


def middle(engine: Engine, request: Request, part: Stretch, frames: range) -> tasks.Canvas:
    """The canvas of the new latent frames ``frames``, counted from the first that is painted."""
    if request.source is None:
        channels = engine.channels
        shape = (1, channels, len(frames), part.size.height // engine.grid.space, part.size.width // engine.grid.space)
        return tasks.text(shape, device=engine.runtime.device)
    latents = _under(engine, request.source, part, frames)
    strength = engine.noise_of(request.strength)
    if request.mask is not None:
        return tasks.inpaint(latents, _cells(engine, request.mask, part, frames).to(latents.device), strength)
    if request.into is None:
        return tasks.remix(latents, strength)
    share = _shares(part, frames, engine.grid.time)
    rise = [engine.noise_of(request.strength * float(torch.sin(torch.pi * at))) for at in share[0]]
    other = _under(engine, request.into, part, frames)
    return tasks.blend(latents, other, share.to(latents), torch.tensor([rise]).to(latents))


def _shares(part: Stretch, frames: range, stride: int) -> Tensor:
    """How far each latent frame is on the way from one clip to another ``(1, F)``."""
    return (torch.arange(frames.start, frames.stop, dtype=torch.float64)[None] + 1) / (groups(part, stride) + 1)


def spans(part: Stretch, frames: range, stride: int) -> tuple[int, int]:
    """The new frames ``[first, last)`` that latent frames stand for."""
    if part.before is not None:
        return frames.start * stride, frames.stop * stride
    return max(0, 1 + (frames.start - 1) * stride), 1 + (frames.stop - 1) * stride


def _under(engine: Engine, source: Frames, part: Stretch, frames: range) -> Tensor:
    """Latents of a source that is painted over, behind the frame before them; its last frame is held where it ends."""
    first, last = spans(part, frames, engine.grid.time)
    taken = source[np.minimum(np.arange(first, last), len(source) - 1)]
    if first == 0 and part.before is None:
        return engine.known(taken)
    ahead = source[first - 1 : first] if first else known(part.before)[-1:]
    return engine.known(np.concatenate([ahead, taken]))[:, :, 1:]


def _cells(engine: Engine, mask: Mask, part: Stretch, frames: range) -> Tensor:
    """The cells ``(1, F, Y, X)`` in which a mask has any white."""
    space, stride = engine.grid.space, engine.grid.time
    found = []
    for frame in frames:
        first, last = spans(part, range(frame, frame + 1), stride)
        at = mask if mask.ndim == 2 else mask[np.minimum(np.arange(first, last), len(mask) - 1)].any(0)
        height, width = at.shape
        found.append(at.reshape(height // space, space, width // space, space).any((1, 3)))
    return torch.from_numpy(np.stack(found)[None])


def groups(part: Stretch, stride: int) -> int:
    """How many latent frames are painted."""
    return -(-part.paint // stride) if part.before is not None else 1 + -(-(part.paint - 1) // stride)


def edge(real: Frames, decoded: Frames) -> Edge:
    """Where a source is joined, pictures ``(H, W, 3)``."""
    return Edge(shown=real, real=real, decoded=decoded)


def composed(request: Request, frames: Frames, first: int) -> Frames:
    """New frames from number ``first`` on, with the source itself where a mask is black, and no more than detail where that is all."""
    if request.small is not None:
        return agreeing(frames, request.small[first : first + len(frames)])
    if request.mask is None or request.source is None:
        return frames
    under = request.source[first : first + len(frames)]
    mask = request.mask if request.mask.ndim == 2 else request.mask[first : first + len(frames)]
    return np.where(mask[..., None], frames, under)


def next_seed(seed: int, number: int) -> int:
    """The seed of a later part."""
    return (seed + number) % 2**63
