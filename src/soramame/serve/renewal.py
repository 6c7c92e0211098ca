"""Models loaded anew while the server runs: a number in the database that an operator raises, and that workers look at.

A worker finishes what it paints, loads what it was started with again, and goes on; it says in its facts for which number it has.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from soramame.errors import ConfigError, SoramameError
from soramame.serve.alone import alone
from soramame.serve.store import Store
from soramame.serve.tables import Setting

log = logging.getLogger("soramame.serve")
NAME = "renewal"


def asked(store: Store) -> int:
    """How often it was asked for, ever."""
    with store.read() as session:
        return int(session.scalar(select(Setting.number).where(Setting.name == NAME)) or 0)


def number(store: Store) -> int:
    """The same; 0 where the database gives no answer: then it is done once too often, and not once too few."""
    try:
        return asked(store)
    except DBAPIError:
        return 0


def ask(store: Store) -> int:
    """Ask once more; the number that workers then tell."""
    with store.write() as session, session.begin():
        alone(session.connection(), NAME)  # two that are the first would both write it down
        raised = session.execute(update(Setting).where(Setting.name == NAME).values(number=Setting.number + 1))
        if not raised.rowcount:  # type: ignore[attr-defined]
            session.add(Setting(name=NAME, number=1))
        session.flush()
        return int(session.scalar(select(Setting.number).where(Setting.name == NAME)) or 0)


def on_hangup(store: Store, also: Callable[[], None]) -> None:
    """Ask whenever this process gets SIGHUP, and do what is ``also`` to be done; in a thread: a signal may come at any moment."""

    def raised() -> None:
        try:
            also()
            log.info("renewal %d was asked for", ask(store))
        except (SoramameError, DBAPIError) as error:
            log.error("models are not loaded again: %s", error)

    signal.signal(signal.SIGHUP, lambda number, frame: threading.Thread(target=raised).start())


class _Card(Protocol):
    @property
    def name(self) -> str: ...


class _Loaded(Protocol):
    @property
    def card(self) -> _Card: ...


T = TypeVar("T", bound=_Loaded)


def renewed(old: T, load: Callable[[], T] | None) -> T:
    """What is loaded now in place of ``old``. :class:`ConfigError` if it has another name: jobs that wait ask for the old one."""
    fresh = old if load is None else load()
    if fresh.card.name != old.card.name:
        raise ConfigError(
            f"the model is called {fresh.card.name!r} now, and {old.card.name!r} is asked for: end the worker and start another."
        )
    return fresh
