"""What is asked for and what comes of it, as values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soramame.errors import OptionError, PromptError
from soramame.flow.solvers import Solver, euler, heun, renoise, unipc
from soramame.geometry import Size, check_seconds
from soramame.media import Clip

Frames = NDArray[np.uint8]
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

    def __post_init__(self) -> None:
        if not self.prompt.strip() and not self.known:
            raise PromptError("the prompt is empty; say in a sentence what should be seen.")
        for text in (self.prompt, self.negative):
            if len(text) > LONGEST_PROMPT:
                raise PromptError(f"the prompt has {len(text)} characters; at most {LONGEST_PROMPT} are read.")
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise PromptError("the prompt is not text that can be read; write it in UTF-8.")
        if self.seconds is not None:
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
            raise OptionError("the clips on both sides have to be of one size.")

    @property
    def known(self) -> tuple[Frames, ...]:
        """The clips beside which is painted."""
        return tuple(clip for clip in (self.before, self.after) if clip is not None)


Check = Callable[[Request], None]
"""Looks at a request, and may raise to refuse it."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The finished clip."""

    clip: Clip


def fingerprint(picture: Frames | None) -> str | None:
    """Hash of the pixels of a picture or clip, by which it is known again."""
    if picture is None:
        return None
    return hashlib.sha256(f"{picture.shape}".encode() + np.ascontiguousarray(picture).tobytes()).hexdigest()
