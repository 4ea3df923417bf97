"""Files that people send lie sealed in the data folder, and go with the rows that name them."""

from __future__ import annotations

import os
import stat
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock, crypto, files
from panel_app.core.backup import backup, files_of, restore, sum_of
from panel_app.core.copies import BackupError
from panel_app.core.db import db
from panel_app.core.errors import NotFound
from panel_app.questions import photos
from panel_app.questions.models import Photo
from tests.core.test_documents import PDF


def kept(app: Flask) -> list[Path]:
    folder: Path = app.extensions["settings"].data_dir / "files"
    return sorted(file for file in folder.glob("*/*"))


def send(about: str = "application:x") -> Photo:
    named = photos.keep(about, PDF, "document")
    db.session.commit()
    return db.session.scalars(select(Photo).where(Photo.public_id == named)).one()


def grow_old(file: Path) -> None:
    then = (clock.now() - files.LEFT_FOR - timedelta(minutes=1)).timestamp()
    os.utime(file, (then, then))


def test_a_file_is_sealed_and_named_by_its_digest_for_its_owner_alone(app: Flask) -> None:
    with app.app_context():
        photo = send()
        [file] = kept(app)
        assert file.name == photo.file
        assert photo.content is None
        assert b"%PDF" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert photos.opened(photo) == PDF


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"other")])
def test_a_file_that_is_missing_or_exchanged_is_refused_and_found(
    app: Flask, damage: object
) -> None:
    with app.app_context():
        photo = send()
        damage(kept(app)[0])  # type: ignore[operator]
        with pytest.raises(NotFound):
            photos.opened(photo)
        assert len(list(photos.missing())) == (0 if kept(app) else 1)


def test_the_night_sweeps_what_no_row_names_once_it_is_old(app: Flask) -> None:
    with app.app_context():
        send("application:stays")
        photos.keep("application:undone", PDF, "document")
        db.session.rollback()
        photos.tidy()
        assert len(kept(app)) == 2
        for file in kept(app):
            grow_old(file)
        photos.tidy()
        [left] = kept(app)
        assert left.name == db.session.scalars(select(Photo.file)).one()


def test_erasing_forgets_the_key_at_once_and_the_file_in_the_night(app: Flask) -> None:
    with app.app_context():
        send()
        photos.forget("application:x")
        db.session.commit()
        assert db.session.scalars(select(Photo)).all() == []
        [file] = kept(app)
        grow_old(file)
        photos.tidy()
        assert kept(app) == []


def test_the_night_moves_what_an_older_release_kept_in_the_database(app: Flask) -> None:
    with app.app_context():
        key = crypto.new_person_key()
        sealed = crypto.seal_bytes(PDF, key)
        older = Photo(about="application:x", digest="0" * 64, person_key=key, content=sealed)
        db.session.add(older)
        db.session.commit()
        assert photos.opened(older) == PDF
        photos.tidy()
        assert older.content is None
        assert len(kept(app)) == 1
        assert photos.opened(older) == PDF


def test_a_copy_has_the_files_and_brings_them_back(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        send()
        [file] = kept(app)
        before = file.read_bytes()
    copy = backup(app, tmp_path / "copies" / "copy")
    assert copy.files == files_of(copy.file)
    assert stat.S_IMODE(files_of(copy.file).stat().st_mode) == 0o600
    assert len(sum_of(copy.file).read_text().splitlines()) == 2
    file.unlink()
    restore(app, copy.file)
    assert file.read_bytes() == before


def test_a_copy_without_its_files_or_with_damaged_ones_is_refused(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        send()
    copy = backup(app, tmp_path / "copy")
    archive = files_of(copy.file)
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-1] + b"x")
    with pytest.raises(BackupError, match="damaged"):
        restore(app, copy.file)
    archive.unlink()
    with pytest.raises(BackupError, match="missing"):
        restore(app, copy.file)


def test_an_archive_writes_nothing_but_files_under_their_digest(app: Flask, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_bytes(b"x")
    with tarfile.open(tmp_path / "tar", "w") as archive:
        for name in ("../../evil", "0" * 64, "/tmp/evil"):
            archive.add(evil, arcname=name)
    with app.app_context():
        files.unpack(tmp_path / "tar")
        assert kept(app) == []
