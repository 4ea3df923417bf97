"""Writing SQLite's files anew, so that nothing of what was deleted is left in them."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy.engine.interfaces import DBAPICursor

from panel_app.core.db import BUSY_TIMEOUT, db

TRIES = 2
#: How long it waits for a reader in the way (milliseconds); the minute's round comes back.
PATIENCE = 1_000


def rewrite_sqlite() -> bool:
    """Write the database file anew and empty its log; False where another reader holds it."""
    for attempt in range(TRIES):
        connection = db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA query_only=OFF")
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            cursor.execute("VACUUM")
            if truncate_log(cursor):
                return True
        except sqlite3.OperationalError:
            pass
        finally:
            connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            connection.close()
        time.sleep(0.1 * (attempt + 1))
    return False


def truncate_log(cursor: DBAPICursor) -> bool:
    """Copy SQLite's log into the file and cut it to nothing; False where a reader holds it."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy = cursor.fetchone()
    return busy is not None and not busy[0]
