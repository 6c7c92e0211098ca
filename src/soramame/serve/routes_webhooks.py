"""Webhooks: who wants to hear of what."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field, WithJsonSchema
from sqlalchemy import delete, select
from starlette.concurrency import run_in_threadpool

from soramame.errors import OptionError
from soramame.serve import bodies, hooks
from soramame.serve.alone import alone
from soramame.serve.document import failing
from soramame.serve.edge import Call, Caller, body
from soramame.serve.errors_http import Refusal
from soramame.serve.schema import Asked
from soramame.serve.schema_other import (
    EventTypes,
    WebhookDeleted,
    WebhookList,
    WebhookOut,
    WebhookSecret,
    WebhookTried,
)
from soramame.serve.store import new_id
from soramame.serve.tables import Webhook

router = APIRouter(prefix="/v1", tags=["webhooks"])
MOST = 20
"""Webhooks of one owner."""
DAY = 86_400.0
MISSING = failing(404)

Kind = Annotated[str, WithJsonSchema({"type": "string", "enum": list(hooks.TYPES)})]
"""An event as the document knows it; what else comes is refused in :func:`soramame.serve.hooks.check_types`."""
Address = Annotated[
    str, WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2000})
]


class CreateWebhook(Asked):
    """An address and what it is to hear of."""

    name: str = Field(min_length=1, max_length=100)
    url: Address = Field(max_length=2000)
    event_types: list[Kind] = Field(max_length=20, json_schema_extra={"minItems": 1})


class UpdateWebhook(Asked):
    """What is to change."""

    name: str | None = Field(None, min_length=1, max_length=100)
    url: Address | None = Field(None, max_length=2000)
    event_types: list[Kind] | None = Field(None, max_length=20, json_schema_extra={"minItems": 1})


class RotateSecret(Asked):
    """Whether the old secret signs for another day."""

    keep_old_secret_active_for_24_hours: bool = False


class TryWebhook(Asked):
    """What to send as a test."""

    event_type: Kind


@router.get("/webhook_event_types", response_model=EventTypes)
def event_types(call: Call = Caller) -> dict[str, Any]:
    """What can be heard of."""
    return {"object": "list", "data": list(hooks.TYPES)}


@router.post("/webhook_endpoints", response_model=WebhookSecret, openapi_extra=body(CreateWebhook))
async def create(call: Call = Caller) -> dict[str, Any]:
    """Tell an address of what happens. The secret that it is signed with is shown now, and never again."""
    asked = await bodies.read(call.request, CreateWebhook)
    private = call.service.settings.private_webhooks

    def keep() -> Webhook:
        now = time.time()
        row = Webhook(
            id=new_id("we"),
            owner=call.key.name,
            name=asked.name,
            url=hooks.checked(asked.url, private=private),
            event_types=hooks.check_types(asked.event_types),
            secret=hooks.new_secret(),
            created=now,
            updated=now,
        )
        with call.service.store.write() as session, session.begin():
            alone(session.connection(), f"webhooks of {call.key.name}")
            if len(session.scalars(select(Webhook.id).where(Webhook.owner == call.key.name)).all()) >= MOST:
                raise OptionError(f"there are {MOST} webhooks already; delete one first.")
            session.add(row)
        return row

    row = await run_in_threadpool(keep)
    return {**_shown(row), "signing_secret": row.secret}


@router.get("/webhook_endpoints", response_model=WebhookList, responses=MISSING)
def listed(
    after: str | None = Query(None, max_length=200), limit: int = Query(20, ge=0, le=100), call: Call = Caller
) -> dict[str, Any]:
    """One's own webhooks, the newest first."""
    with call.service.store.read() as session:
        wanted = select(Webhook).where(Webhook.owner == call.key.name).order_by(Webhook.created.desc(), Webhook.id)
        rows = list(session.scalars(wanted))
    names = [row.id for row in rows]
    if after is not None and after not in names:
        raise Refusal(404, f"Webhook endpoint '{after[:80]}' not found.", param="after")
    begin = names.index(after) + 1 if after is not None else 0
    data = [_shown(row) for row in rows[begin : begin + limit]]
    ends = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    more = begin + limit < len(rows) and limit > 0
    return {"object": "list", "data": data, "first_id": ends[0], "last_id": ends[1], "has_more": more}


@router.get("/webhook_endpoints/{webhook_id}", response_model=WebhookOut, responses=MISSING)
def retrieve(webhook_id: str, call: Call = Caller) -> dict[str, Any]:
    """One of them."""
    return _shown(_own(call, webhook_id))


