"""How a length of video is painted by a model that holds little of it: a window that rolls along, or windows one by one.

Forwards, frames walk from noise to video one after another, each a few steps behind the one before it, in a window that
rolls along with them (rolling diffusion, Ruhe et al. 2024; SkyReels-V2, Chen et al. 2025): every frame is painted together with
its neighbours on both sides, so nothing begins or ends anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from soramame.errors import DurationError


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Latent frames that make ``steps`` steps each, so that ``ahead`` of them are on their way at a time; the first, and
    ``together`` behind it, begin at once.
    """

    steps: int
    ahead: int
    together: int = 0

    def begin(self, frame: int) -> int:
        """The step at which a frame makes its first."""
        return max(0, frame - self.together) * self.steps // self.ahead

    def end(self, frame: int) -> int:
        """The number of steps after which a frame is done."""
        return self.begin(frame) + self.steps

    def times(self, ladder: Tensor, frames: range, step: int, until: int) -> Tensor:
        """Times ``(until - step + 1, F)`` of frames before each of some steps and after the last, on a ladder ``(steps + 1,)``."""
        gone = torch.arange(step, until + 1)[:, None] - torch.tensor([self.begin(frame) for frame in frames])
        return ladder[gone.clamp(0, self.steps)]


def context(length: int) -> int:
    """How many latent frames of what is known tell a model that holds ``length`` how things move: a third."""
    if length < 3:
        raise DurationError(f"a model that holds {length} latent frames cannot go on from a clip; it takes 3.")
    return length // 3


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Latent frames of one window, in order: known ones ``before`` (the first is a picture's), painted ones, and known ones
    ``after``. Where nothing is before, the first painted one is a picture's.
    """

    before: int
    paint: int
    after: int


def at_once(before: int, paint: int, after: int, *, length: int, stride: int = 4) -> Piece | None:
    """The one window of ``length`` latent frames that paints ``paint`` frames between so many known ones; None if none holds it.

    What room is left is for what is known, for both sides alike. With nothing before, one of the painted frames is a picture.
    """
    known = 1 + (before - 1) // stride if before else 0
    later = after // stride
    count = -(-paint // stride) if before else 1 + -(-(paint - 1) // stride)
    if known and not later:
        seen = min(known, context(length))
        return Piece(before=seen, paint=count, after=0) if seen + count <= length else None
    spare = length - count - min(known, 2) - min(later, 1)
    if spare < 0:
        return None
    more = min(max(0, later - 1), -(-spare // 2) if known else spare)
    first = min(known, length - count - min(later, 1) - more)
    return Piece(before=first, paint=count, after=min(later, 1) + more)


def backwards(paint: int, after: int, *, length: int, stride: int = 4) -> Iterator[Piece]:
    """The windows that paint at least ``paint`` frames before ``after`` known ones, the last of them first."""
    while paint > 0:
        known = min(context(length), after // stride)
        count = min(length - known, 1 + -(-(paint - 1) // stride))
        yield Piece(before=0, paint=count, after=known)
        made = 1 + (count - 1) * stride
        paint, after = paint - made, after + made
