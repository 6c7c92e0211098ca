"""Beside the videos: characters, models, moderations, provenance, and what operators look at."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from soramame.serve import bodies, schema
from soramame.serve.document import failing, giving
from soramame.serve.edge import Call, Caller, body
from soramame.serve.errors_http import Refusal
from soramame.serve.judging import Judge
from soramame.serve.measures import families
from soramame.serve.provenance import findings
from soramame.serve.schema import Asked, CharacterOut, Model, ModelList
from soramame.serve.schema_other import Moderation, Provenance, Ready
from soramame.serve.store import new_id
from soramame.serve.tables import Character

router = APIRouter()
SLOWEST = 120.0
"""Seconds that a look at a file may take."""
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "hate": ("hate",),
    "instructions": ("illicit", "illicit/violent"),
    "self-harm": ("self-harm",),
    "sexual": ("sexual",),
    "minors": ("sexual/minors",),
    "violence": ("violence", "violence/graphic"),
}
"""Categories of the policy as the official API names them. ``people`` and ``brands``, which it does not know, keep their names."""
UNREADY = failing(503, also=Ready)
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,7}")
OFFICIAL = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
    "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip


class Moderate(Asked):
    """Texts to be looked at."""

    input: str | list[str | dict[str, Any]]
    model: str | None = Field(None, max_length=200)


class Check(Asked):
    """A file to be looked at."""

    file: UploadFile


@router.post(
    "/v1/videos/characters",
    response_model=CharacterOut,
    responses=failing(429),
    openapi_extra=body(schema.CreateCharacter),
)
async def create_character(call: Call = Caller) -> CharacterOut:
    """Keep somebody from a clip. A video that is made with the character begins with the clip's first picture."""
    asked = await bodies.read(call.request, schema.CreateCharacter)

    def keep() -> CharacterOut:
        call.service.keys.count(call.key)
        clip = call.service.take(asked.video, "video", call.key)
        row = Character(id=new_id("char"), owner=call.key.name, name=asked.name, clip=clip, created=time.time())
        try:
            call.service.store.add(row)
        except Exception:  # its id is told to nobody: even if it was kept, nobody can use it
            call.service.storage.delete(clip)
            raise
        return schema.character(row)

    return await to_thread.run_sync(keep, limiter=call.service.taking)


@router.get("/v1/videos/characters/{character_id}", response_model=CharacterOut, responses=failing(404))
def get_character(character_id: str, call: Call = Caller) -> CharacterOut:
    """A character that was kept."""
    row = call.service.store.character(character_id[:200], call.key.name)
    if row is None:
        raise Refusal(404, f"Character with id '{character_id[:80]}' not found.", param="character_id")
    return schema.character(row)


@router.get("/v1/models", response_model=ModelList)
def models(call: Call = Caller) -> ModelList:
    """What can be asked for."""
    return ModelList(data=[_model(name) for name in call.service.models()])


@router.get("/v1/models/{model}", response_model=Model, responses=failing(404))
def model(model: str, call: Call = Caller) -> Model:
    """One of them, also by a name that other servers' clients use."""
    return _model(call.service.model(model).name)


def _model(name: str) -> Model:
    return Model(id=name, created=0, owned_by="soramame")


@router.post("/v1/moderations", response_model=Moderation, openapi_extra=body(Moderate), responses=failing(429))
async def moderations(call: Call = Caller) -> JSONResponse:
    """What the policy makes of texts: what it refuses is flagged. Pictures are looked at when a video is made."""
    asked = await bodies.read(call.request, Moderate)
    call.service.keys.count(call.key)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    parts = [one for one in texts if isinstance(one, dict)]
    if any(one.get("type") != "text" or not isinstance(one.get("text"), str) for one in parts):
        raise Refusal(400, "Only texts are looked at here.", code="invalid_value", param="input")
    if parts and len(parts) < len(texts):
        raise Refusal(400, "Give texts or parts, not both.", code="invalid_value", param="input")
    told = ["\n".join(one["text"] for one in parts)] if parts else [str(one) for one in texts]
    if not 0 < len(told) <= 64 or any(len(one) > schema.LONGEST_PROMPT for one in told):
        raise Refusal(400, f"Give 1 to 64 texts of at most {schema.LONGEST_PROMPT} characters.", param="input")
    judge: Judge = call.request.app.state.judge
    results = [_moderated(verdict) for verdict in await judge.verdicts(told)]
    return JSONResponse({"id": new_id("modr"), "model": "soramame-policy", "results": results})


