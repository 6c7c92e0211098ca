"""The app: OpenAI's videos API and ours beside it. It loads no model: workers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
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
from soramame.serve.document import EVERYWHERE, describe
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
        await run_in_threadpool(service.sniffer.stop)
        service.store.close()

    # The pages that FastAPI has for its document load scripts from another host; the document itself stays.
    app = FastAPI(
        title="Soramame", version=__version__, lifespan=life, responses=EVERYWHERE, docs_url=None, redoc_url=None
    )
    app.state.service, app.state.figures = service, figures
    app.state.judge = Judge(settings.policy)
    app.include_router(routes_videos.router)  # first, since most that is asked for is how far a video is
    app.include_router(routes_other.router)
    app.include_router(routes_webhooks.router)
    app.include_router(routes_prompts.router)
    app.include_router(routes_admin.router)
    pages.install(app)
    errors_http.install(app)
    describe(app, BODIES, keys=settings.keys is not None)
    # Around all of it, also around what answers to mistakes: add_middleware would put it inside of that.
    app.middleware_stack = Edge(
        app.build_middleware_stack(), most=settings.upload, figures=figures, hosts=settings.hosts
    )
    return app
