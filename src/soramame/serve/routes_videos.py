"""Videos: made, looked at, listed, deleted, downloaded, and followed while they are painted."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from soramame.serve import bodies, schema
from soramame.serve.document import POLLED, UNSENT, failing, giving, streaming
from soramame.serve.edge import Call, Caller, body
from soramame.serve.errors_http import Refusal
from soramame.serve.files import TYPES
from soramame.serve.schema import Video, VideoDeleted, VideoList
from soramame.serve.schema_other import DoneData, PreviewData, ProgressData
from soramame.serve.service import keyed
from soramame.serve.storage import GoneError
from soramame.serve.store import OPEN
from soramame.serve.tables import Job

router = APIRouter(prefix="/v1/videos", tags=["videos"])
POLL = 500
"""Milliseconds after which a client should ask again; the official one wants a whole number."""
LOOK = 0.25
"""Seconds between two looks at a job that somebody follows."""
FILES = {"input_reference", "last_image", "video", "second", "mask", "files", "characters"}
"""What takes a while to be taken in."""
QUIET = 15.0
"""Seconds after which a comment keeps a connection open on which nothing happens."""
MISSING = failing(404)
EVENTS = streaming(progress=ProgressData, preview=PreviewData, done=DoneData)
TAKEN = POLLED | failing(404, 429)
FILE = giving(*TYPES.values()) | giving(*TYPES.values(), status=206) | UNSENT


async def take(
    call: Call, kind: str, what: type[schema.Made], inputs: Mapping[str, str], source_id: str | None = None
) -> JSONResponse:
    """Read a body, store its files, queue the job. ``inputs``: names of the body's files, and what they are to the job; ``source_id``:
    the video that is meant, where the address says so.
    """
    asked, service = await bodies.read(call.request, what), call.service
    same = await bodies.digest(call.request, asked) if call.idempotency else ""

    def queue() -> Video:
        if call.idempotency and (before := service.came(call.idempotency, same, call.key)):
            return before  # whatever has become of its source, and however many were asked for since
        service.keys.count(call.key)
        order = service.order(kind, asked, call.key, source_id=source_id or _source_id(asked))
        made = dict[str, str]()
        try:
            for name, to in inputs.items():
                if (file := getattr(asked, name, None)) is not None:
                    made[to] = service.take(file, name, call.key)
            if source_id is not None:
                made["video"] = service.source(service.job(source_id, call.key))
            _further(call, asked, made)
        except BaseException:
            service.forget(made)
            raise
        return service.submit(keyed(order, call.idempotency, same, made), call.key)

    heavy = source_id is not None or asked.model_fields_set & FILES
    return _polled(await to_thread.run_sync(queue, limiter=service.taking if heavy else None))


def _source_id(asked: Any) -> str | None:
    source = getattr(asked, "video", None)
    return source.id if isinstance(source, schema.VideoReference) else None


def _further(call: Call, asked: Any, made: dict[str, str]) -> None:
    """Add files that come in other ways: a character, and those that a storyboard names. What is in ``made`` is let go if one is wrong."""
    for one in getattr(asked, "characters", []):
        row = call.service.store.character(one.id, call.key.name)
        if row is None:
            raise Refusal(404, f"Character with id '{one.id[:80]}' not found.", param="characters")
        if "image" in made:
            raise Refusal(400, "a character and an input_reference exclude each other here.", param="characters")
        made["image"] = call.service.storage.copy(row.clip, "inputs")
    for file in getattr(asked, "files", []):
        name = file.filename or ""
        if re.fullmatch(r"[\w-][\w.-]{0,99}", name) is None or name in made or "." not in name:
            raise Refusal(400, f"{name[:80]!r} is not a name for a file of a storyboard.", param="files")
        made[name] = call.service.take(file, "files", call.key)


def _polled(video: Video) -> JSONResponse:
    unfinished = video.status in OPEN
    return JSONResponse(video.model_dump(), headers={"openai-poll-after-ms": str(POLL)} if unfinished else None)


@router.get("/{video_id}", response_model=Video, responses=POLLED | MISSING)
async def retrieve(video_id: str, call: Call = Caller) -> Response:
    """How far a video is."""
    return _polled(await call.service.looked(video_id, call.key))


@router.post("", response_model=Video, responses=TAKEN, openapi_extra=body(schema.CreateVideo))
async def create(call: Call = Caller) -> Response:
    """Queue a video for a prompt, or for a prompt and a picture that it begins with."""
    return await take(call, "create", schema.CreateVideo, {"input_reference": "image", "last_image": "last_image"})


@router.post("/edits", response_model=Video, responses=TAKEN, openapi_extra=body(schema.EditVideo))
async def edit(call: Call = Caller) -> Response:
    """Paint a video over for another prompt."""
    return await take(call, "edit", schema.EditVideo, {"video": "video"})


@router.post("/extensions", response_model=Video, responses=TAKEN, openapi_extra=body(schema.ExtendVideo))
async def extend(call: Call = Caller) -> Response:
    """Let a video go on for so many seconds."""
    return await take(call, "extend", schema.ExtendVideo, {"video": "video"})


@router.post("/loops", response_model=Video, responses=TAKEN, openapi_extra=body(schema.LoopVideo))
async def loop(call: Call = Caller) -> Response:
    """Let a video lead back to its beginning."""
    return await take(call, "loop", schema.LoopVideo, {"video": "video"})


@router.post("/blends", response_model=Video, responses=TAKEN, openapi_extra=body(schema.BlendVideo))
async def blend(call: Call = Caller) -> Response:
    """Let a video turn into a second one."""
    return await take(call, "blend", schema.BlendVideo, {"video": "video", "second": "second"})


@router.post("/fills", response_model=Video, responses=TAKEN, openapi_extra=body(schema.FillVideo))
async def fill(call: Call = Caller) -> Response:
    """Paint what happens between two videos, or the missing frames of one."""
    return await take(call, "fill", schema.FillVideo, {"video": "video", "second": "second"})


@router.post("/inpaints", response_model=Video, responses=TAKEN, openapi_extra=body(schema.InpaintVideo))
async def inpaint(call: Call = Caller) -> Response:
    """Paint a video anew where a mask is white."""
    return await take(call, "inpaint", schema.InpaintVideo, {"video": "video", "mask": "mask"})


@router.post("/cuts", response_model=Video, responses=TAKEN, openapi_extra=body(schema.CutVideo))
async def cut(call: Call = Caller) -> Response:
    """Keep what a video shows between two times, and paint nothing."""
    return await take(call, "cut", schema.CutVideo, {"video": "video"})


@router.post("/storyboards", response_model=Video, responses=TAKEN, openapi_extra=body(schema.StoryboardVideo))
async def storyboard(call: Call = Caller) -> Response:
    """Make the film of a storyboard."""
    return await take(call, "storyboard", schema.StoryboardVideo, {})


@router.get("", response_model=VideoList)
def listed(
    after: str | None = Query(None, max_length=200),
    limit: int = Query(20, ge=0, le=100),
    order: Literal["asc", "desc"] = "desc",
    call: Call = Caller,
) -> VideoList:
    """One's own videos, the newest first."""
    if not limit:
        return VideoList(data=[], first_id=None, last_id=None, has_more=False)
    jobs, more = call.service.store.jobs(call.key.name, after=after, limit=limit, newest_first=order == "desc")
    data = [call.service.shown(job) for job in jobs]
    ends = (data[0].id, data[-1].id) if data else (None, None)
    return VideoList(data=data, first_id=ends[0], last_id=ends[1], has_more=more)


