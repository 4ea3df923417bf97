"""A copy is put back when it is needed, and what became final after it stays final."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.app import create_app
from panel_app.balloting.models import Paper
from panel_app.balloting.services import cast_paper
from panel_app.core import audit, check, finality, secret_mark
from panel_app.core.backup import backup, restore, sum_of
from panel_app.core.copies import BackupError
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.outbox.models import Message
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.panels.services import reissue_letter
from panel_app.questions import photos
from panel_app.questions.models import Photo
from panel_app.staff import accounts
from panel_app.staff.models import User
from tests.conftest import POSTGRESQL
from tests.core.test_audit import write
from tests.core.test_documents import PDF
from tests.core.test_pictures import picture
from tests.factories.balloting import cast, close, make_vote, the_ballot
from tests.factories.outbox import post
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

sqlite_only = pytest.mark.skipif(bool(POSTGRESQL), reason="about SQLite's files")


def file_of(app: Flask) -> Path:
    return Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))


def faults(app: Flask, *, deep: bool = False) -> str:
    found = [f for f in check.check(app, deep=deep) if f.serious]
    return "\n".join(str(f) for f in found if "messages for residents" not in f.what)


def seal_something(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        for _ in range(2):
            post("rosa", panel_id=panel.id)
        db.session.commit()


def elsewhere(app: Flask, folder: Path, **changed: str) -> Flask:
    """Return an application on an empty machine."""
    settings = app.extensions["settings"]
    url = settings.database_url if POSTGRESQL else f"sqlite:///{folder / 'panel.db'}"
    return create_app(replace(settings, data_dir=folder, database_url=url, **changed))


@sqlite_only
@pytest.mark.parametrize("what", ["cut short", "empty", "random", "text", "a folder's index"])
def test_whatever_is_there_is_moved_aside_unopened(app: Flask, tmp_path: Path, what: str) -> None:
    with app.app_context():
        write(3)
    good = backup(app, tmp_path / "good.db").file
    place = file_of(app)
    with app.app_context():
        db.engine.dispose()
    whole = place.read_bytes()
    damaged = {"cut short": whole[: len(whole) // 2], "empty": b"", "random": os.urandom(9_000),
               "text": b"not a database", "a folder's index": whole[:4_096]}[what]  # fmt: skip
    place.write_bytes(damaged)
    made = restore(app, good)
    assert str(made).startswith(f"Restored {good} to {place}")
    assert made.replaced == place.with_name("panel.db.before-1")
    assert made.replaced.read_bytes() == damaged
    with app.app_context():
        assert audit.verify() == (3, None)


@sqlite_only
def test_empty_machine_is_told_of_a_restore(app: Flask, tmp_path: Path) -> None:
    good = backup(app, tmp_path / "good.db").file
    there = elsewhere(app, tmp_path / "new")
    said = str(restore(there, good))
    assert said.startswith(f"Restored {good} to {tmp_path / 'new' / 'panel.db'}")
    assert said.endswith("Now: panel-app check")
    assert faults(there) == ""


@sqlite_only
def test_copy_that_changed_since_it_was_made_is_refused(app: Flask, tmp_path: Path) -> None:
    """One bit in a place that the database itself does not look at."""
    seal_something(app)
    copy = backup(app, tmp_path / "copy").file
    with app.app_context():
        sealed = db.session.scalars(select(Message.sealed)).all()[1]
    content = bytearray(copy.read_bytes())
    content[content.index(sealed) + len(sealed) - 1] ^= 1
    copy.write_bytes(content)
    with pytest.raises(BackupError, match="SHA-256"):
        restore(app, copy)
    sum_of(copy).unlink()
    restore(app, copy)
    assert "1 of 2 sealed rows of message" in faults(app, deep=True)


@pytest.mark.parametrize("marked", [True, False])
def test_other_secret_is_noticed_by_check_and_restore(
    app: Flask, tmp_path: Path, marked: bool
) -> None:
    seal_something(app)
    with app.app_context():
        if marked:
            secret_mark.remember()
        db.session.commit()
    copy = backup(app, tmp_path / "copy").file
    there = elsewhere(app, tmp_path / "new", secret_key="another secret, as long as it must be")
    if marked or not POSTGRESQL:
        with pytest.raises(BackupError, match="PANEL_SECRET_KEY is not the one"):
            restore(there, copy)
    if POSTGRESQL:
        assert "PANEL_SECRET_KEY is not the one" in faults(there)
    else:
        assert not (tmp_path / "new" / "panel.db").exists()


def test_mark_is_kept_and_never_written_over_by_another_secret(app: Flask, tmp_path: Path) -> None:
    seal_something(app)
    there = create_app(replace(app.extensions["settings"], secret_key="x" * 20 + "another secret"))
    with there.app_context():
        secret_mark.remember()
        assert db.session.get(secret_mark.SecretMark, 1) is None
        db.session.remove()
    with app.app_context():
        secret_mark.remember()
        db.session.commit()
    assert "PANEL_SECRET_KEY is not the one" in faults(there)
    assert faults(app) == ""


def test_ballot_closed_after_the_copy_stays_closed(app: Flask, tmp_path: Path) -> None:
    vote = make_vote(app)
    with app.app_context():
        cast(vote, vote.members[0], [])
    copy = backup(app, tmp_path / "copy").file
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1], counter=2)
        closed = close(vote).fingerprint
        db.session.remove()
    said = str(restore(app, copy))
    assert f"Ballot {vote.public_id} was closed" in said
    assert closed is not None
    assert closed in said
    with app.app_context():
        ballot = the_ballot(vote)
        assert (ballot.state, ballot.fingerprint) == ("closed", closed)
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 0
        member = db.session.get_one(Member, vote.members[0])
        with pytest.raises(Conflict):
            cast_paper(ballot=ballot, member=member, choice=[], counter=3)
        assert audit.verify()[1] is None


def test_letters_and_accounts_stay_as_they_became(app: Flask, tmp_path: Path) -> None:
    vote = make_vote(app)
    with app.app_context():
        old = seats.token_of(db.session.get_one(Member, vote.members[0]))
        user, back = make_user("organiser"), make_user("organiser")
        make_user("administrator")
        db.session.commit()
        gone, again = user.id, back.id
    copy = backup(app, tmp_path / "copy").file
    with app.app_context():
        reissue_letter(member=db.session.get_one(Member, vote.members[0]), actor="system")
        accounts.set_active(user=db.session.get_one(User, gone), active=False, actor="system")
        accounts.set_active(user=db.session.get_one(User, again), active=False, actor="system")
        accounts.set_active(user=db.session.get_one(User, again), active=True, actor="system")
        db.session.commit()
        new = seats.token_of(db.session.get_one(Member, vote.members[0]))
        db.session.remove()
    assert "Kept 4 acts" in str(restore(app, copy))
    with app.app_context():
        assert seats.with_token(old) is None
        assert seats.with_token(new) is not None
        assert not db.session.get_one(User, gone).active
        assert db.session.get_one(User, again).active
    assert faults(app) == ""


def test_act_that_was_undone_is_not_final(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        reissue_letter(member=db.session.get_one(Member, vote.members[0]), actor="system")
        db.session.rollback()
        assert finality.written() == []


def test_list_that_was_interrupted_catches_up(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        close(vote)
        place = app.extensions["settings"].ballot_keys / "final-acts.jsonl"
        whole = place.read_text()
        place.write_text(whole[: len(whole) // 2])
        assert finality.written() == []
    assert "1 final acts are not on the list" in faults(app)
    with app.app_context():
        finality.append(finality.missing())
        assert [act.action for act in finality.written()] == ["ballot.closed"]
    assert place.stat().st_mode & 0o077 == 0


def test_full_disk_undoes_nothing_that_is_committed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    vote = make_vote(app)
    monkeypatch.setattr(finality.os, "fsync", refuse)
    with app.app_context():
        reissue_letter(member=db.session.get_one(Member, vote.members[0]), actor="system")
        db.session.commit()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGKILL])
def test_killed_copying_leaves_nothing_behind(
    app: Flask, tmp_path: Path, told: signal.Signals
) -> None:
    folder = tmp_path / "copies"
    code = (
        "import sys, time, pathlib; from panel_app.core import backup\n"
        f"with backup._vanishing(pathlib.Path({str(folder)!r})) as unfinished:\n"
        "    (unfinished / 'copy').write_text('secret'); print('here', flush=True); time.sleep(60)"
    )
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as copying:
        assert copying.stdout is not None
        assert copying.stdout.readline() == b"here\n"
        copying.send_signal(told)
    until = time.monotonic() + 10
    while list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


@sqlite_only
def test_photos_and_documents_come_back_with_a_copy(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        photos.keep("application:x", picture())
        photos.keep("application:x", PDF, "document")
        db.session.commit()
    copy = backup(app, tmp_path / "copy").file
    there = elsewhere(app, tmp_path / "new")
    restore(there, copy)
    with there.app_context():
        kept = db.session.scalars(select(Photo).order_by(Photo.id)).all()
        opened = [photos.opened(one) for one in kept]
        assert [one.media for one in kept] == ["image/jpeg", "application/pdf"]
        assert (opened[0][:2], opened[1]) == (b"\xff\xd8", PDF)
