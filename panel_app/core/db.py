"""The database: one base for the models, and the rules by which SQLite and PostgreSQL are used."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, get_args

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Pool,
    Select,
    String,
    event,
    text,
)
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from panel_app.core import clock, ids
from panel_app.core.errors import NotFound
from panel_app.core.text import _

T = TypeVar("T")
Row = TypeVar("Row", bound="Base")

#: How long a writer waits for another (milliseconds), and how often it asks again.
BUSY_TIMEOUT = 5_000
BUSY_TRIES = 3

#: The writers of this process, by file: one at a time.
_lines: defaultdict[str | None, threading.Lock] = defaultdict(threading.Lock)
_LINE = "line"

#: Set while a request that may only read is served: the database then refuses to write.
read_only: ContextVar[bool] = ContextVar("read_only", default=False)


class Base(DeclarativeBase):
    """The base of every model; constraints are named, so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


#: Parameters stay out of error messages: they may hold names and contacts.
db = SQLAlchemy(metadata=Base.metadata, engine_options={"hide_parameters": True})


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("times are aware: use clock.now()")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC) if value else None


class Numbered:
    """A table whose rows have a number of their own inside the database."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


class Public(Numbered):
    """A table whose rows are named in addresses by a random identifier."""

    public_id: Mapped[str] = mapped_column(
        String(12), unique=True, default=ids.public_id, sort_order=-9
    )


class Dated:
    """A table whose rows remember when they were made."""

    created_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)


def one_of(column: str, allowed: Any) -> CheckConstraint:
    """Return a constraint that holds `column` to the strings of the Literal `allowed`."""
    values = ", ".join(f"'{value}'" for value in get_args(allowed))
    return CheckConstraint(f"{column} IN ({values})", name=column)


def found(row: T | None) -> T:
    """Return `row`, or raise NotFound in words that don't tell whether it exists elsewhere."""
    if row is None:
        raise NotFound(_("There is nothing here, or it is not yours to see."))
    return row


def one(query: Select[Row]) -> Row:
    """Return the only row of `query`. Raises NotFound where there is none."""
    return found(db.session.scalars(query).one_or_none())


def locked(row: Row) -> Row:
    """Return `row` as it is now, held against other writers until the transaction ends.

    Raises NotFound where somebody deleted it meanwhile.
    """
    try:
        # `of`: PostgreSQL can't lock what an outer join brought along.
        db.session.refresh(row, with_for_update={"of": type(row)})
    except InvalidRequestError:
        found(None)
    return row


def held_open(row: Base) -> None:
    """Hold `row` as it is now against whoever would close it; many may hold it at once.

    On SQLite this transaction alone may write, so what it has read is how things are.
    """
    if dialect_name() == "postgresql":
        db.session.refresh(row, with_for_update={"read": True})


def dialect_name() -> Literal["sqlite", "postgresql"]:
    """Return which database this is."""
    return "sqlite" if db.engine.dialect.name == "sqlite" else "postgresql"


@contextmanager
def reading() -> Iterator[None]:
    """Refuse writes to the database inside the block."""
    mark = read_only.set(True)
    try:
        yield
    finally:
        read_only.reset(mark)


def done_reading() -> None:
    """End a transaction that only read, and let the next one write; what was read stays as it is.

    Whoever asks who is asking does so before taking the write lock, so that people who send at
    once wait for each other's changes only.
    """
    session = db.session()
    session.expire_on_commit = False
    session.commit()
    session.expire_on_commit = True
    read_only.set(False)


@event.listens_for(Engine, "connect")
def _set_up(connection: Any, record: Any) -> None:
    """Make SQLite durable, patient and strict about foreign keys, with transactions of ours."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for rule in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {rule}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Start a reader without, and a writer with, the write lock."""
    if connection.dialect.name == "sqlite":
        _begin_sqlite(connection)
    elif read_only.get():
        connection.execute(text("SET TRANSACTION READ ONLY"))


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA query_only={'ON' if read_only.get() else 'OFF'}")
    if read_only.get():
        driver.execute("BEGIN")
        return
    _stand_in_line(connection)
    for attempt in range(1, BUSY_TRIES + 1):
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            if attempt == BUSY_TRIES:
                raise OperationalError("BEGIN IMMEDIATE", None, fault) from fault
            time.sleep(0.05 * attempt)
        else:
            return


def _stand_in_line(connection: Connection) -> None:
    """Wait until no other thread of this process writes; another process's lock comes after.

    SQLite lets those who wait sleep for up to a tenth of a second, and whoever looks first wins;
    in line, the next goes on at once. It is only manners: the lock itself is SQLite's.
    """
    record = connection.connection.record_info
    line = _lines[connection.engine.url.database]
    if record is not None and _LINE not in record and line.acquire(timeout=BUSY_TIMEOUT / 1000):
        record[_LINE] = line


@event.listens_for(Pool, "checkin")
def _leave_line(connection: Any, record: ConnectionPoolEntry) -> None:
    line = (record.record_info or {}).pop(_LINE, None)
    if line is not None:
        line.release()
