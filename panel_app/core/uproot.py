"""Deleting a row with everything that hangs on it, whatever feature keeps it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select

from panel_app.core.db import Base, db


def uproot(root: type[Base], number: int) -> None:
    """Delete row `number` of `root`, every row that points to it, and those that point to these."""
    db.session.flush()
    top = Base.metadata.tables[root.__tablename__]
    doomed: dict[Table, ColumnElement[bool]] = {top: top.c.id == number}
    for table in Base.metadata.sorted_tables:
        which = _pointing(table, doomed) if table is not top else None
        if which is not None:
            doomed[table] = _named(table, which)
    for table, which in reversed(doomed.items()):
        db.session.execute(delete(table).where(which))
    db.session.expire_all()


def _pointing(
    table: Table, doomed: Mapping[Table, ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    """Return which rows of a table point to one that goes; None where the table points to none."""
    found = [
        and_(*(key.parent.in_(select(key.column).where(doomed[to])) for key in ties.elements))
        for ties in table.foreign_key_constraints
        if (to := ties.referred_table) in doomed
    ]
    return or_(*found) if found else None


def _named(table: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the same rows by their numbers, where they have some: others may point to them."""
    if "id" not in table.c:
        return which
    numbers = db.session.scalars(select(table.c.id).where(which)).all()
    return table.c.id.in_(numbers)
