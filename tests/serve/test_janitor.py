"""What is removed when it is not to be kept any longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from soramame.errors import OutputError
from soramame.serve import store as stores
from soramame.serve.janitor import Janitor
from soramame.serve.run import Place
from soramame.serve.service import Service, Settings
from soramame.serve.store import Store
from soramame.serve.tables import Job
from tests.serve.conftest import order

ERROR = {"code": "x", "message": "y"}


@pytest.fixture
def service(place: Place, store: Store, tiny: Path) -> Service:
    return Service(Settings(database=place.database, storage=place.storage, model=str(tiny)))


def taken_in(service: Service, name: str) -> Job:
    """A job with an input file, and a preview of what was painted of it."""
    data = Path(service.settings.storage).parent / "data"
    data.write_bytes(b"x")
    service.storage.put(data, f"inputs/{name}.png")
    job, _ = service.store.submit(order(inputs={"image": f"inputs/{name}.png"}))
    service.storage.put(data, f"previews/{job.id}.webp")
    return job


def files(service: Service) -> list[str]:
    return sorted(path.stem for path in Path(service.settings.storage).rglob("*.*") if path.is_file())


def ended(store: Store, how: str, monkeypatch: pytest.MonkeyPatch, job: Job) -> None:
    """Bring a job to an end without a video."""
    if how == "cancelled while it waits":
        store.cancel(job)
        return
    taken = store.claim("one", "tiny", lease=-1)
    assert taken is not None
    match how:
        case "failed" | "cancelled":
            store.finish(taken, how, error=ERROR)
        case "given back and cancelled":
            store.cancel(job)
            store.release(taken)
        case "worker lost":
            monkeypatch.setattr(stores, "TRIES", 1)
            assert store.claim("two", "tiny", lease=9) is None


@pytest.mark.parametrize(
    "how", ["failed", "cancelled", "cancelled while it waits", "given back and cancelled", "worker lost"]
)
def test_what_came_in_for_a_job_that_made_no_video_is_removed(
    service: Service, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    job = taken_in(service, "a")
    assert Janitor(service).once() == 0
    ended(service.store, how, monkeypatch, job)
    assert Janitor(service).once() == 1
    assert files(service) == []
    now = service.store.job(job.id)
    assert now is not None
    assert (now.inputs, now.status in ("failed", "cancelled")) == ({}, True)
    assert Janitor(service).once() == 0
    service.store.close()


def test_the_row_names_files_until_they_are_removed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [taken_in(service, name) for name in "ab"]
    for _ in jobs:
        ended(service.store, "failed", monkeypatch, jobs[0])
    delete = service.storage.delete

    def failing(key: str) -> None:
        if key == "inputs/a.png":
            raise OutputError("the storage gives no answer.")
        delete(key)

    with monkeypatch.context() as patch:
        patch.setattr(service.storage, "delete", failing)
        assert Janitor(service).once() == 1  # one that cannot be removed keeps no other
    assert {"a", jobs[0].id} == set(files(service))
    assert Janitor(service).once() == 1
    assert files(service) == []
    service.store.close()


def test_a_video_that_is_kept_for_ever_is_kept(service: Service) -> None:
    taken_in(service, "a")
    job = service.store.claim("one", "tiny", lease=9)
    assert job is not None
    service.store.finish(job, "completed", files={"video": "videos/a/1/video.mp4"})
    assert Janitor(service).once() == 0
    assert "a" in files(service)
    service.store.close()
