"""Whether the database has this release's schema."""

from __future__ import annotations

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection


def pending(connection: Connection) -> str:
    """Return the revision that the database lacks, or an empty text."""
    newest = _newest(current_app.extensions["migrate"].directory)
    return "" if MigrationContext.configure(connection).get_current_revision() == newest else newest


@cache
def _newest(folder: str) -> str:
    return ScriptDirectory(folder).get_current_head() or ""
