from __future__ import annotations

import io
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy.exc import OperationalError

from soramame.engine import Soramame
from soramame.engine.job import INDEX
from soramame.errors import OutputError
from soramame.media import Clip
from soramame.serve.store import Store
from soramame.serve.tables import Job
from soramame.serve.worker import Painter, Place
from tests.engine.clips import moving
from tests.policies import OPEN
from tests.serve.conftest import order
from tests.serve.processes import stopped, waited, working

LONG = {"seed": 1, "steps": 12}
"""Of a job whose clip is painted in several windows."""


def known(store: Store, job: Job) -> Job:
    found = store.job(job.id)
    assert found is not None
    return found


def test_a_job_becomes_a_video_a_thumbnail_and_a_spritesheet(store: Store, painter: Painter, tmp_path: Path) -> None:
    job, _ = store.submit(order())
    assert painter.once()
    assert not painter.once()
    done = known(store, job)
    assert done.status == "completed", done.error
    assert (done.progress, done.size, done.seconds) == (100, "128x64", 1.125)
    assert done.files is not None
    assert set(done.files) == {"video", "thumbnail", "spritesheet"}
    clip = Clip.load(painter.storage.fetch(done.files["video"], tmp_path / "clip.mp4"))
    assert clip.frames.shape == (9, 64, 128, 3)
    assert clip.metadata["prompt"] == "a dog"
    for name, kind in (("thumbnail", "WEBP"), ("spritesheet", "JPEG")):
        assert Image.open(io.BytesIO(painter.storage.read(done.files[name]))).format == kind
    assert not (painter.place.work / job.id).exists()


def test_previews_come_before_the_video(store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    job, _ = store.submit(order())
    put, seen = painter.storage.put, []

    def spy(source: Path, key: str) -> None:
        put(source, key)
        if key.startswith("previews/"):
            seen.append(Image.open(io.BytesIO(painter.storage.read(key))).n_frames)  # type: ignore[attr-defined]

    monkeypatch.setattr(painter.storage, "put", spy)
    painter.once()
    assert seen
    assert known(store, job).preview == len(seen)
    assert painter.storage.size(f"previews/{job.id}.webp") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": "129x64"}, "invalid_size"),
        ({"fields": {"steps": 0}}, "invalid_option"),
        ({"prompt": "a naked child"}, "moderation_blocked"),
        ({"kind": "nonsense"}, "invalid_option"),
        ({"kind": "storyboard", "fields": {"storyboard": '[[shots]]\nimage="/etc/passwd"'}}, "invalid_config"),
    ],
)
def test_what_cannot_be_painted_fails_with_its_reason(
    store: Store, painter: Painter, changes: dict[str, object], code: str
) -> None:
    job, _ = store.submit(order(**changes))
    painter.once()
    done = known(store, job)
    assert (done.status, done.error and done.error["code"]) == ("failed", code), done.error
    assert not (painter.place.work / job.id).exists()


def test_every_kind_of_job(store: Store, painter: Painter, tmp_path: Path) -> None:
    moving(12).save(tmp_path / "clip.mp4")
    mask = np.zeros((64, 128), np.uint8)
    mask[:32] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    painter.storage.put(tmp_path / "clip.mp4", "inputs/a.mp4")
    painter.storage.put(tmp_path / "mask.png", "inputs/b.png")
    one, two = {"video": "inputs/a.mp4"}, {"video": "inputs/a.mp4", "second": "inputs/a.mp4"}
    how = {"seed": 1, "steps": 1}
    board = 'size="128x64"\n[[shots]]\nseconds=1.0\nprompt="a dog"\n[[shots.cards]]\nat=0.0\nimage="p.png"'
    jobs = [
        order(inputs={"image": "inputs/b.png"}, fields=how, size=None),
        *(order(kind=kind, inputs=one, fields=how, size=None) for kind in ("remix", "edit", "extend", "loop")),
        order(kind="extend", inputs=one, fields={**how, "backward": True}, size=None),
        *(order(kind=kind, inputs=two, fields=how, size=None) for kind in ("blend", "fill")),
        order(kind="fill", inputs=one, fields={**how, "missing": [[3, 5]]}, size=None, seconds=None),
        order(kind="inpaint", inputs={**one, "mask": "inputs/b.png"}, fields=how, size=None),
        order(kind="storyboard", inputs={"p.png": "inputs/b.png"}, fields={**how, "storyboard": board}, size=None),
    ]
    came = [store.submit(job)[0] for job in jobs]
    while painter.once():
        pass
    done = [known(store, job) for job in came]
    assert [(job.kind, job.status, job.error) for job in done] == [(job.kind, "completed", None) for job in came]
    assert [job.seconds for job in done[1:6]] == [1.5, 1.5, 2.5, 2.5, 2.5]


