"""The tables: jobs, characters, workers, and webhooks with what is still to be sent to them."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Boolean, Float, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up by itself in columns of this type only."""


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON,
        str: String(200),
        float: Float(53),
        bool: Boolean,
    }


class Job(Base):
    """One video: what is asked for, how far it is, and who works on it.

    ``number`` is the order in which jobs came. ``attempt`` counts who took it, and is the token that every write of a worker has to
    show: one that was thought dead cannot write any more. ``lost`` counts the workers that died over it. ``inputs`` and ``files`` are
    keys in the storage by what they are; nothing of them is kept after ``expires``.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("owner", "idempotency", name="uq_jobs_idempotency"),
        Index("ix_jobs_queue", "status", "priority", "number"),
        Index("ix_jobs_owner", "owner", "number"),
    )

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    owner: Mapped[str]
    kind: Mapped[str]
    model: Mapped[str]
    prompt: Mapped[str | None] = mapped_column(Text)
    size: Mapped[str | None]
    seconds: Mapped[float | None]
    fields: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    source_id: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    idempotency: Mapped[str | None]
    digest: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="queued")
    progress: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    preview: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None]
    created: Mapped[float]
    started: Mapped[float | None]
    completed: Mapped[float | None]
    expires: Mapped[float | None]
    error: Mapped[dict[str, Any] | None]
    files: Mapped[dict[str, Any] | None]


class Character(Base):
    """Somebody from a clip who can be in further ones."""

    __tablename__ = "characters"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    name: Mapped[str]
    clip: Mapped[str]
    created: Mapped[float]


class Worker(Base):
    """A process that paints, and what with; ``seen`` is when it was last heard of."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    facts: Mapped[dict[str, Any]]
    started: Mapped[float]
    seen: Mapped[float]


class Setting(Base):
    """A number by name that all processes share."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Webhook(Base):
    """An address that wants to hear of what happens to its owner's videos. ``old_secret`` signs too, until ``old_until``."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str]
    old_secret: Mapped[str | None]
    old_until: Mapped[float | None]
    event_types: Mapped[list[str]]
    created: Mapped[float]
    updated: Mapped[float]


class Delivery(Base):
    """An event that is still to be sent to a webhook; it is written with what it tells of, and gone when it has arrived."""

    __tablename__ = "deliveries"

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    event: Mapped[str]
    webhook_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    created: Mapped[float]
    tries: Mapped[int] = mapped_column(default=0)
    due: Mapped[float] = mapped_column(index=True)
