"""Bring a database to the tables of this version, whatever version it is of."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from soramame.serve.alone import alone, patiently

FOLDER = Path(__file__).with_name("migrations")


def upgrade(connection: Connection) -> None:
    """Make all steps that this database has not made, in the transaction of ``connection``. Of servers that start at the same time one
    makes them, and the others wait and find them made, however long that takes.
    """
    patiently(connection)
    alone(connection, "migrations")
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """For Alembic's other commands."""
    told = Config()
    told.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    told.attributes["connection"] = connection
    return told
