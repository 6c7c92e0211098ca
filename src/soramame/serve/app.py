"""The app: OpenAI's videos API and ours beside it. It loads no model: workers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.concurrency import run_in_threadpool

from soramame import __version__
from soramame.serve import (
    errors_http,
    pages,
    routes_admin,
    routes_other,
    routes_prompts,
    routes_videos,
    routes_webhooks,
    schema,
)
from soramame.serve.edge import Edge, Figures
from soramame.serve.heed import Heed
from soramame.serve.hooks import Sender
from soramame.serve.janitor import Janitor
from soramame.serve.judging import Judge
from soramame.serve.service import Service, Settings

BODIES = (
    schema.CreateVideo, schema.RemixVideo, schema.EditVideo, schema.ExtendVideo, schema.LoopVideo, schema.BlendVideo,
    schema.FillVideo, schema.InpaintVideo, schema.CutVideo, schema.StoryboardVideo, schema.CreateCharacter, routes_other.Moderate,
    routes_other.Check, routes_webhooks.CreateWebhook, routes_webhooks.UpdateWebhook, routes_webhooks.RotateSecret,
    routes_webhooks.TryWebhook, routes_prompts.ExpandPrompt,
)  # fmt: skip
TRIED = 4
"""Webhooks that are sent a test at a time, by all callers together."""


def make(settings: Settings) -> FastAPI:
    """An app for a database and a storage; the errors of either if they are not there."""
    service, figures = Service(settings), Figures()
    service.store.create_tables()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.stopping, app.state.looking = asyncio.Event(), asyncio.Semaphore(1)
        app.state.trying = asyncio.Semaphore(TRIED)
        helpers = (Sender(service.store, private=settings.private_webhooks), Janitor(service), Heed(service))
        for helper in helpers:
            helper.start()
        yield
        app.state.stopping.set()
        for helper in helpers:
            await run_in_threadpool(helper.stop)
        await app.state.judge.stop()
        service.store.close()

    responses: dict[int | str, dict[str, Any]] = {"4XX": {"model": schema.Failure, "description": "What was wrong."}}
    # The pages that FastAPI has for its document load scripts from another host; the document itself stays.
    app = FastAPI(
        title="Soramame", version=__version__, lifespan=life, responses=responses, docs_url=None, redoc_url=None
    )
    app.state.service, app.state.figures = service, figures
    app.state.judge = Judge(settings.policy)
    app.include_router(routes_other.router)
    app.include_router(routes_webhooks.router)
    app.include_router(routes_prompts.router)
    app.include_router(routes_admin.router)
    app.include_router(routes_videos.router)
    pages.install(app)
    errors_http.install(app)
    _described(app)
    # Around all of it, also around what answers to mistakes: add_middleware would put it inside of that.
    app.middleware_stack = Edge(
        app.build_middleware_stack(), most=settings.upload, figures=figures, hosts=settings.hosts
    )
    return app


def _described(app: FastAPI) -> None:
    """Add the bodies, which may come as JSON or as a form, to the OpenAPI document."""
    plain = app.openapi

    def openapi() -> dict[str, object]:
        document = plain()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        _, told = models_json_schema(
            [(body, "validation") for body in BODIES], ref_template="#/components/schemas/{model}"
        )
        for name, one in told["$defs"].items():
            schemas.setdefault(name, one)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
