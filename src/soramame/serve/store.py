"""What is known of every job, and the few transactions that change it. SQLite by default, Postgres by address."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from soramame.errors import CancelledError, OptionError, OutputError
from soramame.serve.alone import alone
from soramame.serve.engines import engines
from soramame.serve.migrate import upgrade
from soramame.serve.tables import Base, Character, Delivery, Job, Webhook, Worker

TRIES = 20
"""So many workers may die over a job; then it is told to have failed. One that was asked to end and gave it back is none of them."""
OPEN = ("queued", "in_progress")
CANCELLED: Mapping[str, str] = {"code": CancelledError.code, "message": "the video was cancelled."}


@dataclass(frozen=True, kw_only=True)
class Order:
    """A job as it comes in; ``inputs`` are keys of stored files by what they are, ``fields`` what the painting is told besides."""

    owner: str
    kind: str
    model: str
    prompt: str | None = None
    size: str | None = None
    seconds: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    source_id: str | None = None
    priority: int = 0
    idempotency: str | None = None
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a worker hears when it tells of a job: whether it is still its own, and whether it is to stop."""

    mine: bool
    cancel: bool


def new_id(kind: str) -> str:
    """``video_…``, ``char_…``: not to be guessed."""
    return f"{kind}_{secrets.token_hex(16)}"


