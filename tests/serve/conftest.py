"""A place with a database and a folder, and a painter with the tiny model.

A module with ``DATABASES`` is tested on each of these, ``sqlite`` and ``postgres``; ``FILES`` are ``folder``, ``memory`` and ``s3``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from soramame.engine import Soramame
from soramame.serve.run import Place
from soramame.serve.store import Order, Store
from soramame.serve.worker import Painter
from tests.serve.objects import Objects, running_objects
from tests.serve.postgres import Cluster, running_cluster


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for fixture, name in (("database", "DATABASES"), ("address", "FILES")):
        told = getattr(metafunc.module, name, None)
        marked = any(fixture in one.args[0] for one in metafunc.definition.iter_markers("parametrize"))
        if told is not None and fixture in metafunc.fixturenames and not marked:
            metafunc.parametrize(fixture, told, indirect=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def objects() -> Iterator[Objects]:
    with running_objects() as objects:
        yield objects


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path}/jobs.db"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.database() as url:
        yield url


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty storage."""
    match getattr(request, "param", "folder"):
        case "s3":
            objects: Objects = request.getfixturevalue("objects")
            return objects.bucket()
        case "memory":
            return f"memory://{tmp_path.name}/files"
    return str(tmp_path / "files")


@pytest.fixture
def place(tmp_path: Path, database: str, address: str) -> Place:
    return Place(database=database, storage=address, work=tmp_path / "work", lease=2.0)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    store = Store(place.database)
    store.create_tables()
    yield store
    store.close()


@pytest.fixture
def painter(place: Place, store: Store, sora: Soramame) -> Iterator[Painter]:
    painter = Painter(place, sora)
    yield painter
    painter.store.close()


def order(**changes: object) -> Order:
    """A job that takes a moment."""
    told = {
        "owner": "local", "kind": "create", "model": "tiny", "prompt": "a dog", "size": "128x64", "seconds": 1.0,
        "fields": {"seed": 1, "steps": 2},
    }  # fmt: skip
    return Order(**(told | changes))  # type: ignore[arg-type]
