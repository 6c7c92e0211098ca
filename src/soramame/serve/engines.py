"""How the database is connected to, and how long anything may take of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from soramame.errors import ConfigError

CONNECTIONS = 20
"""Most to a Postgres of each of the two engines that a process has. It takes 100 by default, from all servers and workers together."""
WAIT = 10.0
"""Seconds that a request waits for one of these."""
POSTGRES: Mapping[str, Any] = {
    "connect_timeout": 5,
    # A connection that nothing comes over any more is given up after 25 seconds, by the client and by the server.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    # The server ends what takes too long, and the transaction of a process that is gone: its locks would keep others waiting.
    "options": "-c statement_timeout=20s -c idle_in_transaction_session_timeout=20s -c tcp_keepalives_idle=10 "
    "-c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
}
"""What libpq is told where the address says nothing else (https://www.postgresql.org/docs/current/libpq-connect.html)."""
LIBPQ = ("psycopg", "psycopg2")


def engines(address: str) -> tuple[Engine, Engine]:
    """One to read with and one to write with; :class:`ConfigError` if nothing here can.

    In SQLite a transaction that writes says so at its beginning: one that has read first could not wait for another any more.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # not shown: it may hold a password all the same
        raise ConfigError("that is no address of a database; name one like sqlite:///jobs.db.") from error
    try:
        told = {**_pool(url), "connect_args": _how(url)}
        readers, writers = create_engine(url, isolation_level="AUTOCOMMIT", **told), create_engine(url, **told)
    except ImportError as error:
        known = "pip install 'soramame[postgres]', and let the address begin with postgresql+psycopg://"
        way = known if url.get_backend_name() == "postgresql" else "install it"
        raise ConfigError(f"the database {_shown(url)} needs a package that is not there ({error}): {way}.") from error
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            f"the database {_shown(url)} cannot be used ({error}); name one like sqlite:///jobs.db."
        ) from error
    if _sqlite(url):
        event.listen(readers, "connect", _pragmas)
        event.listen(writers, "connect", _pragmas)
        event.listen(writers, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return readers, writers


def _shown(url: URL) -> str:
    """Without what may be a secret."""
    return repr(url.set(query={}))


def _sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _pool(url: URL) -> dict[str, Any]:
    """As many connections as there are threads in a server, or as Postgres has for it; tried before they are used again."""
    if _sqlite(url):
        return {"pool_size": 10, "max_overflow": 40}
    return {"pool_size": 5, "max_overflow": CONNECTIONS - 5, "pool_timeout": WAIT, "pool_pre_ping": True}


def _how(url: URL) -> dict[str, Any]:
    if _sqlite(url):
        return {"timeout": 30, "check_same_thread": False}
    if url.get_backend_name() == "postgresql" and url.get_driver_name() in LIBPQ:
        return {name: value for name, value in POSTGRES.items() if name not in url.query}
    return {}


def _pragmas(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