class Store:
    """The database. Every method is one transaction, and may be called from any thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._readers, self._writers = engines(url)
        self._read, self._write = (sessionmaker(one, expire_on_commit=False) for one in (self._readers, self._writers))

    def create_tables(self) -> None:
        """Bring the tables to this version; :class:`OutputError` if the database gives no answer."""
        try:
            with self._writers.begin() as connection:
                upgrade(connection)
        except DBAPIError as error:
            told = " ".join(str(error.orig).split())[:200].rstrip(".?")
            raise OutputError(f"the database cannot be opened: {told}.") from error

    def close(self) -> None:
        """Let go of all connections."""
        self._readers.dispose()
        self._writers.dispose()

    def read(self) -> Session:
        """For reading alone: it waits for nobody."""
        return self._read()

    def write(self) -> Session:
        """A transaction, with ``with store.write() as session, session.begin():``."""
        return self._write()

    def submit(self, order: Order, *, most_open: int | None = None) -> tuple[Job, bool]:
        """Take a job in, or return the one that came under the same idempotency key; whether it is new.

        :class:`OptionError` if that was another one. ``most_open``: :class:`TooManyError` if its owner has so many unfinished.
        """
        job = Job(id=new_id("video"), created=time.time(), **_columns(order))
        try:
            with self._write() as session, session.begin():
                if most_open is not None:  # two at once would both count what was there before either
                    alone(session.connection(), f"jobs of {order.owner}")
                before = _same(session, order)
                if before is not None:
                    return _agreed(before, order.digest), False
                if most_open is not None and _open(session, order.owner) >= most_open:
                    raise TooManyError(f"{most_open} videos are waiting or being made; wait until one is done.")
                session.add(job)
        except IntegrityError:
            with self._read() as session:
                before = _same(session, order)
            if before is None:
                raise
            return _agreed(before, order.digest), False
        return job, True

    def came(self, owner: str, idempotency: str, digest: str) -> Job | None:
        """The job that came under an idempotency key; :class:`OptionError` if that was another one."""
        with self._read() as session:
            found = select(Job).where(Job.owner == owner, Job.idempotency == idempotency)
            before = session.scalars(found).first()
        return None if before is None else _agreed(before, digest)

    def job(self, job_id: str, owner: str | None = None) -> Job | None:
        """A job by its name, if it is the owner's."""
        with self._read() as session:
            job = session.scalars(select(Job).where(Job.id == job_id)).first()
        return job if job is not None and owner in (None, job.owner) else None

    def jobs_named(self, names: Collection[str]) -> Sequence[Job]:
        """Those of these jobs that there are, whoever owns them."""
        with self._read() as session:
            return session.scalars(select(Job).where(Job.id.in_(names))).all()

    def jobs(self, owner: str, *, after: str | None, limit: int, newest_first: bool) -> tuple[Sequence[Job], bool]:
        """An owner's jobs behind the one named ``after``, and whether there are more."""
        order = Job.number.desc() if newest_first else Job.number
        wanted = select(Job).where(Job.owner == owner).order_by(order).limit(limit + 1)
        with self._read() as session:
            if after is not None:
                at = session.scalar(select(Job.number).where(Job.id == after, Job.owner == owner))
                if at is None:
                    raise OptionError(f"there is no video {after!r} to go on after.")
                wanted = wanted.where(Job.number < at if newest_first else Job.number > at)
            found = session.scalars(wanted).all()
        return found[:limit], len(found) > limit

    def place(self, job: Job) -> int:
        """How many are before a job in the queue."""
        first = or_(Job.priority > job.priority, and_(Job.priority == job.priority, Job.number < job.number))
        with self._read() as session:
            return (
                session.scalar(select(func.count()).where(Job.status == "queued", Job.model == job.model, first)) or 0
            )

    def counts(self) -> dict[str, int]:
        """How many jobs there are of every status."""
        with self._read() as session:
            rows = session.execute(select(Job.status, func.count()).group_by(Job.status)).all()
        return {str(row[0]): int(row[1]) for row in rows}

    def delete(self, job: Job) -> bool:
        """Forget a job that is done; False if it is not."""
        with self._write() as session, session.begin():
            session.execute(delete(Job).where(Job.number == job.number, Job.status.not_in(OPEN)))
            return session.scalar(select(Job.number).where(Job.number == job.number)) is None

    def cancel(self, job: Job, *, waiting_only: bool = False) -> None:
        """One that waits is cancelled at once, one that is being made as soon as its worker hears of it, or not at all."""
        now = time.time()
        with self._write() as session, session.begin():
            status = _held(session, job)
            if status == "queued":
                session.execute(
                    update(Job).where(Job.number == job.number).values(**_over("cancelled", CANCELLED, now))
                )
                _tell(session, job, "video.failed", now)
            elif status == "in_progress" and not waiting_only:
                session.execute(update(Job).where(Job.number == job.number).values(cancel_asked=True))

    def claim(self, worker: str, model: str, *, lease: float) -> Job | None:
        """Take the next job for a worker, for so many seconds: one that waits, or whose worker was not heard of any more."""
        now = time.time()
        free = or_(Job.status == "queued", and_(Job.status == "in_progress", Job.lease_until < now))
        with self._write() as session, session.begin():
            following = select(Job).where(Job.model == model, free).order_by(Job.priority.desc(), Job.number).limit(1)
            job = session.scalars(following.with_for_update(skip_locked=True)).first()
            if job is None:
                return None
            job.lost += job.status == "in_progress"
            if job.lost >= TRIES:
                lost = {"code": "worker_lost", "message": f"{TRIES} workers ended before it was done."}
                for name, value in _over("failed", lost, now).items():
                    setattr(job, name, value)
                _tell(session, job, "video.failed", now)
                return None
            job.status, job.attempt, job.started = "in_progress", job.attempt + 1, job.started or now
            job.lease_owner, job.lease_until = worker, now + lease
        return job

    def beat(self, job: Job, *, lease: float, step: int = 0, steps: int = 0, preview: int = 0) -> Standing:
        """A worker is alive, and so far. What it says counts only while the job is its own; progress never falls."""
        share = min(99, 100 * step // steps) if steps else 0
        values: dict[Any, Any] = {Job.lease_until: time.time() + lease}
        if steps:
            values |= {Job.step: step, Job.steps: steps}
            values[Job.progress] = case((Job.progress < share, share), else_=Job.progress)
        if preview:
            values[Job.preview] = case((Job.preview < preview, preview), else_=Job.preview)
        with self._write() as session, session.begin():
            mine = session.execute(_mine(job).values(values)).rowcount > 0  # type: ignore[attr-defined]
            cancel = bool(session.scalar(select(Job.cancel_asked).where(Job.number == job.number)))
        return Standing(mine=mine, cancel=cancel)

    def finish(
        self, job: Job, status: str, *, error: Mapping[str, Any] | None = None, keep: float = 0, **values: Any
    ) -> bool:
        """A worker is done with a job: ``completed``, ``failed`` or ``cancelled``; False if it was not its own any more.

        ``keep``: for so many seconds. Who wants to hear of it is written down in the same transaction. It may be said again, by who does
        not know whether the database heard it.
        """
        now = time.time()
        done = status == "completed"
        values |= _over(status, error, now)
        values |= {"progress": 100, "expires": now + keep if keep else None} if done else {}
        with self._write() as session, session.begin():
            if not session.execute(_mine(job).values(**values)).rowcount:  # type: ignore[attr-defined]
                said = select(Job.number).where(
                    Job.number == job.number, Job.attempt == job.attempt, Job.status == status
                )
                return session.scalar(said) is not None
            _tell(session, job, "video.completed" if done else "video.failed", now)
        return True

    def release(self, job: Job, *, lost: bool = False) -> None:
        """A worker that was asked to end gives a job back, or one that is ``lost`` does: the next one need not wait for its lease to run
        out. A job that was to be cancelled is.
        """
        now = time.time()
        with self._write() as session, session.begin():
            _held(session, job)
            asked = _mine(job).where(Job.cancel_asked)
            if session.execute(asked.values(**_over("cancelled", CANCELLED, now))).rowcount:  # type: ignore[attr-defined]
                _tell(session, job, "video.failed", now)
                return
            given = {"status": "queued", "lease_until": None, "lease_owner": None, "lost": Job.lost + int(lost)}
            session.execute(_mine(job).values(**given))

    def seen(self, worker: Worker) -> None:
        """A worker is there."""
        with self._write() as session, session.begin():
            session.merge(worker)
            session.query(Worker).where(Worker.seen < time.time() - 86_400).delete()

    def workers(self, within: float | None = None) -> Sequence[Worker]:
        """Workers heard of within so many seconds, or a day."""
        with self._read() as session:
            since = time.time() - (86_400 if within is None else within)
            return session.scalars(select(Worker).where(Worker.seen >= since).order_by(Worker.seen.desc())).all()

    def character(self, name: str, owner: str) -> Character | None:
        """An owner's character."""
        with self._read() as session:
            return session.scalars(select(Character).where(Character.id == name, Character.owner == owner)).first()

    def add(self, row: Base) -> None:
        """Keep something new."""
        with self._write() as session, session.begin():
            session.add(row)

    def expired(self) -> Sequence[Job]:
        """Jobs whose files are not to be kept any longer; of those that made none, what came in for them and what was seen of them."""
        with self._read() as session:
            left = or_(Job.files.is_not(None), Job.status != "completed")
            late = select(Job).where(Job.expires < time.time(), Job.status.not_in(OPEN), left)
            return session.scalars(late.limit(100)).all()

    def emptied(self, job: Job) -> None:
        """The files of an expired job are removed."""
        values: dict[str, Any] = {"files": None} if job.status == "completed" else {"inputs": {}, "expires": None}
        with self._write() as session, session.begin():
            session.execute(update(Job).where(Job.number == job.number).values(**values))


class TooManyError(OptionError):
    """More than an owner may have at a time, or ask for in a minute."""

    code = "rate_limit_exceeded"
    http_status = 429


def _columns(order: Order) -> dict[str, Any]:
    plain = {name: getattr(order, name) for name in order.__dataclass_fields__}
    return plain | {"fields": dict(order.fields), "inputs": dict(order.inputs)}


def _same(session: Session, order: Order) -> Job | None:
    if order.idempotency is None:
        return None
    return session.scalars(select(Job).where(Job.owner == order.owner, Job.idempotency == order.idempotency)).first()


def _agreed(before: Job, digest: str | None) -> Job:
    if before.digest != digest:
        raise OptionError("this Idempotency-Key came with another request before: take a new one.")
    return before


def _open(session: Session, owner: str) -> int:
    return session.scalar(select(func.count()).where(Job.owner == owner, Job.status.in_(OPEN))) or 0


def _held(session: Session, job: Job) -> str | None:
    """The status of a job, which nobody changes until this transaction ends."""
    return session.scalar(select(Job.status).where(Job.number == job.number).with_for_update())


def _over(status: str, error: Mapping[str, Any] | None, now: float) -> dict[str, Any]:
    """What is so of every job that is not worked on any more. Its files go at once, unless something else is said."""
    told = dict(error) if error else None
    return {"status": status, "completed": now, "error": told, "lease_until": None, "expires": now}


def _mine(job: Job) -> Any:
    return update(Job).where(Job.number == job.number, Job.attempt == job.attempt, Job.status == "in_progress")


def _tell(session: Session, job: Job, kind: str, now: float) -> None:
    """Write down who is to hear of it."""
    for hook in session.scalars(select(Webhook).where(Webhook.owner == job.owner)):
        if kind in hook.event_types:
            session.add(
                Delivery(event=new_id("evt"), webhook_id=hook.id, kind=kind, subject=job.id, created=now, due=now)
            )
