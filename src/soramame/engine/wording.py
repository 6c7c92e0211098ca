"""What a model is told instead of a short prompt, and what of it when."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from soramame.engine.core import Engine
from soramame.errors import OptionError
from soramame.prompt.events import events
from soramame.prompt.expand import PAPER, Expansion, expand, placed
from soramame.prompt.sentences import joined

Expand = Literal["auto", "off"] | Callable[[str], Expansion]
"""``auto``: by rules, where the model knows the words; ``off``; or by whatever makes a long prompt of a short one."""


def told(engine: Engine, prompt: str, *, seed: int, how: Expand, seen: bool = False) -> str:
    """A prompt as a model is told it. Where a picture is ``seen``, rules add nothing: they cannot see the place that it shows."""
    if callable(how):
        return how(prompt).text
    if how not in ("auto", "off"):
        raise OptionError(f"expand has to be auto, off or llm, not {how!r}.")
    return prompt if seen or how == "off" or engine.card.name not in PAPER else expand(prompt, seed=seed).text


def in_order(text: str) -> tuple[str, ...]:
    """What happens one after the other in a text that is told, each with what the further sentences say of all of it, and where the
    one before it was unless it is elsewhere.
    """
    first, behind = re.match(r"[^.。]+[.。]?\s*", text), ""
    parts = events(first[0].strip()) if first is not None else ()
    if first is not None and len(parts) > 1:
        behind = text[first.end() :]
    else:
        parts = events(text)
    there = list(parts[:1])
    for part in parts[1:]:
        there.append(placed(part, there[-1]))
    return tuple(joined(part, [behind]) if behind else part for part in there)