def test_a_cancelled_job_stops_between_two_steps(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order(fields={"steps": 50}))
    monkeypatch.setattr("soramame.serve.worker.TOLD_EVERY", 0.0)
    decode = Soramame.decode

    def cancelling(*told: Any) -> Any:  # at the first preview
        store.cancel(job)
        return decode(*told)

    monkeypatch.setattr(Soramame, "decode", cancelling)
    painter.once()
    done = known(store, job)
    assert done.status == "cancelled"
    assert 0 < done.step < 50


def test_a_worker_that_lost_its_job_leaves_it_to_the_other(
    store: Store, painter: Painter, sora: Soramame, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order(fields={"steps": 3}))
    monkeypatch.setattr("soramame.serve.worker.TOLD_EVERY", 0.0)
    decode, stolen = Soramame.decode, list[Job]()

    def steal(*told: object) -> object:
        with store.write() as session, session.begin():
            session.query(Job).update({Job.lease_until: 0.0})
        if not stolen and (taken := store.claim("other", "tiny", lease=60)):
            stolen.append(taken)
            os.rename(painter.place.work / job.id / "1", painter.place.work / job.id / "2")
        return decode(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(Soramame, "decode", steal)
    painter.once()
    now = known(store, job)
    assert (now.status, now.lease_owner, now.attempt) == ("in_progress", "other", 2)
    assert (painter.place.work / job.id / "2").exists()


def test_a_full_disk_fails_one_job_and_not_the_worker(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = store.submit(order())
    with monkeypatch.context() as patch:

        def full(source: Path, key: str) -> None:
            raise OutputError(f"{key} cannot be stored: No space left on device.")

        patch.setattr(painter.storage, "put", full)
        painter.once()
    second, _ = store.submit(order())
    painter.once()
    assert [known(store, job).status for job in (first, second)] == ["failed", "completed"]


def test_a_database_that_is_gone_for_a_while_costs_no_video(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order())
    monkeypatch.setattr("soramame.serve.worker.TOLD_EVERY", 0.0)
    gone = OperationalError("", {}, Exception("no answer"))
    beat, finish, left = painter.store.beat, painter.store.finish, {"beat": 3, "finish": 1}

    def failing(name: str, whole: Any) -> Any:
        def call(*told: Any, **how: Any) -> Any:
            left[name] -= 1
            if left[name] >= 0:
                raise gone
            return whole(*told, **how)

        return call

    monkeypatch.setattr(painter.store, "beat", failing("beat", beat))
    monkeypatch.setattr(painter.store, "finish", failing("finish", finish))
    painter.once()
    assert (known(store, job).status, left["finish"]) == ("completed", -1)


@pytest.mark.timeout(600)
def test_a_job_whose_worker_is_killed_or_ended_goes_on_in_the_next_from_its_last_window(
    place: Place, store: Store, tiny: Path, tmp_path: Path
) -> None:
    job, _ = store.submit(order(seconds=8.0, fields=LONG))

    def kept(attempt: int) -> int:
        folder = place.work / job.id / str(attempt) / "clip.mp4.part"
        return len(list(folder.glob("frames-*"))) if (folder / INDEX).is_file() else 0

    with working(place, tiny) as first:
        waited(lambda: kept(1))
        assert stopped(first, signal.SIGKILL) == -signal.SIGKILL
    frames = kept(1)
    assert known(store, job).status == "in_progress"
    with working(place, tiny) as second:
        waited(lambda: known(store, job).attempt == 2)
        waited(lambda: kept(2) >= frames)  # moved, not begun anew
        waited(lambda: kept(2) > frames)
        assert stopped(second, signal.SIGTERM) == 0
    given = known(store, job)
    assert (given.status, given.lease_owner) == ("queued", None)  # given back: nobody has to wait for its lease
    kept_runtime = json.loads((place.work / "runtime.json").read_text())["chosen"]
    last = Painter(place, Soramame.load(str(tiny), policy=OPEN, **kept_runtime))
    other, _ = store.submit(order(seconds=8.0, fields=LONG))
    assert last.once()
    assert last.once()
    done, twin = known(store, job), known(store, other)
    assert [(one.status, one.attempt, one.error) for one in (done, twin)] == [
        ("completed", 3, None),
        ("completed", 1, None),
    ]
    clips = [
        Clip.load(last.storage.fetch(one.files["video"], tmp_path / f"{one.attempt}.mp4"))  # type: ignore[index]
        for one in (done, twin)
    ]
    assert np.array_equal(clips[0].frames, clips[1].frames)
    last.store.close()


def test_a_worker_ends_with_its_server(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soramame.serve.worker.TOLD_THERE", 0.05)
    painter.place = replace(painter.place, parent=os.getppid() + 1)  # gone: somebody else is the parent now
    painter.run(idle=0.01)
    assert painter.ending.is_set()
