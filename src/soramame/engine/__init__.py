"""The engine: what is asked for, how it is painted, and the verbs that people use."""

from __future__ import annotations

from soramame.engine.request import LONGEST_PROMPT, SOLVERS, Check, Request, Result, fingerprint
from soramame.engine.verbs import Soramame

__all__ = ["LONGEST_PROMPT", "SOLVERS", "Check", "Request", "Result", "Soramame", "fingerprint"]