@router.post(
    "/webhook_endpoints/{webhook_id}", response_model=WebhookOut, responses=MISSING, openapi_extra=body(UpdateWebhook)
)
async def update(webhook_id: str, call: Call = Caller) -> dict[str, Any]:
    """Change what is said."""
    asked = await bodies.read(call.request, UpdateWebhook)
    told: dict[str, Any] = asked.model_dump(exclude_none=True)
    if "url" in told:
        told["url"] = hooks.checked(told["url"], private=call.service.settings.private_webhooks)
    if "event_types" in told:
        told["event_types"] = hooks.check_types(told["event_types"])
    return _shown(await run_in_threadpool(_changed, call, webhook_id, lambda row: told))


@router.delete("/webhook_endpoints/{webhook_id}", response_model=WebhookDeleted, responses=MISSING)
def remove(webhook_id: str, call: Call = Caller) -> dict[str, Any]:
    """Tell it of nothing any more."""
    row = _own(call, webhook_id)
    with call.service.store.write() as session, session.begin():
        session.execute(delete(Webhook).where(Webhook.id == row.id))
    return {"id": row.id, "object": "webhook_endpoint.deleted", "deleted": True}


@router.post(
    "/webhook_endpoints/{webhook_id}/rotate_secret",
    response_model=WebhookSecret,
    responses=MISSING,
    openapi_extra=body(RotateSecret, required=False),
)
async def rotate(webhook_id: str, call: Call = Caller) -> dict[str, Any]:
    """A new secret; the old one signs for another day if that is asked for."""
    asked = await bodies.read(call.request, RotateSecret, empty=True)
    kept = asked.keep_old_secret_active_for_24_hours

    def fresh(row: Webhook) -> dict[str, Any]:
        old = {"old_secret": row.secret if kept else None, "old_until": time.time() + DAY if kept else None}
        return {"secret": hooks.new_secret(), **old}

    row = await run_in_threadpool(_changed, call, webhook_id, fresh)
    return {**_shown(row), "signing_secret": row.secret}


@router.post(
    "/webhook_endpoints/{webhook_id}/test",
    response_model=WebhookTried,
    responses=failing(404, 429),
    openapi_extra=body(TryWebhook),
)
async def tried(webhook_id: str, call: Call = Caller) -> dict[str, Any]:
    """Send an event now, of a video that there is not, and say what came back."""
    asked = await bodies.read(call.request, TryWebhook)
    kind, private = hooks.check_types([asked.event_type])[0], call.service.settings.private_webhooks
    call.service.keys.count(call.key)
    hook = await run_in_threadpool(_own, call, webhook_id)
    try:
        async with call.request.app.state.trying:
            status = await hooks.send(hook, kind, "video_test", new_id("evt"), when=time.time(), private=private)
    except hooks.UNSENT as error:
        raise Refusal(400, "the address gave no answer.", code="webhook_unreachable", param="url") from error
    told = {"object": "webhook_endpoint.test", "event_type": kind, "status_code": status}
    return {**told, "success": 200 <= status < 300, "webhook_endpoint_id": webhook_id}


def _own(call: Call, name: str) -> Webhook:
    with call.service.store.read() as session:
        row = session.scalars(select(Webhook).where(Webhook.id == name[:200], Webhook.owner == call.key.name)).first()
    if row is None:
        raise _missing(name)
    return row


def _changed(call: Call, name: str, change: Callable[[Webhook], dict[str, Any]]) -> Webhook:
    """What is to be changed, by what is there when it is: somebody else may have changed or removed it a moment ago."""
    with call.service.store.write() as session, session.begin():
        row = session.get(Webhook, name[:200], with_for_update=True)
        if row is None or row.owner != call.key.name:
            raise _missing(name)
        for field, value in {**change(row), "updated": time.time()}.items():
            setattr(row, field, value)
    return row


def _missing(name: str) -> Refusal:
    return Refusal(404, f"Webhook endpoint '{name[:80]}' not found.", param="webhook_endpoint_id")


def _shown(row: Webhook) -> dict[str, Any]:
    return {
        "id": row.id,
        "object": "webhook_endpoint",
        "created_at": int(row.created),
        "updated_at": int(row.updated),
        "event_types": row.event_types,
        "name": row.name,
        "url": row.url,
        "signing_secret_hint": f"whsec_…{row.secret[-4:]}",
    }
