"""What an operator asked of any server, heeded by this one too: keys that are gone from the file are refused by every server."""

from __future__ import annotations

from soramame.serve import renewal
from soramame.serve.again import Again
from soramame.serve.service import Service

EVERY = 5.0
"""Seconds between two looks at whether a renewal was asked for: as often as workers look."""


class Heed(Again):
    """Reads the keys and the card of the model again when a renewal was asked for, through whichever server that was."""

    def __init__(self, service: Service) -> None:
        super().__init__(EVERY)
        self.service, self._number = service, renewal.number(service.store)

    def once(self) -> bool:
        """Read again if that was asked for since the last time; whether it was."""
        asked = renewal.asked(self.service.store)
        if asked == self._number:
            return False
        self.service.renew()
        self._number = asked
        return True
