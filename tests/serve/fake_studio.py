"""A server that looks like Soramame's to the studio: the same routes, canned clips, jobs that take as long as a test wants."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
import uvicorn
from numpy.typing import NDArray
from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

STUDIO = Path(__file__).parents[2] / "src/soramame/serve/studio"
FPS = 8
STEPS = 12
Frames = NDArray[np.uint8]
PROMPTS = (
    "a red sun sets over green hills of paper",
    "a white cloud drifts over the sea at noon",
    "a yellow ball rolls across the meadow",
    "the moon rises over the snowy mountains at night",
)


def paper_clips(count: int = 4, frames: int = 17, size: tuple[int, int] = (256, 160)) -> list[tuple[str, Frames]]:
    """Clips of a disc over hills: enough to see that something plays."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    made = []
    for number in range(count):
        sky, disc, hill = [
            ((253, 222, 190), (214, 73, 51), (95, 160, 122)),
            ((190, 226, 244), (255, 255, 255), (63, 120, 190)),
            ((224, 240, 250), (240, 190, 60), (120, 180, 110)),
            ((28, 34, 80), (246, 236, 201), (200, 210, 235)),
        ][number % 4]
        clip = np.empty((frames, height, width, 3), np.uint8)
        for t in range(frames):
            clip[t] = sky
            clip[t][(x - width * (0.2 + 0.6 * t / frames)) ** 2 + (y - height * 0.4) ** 2 < (height / 5) ** 2] = disc
            clip[t][y > height * (0.72 + 0.06 * np.sin(x / 40 + number))] = hill
        made.append((PROMPTS[number % 4], clip))
    return made


