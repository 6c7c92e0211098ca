"""Runs the steps on the connection that :mod:`soramame.serve.migrate` hands over."""

from __future__ import annotations

from alembic import context

from soramame.serve.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
