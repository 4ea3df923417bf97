"""Rows that are written once, or in place of an older one: one statement, so that two can't race.

The databases spell it alike and the library keeps it with each of them. Statements are made once:
making one takes longer than running it, and a hall answers within a minute.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from panel_app.core.db import Base, db, dialect_name


def insert(model: type[Base]) -> sqlite.Insert:
    """Return this database's own insert, which knows what to do about a row that is there."""
    table = cast(Table, model.__table__)
    if dialect_name() == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)


def write_once(model: type[Base], row: dict[str, Any]) -> bool:
    """Insert a row; return False where there is one already."""
    return db.session.scalar(_once(dialect_name(), model), row) is not None


def keep_newest(
    model: type[Base], *, whose: dict[str, Any], answer: dict[str, Any], fresh: dict[str, Any]
) -> Row[Any] | None:
    """Insert somebody's answer, or put it in place of one with a lower `counter`.

    `whose` is what two answers can't share, `fresh` what only a new row takes. Return `answer` and
    `fresh` as they are stored, or None where an answer is there that is as new.
    """
    statement = _newest(dialect_name(), model, tuple(whose), tuple(answer), tuple(fresh))
    return db.session.execute(statement, {**fresh, **whose, **answer}).one_or_none()


@cache
def _once(dialect: str, model: type[Base]) -> ReturningInsert[Any]:
    key = model.__table__.primary_key
    return insert(model).on_conflict_do_nothing().returning(*key)


@cache
def _newest(
    dialect: str,
    model: type[Base],
    whose: tuple[str, ...],
    answer: tuple[str, ...],
    fresh: tuple[str, ...],
) -> ReturningInsert[Any]:
    adding, columns = insert(model), model.__table__.c
    return adding.on_conflict_do_update(
        index_elements=whose,
        set_={name: adding.excluded[name] for name in answer},
        where=columns.counter < adding.excluded.counter,
    ).returning(*(columns[name] for name in (*answer, *fresh)))