def write_mp4(path: Path, frames: Frames) -> None:
    """H.264 as browsers play it."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as file:
        stream = file.add_stream("libx264", rate=FPS, options={"crf": "16", "preset": "veryfast", "threads": "1"})
        stream.height, stream.width, stream.pix_fmt = *frames.shape[1:3], "yuv420p"
        for frame in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame)))
        file.mux(stream.encode())


def webp(picture: Frames) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "webp")
    return out.getvalue()


def refusal(status: int, message: str, code: str | None = None, param: str | None = None) -> JSONResponse:
    body = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return JSONResponse({"error": body}, status_code=status)


@dataclass(kw_only=True)
class Job:
    """A video and how far it is; ``clip`` is the number of the canned clip that it turns out to be."""

    wire: dict[str, Any]
    clip: int
    began: float
    waits: float = 0.0
    cancelled: bool = False


@dataclass(kw_only=True)
class Fake:
    """``pace``: seconds that a job takes; ``key``: what is asked for; ``asked``: every POST, as (path, fields)."""

    folder: Path
    """Where the clips lie; those that lie there already are not written again."""
    clips: Sequence[tuple[str, Frames]]
    pace: float = 1.0
    key: str = ""
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rows: list[tuple[str, str, list[int]]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, (_, frames) in enumerate(self.clips):
            if (self.folder / f"{number}.webp").exists():
                continue
            write_mp4(self.folder / f"{number}.mp4", frames)
            (self.folder / f"{number}.webp").write_bytes(webp(frames[len(frames) // 2]))
        self.rows = self.rows or [("Samples", "見本", list(range(len(self.clips))))]

    def add(self, prompt: str, clip: int, *, parent: str | None = None, done: bool = True, **told: Any) -> str:
        """A video, finished unless said otherwise."""
        name = f"video_{len(self.jobs):04d}"
        frames = self.clips[clip % len(self.clips)][1]
        wire = {
            "id": name, "object": "video", "model": "mame", "status": "completed" if done else "queued",
            "progress": 100 if done else 0, "created_at": int(time.time()) + len(self.jobs), "completed_at": None,
            "expires_at": None, "prompt": prompt, "size": f"{frames.shape[2]}x{frames.shape[1]}",
            "seconds": f"{len(frames) / FPS:g}", "remixed_from_video_id": parent, "error": None, "seed": 7, **told,
        }  # fmt: skip
        self.jobs[name] = Job(wire=wire, clip=clip % len(self.clips), began=time.monotonic(), waits=0.3 * self.pace)
        return name

    def state(self, job: Job) -> dict[str, Any]:
        """The wire form as of now."""
        wire = job.wire
        if wire["status"] in ("completed", "failed"):
            return wire
        part = (time.monotonic() - job.began - job.waits) / self.pace
        if job.cancelled:
            wire.update(status="failed", error={"code": "cancelled", "message": "The job was cancelled."})
        elif "forbidden" in (wire["prompt"] or ""):
            wire.update(status="failed", error={"code": "moderation_blocked", "message": "Category: test."})
        elif part >= 1:
            wire.update(status="completed", progress=100, completed_at=int(time.time()))
        elif part >= 0:
            wire.update(status="in_progress", progress=int(100 * part))
        return wire

    # Routes.

    async def make(self, request: Request) -> Response:
        """Every POST that queues a video."""
        path = request.url.path.removeprefix("/v1/")
        if request.headers["content-type"].startswith("application/json"):
            fields = await request.json()
        else:
            form = await request.form()
            fields = await self._plain(form)
        self.asked.append((path, fields))
        if path == "videos" and fields.get("prompt") == "refused":
            return refusal(400, "size: 1x1 is smaller than 64x64.", "invalid_value", "size")
        source = fields.get("video[id]") or fields.get("first[id]") or request.path_params.get("id")
        prompt = fields.get("prompt") or (self.jobs[source].wire["prompt"] if source else "a film")
        name = self.add(prompt, len(self.jobs), parent=source, done=False)
        return JSONResponse(self.state(self.jobs[name]))

    async def _plain(self, form: FormData) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in form.multi_items():
            told: Any = value
            if isinstance(value, UploadFile):
                told = {"filename": value.filename, "type": value.content_type, "data": await value.read()}
            fields[name] = (
                [*fields[name], told] if name == "files" and name in fields else [told] if name == "files" else told
            )
        return fields

    async def listed(self, request: Request) -> Response:
        data = [self.state(job) for job in reversed(self.jobs.values())]
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
        return JSONResponse({"object": "list", "data": data, "has_more": False, **ends})

    async def one(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return refusal(404, "There is no such video.")
        if request.method == "DELETE":
            del self.jobs[job.wire["id"]]
            return JSONResponse({"id": job.wire["id"], "object": "video.deleted", "deleted": True})
        return JSONResponse(self.state(job))

    async def cancel(self, request: Request) -> Response:
        job = self.jobs[request.path_params["id"]]
        job.cancelled = True
        return JSONResponse(self.state(job))

    async def content(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return refusal(404, "There is no such video.")
        still = request.query_params.get("variant") == "thumbnail"
        return FileResponse(self.folder / f"{job.clip}.{'webp' if still else 'mp4'}")

    async def preview(self, request: Request) -> Response:
        job = self.jobs[request.path_params["id"]]
        clear = min(1.0, max(0.0, (time.monotonic() - job.began - job.waits) / self.pace)) ** 0.6
        picture = self.clips[job.clip][1][0]
        noise = np.random.default_rng(1).normal(128, 60, picture.shape)
        mixed = clear * picture + (1 - clear) * noise
        return Response(webp(mixed.clip(0, 255).astype(np.uint8)), media_type="image/webp")

    async def events(self, request: Request) -> Response:
        return StreamingResponse(self._events(self.jobs[request.path_params["id"]]), media_type="text/event-stream")

    async def _events(self, job: Job) -> AsyncIterator[str]:
        def event(kind: str, data: dict[str, Any]) -> str:
            return f"event: {kind}\ndata: {json.dumps(data)}\n\n"

        seen = -1
        while (wire := self.state(job))["status"] in ("queued", "in_progress"):
            step = wire["progress"] * STEPS // 100
            place = 2 if wire["status"] == "queued" else None
            yield event(
                "progress", {"progress": wire["progress"], "step": step, "steps": STEPS, "queue_position": place}
            )
            if wire["status"] == "in_progress" and step > seen:
                seen = step
                yield event("preview", {"number": step, "url": f"/v1/videos/{wire['id']}/preview"})
            await asyncio.sleep(0.05)
        yield event("done", {"video": wire})

    async def models(self, request: Request) -> Response:
        data = [{"id": "mame", "object": "model", "created": 1, "owned_by": "soramame"}]
        return JSONResponse({"object": "list", "data": data})

    async def expand(self, request: Request) -> Response:
        fields = await request.json()
        self.asked.append(("prompts/expansions", fields))
        return JSONResponse(
            {"text": f"{fields['prompt'].capitalize()}. It is late in the day, and paper snow drifts down."}
        )

    async def check(self, request: Request) -> Response:
        form = await request.form()
        self.asked.append(("content_provenance_checks", await self._plain(form)))
        told = {"object": "content_provenance_check", "created_at": int(time.time()), "results": self.findings}
        return JSONResponse(told)

    async def samples(self, request: Request) -> Response:
        return JSONResponse({"rows": [
            {"title": {"en": en, "ja": ja}, "clips": [self._sample(number) for number in numbers]} for en, ja, numbers in self.rows
        ]})  # fmt: skip

    def _sample(self, number: int) -> dict[str, Any]:
        prompt, frames = self.clips[number]
        size = f"{frames.shape[2]}x{frames.shape[1]}"
        shows = {"en": "Sheets of paper, one behind another", "ja": "重なり合う紙"}
        return {
            "video": f"clips/{number}.mp4", "poster": f"clips/{number}.webp", "prompt": prompt, "shows": shows, "model": "mame",
            "seed": number, "seconds": len(frames) / FPS, "size": size,
        }  # fmt: skip

    async def locked(self, request: Request, endpoint: Any) -> Response:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return refusal(401, "There is no such key.", "invalid_api_key")
        answer: Response = await endpoint(request)
        return answer

    def app(self) -> Starlette:
        def api(path: str, endpoint: Any, *methods: str) -> Route:
            async def guarded(request: Request) -> Response:
                return await self.locked(request, endpoint)

            return Route(f"/v1/{path}", guarded, methods=list(methods or ("GET",)))

        async def index(request: Request) -> Response:
            policy = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
            return FileResponse(STUDIO / "index.html", headers={"Content-Security-Policy": policy})

        verbs = ("edits", "extensions", "loops", "blends", "fills", "inpaints", "storyboards", "cuts")
        return Starlette(routes=[
            Route("/", index),
            *(api(f"videos/{verb}", self.make, "POST") for verb in verbs),
            api("videos", self.make, "POST"), api("videos", self.listed),
            api("videos/{id}/remix", self.make, "POST"), api("videos/{id}/events", self.events),
            api("videos/{id}/preview", self.preview), api("videos/{id}/cancel", self.cancel, "POST"),
            api("videos/{id}/content", self.content), api("videos/{id}", self.one, "GET", "DELETE"),
            api("models", self.models), api("prompts/expansions", self.expand, "POST"),
            api("content_provenance_checks", self.check, "POST"),
            Route("/studio/samples.json", self.samples),
            Mount("/studio/clips", StaticFiles(directory=self.folder)),
            Mount("/studio", StaticFiles(directory=STUDIO)),
        ])  # fmt: skip


class Running:
    """The fake in a thread of its own: ``with Running(fake) as address``."""

    def __init__(self, fake: Fake, port: int = 0) -> None:
        self.socket = socket.create_server(("127.0.0.1", port))
        self.server = uvicorn.Server(uvicorn.Config(fake.app(), log_level="warning", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=lambda: self.server.run(sockets=[self.socket]), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.socket.close()