@router.delete("/{video_id}", response_model=VideoDeleted, responses=MISSING)
def delete(video_id: str, call: Call = Caller) -> VideoDeleted:
    """Remove a video and its files. One that is being made has to be cancelled first."""
    job = call.service.job(video_id, call.key)
    if job.status == "queued":
        call.service.store.cancel(job, waiting_only=True)
        job = call.service.job(video_id, call.key)
    if job.status in OPEN:
        told = f"Video '{job.id}' is being made; cancel it first (POST /v1/videos/{job.id}/cancel)."
        raise Refusal(400, told, code="video_not_finished", param="video_id")
    call.service.remove(job)  # before it is forgotten: what nobody knows of, nobody would remove any more
    call.service.store.delete(job)
    return VideoDeleted(id=job.id)


@router.post("/{video_id}/cancel", response_model=Video, responses=POLLED | MISSING)
def cancel(video_id: str, call: Call = Caller) -> Response:
    """Stop making a video; it shows as failed, with the code ``cancelled``. One that is done stays as it is."""
    job = call.service.job(video_id, call.key)
    call.service.store.cancel(job)
    return _polled(call.service.shown(call.service.job(video_id, call.key)))


@router.post("/{video_id}/remix", response_model=Video, responses=TAKEN, openapi_extra=body(schema.RemixVideo))
async def remix(video_id: str, call: Call = Caller) -> Response:
    """Paint a finished video over for another prompt."""
    return await take(call, "remix", schema.RemixVideo, {}, source_id=video_id)


