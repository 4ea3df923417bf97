"""What fails around the application is said in a sentence, and nothing committed looks failed."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from panel_app.app import create_app
from panel_app.balloting import due
from panel_app.core import check, jobs, logs, steady
from panel_app.core.db import db
from panel_app.web import access
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL, new_client
from tests.factories.balloting import cast, make_vote, the_ballot

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def findings(app: Flask) -> str:
    return "\n".join(map(str, check.check(app)))


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Return what hears the events that are logged."""
    logs.logger.propagate = True
    with caplog.at_level(logging.INFO, "panel_app"):
        yield caplog
    logs.logger.propagate = False


def test_database_that_is_behind_is_not_healthy(app: Flask, client: CheckedClient) -> None:
    with app.app_context():
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
    answer = client.get("/health")
    with app.app_context():
        back = text("UPDATE alembic_version SET version_num = :revision")
        db.session.execute(back, {"revision": revision})
        db.session.commit()
    assert (answer.status_code, answer.text) == (503, "The schema is behind.\n")
    assert client.get("/health").text == "ok\n"


@pytest.mark.parametrize("path", ["/", "/health", "/p/hillgrove/", "/desk/", "/my/", "/j/a-token"])
def test_database_that_is_away_is_a_page_that_says_so(app: Flask, path: str) -> None:
    settings = replace(app.extensions["settings"], database_url=NOWHERE)
    away = create_app(settings)
    away.testing = False
    browser = away.test_client()
    with browser.session_transaction() as session:
        now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        session.update(_user_id="somebody", _fresh=True, signed_in_at=now, seen_at=now)
    browser.set_cookie("seat", "a-token")
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "<h1>" in answer.text


@access.needs("anyone")
def wait_for_a_lock() -> str:
    """Ask for a table that somebody else holds."""
    db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
    db.session.execute(text("LOCK TABLE panel"))
    return ""


@access.needs("anyone")
def take_too_long() -> str:
    """Ask a question that takes longer than any may."""
    db.session.execute(text("SET LOCAL statement_timeout = '50ms'"))
    db.session.execute(text("SELECT pg_sleep(5)"))
    return ""


@pytest.mark.skipif(not POSTGRESQL, reason="limits that PostgreSQL keeps")
@pytest.mark.parametrize("slow", [wait_for_a_lock, take_too_long])
def test_what_waits_too_long_is_answered_busy(app: Flask, slow: Callable[[], str]) -> None:
    app.add_url_rule("/slow", "slow", slow, methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = False
    with app.app_context(), db.engine.connect() as other:
        limits = [other.scalar(text(f"SHOW {name}_timeout")) for name in ("lock", "statement")]
        assert limits == ["5s", "1min"]
        other.execute(text("LOCK TABLE panel"))
        answer = app.test_client().post("/slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Nothing was lost" in answer.text


@access.needs("anyone")
def fill_the_disk() -> str:
    """Write more than the database may hold."""
    db.session.execute(text("PRAGMA max_page_count=1"))
    db.session.execute(text("CREATE TABLE more (x)"))
    db.session.execute(text("INSERT INTO more VALUES (zeroblob(9000000))"))
    return ""


@pytest.mark.skipif(bool(POSTGRESQL), reason="a limit that SQLite has")
def test_full_disk_is_not_called_busy(app: Flask) -> None:
    app.add_url_rule("/fill", "fill", fill_the_disk, methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = False
    answer = app.test_client().post("/fill")
    assert answer.status_code == 507
    assert "no room left" in answer.text


@pytest.fixture
def queued(tmp_path: Path) -> Flask:
    """Return an application whose queue file can be damaged."""
    made = Flask("queued")
    made.extensions["settings"] = type("Settings", (), {"data_dir": tmp_path})
    return made


def test_damaged_queue_is_said_and_undoes_nothing(
    queued: Flask, tmp_path: Path, events: pytest.LogCaptureFixture
) -> None:
    (tmp_path / jobs.FILE).write_bytes(os.urandom(9_000))
    jobs.init_app(queued, redis_url="", data_dir=tmp_path, immediate=False)
    assert "file is not a database" in jobs.fault(queued)
    with queued.app_context():
        jobs.queue(findings, "anything")
    assert events.messages == ["jobs.queue_is_silent", "job.not_queued"]


def test_locked_queue_is_said_and_undoes_nothing(
    queued: Flask, tmp_path: Path, events: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BUSY", 0.1)
    jobs.init_app(queued, redis_url="", data_dir=tmp_path, immediate=False)
    assert jobs.fault(queued) == ""
    with closing(sqlite3.connect(tmp_path / jobs.FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with queued.app_context():
            jobs.queue(findings, "anything")
    assert events.messages == ["job.not_queued"]


def test_message_in_the_queue_runs_nothing_of_its_own(tmp_path: Path) -> None:
    """A pickle that opens a file when it is read."""
    plain = jobs.PlainMessages()
    evil = b"cbuiltins\nopen\n(V" + str(tmp_path / "opened").encode() + b"\nVw\ntR."
    with pytest.raises(ValueError, match=r"."):
        plain.deserialize(evil)
    assert not (tmp_path / "opened").exists()


def test_clock_that_jumps_is_not_believed_until_it_stays() -> None:
    watch = steady.Watch(offset=1_000.0)
    assert watch.believes(1_100.0, 100.0)
    assert watch.believes(1_203.0, 200.0)  # Slowly corrected.
    assert not watch.believes(4_900.0, 300.0)  # An hour ahead,
    assert not watch.believes(4_960.0, 360.0)
    assert watch.believes(1_423.0, 420.0)  # and back a minute or two later.
    assert not watch.believes(5_100.0, 500.0)
    assert not watch.believes(5_600.0, 1_000.0)
    assert watch.believes(5_710.0, 1_110.0)  # Set for good.


def test_ballot_is_not_closed_by_a_clock_that_jumped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = make_vote(app)
    with app.app_context():
        cast(vote, vote.members[0], [])
        the_ballot(vote).closes_at = the_ballot(vote).opened_at
        db.session.commit()
        monkeypatch.setattr(steady, "_watch", steady.Watch(offset=0.0))
        due.tidy()
        assert the_ballot(vote).state == "open"
        assert "key is missing" not in findings(app)
        monkeypatch.setattr(steady, "_watch", steady.Watch(time.time() - steady._monotonic()))
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).state == "closed"


def test_check_finds_a_key_that_is_gone_and_a_pile_that_was_altered(app: Flask) -> None:
    vote = make_vote(app)
    folder = app.extensions["settings"].ballot_keys
    (folder / f"{vote.public_id}.key").rename(folder / "elsewhere")
    assert f"Ballot {vote.public_id} is open and its key is missing" in findings(app)
    with app.app_context():
        the_ballot(vote).altered = 2
        db.session.commit()
    assert f"Ballot {vote.public_id}: 2 papers no longer fitted" in findings(app)


def test_check_finds_an_open_folder_and_settings_that_do_not_fit(app: Flask) -> None:
    settings = app.extensions["settings"]
    settings.data_dir.chmod(0o755)
    app.extensions["settings"] = replace(
        settings, public_url="https://panel.example.org", redis_url="redis://cache.example.org/0"
    )
    said = findings(app)
    assert f"Fault: {settings.data_dir} can be read by others" in said
    assert "Note: PANEL_PUBLIC_URL is https and PANEL_TRUSTED_PROXIES is 0" in said
    assert "Fault: Redis has no password" in said
    assert new_client(app)
