"""The first tables: jobs, characters, workers, webhooks and what is to be sent to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.String(200)


def upgrade() -> None:
    """Forwards."""
    _jobs()
    op.create_table(
        "characters",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("owner", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("clip", NAME, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
    )
    op.create_table(
        "workers",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("model", NAME, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("started", sa.Float(53), nullable=False),
        sa.Column("seen", sa.Float(53), nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("owner", NAME, nullable=False, index=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", NAME, nullable=False),
        sa.Column("old_secret", NAME),
        sa.Column("old_until", sa.Float(53)),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("updated", sa.Float(53), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("event", NAME, nullable=False),
        sa.Column("webhook_id", NAME, nullable=False, index=True),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(53), nullable=False, index=True),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", NAME, nullable=False, unique=True),
        sa.Column("owner", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("model", NAME, nullable=False),
        sa.Column("prompt", sa.Text()),
        sa.Column("size", NAME),
        sa.Column("seconds", sa.Float(53)),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("source_id", NAME),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("idempotency", NAME),
        sa.Column("digest", NAME),
        sa.Column("status", NAME, nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("preview", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_owner", NAME),
        sa.Column("lease_until", sa.Float(53)),
        sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("started", sa.Float(53)),
        sa.Column("completed", sa.Float(53)),
        sa.Column("expires", sa.Float(53)),
        sa.Column("error", sa.JSON()),
        sa.Column("files", sa.JSON()),
        sa.UniqueConstraint("owner", "idempotency", name="uq_jobs_idempotency"),
    )
    op.create_index("ix_jobs_queue", "jobs", ["status", "priority", "number"])
    op.create_index("ix_jobs_owner", "jobs", ["owner", "number"])


def downgrade() -> None:
    """Backwards."""
    for table in ("deliveries", "webhooks", "workers", "characters", "jobs"):
        op.drop_table(table)
