"""What would go wrong here: schema, settings, catalogues, the log, file permissions."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from panel_app.config import Settings
from panel_app.core import audit, catalogues, finality, jobs, schema, secret_mark
from panel_app.core.db import db, reading
from panel_app.core.feature import offered

#: What every connection to SQLite is set to (db.py); `synchronous` 2 is FULL.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; a serious one must be put right first."""

    what: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{'Fault' if self.serious else 'Note'}: {self.what}"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a feature offers to look for; called where the schema is this release's."""

    look: Callable[[], Iterable[Finding]]


def check(app: Flask, *, deep: bool = False) -> list[Finding]:
    """Look at everything; return what was found, nothing where all is well.

    With `deep` every sealed row is opened, which takes about a minute for a million of them.
    """
    settings: Settings = app.extensions["settings"]
    found = [*_settings(settings), *_private(settings.data_dir, settings.ballot_keys)]
    found += [*_catalogues(settings.languages), *_queue(app)]
    with app.app_context(), reading():
        try:
            found += _database(deep)
        except SQLAlchemyError as fault:
            found.append(Finding(f"The database does not answer: {fault.__class__.__name__}"))
        finally:
            db.session.remove()
    return found


def _settings(settings: Settings) -> Iterator[Finding]:
    if not settings.production:
        yield Finding(
            "PANEL_ENV is not production: fit for trying out, not for residents’ data", False
        )
    elif settings.database_url.startswith("sqlite"):
        yield Finding("SQLite serves one machine; use PostgreSQL for several", False)
    if settings.secure_cookies and not settings.trusted_proxies:
        yield Finding(
            "PANEL_PUBLIC_URL is https and PANEL_TRUSTED_PROXIES is 0: set it to the number of"
            " proxies in front",
            False,
        )
    redis = urlsplit(settings.redis_url)
    if redis.hostname and not redis.password:
        yield Finding(
            "Redis has no password: whoever reaches its port can read hints and queue work",
            redis.hostname not in {"127.0.0.1", "::1", "localhost"},
        )


def _queue(app: Flask) -> Iterator[Finding]:
    fault = jobs.fault(app)
    if fault:
        yield Finding(fault)


def _private(data: Path, keys: Path) -> Iterator[Finding]:
    """Hold the data folder and the ballots' keys to their owner alone."""
    for place in [data, keys, *sorted(keys.glob("*"))]:
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & 0o077:
            yield Finding(f"{place} can be read by others: chmod go= {place}")


def _catalogues(languages: tuple[str, ...]) -> Iterator[Finding]:
    template = catalogues.extract()["resident"]
    for language in languages:
        faults = [] if language == "en" else list(catalogues.faults(language, "resident", template))
        if faults:
            yield Finding(
                f"{language}: {len(faults)} messages for residents are missing or broken, first:"
                f" {faults[0]}"
            )


def _database(deep: bool) -> Iterator[Finding]:
    with db.engine.connect() as connection:
        pending = schema.pending(connection)
        if pending:
            yield Finding(f"The schema is behind ({pending}): panel-app db upgrade")
            return
        if connection.dialect.name == "sqlite":
            yield from _sqlite(connection)
        yield from _sealed(connection, deep)
    for probe in offered(Probe):
        yield from probe.look()
    unlisted = len(finality.missing())
    if unlisted:
        yield Finding(
            f"{unlisted} final acts are not on the list beside the ballot keys: a restored copy"
            " would undo them. The job process writes them down within a minute"
        )
    entries, broken = audit.verify()
    if broken is not None:
        yield Finding(f"The audit log is broken at entry {broken} of {entries}")


def _sealed(connection: Connection, deep: bool) -> Iterator[Finding]:
    if not secret_mark.fits_on(connection):
        yield Finding(secret_mark.NOT_OURS)
    elif deep:
        for fault in secret_mark.unopened(connection):
            yield Finding(
                f"{fault.unopened} of {fault.rows} sealed rows of {fault.table} don’t open:"
                " they were altered, or sealed by another secret"
            )


def _sqlite(connection: Connection) -> Iterator[Finding]:
    for name, wanted in PRAGMAS.items():
        value = connection.scalar(text(f"PRAGMA {name}"))
        if value != wanted:
            yield Finding(f"SQLite’s {name} is {value}, not {wanted}")
    for fault in connection.scalars(text("PRAGMA integrity_check")):
        if fault != "ok":
            yield Finding(f"The database is damaged: {fault}")
    for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        yield Finding(f"Row {row} of {table} points to nothing in {parent}")
