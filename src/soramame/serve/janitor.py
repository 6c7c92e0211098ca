"""What is not to be kept any longer is removed."""

from __future__ import annotations

import logging

from soramame.serve.again import Again
from soramame.serve.service import Service

log = logging.getLogger("soramame.serve")
EVERY = 60.0


class Janitor(Again):
    """Removes the files of videos whose time is over, and those of jobs that made none; that there were any is still known."""

    def __init__(self, service: Service) -> None:
        super().__init__(EVERY)
        self.service = service

    def once(self) -> int:
        """Remove what is due now; of how many jobs that was. The files first: once the row does not name them, nobody would find them."""
        removed = 0
        for job in self.service.store.expired():
            try:
                self.service.remove(job)
            except Exception:  # the storage may be gone for a while, or refuse one file and not the next
                log.exception("the files of %s were not removed", job.id)
                continue
            self.service.store.emptied(job)
            removed += 1
        self.service.storage.tidy()
        return removed
