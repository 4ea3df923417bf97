"""A PostgreSQL server of a test's own, whose every file can be read."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

#: Where Debian keeps the server's programs, the newest version last.
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
#: Nothing of the log is recycled, so that a thief finds all of it.
SETTINGS = "fsync=off\nwal_keep_size=4GB\nmax_wal_size=4GB\nautovacuum=off\n"


class Cluster:
    """A server in a folder that is deleted in the end; `with Cluster() as cluster`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cluster"))
        self.data = self.folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        #: PostgreSQL refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Cluster:
        self.run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"{SETTINGS}port={self.port}\nlisten_addresses='127.0.0.1'\n"
                f"unix_socket_directories=''\n"
            )
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program: str, *arguments: str, check: bool = True) -> str:
        """Run one of the server's programs as its user; return what it printed."""
        command = [str(PROGRAMS[-1] / program), *arguments]
        with (self.folder / f"{program}.out").open("w+") as out:
            done = subprocess.run(
                command, stdout=out, stderr=subprocess.STDOUT, user=self.user, cwd="/"
            )
            out.seek(0)
            printed = out.read()
        assert done.returncode == 0 or not check, printed
        return printed

    def dump(self) -> bytes:
        """Return a dump of the database as pg_dump writes it."""
        return self.run(
            "pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "postgres"
        ).encode()

    def position(self) -> str:
        """Return the place in the write-ahead log where the next record will stand."""
        ask = "select pg_current_wal_insert_lsn()"
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres")
        return self.run("psql", *where, "-qAtc", ask).strip()

    def log_before(self, position: str) -> set[str]:
        """Return the names of the log's files that end before a place (16 MiB each, timeline 1)."""
        high, low = (int(half, 16) for half in position.split("/"))
        first = f"{1:08X}{high:08X}{low >> 24:08X}"
        return {file.name for file in (self.data / "pg_wal").iterdir() if file.name < first}

    def log_records(self, start: str) -> str:
        """Return the write-ahead log from `start` as pg_waldump tells it; it ends complaining."""
        folder = str(self.data / "pg_wal")
        return self.run("pg_waldump", "-p", folder, "-s", start, check=False)
