"""Copies of a SQLite file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from panel_app.core import secret_mark
from panel_app.core.copies import BackupError, free_name
from panel_app.core.db import BUSY_TIMEOUT

#: What SQLite keeps beside a file: its log, and the index of that.
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class SQLite:
    """The SQLite database in `file`."""

    file: Path

    def __str__(self) -> str:
        return str(self.file)

    def copy(self, target: Path) -> None:
        """Write a compact copy (VACUUM INTO): it holds nothing that was deleted."""
        if not self.file.exists():
            raise BackupError(f"There is no database at {self.file}.")
        try:
            with closing(_open(self.file)) as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as fault:
            raise BackupError(f"{self.file} can’t be copied: {fault}") from fault
        self.hold_sound(target)

    def hold_sound(self, source: Path) -> None:
        """Look at every page, at whose database it is, and whether our secret opens it."""
        try:
            with closing(_open(source)) as connection:
                faults = [row[0] for row in connection.execute("PRAGMA integrity_check")]
                tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError as fault:
            raise BackupError(f"{source} is damaged: {fault}") from fault
        if faults != ["ok"]:
            raise BackupError(f"{source} is damaged: {faults[0]}")
        if not {"alembic_version", "audit_entry"} <= tables:
            raise BackupError(f"{source} is not a database of Panel App.")
        if not secret_mark.fits(f"sqlite:///{source}"):
            raise BackupError(f"{source}: {secret_mark.NOT_OURS}")

    def put_back(self, source: Path) -> Path | None:
        """Move what is there aside unopened, it may be damaged; then take the copy's place."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = self.file.with_name(f".{self.file.name}.arriving")
        before = free_name(self.file) if self.file.exists() else None
        try:
            arriving.unlink(missing_ok=True)
            arriving.touch(mode=0o600)
            shutil.copyfile(source, arriving)
            for end in ("", *BESIDE):
                old = self.file.with_name(self.file.name + end)
                if before is not None and old.exists():
                    old.rename(before.with_name(before.name + end))
                old.unlink(missing_ok=True)
            arriving.rename(self.file)
        except OSError as fault:
            raise BackupError(f"The copy could not be put back: {fault}") from fault
        return before


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_TIMEOUT / 1000, isolation_level=None)
