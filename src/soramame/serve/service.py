"""What the routes share: which models there are, how files come in, and how what is asked for becomes a job."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import UploadFile

from soramame.errors import MediaError, ModelNotFoundError, OptionError
from soramame.geometry import LatentGrid, Size, parse_size
from soramame.serve.bodies import data_of
from soramame.serve.errors_http import Refusal
from soramame.serve.gathered import Gathered
from soramame.serve.keys import Key, Keys
from soramame.serve.schema import SHOWN, Made, Reference, Sampling, Video, VideoReference, video
from soramame.serve.sniffing import Sniffer
from soramame.serve.storage import Storage
from soramame.serve.store import Order, Store, new_id
from soramame.serve.tables import Job

OFFICIAL = ("720x1280", "1280x720", "1024x1792", "1792x1024")
"""Sizes that the official client knows. A model that cannot paint one paints its own size, upright or wide."""
ALIASES = ("sora-2", "sora-2-pro")
"""Names that clients written for another server use."""
TAKEN = 12
"""Requests with files that are taken in at a time: who looks after a video, or asks with words alone, waits for none of them."""
NAME = "video_[0-9a-f]{32}"
NOT_FIELDS = {"prompt", "model", "size", "seconds", "input_reference", "last_image", "video", "second", "mask", "files"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a server is told. ``model``: a name or folder, the one that its workers have. ``upload``: bytes of a request at most.
    ``hosts``: names that the server is called by, and by pages of no other site; empty for any.
    """

    database: str
    storage: str
    model: str = "mame"
    keys: Path | None = None
    upload: int = 256 << 20
    policy: Path | None = None
    private_webhooks: bool = False
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A model as the server needs to know it."""

    name: str
    width: int
    height: int
    seconds: float
    multiple: int | None = None


class Service:
    """The state of a server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store, self.storage = Store(settings.database), Storage(settings.storage)
        self.keys = Keys() if settings.keys is None else Keys.load(settings.keys)
        self._own = _card(settings.model)
        self.taking = CapacityLimiter(TAKEN)
        self.sniffer = Sniffer()
        self._looks = Gathered(self._look)

    def renew(self) -> None:
        """Read the keys again, and what the server's own model says of itself."""
        keys = None if self.settings.keys is None else Keys.load(self.settings.keys)
        self._own, self.keys = _card(self.settings.model), keys or self.keys

    def models(self) -> Mapping[str, Served]:
        """What can be asked for by name; the server's own model first."""
        found = {self._own.name: self._own}
        for worker in self.store.workers():
            facts = {name: worker.facts[name] for name in ("width", "height", "seconds", "multiple")}
            if worker.model not in found or found[worker.model].multiple is None:
                found[worker.model] = Served(name=worker.model, **facts)
        return found

    def model(self, name: str | None) -> Served:
        """A model by name; :class:`ModelNotFoundError` names what there is."""
        models = self.models()
        if name is None or name in ALIASES:
            return models[self._own.name]
        if name not in models:
            raise ModelNotFoundError(f"The model '{name[:80]}' does not exist; there are: {', '.join(models)}.")
        return models[name]

    def shown(self, job: Job) -> Video:
        """A job as clients see it."""
        return self._shown(job, self.models() if job.size is None or job.seconds is None else {})

    def _shown(self, job: Job, models: Mapping[str, Served]) -> Video:
        served = models.get(job.model, self._own)
        return video(job, size=f"{served.width}x{served.height}", seconds=served.seconds)

    def _look(self, names: Collection[str]) -> Mapping[str, tuple[str, Video]]:
        jobs = self.store.jobs_named(names)
        models = self.models() if any(job.size is None or job.seconds is None for job in jobs) else {}
        return {job.id: (job.owner, self._shown(job, models)) for job in jobs}

    async def looked(self, job_id: str, key: Key) -> Video:
        """An own job as clients see it; 404 if there is none. Many may ask at once."""
        # A name that is none is not looked up with those of others, whom its error would reach.
        found = await self._looks.get(job_id) if re.fullmatch(NAME, job_id) else None
        if found is None or found[0] != key.name:
            raise _missing(job_id)
        return found[1]

    def job(self, job_id: str, key: Key) -> Job:
        """An own job; 404 if there is none."""
        job = self.store.job(job_id[:200], key.name)
        if job is None:
            raise _missing(job_id)
        return job

    def size(self, size: str | None, served: Served) -> str | None:
        """The size that is painted where ``size`` is asked for; :class:`SizeError` names the nearest if that is none."""
        if size is None:
            return None
        asked = parse_size(size)
        multiple = served.multiple or 1
        fits = not (asked.width % multiple or asked.height % multiple)
        if size in OFFICIAL and not (fits and asked.width * asked.height <= 4 * served.width * served.height):
            long, short = max(served.width, served.height), min(served.width, served.height)
            return f"{long}x{short}" if asked.width > asked.height else f"{short}x{long}"
        if served.multiple is not None:
            LatentGrid(space=multiple, patch=1).check(Size(width=asked.width, height=asked.height))
        return size

    def order(self, kind: str, asked: Made, key: Key, **more: Any) -> Order:
        """What is asked for as a job, without its files."""
        served = self.model(asked.model)
        told = asked.model_dump(exclude_none=True, exclude=NOT_FIELDS | {"characters"})
        return Order(
            owner=key.name,
            kind=kind,
            model=served.name,
            prompt=getattr(asked, "prompt", None),
            size=self.size(getattr(asked, "size", None), served),
            seconds=getattr(asked, "seconds", None),
            fields=self._drawn(asked) | self._known_by(more.get("source_id"), key) | told,
            priority=key.priority,
            **more,
        )

    def _drawn(self, asked: Made) -> dict[str, Any]:
        return {"seed": secrets.randbelow(2**31)} if isinstance(asked, Sampling) else {}

    def _known_by(self, source_id: str | None, key: Key) -> dict[str, Any]:
        source = None if source_id is None else self.store.job(source_id, key.name)
        told = None if source is None else source.prompt or source.fields.get(SHOWN)
        return {} if told is None else {SHOWN: told}

    def came(self, idempotency: str, digest: str, key: Key) -> Video | None:
        """What came under an idempotency key before."""
        job = self.store.came(key.name, idempotency, digest)
        return None if job is None else self.shown(job)

    def submit(self, order: Order, key: Key) -> Video:
        """Take it in. Files that came for a job that is not taken in, or was there already, are let go.

        Nothing is asked of the database behind that: a client that is told of a failure then asks for a second video.
        """
        models = self.models()
        try:
            job, new = self.store.submit(order, most_open=key.queued or None)
        except (OptionError, IntegrityError):
            self.forget(order.inputs)
            raise
        if not new:
            self.forget(order.inputs)
        return self._shown(job, models)

    def forget(self, inputs: Mapping[str, Any]) -> None:
        """Remove files that were put in for a job."""
        for one in inputs.values():
            self.storage.delete(one)

    def remove(self, job: Job) -> None:
        """Remove all files of a job."""
        self.forget(job.inputs)
        for folder in (f"videos/{job.id}", f"previews/{job.id}.webp"):
            self.storage.delete(folder)

    def take(self, source: UploadFile | Reference | VideoReference, param: str, key: Key) -> str:
        """A file that came in, or a video that was made here, as a stored file of its own; its key."""
        if isinstance(source, VideoReference):
            return self._copy(self.job(source.id, key), param)
        with tempfile.NamedTemporaryFile(suffix=".upload") as file:
            if isinstance(source, Reference):
                file.write(data_of(source, param))
            else:
                source.file.seek(0)
                shutil.copyfileobj(source.file, file, 1 << 20)
            file.flush()
            suffix = self._sniffed(Path(file.name), param)
            stored = f"inputs/{new_id('file')}{suffix}"
            self.storage.put(Path(file.name), stored)
        return stored

    def source(self, job: Job, param: str = "video") -> str:
        """The finished video of a job, copied for a job that is made from it."""
        return self._copy(job, param)

    def _copy(self, job: Job, param: str) -> str:
        if job.status == "completed" and not job.files:
            raise Refusal(404, f"Video '{job.id}' has expired.", code="content_not_found", param=param)
        if job.status != "completed" or not job.files:
            raise Refusal(400, f"Video '{job.id}' is not completed.", code="video_not_ready", param=param)
        return self.storage.copy(job.files["video"], "inputs")

    def _sniffed(self, path: Path, param: str) -> str:
        """The suffix that a file should have, by what it holds; :class:`Refusal` if that is nothing that is read."""
        try:
            return self.sniffer.suffix(path)
        except MediaError as error:
            told = str(error).replace(str(path), "the file")
            raise Refusal(400, f"Invalid value for '{param}': {told}", code=error.code, param=param) from error


def _missing(job_id: str) -> Refusal:
    told = f"Video with id '{job_id[:80]}' not found."
    return Refusal(404, told, code="video_not_found", param="video_id")


def keyed(order: Order, key: str | None, digest: str, inputs: Mapping[str, str]) -> Order:
    """With its files, and with what makes it the same order when it comes again."""
    order = replace(order, inputs=inputs)
    return order if key is None else replace(order, idempotency=key, digest=digest)


def _card(model: str) -> Served:
    """What ``model.json`` says, read without what loads weights."""
    folder = Path(str(files("soramame.weights") / model)) if model == "mame" else Path(model)
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        d = card["defaults"]
        return Served(name=card["name"], width=d["width"], height=d["height"], seconds=d["seconds"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelNotFoundError(
            f"there is no model {model[:200]!r}: give 'mame', or a folder with a model.json."
        ) from error
