"""After an erasure is committed: rewrite the files that it lay in; a repeat mends a crash."""

from __future__ import annotations

import time

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from panel_app.core import audit, logs
from panel_app.core.audit import AuditEntry
from panel_app.core.db import Base, db, dialect_name
from panel_app.core.feature import offered
from panel_app.core.holdings import Holder
from panel_app.core.rewriting import rewrite_sqlite

#: What makes a rewriting due, and what says that it was done.
DUE, DONE = ("person.erased", "database.restored"), "erasure.cleaned"
#: How often PostgreSQL is asked, a tenth of a second apart, whether older readers are gone.
LOOKS = 20
_OLDER_READERS = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND age(backend_xmin) >= age(CAST(:mark AS text)::xid))"
)


def clean() -> None:
    """Rewrite the files where something was erased since they last were; commits."""
    newest = _newest(*DUE)
    if newest <= _newest(DONE):
        return
    db.session.rollback()
    rewritten = rewrite_sqlite() if dialect_name() == "sqlite" else _rewrite_postgresql()
    if not rewritten:
        logs.event("erasure.cleaning_waits")
        return
    audit.record(DONE, actor="system", subject="system", up_to=newest)
    db.session.commit()


def _newest(*actions: str) -> int:
    query = select(func.max(AuditEntry.number)).where(AuditEntry.action.in_(actions))
    return db.session.scalar(query) or 0


def _rewrite_postgresql() -> bool:
    """Write the tables that hold people anew; the write-ahead log is the operator's to expire."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mark = str(connection.scalar(text("SELECT txid_current() % 4294967296")))
        for _look in range(LOOKS):
            if not connection.scalar(_OLDER_READERS, {"mark": mark}):
                break
            time.sleep(0.1)
        else:
            return False
        connection.execute(text("SET lock_timeout = '5s'"))
        try:
            for table in _tables():
                connection.execute(text(f'VACUUM (FULL) "{table}"'))
        except OperationalError:
            return False
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True


def _tables() -> list[str]:
    """Return the tables that hold something about people, and the kept results of sessions."""
    places = (place for holder in offered(Holder) for place in holder.places)
    named = {column.partition(".")[0] for place in places for column in place.columns}
    return sorted({*named, "agenda_item"} & set(Base.metadata.tables))
