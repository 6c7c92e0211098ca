"""What several servers of one database do one after the other: what Postgres is told. That it does so is in test_store and test_migrate."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, create_mock_engine
from sqlalchemy.orm import Session

from soramame.serve import migrate
from soramame.serve import store as stores
from soramame.serve.alone import alone
from soramame.serve.store import Store
from tests.serve.conftest import order


def told(*names: str) -> list[tuple[str, int]]:
    """What Postgres is asked for these names."""
    heard: list[tuple[str, int]] = []

    def hear(asked: Any, *how: Any) -> None:
        compiled = asked.compile()
        heard.append((str(compiled), *compiled.params.values()))

    connection: Any = create_mock_engine("postgresql://", hear)
    for name in names:
        alone(connection, name)
    return heard


def test_postgres_is_asked_for_a_lock_until_the_end_of_the_transaction() -> None:
    (one, number), (_, other), (_, again) = told("migrations", "jobs of bean \udc80", "migrations")
    assert "pg_advisory_xact_lock(" in one
    assert number == again != other
    assert all(-(2**63) <= each < 2**63 for each in (number, other))


def test_sqlite_is_asked_for_nothing() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        alone(connection, "migrations")
        assert not connection.in_transaction()  # nothing was executed
    engine.dispose()


def test_a_database_is_brought_to_this_version_by_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(migrate, "alone", lambda connection, name: done.append(name))
    monkeypatch.setattr(command, "upgrade", lambda *told: done.append("upgrade"))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrate.upgrade(connection)
    engine.dispose()
    assert done == ["migrations", "upgrade"]


def test_an_owners_jobs_are_counted_and_taken_in_by_one_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(stores, "alone", lambda connection, name: done.append(name))
    counting = stores._open

    def counted(session: Session, owner: str) -> int:
        done.append("counted")
        return counting(session, owner)

    monkeypatch.setattr(stores, "_open", counted)
    store.submit(order(), most_open=2)
    assert done == ["jobs of local", "counted"]
    store.submit(order())  # without a limit nobody has to wait
    assert done == ["jobs of local", "counted"]
