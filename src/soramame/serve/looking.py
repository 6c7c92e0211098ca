"""``python -m soramame.serve.looking FILE``: what can be said of a file, as JSON; a process that may be given up."""

from __future__ import annotations

import json
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from soramame.errors import SoramameError
from soramame.media import glimpses
from soramame.safety.verify import verify

LONGEST = 150
"""Seconds after which it ends by itself, if whoever asked is not there to end it."""
MEMORY = 4 << 30
"""Bytes of address space that a look may take."""


def main() -> None:
    """Print the report on the file that the first argument names, or an ``error``."""
    with suppress(ValueError, OSError):  # not every system lets a process limit itself
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(LONGEST)
    path = Path(sys.argv[1])
    try:
        next(glimpses(path, spans=1, frames=1))  # :class:`MediaError` for what is no picture or video
        told = verify(path).as_json()
    except SoramameError as error:
        told = {"error": str(error).replace(str(path), "the file")}
    print(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
