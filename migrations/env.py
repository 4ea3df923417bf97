"""How Alembic reaches the application's database and models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, DateTime, text
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


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite make a table anew that others point at; what they point at is looked at after.

    It drops the old table, which its foreign keys would refuse, and it can't change a constraint
    in another way. The switch does nothing inside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _hold_foreign_keys(connection: Connection) -> None:
    """Refuse a migration after which a row points at nothing."""
    if connection.dialect.name == "sqlite":
        lost = connection.execute(text("PRAGMA foreign_key_check")).all()
        if lost:
            raise RuntimeError(f"rows that point at nothing: {lost[:5]}")


def run() -> None:
    """Run the migrations on one connection, in one transaction."""
    with db.engine.connect() as connection, _tables_made_anew(connection):
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
            _hold_foreign_keys(connection)


run()
