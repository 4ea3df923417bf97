"""Copying database and files while they are in use, and putting a copy back, for both databases."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from flask_migrate import upgrade

from panel_app.config import Settings
from panel_app.core import files, finality, secret_mark
from panel_app.core.copies import BackupError, Database
from panel_app.core.copies_postgresql import PostgreSQL
from panel_app.core.copies_sqlite import SQLite
from panel_app.core.db import db

LEFT_OUT = (
    "The keys of open ballots are not in it, on purpose: with them a copy could tell whose paper"
    " is whose. A ballot that was open can go on only beside this machine's own keys.\n"
    "Nor is PANEL_SECRET_KEY: without it nothing sealed opens again."
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished copy; SHA-256 sums lie beside it, as `sha256sum --check` reads them."""

    file: Path
    size: int
    #: The archive of the files that people sent; None where nobody sent any.
    files: Path | None = None

    def __str__(self) -> str:
        beside = f" The files that people sent: {self.files}." if self.files else ""
        return f"Wrote {self.file} ({self.size:,} bytes), checked.{beside} {LEFT_OUT}"


@dataclass(frozen=True, slots=True)
class Restored:
    """A copy that was put back."""

    file: Path
    size: int
    #: Where the database is that serves from now on.
    place: str
    #: Where the database is that was there before; None where there was none.
    replaced: Path | None
    #: What has become final after the copy was made, and what of it could not be kept.
    kept: finality.Kept

    def __str__(self) -> str:
        before = f" Before: {self.replaced}" if self.replaced else ""
        lines = [f"Restored {self.file} to {self.place} ({self.size:,} bytes).{before}"]
        return "\n".join([*lines, *self.kept.sentences(), "Now: panel-app check"])


def backup(app: Flask, target: Path) -> Copy:
    """Copy the database to `target` in one moment's state; writers go on meanwhile.

    The files that its rows name are copied after it, into an archive beside it. The copy is for its
    owner alone and holds nothing that was deleted. It is checked before it gets its name; a copying
    that is killed leaves nothing behind. Raises BackupError.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _vanishing(target.parent) as folder:
            unfinished, archive = folder / target.name, folder / files_of(target).name
            unfinished.touch(mode=0o600)
            with app.app_context():
                _database(app).copy(unfinished)
                made = [unfinished, *([archive] if files.pack(archive) else [])]
            sum_of(target).write_text("".join(f"{_sha256(one)}  {one.name}\n" for one in made))
            for one in reversed(made):
                one.rename(target.with_name(one.name))
    except OSError as fault:
        for beside in (sum_of(target), files_of(target)):
            beside.unlink(missing_ok=True)
        raise BackupError(f"The copy failed: {fault}") from fault
    return Copy(target, target.stat().st_size, files_of(target) if len(made) > 1 else None)


def restore(app: Flask, source: Path, *, actor: str = "system") -> Restored:
    """Put the copy `source` in place of the database; what was there is kept, unopened on SQLite.

    What became final after the copy was made stays final. Raises BackupError, and changes
    nothing, where the copy is damaged, is no database of ours, or was sealed by another secret.
    """
    _hold_to_sum(source)
    with app.app_context():
        database = _database(app)
        database.hold_sound(source)
        db.session.remove()
        db.engine.dispose()
        before = database.put_back(source)
        if files_of(source).exists():
            files.unpack(files_of(source))
        upgrade()
        secret_mark.remember()
        kept = finality.keep(actor)
        db.session.commit()
        db.session.remove()
    return Restored(source, source.stat().st_size, str(database), before, kept)


def sum_of(file: Path) -> Path:
    """Return where the SHA-256 of a copy and of its files lies."""
    return file.with_name(f"{file.name}.sha256")


def files_of(file: Path) -> Path:
    """Return where the archive lies with the files that people sent."""
    return file.with_name(f"{file.name}.files.tar")


def _database(app: Flask) -> Database:
    url = db.engine.url
    settings: Settings = app.extensions["settings"]
    if url.get_backend_name() == "sqlite":
        return SQLite(Path(url.database or ""))
    return PostgreSQL(url, settings.data_dir)


def _hold_to_sum(source: Path) -> None:
    """Raise BackupError where the copy or its files are not what the sums beside them say."""
    place = sum_of(source)
    sums = [line.split()[0] for line in place.read_text().splitlines()] if place.exists() else []
    for file, wanted in zip((source, files_of(source)), sums, strict=False):
        if not file.exists():
            raise BackupError(f"{file} is missing: it was made with {source}, and lay beside it.")
        if _sha256(file) != wanted:
            raise BackupError(f"{file} is damaged: its SHA-256 is not the one in {place}.")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _vanishing(parent: Path) -> Iterator[Path]:
    """Give a folder that goes however this process ends: a shell waits for that, and sweeps."""
    folder = Path(mkdtemp(prefix=".unfinished-", dir=parent))
    sweep = ["/bin/sh", "-c", 'cat; rm -rf -- "$1"', "sweep", str(folder)]
    with subprocess.Popen(sweep, stdin=subprocess.PIPE, start_new_session=True):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
