from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from soramame.errors import ConfigError, OptionError
from soramame.serve import store as stores
from soramame.serve.run import Place
from soramame.serve.store import Store, TooManyError
from tests.serve.conftest import order

DATABASES = ("sqlite", "postgres")


def test_jobs_are_taken_once_each_in_the_order_of_priority_and_coming(store: Store) -> None:
    came = [store.submit(order(prompt=str(n), priority=int(n == 2)))[0] for n in range(3)]
    taken = [store.claim("one", "tiny", lease=9) for _ in range(4)]
    assert [job and job.id for job in taken] == [came[2].id, came[0].id, came[1].id, None]
    assert store.claim("one", "another model", lease=9) is None


def test_many_workers_at_once_take_every_job_once(place: Place, store: Store) -> None:
    jobs = {store.submit(order())[0].id for _ in range(48)}
    taken, lock = list[str](), threading.Lock()

    def worker(name: str) -> None:
        mine = Store(place.database)
        while (job := mine.claim(name, "tiny", lease=60)) is not None:
            with lock:
                taken.append(job.id)
        mine.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(worker, "abcdefghijkl"))
    assert sorted(taken) == sorted(jobs)


def test_a_worker_that_was_thought_dead_can_write_nothing(store: Store) -> None:
    job, _ = store.submit(order())
    first = store.claim("first", "tiny", lease=-1)
    second = store.claim("second", "tiny", lease=9)
    assert first is not None
    assert second is not None
    assert (first.id, second.id, first.attempt, second.attempt) == (job.id, job.id, 1, 2)
    assert not store.beat(first, lease=9, step=1, steps=2).mine
    assert not store.finish(first, "completed", files={"video": "videos/a/1"})
    store.release(first)
    assert store.beat(second, lease=9, step=1, steps=2).mine
    assert store.finish(second, "completed", files={"video": "videos/a/2"})
    assert not store.finish(second, "failed", error={"code": "x", "message": "y"})
    done = store.job(job.id)
    assert done is not None
    assert (done.status, done.progress, done.files) == ("completed", 100, {"video": "videos/a/2"})


def test_progress_never_falls(store: Store) -> None:
    store.submit(order())
    job = store.claim("one", "tiny", lease=9)
    assert job is not None
    shown = []
    for step in (1, 5, 2, 9, 10):
        store.beat(job, lease=9, step=step, steps=10)
        now = store.job(job.id)
        assert now is not None
        shown.append(now.progress)
    assert shown == [10, 50, 50, 90, 99]


def test_a_job_that_ends_its_workers_is_given_up_at_last(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "TRIES", 3)
    job, _ = store.submit(order())
    assert [store.claim("one", "tiny", lease=-1) is not None for _ in range(4)] == [True] * 3 + [False]
    done = store.job(job.id)
    assert done is not None
    assert done.error is not None
    assert done.error["code"] == "worker_lost"


def test_what_was_heard_already_may_be_said_again(store: Store) -> None:
    """As by a worker whose connection broke while the database wrote it down."""
    store.submit(order())
    job = store.claim("one", "tiny", lease=9)
    assert job is not None
    assert [store.finish(job, "completed", files={"video": "videos/a/1"}) for _ in range(2)] == [True, True]
    assert not store.finish(job, "failed", error={"code": "x", "message": "y"})
    assert store.delete(job)
    assert not store.finish(job, "completed", files={"video": "videos/a/1"})  # deleted since: its files are nobody's


def test_workers_that_give_a_job_back_in_good_order_are_not_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "TRIES", 2)
    job, _ = store.submit(order())
    for _ in range(5):
        taken = store.claim("one", "tiny", lease=9)
        assert taken is not None
        store.release(taken)
    for _ in range(2):
        taken = store.claim("one", "tiny", lease=9)
        assert taken is not None
        store.release(taken, lost=True)
    assert store.claim("one", "tiny", lease=9) is None
    done = store.job(job.id)
    assert done is not None
    assert (done.attempt, done.status, (done.error or {})["code"]) == (7, "failed", "worker_lost")


def test_a_job_that_was_to_be_cancelled_is_when_it_is_given_back(store: Store) -> None:
    job, _ = store.submit(order())
    taken = store.claim("one", "tiny", lease=9)
    assert taken is not None
    store.cancel(job)
    store.release(taken)
    done = store.job(job.id)
    assert done is not None
    assert (done.status, (done.error or {})["code"]) == ("cancelled", "cancelled")
    assert store.claim("one", "tiny", lease=9) is None


