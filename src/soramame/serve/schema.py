"""The wire: what comes in and goes out, as OpenAI's videos API has it, and ours beside it."""

from __future__ import annotations

import re
from typing import Any, Literal

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from soramame.errors import SizeError
from soramame.geometry import MAX_SECONDS, parse_size
from soramame.serve.tables import Character, Job

LONGEST_PROMPT = 32_000
LONGEST_URL = 20_971_520
LONGEST_BOARD = 65_536
"""Letters of a storyboard: it is kept with its video, and read whenever somebody looks after that."""
STATUSES = {"cancelled": "failed"}
"""How statuses that the official API does not know are shown."""
SHOWN = "source_prompt"
"""Field of a job without a prompt: that of the video that it is made from, for people to know it by."""


class Wire(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid")


class VideoError(Wire):
    """Why a video failed."""

    code: str
    message: str


class Video(Wire):
    """A video, made or in the making."""

    id: str
    object: Literal["video"] = "video"
    model: str
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: int = Field(ge=0, le=100)
    created_at: int
    completed_at: int | None
    expires_at: int | None
    prompt: str | None
    size: str
    seconds: str
    remixed_from_video_id: str | None
    error: VideoError | None
    seed: int | None = Field(description="Ours: what its noise was drawn from; null where nothing was drawn from one.")
    source_video_id: str | None = Field(description="Ours: the video of this server that it was made from, in any way.")


class VideoList(Wire):
    """A page of videos."""

    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VideoDeleted(Wire):
    """A video that is gone."""

    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: Literal[True] = True


class CharacterOut(Wire):
    """A character."""

    id: str
    object: Literal["character"] = "character"
    name: str
    created_at: int


class Model(Wire):
    """A model that is served."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelList(Wire):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


class ErrorBody(Wire):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class Failure(Wire):
    """The body of every answer that is not a success."""

    error: ErrorBody


class Asked(BaseModel):
    """What comes in: what is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        """No text that a database cannot hold."""
        if not _letters(value):
            raise ValueError("this has letters in it that are none: a zero, or half a pair")
        return value


def _letters(value: Any) -> bool:
    """Whether all texts in a value are such as can be written down."""
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or re.search("[\ud800-\udfff]", value) is None)
    if isinstance(value, dict):
        return all(_letters(name) and _letters(one) for name, one in value.items())
    return not isinstance(value, list | tuple) or all(map(_letters, value))


class Reference(Asked):
    """A picture by its address, which has to be a data URL: the server fetches nothing."""

    image_url: str | None = Field(None, max_length=LONGEST_URL)
    file_id: str | None = None


class VideoReference(Asked):
    """A video that was made here."""

    id: str = Field(max_length=200)


class CharacterReference(Asked):
    """A character that was made here."""

    id: str = Field(max_length=200)


