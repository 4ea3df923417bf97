"""After a ballot's closing is committed: destroy its key, and rewrite the files it lay in.

Each step can be repeated, so a crash between any two is mended by calling `finish` again.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from panel_app.balloting.models import Ballot
from panel_app.core import key_files, logs
from panel_app.core.db import db, dialect_name
from panel_app.core.rewriting import rewrite_sqlite

_PENDING = "ballots_to_clean"
#: How often PostgreSQL is asked, a tenth of a second apart, whether older readers are gone.
LOOKS = 20


def after_commit(ballot: Ballot) -> None:
    """Finish the ballot's closing once the current transaction is committed."""
    db.session().info.setdefault(_PENDING, set()).add(ballot.id)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Finish once the connection is given back: the work below needs the write lock itself."""
    if transaction.parent is None:
        for ballot_id in session.info.pop(_PENDING, ()):
            finish(ballot_id)


def finish(ballot_id: int) -> bool:
    """Destroy a closed ballot's key and rewrite the files; return whether all is done.

    It looks at what is committed, through a connection of its own: the key of a ballot that may
    still be open is never touched. A disk that refuses is tried again every minute; whoever closed
    the ballot hears that it is closed.
    """
    with Session(db.engine) as session:
        ballot = session.get(Ballot, ballot_id)
        if ballot is None or ballot.state != "closed":
            return False
        if ballot.cleaned:
            return True
        public_id = ballot.public_id
    try:
        key_files.destroy(public_id)
        rewritten = _rewrite(ballot_id)
    except OSError as fault:
        logs.event("ballot.key_stays", ballot=public_id, fault=fault.strerror)
        return False
    if not rewritten:
        logs.event("ballot.cleaning_waits", ballot=public_id)
        return False
    with Session(db.engine) as session:
        session.execute(update(Ballot).where(Ballot.id == ballot_id).values(cleaned=True))
        session.commit()
    return True


def unfinished() -> list[int]:
    """Return the closed ballots (Ballot.id) whose cleaning was interrupted."""
    query = select(Ballot.id).where(Ballot.state == "closed", Ballot.cleaned.is_(False))
    return list(db.session.scalars(query))


def _rewrite(ballot_id: int) -> bool:
    return rewrite_sqlite() if dialect_name() == "sqlite" else rewrite_postgresql(ballot_id)


def rewrite_postgresql(ballot_id: int) -> bool:
    """Write the tables anew, without old row versions; False where an old reader still sees them.

    The server's own write-ahead log and its archives are the operator's to expire.
    """
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        try:
            if not _readers_gone(connection, ballot_id):
                return False
            for table in ("paper", "typed_paper", "turnout"):
                connection.execute(text(f"VACUUM (FULL) {table}"))
        except OperationalError:
            return False
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True


#: Whether anything still running may see the state before the closing: an older transaction
#: anywhere in the cluster, or a reader of this database. A rewrite would keep old rows for it.
_OLDER_READERS = """
    SELECT age((txid_snapshot_xmin(txid_current_snapshot()) % 4294967296)::text::xid)
           >= age(ballot.xmin)
        OR EXISTS (SELECT 1 FROM pg_stat_activity AS other
                   WHERE other.datname = current_database() AND other.pid <> pg_backend_pid()
                     AND age(other.backend_xmin) >= age(ballot.xmin))
    FROM ballot WHERE ballot.id = :ballot
"""


def _readers_gone(connection: Connection, ballot_id: int) -> bool:
    """Wait a little until nobody sees the sealed papers; return whether nobody does."""
    for _attempt in range(LOOKS):
        if not connection.scalar(text(_OLDER_READERS), {"ballot": ballot_id}):
            return True
        time.sleep(0.1)
    return False