def test_an_idempotency_key_makes_one_job(store: Store) -> None:
    first, new = store.submit(order(idempotency="k", digest="a"))
    again, newer = store.submit(order(idempotency="k", digest="a"))
    assert (new, newer, first.id) == (True, False, again.id)
    assert store.submit(order(idempotency="k", digest="a", owner="somebody else"))[1]
    with pytest.raises(OptionError, match="another request"):
        store.submit(order(idempotency="k", digest="b"))


@pytest.mark.parametrize("most", [None, 3])
def test_the_same_key_from_many_at_once_makes_one_job(store: Store, most: int | None) -> None:
    with ThreadPoolExecutor(16) as pool:
        asked = order(idempotency="k", digest="a")
        made = list(pool.map(lambda n: store.submit(asked, most_open=most), range(32)))
    assert len({job.id for job, _ in made}) == 1
    assert sum(new for _, new in made) == 1


def test_no_more_than_so_many_at_a_time(store: Store) -> None:
    first, _ = store.submit(order(), most_open=1)
    with pytest.raises(TooManyError):
        store.submit(order(), most_open=1)
    store.cancel(first)
    assert store.submit(order(), most_open=1)[1]


def test_no_more_than_so_many_though_all_ask_at_once(store: Store) -> None:
    def asked(number: int) -> bool:
        try:
            return store.submit(order(), most_open=7)[1]
        except TooManyError:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(asked, range(20))) == 7
    assert store.counts() == {"queued": 7}


def test_a_job_that_is_cancelled_while_it_is_given_back_is_cancelled(store: Store) -> None:
    for _ in range(20):
        job, _ = store.submit(order())
        taken = store.claim("one", "tiny", lease=9)
        assert taken is not None
        with ThreadPoolExecutor(2) as both:
            for told in (both.submit(store.release, taken), both.submit(store.cancel, job)):
                told.result()
        done = store.job(job.id)
        assert done is not None
        assert done.status == "cancelled"


def test_a_job_is_deleted_by_many_at_once_and_not_before_it_is_done(store: Store) -> None:
    job, _ = store.submit(order())
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(store.delete, [job] * 8))
        store.cancel(job)
        assert all(pool.map(store.delete, [job] * 8))
    assert store.job(job.id) is None


def test_what_is_no_text_for_a_database_leaves_it_as_it_was(store: Store) -> None:
    """SQLite takes a zero, Postgres does not."""
    with suppress(DBAPIError):
        store.submit(order(prompt="a\0dog", owner="odd"))
    for name in ("video_\0", "", "x" * 10_000, "豆" * 200, "' or 1=1 --"):
        with suppress(DBAPIError):
            assert store.job(name) is None
    prompt, fields = "豆 \U0001f333 \\u0000 %s :a", {"negative": "\0\ud800"}
    job, _ = store.submit(order(prompt=prompt, fields=fields))
    found = store.job(job.id)
    assert found is not None
    assert (found.prompt, found.fields) == (prompt, fields)


def test_what_waits_is_cancelled_at_once_and_what_is_made_is_asked_to_stop(store: Store) -> None:
    waiting, _ = store.submit(order())
    store.cancel(waiting)
    assert (told := store.job(waiting.id)) is not None
    assert told.status == "cancelled"
    made, _ = store.submit(order())
    job = store.claim("one", "tiny", lease=9)
    assert job is not None
    store.cancel(made)
    assert store.beat(job, lease=9).cancel
    assert not store.delete(made)
    assert store.delete(waiting)


def test_lists_go_on_after_what_was_seen(store: Store) -> None:
    ids = [store.submit(order())[0].id for _ in range(5)]
    store.submit(order(owner="somebody else"))
    page, more = store.jobs("local", after=ids[3], limit=2, newest_first=True)
    assert ([job.id for job in page], more) == ([ids[2], ids[1]], True)
    page, more = store.jobs("local", after=ids[3], limit=2, newest_first=False)
    assert ([job.id for job in page], more) == ([ids[4]], False)
    with pytest.raises(OptionError):
        store.jobs("local", after="video_none", limit=2, newest_first=True)


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "sqlite+nothing:///a"])
def test_a_database_that_there_is_not_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(ConfigError):
        Store(url)


def test_jobs_outlive_the_process(place: Place, store: Store, tmp_path: Path) -> None:
    job, _ = store.submit(order())
    store.close()
    again = Store(place.database)
    again.create_tables()
    assert (found := again.job(job.id)) is not None
    assert found.status == "queued"
    assert again.job(job.id, "somebody else") is None
    again.close()