def _or_text(field: dict[str, Any]) -> None:
    field["anyOf"].append({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"})


Prompt = str
Source = UploadFile | VideoReference


class Made(Asked):
    """What makes a video."""

    model: str | None = Field(None, max_length=200)


class Painted(Made):
    """What the official API does not have: how a video is painted. The model's own choice unless said."""

    steps: int | None = Field(None, ge=1, le=1000)
    guidance: float | None = Field(None, ge=0, le=50)
    negative: str | None = Field(None, max_length=LONGEST_PROMPT)
    solver: str | None = Field(None, max_length=40)


class Sampling(Painted):
    """With what its noise is drawn from; a number of the server's choice unless said."""

    seed: int | None = Field(None, ge=0, lt=2**63)


class Timed(Sampling):
    """With a length, which official clients send as text."""

    seconds: float | None = Field(None, gt=0, le=MAX_SECONDS, allow_inf_nan=False, json_schema_extra=_or_text)


class CreateVideo(Timed):
    """A video from a sentence, or from a sentence and a picture."""

    prompt: Prompt = Field(min_length=1, max_length=LONGEST_PROMPT)
    size: str | None = None
    input_reference: UploadFile | Reference | None = None
    last_image: UploadFile | Reference | None = None
    characters: list[CharacterReference] = Field(default=[], max_length=1)
    expand: Literal["auto", "off"] | None = None

    @field_validator("size")
    @classmethod
    def _size(cls, value: str | None) -> str | None:
        try:
            return None if value is None else str(parse_size(value))
        except SizeError as error:
            raise ValueError(str(error)) from error


class RemixVideo(Sampling):
    """A video that was made here, painted over for another prompt."""

    prompt: Prompt = Field(min_length=1, max_length=LONGEST_PROMPT)
    strength: float | None = Field(None, gt=0, le=1)


class EditVideo(RemixVideo):
    """The same of any video."""

    video: Source


class ExtendVideo(Timed):
    """A video that goes on, or with ``backward`` begins earlier."""

    video: Source
    prompt: Prompt | None = Field(None, max_length=LONGEST_PROMPT)
    backward: bool = False


class LoopVideo(Timed):
    """A video that leads back to its beginning."""

    video: Source
    prompt: Prompt | None = Field(None, max_length=LONGEST_PROMPT)


class BlendVideo(LoopVideo):
    """A video that turns into a second one."""

    second: Source
    strength: float | None = Field(None, gt=0, le=1)


class FillVideo(LoopVideo):
    """What happens between two videos, or the ``missing`` frames of one: ``[[first, last], …]``, counted from 0."""

    second: Source | None = None
    missing: list[tuple[int, int]] | None = Field(None, min_length=1, max_length=1000)


class InpaintVideo(RemixVideo):
    """A video painted anew where a mask is white."""

    video: Source
    mask: UploadFile | Reference


class CutVideo(Made):
    """What a video shows from ``start`` to ``end``, in seconds; the end is its own unless said. Nothing is painted."""

    video: Source
    start: float = Field(0.0, ge=0, allow_inf_nan=False)
    end: float | None = Field(None, gt=0, allow_inf_nan=False)

    @field_validator("end")
    @classmethod
    def _after(cls, end: float | None, told: ValidationInfo) -> float | None:
        if end is not None and end <= told.data.get("start", 0.0):
            raise ValueError("the end has to be after the start")
        return end

    @property
    def seconds(self) -> float | None:
        """How much is asked for."""
        return None if self.end is None else self.end - self.start


class StoryboardVideo(Painted):
    """A film of several shots: a storyboard in TOML, which says its seeds, and the pictures and clips that it names."""

    storyboard: str = Field(min_length=1, max_length=LONGEST_BOARD)
    files: list[UploadFile] = Field(default=[], max_length=64)


class CreateCharacter(Asked):
    """A character from a clip."""

    name: str = Field(min_length=1, max_length=80)
    video: UploadFile


def video(job: Job, *, size: str, seconds: float) -> Video:
    """A job as it is shown; ``size`` and ``seconds`` where it leaves them to the model."""
    return Video(
        id=job.id,
        model=job.model,
        status=STATUSES.get(job.status, job.status),  # type: ignore[arg-type]
        progress=job.progress,
        created_at=int(job.created),
        completed_at=None if job.completed is None or job.status != "completed" else int(job.completed),
        expires_at=None if job.expires is None else int(job.expires),
        prompt=job.prompt or job.fields.get(SHOWN),
        size=job.size or size,
        seconds=f"{seconds if job.seconds is None else job.seconds:g}",
        remixed_from_video_id=job.source_id if job.kind == "remix" else None,
        error=None if job.error is None else VideoError(**job.error),
        seed=job.fields.get("seed"),
        source_video_id=job.source_id,
    )


def character(row: Character) -> CharacterOut:
    """A character as it is shown."""
    return CharacterOut(id=row.id, name=row.name, created_at=int(row.created))
