"""One at a time: what several servers of one database must not do at once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select, text


def alone(connection: Connection, name: str) -> None:
    """Wait until no other transaction does what is called ``name``, and keep others waiting until this one ends.

    In SQLite every transaction that writes is alone from its beginning, so there is nothing to be done.
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        connection.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big", signed=True))))


def patiently(connection: Connection) -> None:
    """Let this transaction take its time: by itself Postgres ends what takes longer than a request should (``engines.POSTGRES``)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
