"""What a server does again and again beside its answers, in a thread."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

log = logging.getLogger("soramame.serve")


class Again(ABC):
    """Calls :meth:`once` every so many seconds. What goes wrong is logged, and tried again: the database may be gone for a while."""

    def __init__(self, every: float) -> None:
        self._every, self._ending = every, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join(5)

    @abstractmethod
    def once(self) -> object:
        """What is done."""

    def _run(self) -> None:
        while not self._ending.wait(self._every):
            try:
                self.once()
            except Exception:
                log.exception("%s", type(self).__name__)
