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
import torch
from PIL import Image
from sqlalchemy.exc import OperationalError

from soramame.engine import Soramame
from soramame.engine.job import INDEX
from soramame.errors import OutputError
from soramame.media import Clip
from soramame.serve import run
from soramame.serve.run import Place
from soramame.serve.store import Store
from soramame.serve.tables import Job
from soramame.serve.worker import Painter, work
from tests.engine.clips import moving
from tests.policies import OPEN
from tests.serve.conftest import order
from tests.serve.processes import stopped, waited, working
from tests.serve.served import painting

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
LONG = {"seed": 1, "steps": 12}
"""Of a job whose clip is painted in several windows."""


def known(store: Store, job: Job) -> Job:
    found = store.job(job.id)
    assert found is not None
    return found


@BOTH
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
    monkeypatch.setattr(run, "TOLD_EVERY", 0.0)
    monkeypatch.setattr(run, "SHARE", 1e9)
    painter.once()
    assert seen == [1, 9]  # the beginning first, which is quick
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


@BOTH
def test_a_cancelled_job_stops_between_two_steps(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order(fields={"steps": 50}))
    monkeypatch.setattr("soramame.serve.run.TOLD_EVERY", 0.0)
    decode = Soramame.decode

    def cancelling(*told: Any) -> Any:  # at the first preview
        store.cancel(job)
        return decode(*told)

    monkeypatch.setattr(Soramame, "decode", cancelling)
    painter.once()
    done = known(store, job)
    assert done.status == "cancelled"
    assert 0 < done.step < 50


@BOTH
def test_a_worker_that_lost_its_job_leaves_it_to_the_other(
    store: Store, painter: Painter, sora: Soramame, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order(fields={"steps": 3}))
    monkeypatch.setattr("soramame.serve.run.TOLD_EVERY", 0.0)
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
    monkeypatch.setattr("soramame.serve.run.TOLD_EVERY", 0.0)
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


@BOTH
def test_a_database_that_breaks_off_after_it_heard_of_a_video_costs_no_file_of_it(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = store.submit(order())
    finish, said = painter.store.finish, list[bool]()

    def breaking(*told: Any, **how: Any) -> bool:
        said.append(finish(*told, **how))
        if len(said) == 1:
            raise OperationalError("", {}, Exception("the connection was reset"))
        return said[-1]

    monkeypatch.setattr(painter.store, "finish", breaking)
    painter.once()
    done = known(store, job)
    assert (done.status, len(said)) == ("completed", 2)
    assert done.files is not None
    assert all(painter.storage.size(key) for key in done.files.values())


def test_a_storage_that_is_gone_for_a_while_costs_no_video(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither where sources come from, nor where previews go to, nor where the video does."""
    Image.new("RGB", (128, 64)).save(tmp_path / "p.png")
    painter.storage.put(tmp_path / "p.png", "inputs/a.png")
    monkeypatch.setattr("soramame.serve.mishaps.OFTEN", 0.0)
    monkeypatch.setattr("soramame.serve.run.TOLD_EVERY", 0.0)
    failed = list[str]()

    def failing(whole: Any) -> Any:
        def call(*told: Any) -> Any:
            key = next(str(one) for one in told if isinstance(one, str))
            if failed.count(key) < (99 if key.startswith("previews/") else 2):
                failed.append(key)
                raise RuntimeError("the endpoint gives no answer")  # no OSError: object stores have errors of their own
            return whole(*told)

        return call

    for name in ("put", "fetch"):
        monkeypatch.setattr(painter.storage, name, failing(getattr(painter.storage, name)))
    job, _ = store.submit(order(inputs={"image": "inputs/a.png"}))
    painter.once()
    done = known(store, job)
    assert (done.status, done.error, done.preview) == ("completed", None, 0)
    assert {key.partition("/")[0] for key in failed} == {"inputs", "previews", "videos"}


def test_a_worker_whose_accelerator_is_lost_gives_its_job_back_and_ends(
    store: Store, place: Place, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have it back; this one would fail the whole queue."""
    jobs = [store.submit(order())[0] for _ in range(2)]

    def lost(*told: object, **how: object) -> None:
        raise torch.AcceleratorError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(Soramame, "write", lost)
    monkeypatch.setattr("soramame.serve.worker.signal.signal", lambda number, handler: None)
    with pytest.raises(SystemExit) as ended:
        work(place, str(tiny), device="cpu", dtype="float32", threads=1)
    assert ended.value.code not in (0, None)
    now = [known(store, job) for job in jobs]
    assert [(job.status, job.lost, job.error) for job in now] == [("queued", 1, None), ("queued", 0, None)]


@BOTH
def test_a_worker_takes_no_folder_of_a_later_attempt(store: Store, painter: Painter) -> None:
    """One that is slow between taking a job and its folder, while another has taken the job from it."""
    job, _ = store.submit(order())
    slow, other = store.claim("slow", "tiny", lease=-1), store.claim("other", "tiny", lease=9)
    assert slow is not None
    assert other is not None
    (painter._folder(other) / "frames").write_bytes(b"x")
    assert list(painter._folder(slow).iterdir()) == []
    assert [path.name for path in (painter.place.work / job.id / "2").iterdir()] == ["frames"]


@BOTH
def test_a_job_that_was_given_up_leaves_nothing_with_a_worker(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soramame.serve.store.TRIES", 1)
    store.submit(order())
    job = store.claim("gone", "tiny", lease=-1)
    assert job is not None
    (painter._folder(job) / "frames").write_bytes(b"x")
    preview = painter.place.work / "preview.webp"
    preview.write_bytes(b"x")
    painter.storage.put(preview, f"previews/{job.id}.webp")
    monkeypatch.setattr("soramame.serve.worker.TIDIED_EVERY", 0.0)
    painter._tidy()
    assert (painter.place.work / job.id).exists()
    with painting(painter):
        waited(lambda: not (painter.place.work / job.id).exists(), 10)
    assert known(store, job).status == "failed"
    assert painter.storage.size(f"previews/{job.id}.webp") is None


@BOTH
def test_a_worker_is_heard_of_again_whatever_kept_it_from_speaking(
    store: Store, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soramame.serve.worker.TOLD_THERE", 0.01)
    whole, left = painter.announce, [RuntimeError("the driver gives no answer")]

    def failing() -> None:
        if left:
            raise left.pop()
        whole()

    monkeypatch.setattr(painter, "announce", failing)
    with painting(painter):
        waited(lambda: store.workers(), 10)


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
