"""How a Postgres is connected to: for how long, by how many, and what is said where it cannot be."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from soramame.errors import ConfigError, OutputError
from soramame.serve.engines import CONNECTIONS
from soramame.serve.migrate import upgrade
from soramame.serve.store import Store
from tests.serve.conftest import order
from tests.serve.postgres import Cluster
from tests.serve.processes import free_port

DATABASES = ("postgres",)
SETTINGS = ("statement_timeout", "idle_in_transaction_session_timeout", "tcp_keepalives_idle")


@pytest.fixture
def hurried(store: Store, database: str) -> Iterator[Store]:
    """One whose address says how long it waits."""
    one = Store(f"{database}?connect_timeout=2&options=-c%20statement_timeout%3D300ms")
    yield one
    one.close()


def test_nothing_is_waited_for_without_end(store: Store) -> None:
    for session in (store.read(), store.write()):
        with session:
            shown = [session.scalar(text(f"SHOW {name}")) for name in SETTINGS]
            libpq = session.connection().connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
        assert shown == ["20s", "20s", "10"]
        known = {name: libpq[name] for name in ("connect_timeout", "keepalives_idle", "tcp_user_timeout")}
        assert known == {"connect_timeout": "5", "keepalives_idle": "10", "tcp_user_timeout": "25000"}


def test_what_somebody_keeps_locked_is_given_up_and_the_address_says_when(store: Store, hurried: Store) -> None:
    with store.write() as session, session.begin():
        session.execute(text("LOCK TABLE jobs"))
        began = time.monotonic()
        with pytest.raises(OperationalError, match="statement timeout"):
            hurried.submit(order())
        assert 0.2 < time.monotonic() - began < 10
    assert hurried.submit(order())[1]


def test_new_tables_may_take_longer_than_a_request(hurried: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with hurried.write() as session, session.begin():
        upgrade(session.connection())
        assert session.scalar(text("SHOW statement_timeout")) == "0"
    with hurried.write() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "300ms"


def test_a_process_has_only_so_many_connections(store: Store, cluster: Cluster) -> None:
    """However many ask at once: two servers leave some of a hundred for workers, and none is turned away."""
    assert 2 * 2 * CONNECTIONS < 90
    ending, most = threading.Event(), list[int]()
    count = text("SELECT count(*) FROM pg_stat_activity WHERE usename = 'tests' AND backend_type = 'client backend'")

    def look() -> None:
        with cluster.administered() as connection:
            while not ending.wait(0.01):
                most.append(connection.scalar(count) or 0)

    looking = threading.Thread(target=look)
    looking.start()

    def ask(number: int) -> None:
        job, _ = store.submit(order())
        with store.read() as session:
            session.execute(text("SELECT pg_sleep(0.05)"))
        assert store.job(job.id) is not None

    with ThreadPoolExecutor(80) as many:
        list(many.map(ask, range(160)))
    ending.set()
    looking.join()
    assert CONNECTIONS < max(most) <= 2 * CONNECTIONS + 1


def test_a_driver_that_is_not_there_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'soramame\[postgres\]'") as raised:
        Store("postgresql+psycopg://me:secret@127.0.0.1/jobs")
    assert "secret" not in str(raised.value)


def test_one_that_does_not_answer_is_told_in_a_sentence() -> None:
    pytest.importorskip("psycopg")
    store = Store(f"postgresql+psycopg://me:secret@127.0.0.1:{free_port()}/jobs")
    with pytest.raises(OutputError, match="cannot be opened") as raised:
        store.create_tables()
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    store.close()


def test_words_that_are_no_address_are_not_repeated() -> None:
    with pytest.raises(ConfigError, match="no address") as raised:
        Store("postgres//me:secret@host")
    assert "secret" not in str(raised.value)
