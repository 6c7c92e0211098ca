"""What an operator asked of any server, heeded by this one too: keys that are gone from the file are refused by every server."""

from __future__ import annotations

import logging
import threading

from soramame.serve import renewal
from soramame.serve.service import Service

log = logging.getLogger("soramame.serve")
EVERY = 5.0
"""Seconds between two looks at whether a renewal was asked for: as often as workers look."""


class Heed:
    """Reads the keys and the card of the model again when a renewal was asked for, through whichever server that was."""

    def __init__(self, service: Service) -> None:
        self.service, self._ending = service, threading.Event()
        self._number = renewal.number(service.store)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ending.wait(EVERY):
            try:
                self.once()
            except Exception:  # the database may be gone, or the file of keys be half written: it is tried again
                log.exception("renewal")

    def once(self) -> bool:
        """Read again if that was asked for since the last time; whether it was."""
        asked = renewal.asked(self.service.store)
        if asked == self._number:
            return False
        self.service.renew()
        self._number = asked
        return True
