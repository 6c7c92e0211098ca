"""Soramame: an open video-generation system. A sentence becomes a video, offline, on the machine you have.

>>> from soramame import Soramame                                       # doctest: +SKIP
>>> clip = Soramame.load().generate("five grey wolf pups play in the snow", seconds=4, seed=7)   # doctest: +SKIP
>>> clip.save("wolves.mp4")                                             # doctest: +SKIP

Names are resolved when they are used: importing the package loads no heavy library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soramame.engine import Request, Soramame
    from soramame.errors import SoramameError
    from soramame.media import Clip

__version__ = "0.1.0"
__all__ = ["Clip", "Request", "Soramame", "SoramameError", "__version__"]

_HOMES = {
    "Soramame": "soramame.engine",
    "Request": "soramame.engine",
    "Clip": "soramame.media",
    "SoramameError": "soramame.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'soramame' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
