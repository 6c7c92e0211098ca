"""What is not to be kept any longer is removed."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import update

from soramame.serve.service import Service
from soramame.serve.tables import Job

log = logging.getLogger("soramame.serve")
EVERY = 60.0


class Janitor:
    """Removes the files of videos whose time is over; that they were made is still known."""

    def __init__(self, service: Service) -> None:
        self.service, self._ending = service, threading.Event()
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
            except Exception:  # the database may be gone for a while
                log.exception("clean-up")

    def once(self) -> int:
        """Remove what is due now; how many videos that were."""
        late = self.service.store.expired()
        for job in late:
            with self.service.store.write() as session, session.begin():
                session.execute(update(Job).where(Job.number == job.number).values(files=None))
            self.service.remove(job)
        self.service.storage.tidy()
        return len(late)
