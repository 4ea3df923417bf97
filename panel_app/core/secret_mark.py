"""A keyed fingerprint of PANEL_SECRET_KEY in the database: a wrong or lost secret is noticed."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, String, Table, create_engine, func, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core import crypto
from panel_app.core.db import Base, db

NOT_OURS = (
    "PANEL_SECRET_KEY is not the one that sealed what is in this database; applications, contacts"
    " and messages don’t open with it. Set the secret that was in use when it was made."
)


class SecretMark(Base):
    """The one row that says which secret this database belongs to."""

    __tablename__ = "secret_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: HMAC-SHA-256 under a key derived from the secret; it tells nothing of either.
    mark: Mapped[str] = mapped_column(String(64))


TABLE = SecretMark.__tablename__
#: Rows of each table that are tried where there is no mark.
SAMPLE = 20
_MARK = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Unopened:
    """How many of a table's sealed rows our secret does not open."""

    table: str
    unopened: int
    rows: int


def remember() -> None:
    """Write the mark down where there is none, and what is sealed opens with our secret."""
    connection = db.session.connection()
    if db.session.get(SecretMark, 1) is None and _opens_some(connection):
        db.session.add(SecretMark(id=1, mark=_ours()))
        db.session.flush()


def fits(url: str) -> bool:
    """Whether our secret belongs to the database at `url`."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return fits_on(connection)
    finally:
        engine.dispose()


def fits_on(connection: Connection) -> bool:
    """Whether our secret belongs to this database: by its mark, or by what it opens."""
    if inspect(connection).has_table(TABLE):
        written = connection.scalar(select(SecretMark.mark))
        if written is not None:
            return hmac.compare_digest(written, _ours())
    return _opens_some(connection)


def fits_written(rows: str) -> bool:
    """Whether our secret belongs to a copy, by what its table of the mark holds, as text."""
    found = _MARK.findall(rows)
    return not found or _ours() in found


def unopened(connection: Connection) -> Iterator[Unopened]:
    """Find the tables with sealed rows that don't open."""
    for table in _sealed_tables(connection):
        opened = list(_tried(connection, table))
        if not all(opened):
            yield Unopened(table.name, opened.count(False), len(opened))


def _opens_some(connection: Connection) -> bool:
    """Whether one of the first sealed rows opens, or there is none."""
    tables = _sealed_tables(connection)
    tried = [opens for table in tables for opens in _tried(connection, table, at_most=SAMPLE)]
    return any(tried) or not tried


def _tried(connection: Connection, table: Table, at_most: int | None = None) -> Iterator[bool]:
    """Try to open a table's rows; one whose key was forgotten is erased, not damaged."""
    query = select(table.c.person_key, table.c.sealed).limit(at_most)
    rows = connection.execute(query.where(func.length(table.c.person_key) > 0))
    for row in rows.yield_per(1_000):
        yield _opens(row.sealed, row.person_key)


def _sealed_tables(connection: Connection) -> list[Table]:
    """Return the tables of this database that keep sealed rows with their keys."""
    both, present = {"person_key", "sealed"}, set(inspect(connection).get_table_names())
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name in present and both <= set(table.columns.keys())
    ]


def _opens(sealed: bytes | None, person_key: bytes) -> bool:
    if not sealed:
        return True
    try:
        crypto.unseal(sealed, person_key)
    except (InvalidTag, ValueError):
        return False
    return True


def _ours() -> str:
    return hmac.digest(crypto.master_key("mark"), b"panel-app", hashlib.sha256).hex()
