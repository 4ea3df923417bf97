"""How Alembic reaches the application's database and models."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import DateTime, text
from sqlalchemy.types import TypeDecorator

from panel_app.core.db import Base, db

context.config.set_main_option("sqlalchemy.url", str(db.engine.url))


def plain_type(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones beneath: a migration outlives the code."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item.impl, DateTime):
        return "sa.DateTime(timezone=True)"
    return f"sa.{type(item.impl).__name__}()"


def run() -> None:
    """Run the migrations on one connection, in one transaction."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # A change of the schema may take its time; it still waits for nobody's lock for long.
            connection.execute(text("SET statement_timeout = 0"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=plain_type,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
