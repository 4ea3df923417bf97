"""Copying the database while it is in use, and putting a copy back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from panel_app.core.db import BUSY_TIMEOUT, db

LEFT_OUT = (
    "The keys of open ballots are not in it, on purpose: with them a copy could tell whose paper"
    " is whose. A ballot that was open can go on only beside this machine's own keys."
)
POSTGRESQL = (
    "The database is PostgreSQL: its own tools copy it.\n"
    "  pg_dump --format=custom --file={file} {url}\n"
    "  pg_restore --clean --if-exists --dbname={url} {file}\n"
    "Keep the folder of ballot keys out of the copy."
)


class BackupError(Exception):
    """The copy could not be made or put back; the message says why, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished copy."""

    file: Path
    size: int
    #: Where the database was before that a restored copy replaced; None after a backup.
    replaced: Path | None = None

    def __str__(self) -> str:
        if self.replaced:
            return (
                f"Restored {self.file} ({self.size:,} bytes). Before: {self.replaced}\n"
                "Now: panel-app db upgrade, then panel-app check"
            )
        return f"Wrote {self.file} ({self.size:,} bytes), checked. {LEFT_OUT}"


def backup(app: Flask, target: Path) -> Copy:
    """Copy the database to `target` in one moment's state; writers go on meanwhile.

    The copy is compact (SQLite's VACUUM INTO): it holds nothing that was deleted. It is checked
    before it gets its name. Raises BackupError.
    """
    source = _database(app, target)
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name.")
    if not source.exists():
        raise BackupError(f"There is no database at {source}.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        with closing(_open(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _check(unfinished)
        unfinished.rename(target)
    except (OSError, sqlite3.Error) as fault:
        raise BackupError(f"The copy failed: {fault}") from fault
    finally:
        unfinished.unlink(missing_ok=True)
    return Copy(target, target.stat().st_size)


def restore(app: Flask, source: Path) -> Copy:
    """Put the copy `source` in place of the database; what was there is kept beside it.

    Raises BackupError where `source` is damaged or is no database of ours.
    """
    database = _database(app, source)
    _check(source)
    kept = _keep(app, database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        db.engine.dispose()
    try:
        with closing(_open(source)) as copy, closing(_open(database)) as place:
            copy.backup(place)
    except sqlite3.Error as fault:
        raise BackupError(f"The copy could not be put back: {fault}") from fault
    _check(database)
    return Copy(source, source.stat().st_size, replaced=kept)


def _keep(app: Flask, database: Path) -> Path | None:
    """Copy what is there now to a free name beside it."""
    if not database.exists():
        return None
    number = 1
    while (kept := database.with_name(f"{database.name}.before-{number}")).exists():
        number += 1
    return backup(app, kept).file


def _database(app: Flask, file: Path) -> Path:
    """Return where the SQLite database lies. Raises BackupError where it is PostgreSQL."""
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
        raise BackupError(POSTGRESQL.format(file=file, url=shown))
    return Path(url.database)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_TIMEOUT / 1000, isolation_level=None)


def _check(file: Path) -> None:
    """Raise BackupError where the file is damaged or holds something else."""
    try:
        with closing(_open(file)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as fault:
        raise BackupError(f"{file} is damaged: {fault}") from fault
    if faults != ["ok"]:
        raise BackupError(f"{file} is damaged: {faults[0]}")
    if not {"alembic_version", "audit_entry"} <= tables:
        raise BackupError(f"{file} is not a database of Panel App.")
