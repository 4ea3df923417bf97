"""A borough grown large: rows of the demo's, written again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, insert, select

from panel_app.core import ids
from panel_app.core.db import Base, db

#: How many rows one statement writes.
_AT_ONCE = 1_000
#: Columns that must differ from row to row, and what makes them do so from a number.
_OWN: dict[str, Any] = {
    "public_id": lambda _n: ids.public_id(),
    "reference": lambda n: n,
    "position": lambda n: n,
    "number": lambda n: n,
    "code": lambda _n: ids.code(),
    "token_digest": lambda n: f"{n:064d}",
    "member_id": lambda _n: None,
}


def grow(table_name: str, to: int, **changed: Any) -> list[int]:
    """Write a table's last row again until it holds `to` rows; return the new rows' ids.

    `changed` gives columns another value, or a list with one for each new row.
    """
    table = Base.metadata.tables[table_name]
    there = db.session.scalar(select(func.count()).select_from(table)) or 0
    pattern = db.session.execute(select(table).order_by(table.c.id.desc())).mappings().first()
    if pattern is None:
        raise LookupError(f"{table_name} has no row to copy")
    rows = [_copied(table, dict(pattern), n, changed) for n in range(max(0, to - there))]
    for first in range(0, len(rows), _AT_ONCE):
        db.session.execute(insert(table), rows[first : first + _AT_ONCE])
    newest = select(table.c.id).where(table.c.id > pattern["id"]).order_by(table.c.id)
    return list(db.session.scalars(newest))


def _copied(
    table: Table, pattern: dict[str, Any], n: int, changed: dict[str, Any]
) -> dict[str, Any]:
    """Return the row to write as the `n`th copy."""
    row = {name: value for name, value in pattern.items() if name != "id"}
    for name in row.keys() & _OWN.keys():
        row[name] = _OWN[name](10_000 + pattern["id"] + n)
    for name, value in changed.items():
        row[name] = value[n] if isinstance(value, list) else value
    return row


def grow_borough(*, people: int, applications: int, sessions: int, projects: int) -> None:
    """Let the demo's borough have so many of each; flush."""
    grow("person", people)
    cases = grow("case", applications, state="open", voting=False)
    grow(
        "application",
        len(cases) + _count("application"),
        case_id=cases,
        state="submitted",
    )
    grow("session", sessions, state="planned")
    grow("project", projects)
    db.session.flush()


def _count(table_name: str) -> int:
    table = Base.metadata.tables[table_name]
    return db.session.scalar(select(func.count()).select_from(table)) or 0
