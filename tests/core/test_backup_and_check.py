"""A copy can be put back, a damaged one is refused, and `check` names what is wrong."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from panel_app.core import audit, check
from panel_app.core.backup import backup, restore
from panel_app.core.copies import BackupError
from panel_app.core.db import db
from tests.conftest import POSTGRESQL
from tests.core.test_audit import write

sqlite_only = pytest.mark.skipif(bool(POSTGRESQL), reason="about SQLite's files")


def test_copy_brings_back_what_was_there(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        write(3)
        head = audit.head()
    made = backup(app, tmp_path / "copies" / "panel.copy")
    assert made.size > 10_000
    assert made.file.stat().st_mode & 0o077 == 0
    assert "keys of open ballots are not in it" in str(made)
    with app.app_context():
        write(2)
    put_back = restore(app, made.file)
    with app.app_context():
        assert audit.head() == head
        assert audit.verify() == (3, None)
        write(1)
    assert put_back.replaced is not None
    if POSTGRESQL:
        return
    with sqlite3.connect(put_back.replaced) as before:
        assert before.execute("SELECT count(*) FROM audit_entry").fetchone() == (5,)
    before.close()


@sqlite_only
def test_copy_is_made_while_a_writer_is_at_work(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        write(1)
        audit.record("x", actor="system", subject="not yet committed")
        made = backup(app, tmp_path / "copy")
        db.session.commit()
    with sqlite3.connect(made.file) as copy:
        assert copy.execute("SELECT count(*) FROM audit_entry").fetchone() == (1,)
    copy.close()


def test_copy_holds_nothing_that_was_deleted(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        audit.record("x", actor="system", subject="canary")
        db.session.commit()
        db.session.execute(text("DELETE FROM audit_entry"))
        db.session.commit()
    made = backup(app, tmp_path / "copy")
    assert b"canary" not in made.file.read_bytes()


def test_nothing_is_written_over(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        backup(app, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


@sqlite_only
@pytest.mark.parametrize("place", [0, 5_000, 20_000])
def test_damaged_copy_is_refused(app: Flask, tmp_path: Path, place: int) -> None:
    with app.app_context():
        write(2)
    copy = backup(app, tmp_path / "copy").file
    content = bytearray(copy.read_bytes())
    content[place : place + 4_000] = b"\xff" * 4_000
    copy.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore(app, copy)
    with app.app_context():
        assert audit.verify() == (2, None)


@sqlite_only
def test_other_database_is_refused(app: Flask, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    other.close()
    with pytest.raises(BackupError, match="not a database of Panel App"):
        restore(app, tmp_path / "other")


def serious(app: Flask) -> str:
    # Catalogues are complete only when a release is; everything else must always hold.
    found = [f for f in check.check(app) if f.serious and "messages for residents" not in f.what]
    return "\n".join(str(f) for f in found)


def test_sound_deployment_has_no_faults(app: Flask) -> None:
    with app.app_context():
        write(2)
    assert serious(app) == ""


def test_schema_that_is_behind_is_found(app: Flask) -> None:
    with app.app_context():
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
        try:
            assert "panel-app db upgrade" in serious(app)
        finally:
            back = text("UPDATE alembic_version SET version_num = :revision")
            db.session.execute(back, {"revision": revision})
            db.session.commit()


def test_broken_log_is_found(app: Flask) -> None:
    with app.app_context():
        write(3)
        db.session.execute(text("UPDATE audit_entry SET actor = 'x' WHERE number = 2"))
        db.session.commit()
    assert "broken at entry 2 of 3" in serious(app)


def test_keys_that_others_can_read_are_found(app: Flask) -> None:
    folder = app.extensions["settings"].ballot_keys
    folder.mkdir(mode=0o700)
    (folder / "abc").touch()
    (folder / "abc").chmod(0o644)
    assert re.search(r"keys/abc can be read by others", serious(app))
    (folder / "abc").chmod(0o600)
    assert serious(app) == ""


def test_silent_database_is_found(app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, environment="production")
    with app.app_context():
        if not POSTGRESQL:
            file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
            db.engine.dispose()
            file.unlink()
            file.mkdir()
            assert "does not answer" in serious(app)
            file.rmdir()
