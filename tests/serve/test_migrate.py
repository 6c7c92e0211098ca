from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from soramame.errors import OutputError
from soramame.serve.migrate import config
from soramame.serve.run import Place
from soramame.serve.store import Store
from soramame.serve.tables import Base
from tests.serve.conftest import order

DATABASES = ("sqlite", "postgres")
SERVER = """
import sys
from soramame.serve.store import Store
store = Store(sys.argv[1])
print("here", flush=True)
sys.stdin.readline()
store.create_tables()
"""


def test_the_steps_lead_to_the_tables_of_the_code(store: Store, place: Place) -> None:
    engine = create_engine(place.database)
    with engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
        )
    engine.dispose()


def test_a_second_start_changes_nothing(store: Store) -> None:
    job, _ = store.submit(order())
    store.create_tables()
    assert store.job(job.id) is not None


def test_servers_that_begin_at_once_make_the_tables_once(place: Place) -> None:
    told = [sys.executable, "-c", SERVER, place.database]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    servers = [subprocess.Popen(told, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for server in servers:
        assert server.stdout.readline() == "here\n"
    for server in servers:
        server.stdin.write("go\n")
        server.stdin.flush()
    said = [server.communicate(timeout=60)[1] for server in servers]
    assert [server.returncode for server in servers] == [0] * 4, said
    store = Store(place.database)
    assert store.submit(order())[1]
    store.close()


def test_every_step_can_be_taken_back(store: Store, place: Place) -> None:
    engine = create_engine(place.database)
    with engine.begin() as connection:
        command.downgrade(config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_jobs_of_an_older_version_are_gone_on_with(store: Store, place: Place) -> None:
    job, _ = store.submit(order())
    engine = create_engine(place.database)
    with engine.begin() as connection:
        command.downgrade(config(connection), "0002")
    engine.dispose()
    store.create_tables()
    taken = store.claim("one", "tiny", lease=9)
    assert taken is not None
    assert (taken.id, taken.lost) == (job.id, 0)


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/nowhere/jobs.db")
    with pytest.raises(OutputError, match="cannot be opened"):
        store.create_tables()
    store.close()
