"""How the two databases are used: durable, strict, one writer at a time, readers that only read."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from panel_app.core import audit, clock
from panel_app.core import db as database
from panel_app.core.db import db, done_reading, found, locked, one, reading
from panel_app.core.errors import NotFound
from panel_app.panels.models import Panel
from tests.conftest import POSTGRESQL, new_client
from tests.factories.panels import make_members, make_panel

sqlite_only = pytest.mark.skipif(bool(POSTGRESQL), reason="a rule of SQLite")


@sqlite_only
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000),
     ("secure_delete", 1)],
)  # fmt: skip
def test_every_connection_is_set_up(app: Flask, pragma: str, value: object) -> None:
    with app.app_context(), db.engine.connect() as one_more:
        assert db.session.scalar(text(f"PRAGMA {pragma}")) == value
        assert one_more is not db.session.connection()


def test_row_cannot_point_to_nothing(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        make_members(panel, 1)
        db.session.commit()
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE member SET panel_id = 999999"))


def test_reader_cannot_write(app: Flask) -> None:
    with app.app_context():
        make_panel()
        db.session.commit()
        with reading():
            assert db.session.scalar(text("SELECT count(*) FROM panel")) == 1
            with pytest.raises(DBAPIError):
                db.session.execute(text("DELETE FROM panel"))
        db.session.rollback()
        assert db.session.scalar(text("SELECT count(*) FROM panel")) == 1


def test_writer_after_reader_writes(app: Flask) -> None:
    """The connection is the same one; what the reader was refused is not kept."""
    with app.app_context():
        with reading():
            db.session.execute(text("SELECT 1"))
            db.session.rollback()
        make_panel()
        db.session.commit()


@sqlite_only
def test_writer_takes_the_lock_at_once_and_reader_does_not(app: Flask) -> None:
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with app.app_context():
        with reading():
            db.session.execute(text("SELECT 1"))
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            db.session.rollback()
        db.session.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


@sqlite_only
def test_who_is_asking_is_found_out_without_the_lock(app: Flask) -> None:
    """What was read for it is kept as it is; the next transaction writes."""
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with app.app_context():
        panel_id = make_panel(size=22).id
        db.session.commit()
    with app.app_context():
        database.read_only.set(True)
        panel = found(db.session.get(Panel, panel_id))
        done_reading()
        other.execute("BEGIN IMMEDIATE")
        assert panel.size == 22
        other.execute("ROLLBACK")
        panel.size = 30
        db.session.commit()
        assert panel.size == 30
    other.close()


@sqlite_only
def test_phone_without_a_seat_is_turned_away_while_another_writes(app: Flask) -> None:
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    phone = new_client(app)
    token = phone.get("/language").text.partition('csrf_token" value="')[2].partition('"')[0]
    phone.set_cookie(app.config["DEVICE_COOKIE_NAME"], "nobody's")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = phone.post("/my/session/any/here", data={"csrf_token": token})
    other.close()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/join")


@sqlite_only
@pytest.mark.parametrize("end", ["commit", "rollback", "close", "remove", "break"])
def test_line_of_writers_moves_on_however_one_ends(app: Flask, end: str) -> None:
    with app.app_context():
        line = database._lines[db.engine.url.database]
        make_panel()
        assert line.locked()
        if end == "break":
            with pytest.raises(DBAPIError):
                db.session.execute(text("SELECT nothing FROM nowhere"))
            db.session.connection().invalidate()
            db.session.remove()
        else:
            getattr(db.session, end)()
        assert not line.locked()


@sqlite_only
def test_reader_stands_in_no_line(app: Flask) -> None:
    with app.app_context(), reading():
        db.session.execute(text("SELECT 1"))
        assert not database._lines[db.engine.url.database].locked()
        db.session.rollback()


@sqlite_only
def test_writer_waits_and_then_gives_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 30)
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with app.app_context():
        started = time.monotonic()
        with pytest.raises(OperationalError):
            db.session.execute(text("SELECT 1"))
        assert 0.09 < time.monotonic() - started < 5
        db.session.rollback()
        other.execute("ROLLBACK")
        assert db.session.scalar(text("SELECT 1")) == 1
    other.close()


@sqlite_only
def test_writer_gets_its_turn_when_the_lock_is_released(app: Flask) -> None:
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    release.start()
    with app.app_context():
        make_panel()
        db.session.commit()
    release.join()
    other.close()


def test_locked_row_is_counted_up_by_each_writer(app: Flask) -> None:
    with app.app_context():
        panel_id = make_panel(size=1).id
        db.session.commit()

    def add() -> None:
        with app.app_context():
            panel = locked(found(db.session.get(Panel, panel_id)))
            panel.size += 1
            db.session.commit()

    writers = [threading.Thread(target=add) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with app.app_context():
        assert db.session.scalar(text("SELECT size FROM panel")) == 7


def test_absent_row_is_not_found(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        one(select(Panel).where(Panel.slug == "nowhere"))


def test_row_that_somebody_deleted_is_not_found(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        db.session.execute(delete(Panel))
        with pytest.raises(NotFound):
            locked(panel)


def test_times_come_back_in_utc(app: Flask) -> None:
    east = datetime(2026, 11, 26, 18, 30, tzinfo=timezone(timedelta(hours=6)))
    with app.app_context():
        panel = make_panel()
        panel.created_at = east
        db.session.commit()
        db.session.expire_all()
        assert panel.created_at == east
        assert panel.created_at.utcoffset() == timedelta(0)


def test_time_without_zone_is_refused(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        panel.created_at = clock.now().replace(tzinfo=None)
        with pytest.raises(StatementError, match="aware"):
            db.session.flush()


def test_parameters_stay_out_of_messages(app: Flask) -> None:
    with app.app_context():
        audit.record("x", actor="system", subject="y")
        with pytest.raises(DBAPIError) as caught:
            db.session.execute(text("SELECT :secret FROM nowhere"), {"secret": "canary@example"})
    assert "canary" not in str(caught.value)
