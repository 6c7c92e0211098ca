"""A place with a database and a folder, and a painter with the tiny model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from soramame.engine import Soramame
from soramame.serve.store import Order, Store
from soramame.serve.worker import Painter, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(
        database=f"sqlite:///{tmp_path}/jobs.db", storage=str(tmp_path / "files"), work=tmp_path / "work", lease=2.0
    )


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
