"""What Prometheus is told of the queue and of the workers; all of it is asked of the database, so that every server says the same."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from statistics import quantiles

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select

from soramame.serve.store import Store
from soramame.serve.tables import Delivery, Job, Worker

RECENT, MOST = 3600.0, 1000
"""Seconds that a job is recent after it was begun, or done, and how many of these are looked at."""
PARTS = (0.5, 0.9, 0.99)
HEARD = 30.0


def families(store: Store) -> Iterator[Metric]:
    """All figures, of now."""
    counts = dict.fromkeys(("queued", "in_progress"), 0) | store.counts()
    jobs = GaugeMetricFamily("soramame_jobs", "Videos by status.", labels=["status"])
    for status, count in counts.items():
        jobs.add_metric([status], count)
    yield jobs
    yield from _queue(store)
    yield from _recent(store)
    workers = store.workers(HEARD)
    yield GaugeMetricFamily("soramame_workers", "Workers heard of in the last 30 seconds.", len(workers))
    yield from _workers(workers)
    with store.read() as session:
        waiting = session.scalar(select(func.count()).select_from(Delivery)) or 0
    yield GaugeMetricFamily("soramame_webhooks_waiting", "Events that are still to be sent to webhooks.", waiting)


def _queue(store: Store) -> Iterator[Metric]:
    depth = GaugeMetricFamily("soramame_queue_depth", "Videos that wait, by model.", labels=["model"])
    oldest = GaugeMetricFamily("soramame_queue_oldest_seconds", "How long the first has waited.", labels=["model"])
    with store.read() as session:
        waiting = select(Job.model, func.count(), func.min(Job.created)).where(Job.status == "queued")
        for model, count, created in session.execute(waiting.group_by(Job.model)):
            depth.add_metric([model], count)
            oldest.add_metric([model], max(0.0, time.time() - created))
    yield from (depth, oldest)


def _recent(store: Store) -> Iterator[Metric]:
    since = time.time() - RECENT
    begun = select(Job.started - Job.created).where(Job.started >= since).order_by(Job.started.desc()).limit(MOST)
    done = select(Job.completed - Job.started).where(Job.completed >= since, Job.status == "completed")
    with store.read() as session:
        waited = [float(one) for one in session.scalars(begun) if one is not None]
        took = [
            float(one) for one in session.scalars(done.order_by(Job.completed.desc()).limit(MOST)) if one is not None
        ]
    yield _parts("soramame_wait_seconds", "From asked for to begun, of videos begun in the last hour.", waited)
    yield _parts("soramame_making_seconds", "From begun to done, of videos done in the last hour.", took)


def _parts(name: str, what: str, values: Sequence[float]) -> Metric:
    """The usual quantiles; none where there are no values."""
    family = GaugeMetricFamily(name, what, labels=["quantile"])
    for part in PARTS if values else ():
        cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else [values[0]] * 99
        family.add_metric([f"{part:g}"], max(0.0, cuts[round(100 * part) - 1]))
    return family


def _workers(workers: Sequence[Worker]) -> Iterator[Metric]:
    labels = ["worker", "model", "device"]
    step = GaugeMetricFamily("soramame_worker_step_seconds", "Seconds per step of late.", labels=labels)
    used = GaugeMetricFamily("soramame_worker_memory_used_bytes", "Of its device, by the worker.", labels=labels)
    total = GaugeMetricFamily("soramame_worker_memory_total_bytes", "Of its device, in all.", labels=labels)
    renewal = GaugeMetricFamily("soramame_worker_renewal", "The last renewal of its model.", labels=labels)
    told = {"step_seconds": step, "memory_used": used, "memory_total": total, "renewal": renewal}
    for worker in workers:
        for name, family in told.items():
            if worker.facts.get(name) is not None:
                family.add_metric([worker.id, worker.model, str(worker.facts.get("device", ""))], worker.facts[name])
    yield from told.values()
