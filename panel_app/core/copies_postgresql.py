"""Copies of a PostgreSQL database, by its own tools."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from panel_app.core import secret_mark
from panel_app.core.copies import BackupError, free_name

#: What our schema of a copy must hold, as `pg_restore --list` names it.
OURS = ("TABLE public audit_entry", "TABLE public alembic_version")


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """The PostgreSQL database at `url`; copies of what was there before go into `folder`."""

    url: URL
    folder: Path

    def __str__(self) -> str:
        return self._plain.render_as_string(hide_password=True)

    @property
    def _plain(self) -> URL:
        """The address without a password, as PostgreSQL's tools read it."""
        return self.url.set(drivername="postgresql", password=None)

    def copy(self, target: Path) -> None:
        """Write what one moment's transaction sees, compressed (pg_dump)."""
        self._call("pg_dump", "--format=custom", f"--file={target}", self._name)
        self._hold_ours(target)

    def hold_sound(self, source: Path) -> None:
        """Read the copy to its end, and ask whether our secret opens what is sealed in it."""
        self._hold_ours(source)
        rows = self._call(
            "pg_restore", "--data-only", f"--table={secret_mark.TABLE}", "--file=-", str(source)
        )
        if not secret_mark.fits_written(rows):
            raise BackupError(f"{source}: {secret_mark.NOT_OURS}")

    def put_back(self, source: Path) -> Path | None:
        """Copy what is there, then replace it in one transaction: all of it, or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        before = free_name(self.folder / "panel.dump")
        before.touch(mode=0o600)
        self._call("pg_dump", "--format=custom", f"--file={before}", self._name)
        # The whole schema goes: tables of a later release would hold on to those replaced.
        self._call(
            "sh", "-c",
            'pg_restore --no-owner --file=- "$1" | psql -qX1 -v ON_ERROR_STOP=1'
            ' -c "DROP SCHEMA public CASCADE" -c "CREATE SCHEMA public" -f - "$2"',
            "restore", str(source), self._name,
        )  # fmt: skip
        return before

    @property
    def _name(self) -> str:
        return self._plain.render_as_string()

    def _hold_ours(self, copy: Path) -> None:
        try:
            listed = self._call("pg_restore", "--list", str(copy))
            # Every byte is unpacked; what it says goes nowhere.
            self._call("pg_restore", "--file=/dev/null", str(copy))
        except BackupError as fault:
            raise BackupError(f"{copy} is damaged: {fault}") from fault
        if not all(table in listed for table in OURS):
            raise BackupError(f"{copy} is not a database of Panel App.")

    def _call(self, *command: str) -> str:
        """Run one of PostgreSQL's tools; return what it said. Raises BackupError."""
        environ = {
            **os.environ,
            "PGPASSWORD": self.url.password or os.environ.get("PGPASSWORD", ""),
        }
        try:
            done = subprocess.run(command, env=environ, capture_output=True, text=True)
        except OSError as fault:
            raise BackupError(
                f"{command[0]} can’t be run ({fault.strerror}): install PostgreSQL’s client tools."
            ) from fault
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise BackupError(f"{command[0]} failed: {said[0]}")
        return done.stdout
