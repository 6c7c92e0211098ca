"""The engine: what is asked for, how it is painted, and the verbs that people use."""

from __future__ import annotations

from soramame.engine.film import Film, Part, play
from soramame.engine.job import begun
from soramame.engine.request import LONGEST_PROMPT, SOLVERS, Check, Request, Result, fingerprint
from soramame.engine.storyboard import storyboard
from soramame.engine.verbs import Soramame, Written, read_mask
from soramame.engine.wording import Expand

__all__ = [
    "LONGEST_PROMPT",
    "SOLVERS",
    "Check",
    "Expand",
    "Film",
    "Part",
    "Request",
    "Result",
    "Soramame",
    "Written",
    "begun",
    "fingerprint",
    "play",
    "read_mask",
    "storyboard",
]