@router.head("/{video_id}/content", include_in_schema=False)
@router.get("/{video_id}/content", response_class=Response, responses=FILE | MISSING)
def content(
    video_id: str, variant: Literal["video", "thumbnail", "spritesheet"] = "video", call: Call = Caller
) -> Response:
    """The file of a finished video, or a picture of it; parts of it where a Range asks for them."""
    job, storage = call.service.job(video_id, call.key), call.service.storage
    if job.status in OPEN:
        raise Refusal(400, f"Video '{job.id}' is not completed yet ({job.status}).", code="video_not_ready")
    key = (job.files or {}).get(variant)
    size = None if key is None else storage.size(key)
    if key is None or size is None:
        told = "has expired" if job.status == "completed" else f"has no content: it is {job.status}"
        raise Refusal(404, f"Video '{job.id}' {told}.", code="content_not_found")
    tag = f'"{job.id}-{job.attempt}-{variant}"'
    headers = {"accept-ranges": "bytes", "etag": tag, "cache-control": "private", "x-content-type-options": "nosniff"}
    asked = call.request.headers
    if asked.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    wanted = asked.get("range") if asked.get("if-range", tag) == tag else None
    first, last, status = _range(wanted, size)
    if status == 416:
        headers["content-range"] = f"bytes */{size}"
        return Response(status_code=416, headers=headers)
    headers["content-length"] = str(last + 1 - first)
    if status == 206:
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    if call.request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=TYPES[variant])
    return StreamingResponse(storage.pieces(key, first, last), status, headers, TYPES[variant])


def _range(asked: str | None, size: int) -> tuple[int, int, int]:
    """First and last byte and the status (RFC 9110, 14.2): all of it where nothing that is understood is asked for."""
    match = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", asked or "")
    if match is None or not (match[1] or match[2]):
        return 0, size - 1, 200
    if not match[1]:
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
        if match[2] and int(match[2]) < int(match[1]):
            return 0, size - 1, 200
    return first, last, 206 if first < size and first <= last else 416


@router.get("/{video_id}/preview", response_class=Response, responses=giving("image/webp") | MISSING)
def preview(video_id: str, call: Call = Caller) -> Response:
    """What a video that is being painted looks like by now: an animated WebP."""
    job = call.service.job(video_id, call.key)
    try:
        data = call.service.storage.read(f"previews/{job.id}.webp")
    except GoneError as error:
        raise Refusal(404, f"Video '{job.id}' has no preview now.", code=error.code) from error
    return Response(data, media_type="image/webp", headers={"cache-control": "no-store"})


@router.get("/{video_id}/events", response_class=StreamingResponse, responses=EVENTS | MISSING)
async def events(video_id: str, call: Call = Caller) -> Response:
    """Follow a video as server-sent events: ``progress``, ``preview`` with the address of a picture, at last ``done``."""
    job = await run_in_threadpool(call.service.job, video_id, call.key)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(call, job), headers=headers, media_type="text/event-stream")


async def _events(call: Call, job: Job) -> AsyncIterator[str]:
    told, shown, quiet = dict[str, Any](), 0, 0.0
    stopping: asyncio.Event = call.request.app.state.stopping
    while not stopping.is_set():
        now = await run_in_threadpool(_look, call, job)
        if now is None:
            return
        fresh, preview, done = now
        if fresh != told:
            yield _event("progress", fresh)
            told, quiet = fresh, 0.0
        if preview > shown and done is None:
            yield _event("preview", {"number": preview, "url": f"/v1/videos/{job.id}/preview?number={preview}"})
            shown = preview
        if done is not None:
            yield _event("done", {"video": done.model_dump()})
            return
        await asyncio.sleep(LOOK)
        quiet += LOOK
        if quiet >= QUIET:
            quiet = 0.0
            yield ": still here\n\n"


def _look(call: Call, job: Job) -> tuple[dict[str, Any], int, Video | None] | None:
    now = call.service.store.job(job.id)
    if now is None:
        return None
    place = call.service.store.place(now) if now.status == "queued" else 0
    told = {
        "progress": now.progress,
        "step": now.step,
        "steps": now.steps,
        "queue_position": place,
        "status": now.status,
    }
    done = None if now.status in OPEN else call.service.shown(now)
    return {**told, "status": schema.STATUSES.get(now.status, now.status)}, now.preview, done


def _event(name: str, data: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