def _moderated(verdict: Mapping[str, Any]) -> dict[str, Any]:
    names = [*OFFICIAL, "people", "brands"]
    scores = dict.fromkeys(names, 0.0)
    for category, score in verdict["findings"]:
        for name in CATEGORIES.get(category, (category,)):
            scores[name] = max(scores.get(name, 0.0), round(score, 4))
    refused, category = verdict["action"] == "refuse", verdict["category"]
    flagged = CATEGORIES.get(category, (category,)) if refused else ()
    return {
        "flagged": refused,
        "categories": {name: name in flagged for name in names},
        "category_scores": scores,
        "category_applied_input_types": {name: ["text"] for name in names},
    }


@router.post(
    "/v1/content_provenance_checks", response_model=Provenance, openapi_extra=body(Check), responses=failing(429)
)
async def provenance(call: Call = Caller) -> JSONResponse:
    """What can be said of where a picture or video comes from: its credentials and the mark in its pixels."""
    asked = await bodies.read(call.request, Check)
    call.service.keys.count(call.key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix(asked.file.filename or '')}"
        await run_in_threadpool(_saved, asked.file, path)
        async with call.request.app.state.looking:
            report = await _looked(path)
    return JSONResponse(findings(report))


def suffix(name: str) -> str:
    """The end of a file's name, if it is one that a name of ours may have too."""
    end = Path(name).suffix
    return end if SUFFIX.fullmatch(end) else ""


def _saved(file: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target, 1 << 20)


async def _looked(path: Path) -> dict[str, Any]:
    """In a process of its own: a stranger's file may take much memory, or time."""
    pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    told = ("-m", "soramame.serve.looking", str(path))
    looking = await asyncio.create_subprocess_exec(sys.executable, *told, stdout=pipe, stderr=none)
    try:
        out, _ = await asyncio.wait_for(looking.communicate(), SLOWEST)
        report: dict[str, Any] = json.loads(out)
    except (TimeoutError, ValueError) as error:
        raise Refusal(400, "the file could not be looked at.", code="invalid_media", param="file") from error
    finally:
        if looking.returncode is None:
            looking.kill()
            await looking.wait()
    if "error" in report:
        raise Refusal(400, report["error"], code="invalid_media", param="file")
    return report


@router.get("/healthz", response_class=Response, responses=giving("text/plain"), tags=["operations"])
async def healthz() -> Response:
    """Whether the server is there. It needs no thread: all of them may wait for a database that is gone."""
    return PlainTextResponse("ok")


@router.get("/readyz", response_model=Ready, responses=UNREADY, tags=["operations"])
def readyz(request: Request) -> JSONResponse:
    """Whether a video that is asked for now would be made: the database answers, and a worker is there."""
    workers = len(request.app.state.service.store.workers(30))
    return JSONResponse({"ready": workers > 0, "workers": workers}, 200 if workers else 503)


@router.get("/metrics", response_class=Response, responses=giving("text/plain"), tags=["operations"])
def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    shared = CollectorRegistry()  # one for each who asks: two at once would be told of each other's
    shared.register(_Collected(list(families(request.app.state.service.store))))
    told = generate_latest(request.app.state.figures.registry) + generate_latest(shared)
    return Response(told, media_type="text/plain; version=0.0.4")


class _Collected:
    def __init__(self, families: Sequence[Metric]) -> None:
        self.families = families

    def collect(self) -> Sequence[Metric]:
        """What is known now."""
        return self.families
