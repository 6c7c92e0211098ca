"""For operators, with an admin's key: which workers there are, and that they load their model again."""

from __future__ import annotations

import time
from typing import Any, Literal

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from soramame.serve import renewal
from soramame.serve.edge import Call, Caller
from soramame.serve.errors_http import Refusal
from soramame.serve.schema import Wire
from soramame.serve.tables import Worker

router = APIRouter(prefix="/v1/admin", tags=["operations"])
HEARD = 30.0
"""Seconds within which a worker that is there was heard of."""


class WorkerOut(Wire):
    """A process that paints. ``renewal`` is the number of the last renewal that it has made, ``problem`` why the last one failed;
    memory in bytes is its own and all there is, on the device that it computes on.
    """

    id: str
    object: Literal["worker"] = "worker"
    model: str
    model_sha256: str | None
    device: str | None
    started_at: int
    loaded_at: int | None
    seen_at: int
    renewal: int
    problem: str | None
    step_seconds: float | None
    memory_used: int | None
    memory_total: int | None


class Workers(Wire):
    """Those that are there. ``renewal`` is the number that all of them will have."""

    object: Literal["list"] = "list"
    renewal: int
    data: list[WorkerOut]


@router.get("/workers", response_model=Workers)
def workers(call: Call = Caller) -> Workers:
    """Who paints, with what, how fast, and whether its model is the newest."""
    _check(call)
    store = call.service.store
    return Workers(renewal=renewal.asked(store), data=[_shown(one) for one in store.workers(HEARD)])


@router.post("/reload", response_model=Workers, status_code=202)
async def reload(call: Call = Caller) -> Workers:
    """Let every worker load its model again, each when it has finished what it paints. Look at the workers to see when all have."""
    _check(call)

    def ask() -> Workers:
        call.service.renew()
        renewal.ask(call.service.store)
        return workers(call)

    return await run_in_threadpool(ask)


def _check(call: Call) -> None:
    if not call.key.admin:
        raise Refusal(403, "this needs the key of an admin.", code="admin_only")


def _shown(one: Worker) -> WorkerOut:
    facts: dict[str, Any] = one.facts
    return WorkerOut(
        id=one.id,
        model=one.model,
        model_sha256=facts.get("sha256"),
        device=facts.get("device"),
        started_at=int(one.started),
        loaded_at=int(facts["loaded"]) if "loaded" in facts else None,
        seen_at=int(min(one.seen, time.time())),
        renewal=int(facts.get("renewal", 0)),
        problem=facts.get("problem"),
        step_seconds=facts.get("step_seconds"),
        memory_used=facts.get("memory_used"),
        memory_total=facts.get("memory_total"),
    )
