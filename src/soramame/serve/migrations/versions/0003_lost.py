"""How many workers were lost over a job: not every attempt is one, since a worker that is asked to end gives its job back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("lost")
