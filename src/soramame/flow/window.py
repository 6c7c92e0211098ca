"""How a length of video is painted in windows that a model can hold, each beside what is known already."""

from __future__ import annotations

from dataclasses import dataclass

from soramame.errors import DurationError


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Latent frames of one window, in order: known ones ``before`` (the first is a picture's), painted ones, and known ones
    ``after``. Where nothing is before, the first painted one is a picture's.
    """

    before: int
    paint: int
    after: int


def pieces(before: int, paint: int, after: int, *, length: int, stride: int = 4) -> tuple[Piece, ...]:
    """The windows of ``length`` latent frames that paint at least ``paint`` frames between ``before`` and ``after`` known ones.

    Where only one side is known, each window sees about half of what it holds of it, and goes on from the last (with nothing
    before: backwards). Where both are, the last window sees both. :class:`DurationError` if too little is known.
    """
    if length < 3:
        raise DurationError(f"a model that holds {length} latent frames cannot go on from a clip; it takes 3.")
    if before < 1 and after < stride:
        raise DurationError(f"a clip has to have {stride} frames at least to be extended backwards, not {after}.")
    if before and after and after < stride:
        raise DurationError(f"the clip after a gap has to have {stride} frames at least, not {after}.")
    found: list[Piece] = []
    if not before:
        while paint > 0:
            known = min(length // 2, after // stride)
            count = min(length - known, 1 + -(-(paint - 1) // stride))
            found.append(Piece(before=0, paint=count, after=known))
            made = 1 + (count - 1) * stride
            paint, after = paint - made, after + made
        return tuple(found)
    left = -(-paint // stride)
    last = max(1, length - 3) if after else 0  # what the window that sees both sides may paint
    while left > last:
        known = min(length // 2, (before - 1) // stride)
        count = min(length - 1 - known, left - (last + 1) // 2)
        found.append(Piece(before=1 + known, paint=count, after=0))
        left, before = left - count, before + count * stride
    if left:
        spare = length - 1 - left
        later = min(-(-spare // 2), after // stride)
        earlier = min(spare - later, (before - 1) // stride)
        found.append(Piece(before=1 + earlier, paint=left, after=later))
    return tuple(found)
