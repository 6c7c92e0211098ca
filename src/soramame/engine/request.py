"""What is asked for and what comes of it, as values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from soramame.errors import OptionError, PromptError
from soramame.flow.solvers import Solver, euler, heun, renoise, unipc
from soramame.geometry import Size, check_seconds
from soramame.media import Clip

Frames = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Kept = Mapping[str, Tensor]
"""What painting goes on from: tensors by name."""
SOLVERS: dict[str, Callable[[Sequence[int]], Solver]] = {
    "euler": lambda seeds: euler,
    "heun": lambda seeds: heun,
    "unipc": lambda seeds: unipc,
    "renoise": renoise,
}
LONGEST_PROMPT = 32_000


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, checked at construction in whole sentences. ``None`` means the model's default.

    ``image`` and ``last_image`` are pictures uint8 ``(H, W, 3)``; they are scaled to cover the size and cut to it. ``before`` and
    ``after`` are clips uint8 ``(T, H, W, 3)`` at the model's frame rate: with one of them, ``seconds`` are painted beside it, and
    with both between them, in their size; the prompt may then be empty.

    ``source`` is a clip like these that is painted over, as long as it is: from ``strength`` of the way to noise, in (0, 1]; where
    ``mask``, bool ``(H, W)`` or ``(T, H, W)``, is true, if there is one; turning into the clip ``into`` of the same shape, if there is
    one; in detail only, if it is there, so that it becomes the ``small`` clip when it is shrunk.
    """

    prompt: str
    seconds: float | None = None
    size: Size | None = None
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    negative: str = ""
    solver: str | None = None
    image: Frames | None = None
    last_image: Frames | None = None
    before: Frames | None = None
    after: Frames | None = None
    source: Frames | None = None
    into: Frames | None = None
    small: Frames | None = None
    mask: Mask | None = None
    strength: float = 1.0

    def __post_init__(self) -> None:
        if not self.prompt.strip() and not self.known:
            raise PromptError("the prompt is empty; say in a sentence what should be seen.")
        for text in (self.prompt, self.negative):
            if len(text) > LONGEST_PROMPT:
                raise PromptError(f"the prompt has {len(text)} characters; at most {LONGEST_PROMPT} are read.")
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise PromptError("the prompt is not text that can be read; write it in UTF-8.")
        if self.seconds is not None and self.source is None:
            check_seconds(self.seconds)
        if not 0 <= self.seed < 2**63:
            raise OptionError(f"seed has to be a whole number from 0 to 2^63 - 1, not {self.seed}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise OptionError(f"steps has to be 1 to 1000, not {self.steps}.")
        if self.guidance is not None and not (math.isfinite(self.guidance) and 0 <= self.guidance <= 50):
            raise OptionError(f"guidance has to be 0 to 50, not {self.guidance}.")
        if self.solver is not None and self.solver not in SOLVERS:
            raise OptionError(f"solver has to be {', '.join(SOLVERS)}, not {self.solver!r}.")
        if self.last_image is not None and self.image is None:
            raise OptionError("a last picture needs a first one: give --image too.")
        if self.known and self.image is not None:
            raise OptionError("a picture to begin with and a clip to go on from exclude each other.")
        if len({clip.shape[1:] for clip in self.known}) > 1:
            raise OptionError("all clips of a request have to be of one size.")
        if self.known and self.size is not None:
            height, width = self.known[0].shape[1:3]
            if (self.size.width, self.size.height) != (width, height):
                raise OptionError(
                    f"beside a clip of {width}x{height} that size is painted, not {self.size}: leave size out."
                )
        self._check_source()

    def _check_source(self) -> None:
        if not 0 < self.strength <= 1:
            raise OptionError(f"strength has to be more than 0 and at most 1, not {self.strength:g}.")
        if self.source is None:
            if self.mask is not None or self.into is not None or self.small is not None or self.strength != 1:
                raise OptionError("strength, mask and a clip to turn into need a clip that is painted over.")
            return
        if self.into is not None and self.into.shape != self.source.shape:
            raise OptionError("a clip turns into one of the same length.")
        if self.mask is not None and self.mask.shape not in (self.source.shape[1:3], self.source.shape[:3]):
            raise OptionError(
                f"a mask has to have the clip's size, {self.source.shape[2]}x{self.source.shape[1]}, and one frame or all."
            )
        if self.mask is not None and not self.mask.any():
            raise OptionError("the mask is black all over; what is to be painted has to be white.")

    @property
    def known(self) -> tuple[Frames, ...]:
        """The clips beside or over which is painted."""
        return tuple(clip for clip in (self.before, self.source, self.into, self.after) if clip is not None)


Check = Callable[[Request], None]
"""Looks at a request, and may raise to refuse it."""


@dataclass(frozen=True, kw_only=True)
class Painted:
    """Window ``number`` of ``windows`` of a request is done: its new frames uint8 ``(T, H, W, 3)``. They come in playing order, or,
    where the request goes on backwards, each before those that came already.
    """

    frames: Frames
    number: int
    windows: int
    kept: Kept | None = None
    """What painting goes on from after it, where it can be taken up again."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The finished clip."""

    clip: Clip


def fingerprint(picture: Frames | None) -> str | None:
    """Hash of the pixels of a picture or clip, by which it is known again."""
    if picture is None:
        return None
    return hashlib.sha256(f"{picture.shape}".encode() + np.ascontiguousarray(picture).tobytes()).hexdigest()
