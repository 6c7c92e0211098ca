"""The wire beside the videos: moderations, provenance, webhooks, and what operators look at."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from soramame.serve.schema import Video, Wire


class Moderated(Wire):
    """What the policy makes of a text. All three tables have the same names."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[str]]


class Moderation(Wire):
    """The same for each text, or for all parts together."""

    id: str
    model: str
    results: list[Moderated]


class Ingredient(Wire):
    """A source, and the state that whoever signed found it in."""

    title: str
    relationship: str
    state: str
    reason: str
    ingredients: list[Ingredient]


class Act(Wire):
    """Something that was done, as whoever signed tells it; empty texts where nothing is told."""

    name: str
    agent: str
    model: str
    source_type: str
    when: str


class ByCredentials(Wire):
    """What Content Credentials say. All behind ``generated_at`` is ours."""

    type: Literal["c2pa"]
    outcome: Literal["detected", "not_detected"]
    validation_state: Literal["trusted", "valid", "invalid", "not_present"]
    issuer: str | None
    model: str | None
    generated_at: str | None
    reason: str
    what: list[str]
    signer: str
    time_stamped: bool
    title: str
    generator: str
    task: str
    actions: list[Act]
    beside: bool
    recipe: dict[str, Any] | None
    recipe_reason: str | None
    ingredients: list[Ingredient]


class Marked(Wire):
    """Frames that lie together, ``first`` counted from the second ``at``, and the mark in them."""

    at: float
    first: int
    frames: int
    payload: str | None
    also: list[str]
    key_id: str | None
    confidence: float | None
    scale: float | None
    angle: float | None
    mirrored: bool | None


class ByWatermark(Wire):
    """What the pixels say."""

    type: Literal["watermark"]
    outcome: Literal["detected", "not_detected"]
    payloads: list[str]
    confidence: float | None
    frames_read: int
    frames_marked: int
    segments: list[Marked]
    unread: str | None


class ByDetector(Wire):
    """What it looks like, which is the weakest evidence."""

    type: Literal["detector"]
    outcome: Literal["detected", "not_detected", "unsure", "not_asked"]
    answer: str | None
    score: float | None
    reason: str


class ByAll(Wire):
    """What all of it comes to."""

    type: Literal["verdict"]
    outcome: str
    reason: str


class Provenance(Wire):
    """What can be said of where a file comes from."""

    object: Literal["content_provenance_check"]
    created_at: int
    results: list[ByCredentials | ByWatermark | ByDetector | ByAll]


class EventTypes(Wire):
    """What can be heard of."""

    object: Literal["list"]
    data: list[str]


class WebhookOut(Wire):
    """An address that is told."""

    id: str
    object: Literal["webhook_endpoint"]
    created_at: int
    updated_at: int
    event_types: list[str]
    name: str
    url: str
    signing_secret_hint: str


class WebhookSecret(WebhookOut):
    """With the secret, which is shown this once."""

    signing_secret: str


class WebhookList(Wire):
    """A page of them."""

    object: Literal["list"]
    data: list[WebhookOut]
    first_id: str | None
    last_id: str | None
    has_more: bool


class WebhookDeleted(Wire):
    """One that is gone."""

    id: str
    object: Literal["webhook_endpoint.deleted"]
    deleted: Literal[True]


class WebhookTried(Wire):
    """What an address answered to a test."""

    object: Literal["webhook_endpoint.test"]
    event_type: str
    status_code: int
    success: bool
    webhook_endpoint_id: str


class ProgressData(Wire):
    """How far a video is. ``queue_position`` counts those before it, 0 when it is made."""

    progress: int = Field(ge=0, le=100)
    step: int
    steps: int
    queue_position: int = Field(ge=0)
    status: Literal["queued", "in_progress", "completed", "failed"]


class PreviewData(Wire):
    """What it looks like by now is at ``url``."""

    number: int
    url: str


class DoneData(Wire):
    """What became of it."""

    video: Video


class Ready(Wire):
    """Whether a video that is asked for now would be made."""

    ready: bool
    workers: int = Field(ge=0)
