"""Races, lost power and lost answers: each acknowledged paper is there once, no other counts."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from panel_app.balloting import due, queries
from panel_app.balloting.models import Paper
from panel_app.balloting.services import close_ballot
from panel_app.budgets import counts
from panel_app.core import key_files
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.panels import devices
from panel_app.panels.models import Member
from tests.balloting.voting_script import POINTS
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot

ROOT = Path(__file__).parents[2]
Join = Callable[[int], CheckedClient]


def together(number: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in `number` threads that start at the same moment; return what each returned."""
    start = threading.Barrier(number)

    def run(place: int) -> object:
        start.wait()
        return work(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def copy_of(phone: CheckedClient, app: Flask) -> CheckedClient:
    """Return another browser tab of the same phone."""
    twin = app.test_client()
    assert isinstance(twin, CheckedClient)
    for name in (app.config["DEVICE_COOKIE_NAME"], app.config["SESSION_COOKIE_NAME"]):
        if cookie := phone.get_cookie(name):
            twin.set_cookie(name, cookie.value)
    return twin


@pytest.mark.slow
def test_fifty_parallel_papers_of_one_person_store_one(app: Flask, join: Join) -> None:
    vote = make_vote(app)
    phone = join(vote.members[0])
    token = phone.token_on(vote.page)
    tabs = [copy_of(phone, app) for _ in range(50)]

    def send(place: int) -> int:
        project = vote.projects[place % 5]
        body = {"csrf_token": token, "project": project, "counter": "1", "key": str(place)}
        return tabs[place].post(f"{vote.page}/cast", data=body).status_code

    answers = together(50, send)
    assert set(answers) <= {303, 409, 503}
    assert 1 <= answers.count(303) <= 10
    with app.app_context():
        assert len(db.session.scalars(select(Paper)).all()) == 1


@pytest.mark.slow
def test_votes_in_the_moment_of_closing_count_or_are_refused(app: Flask) -> None:
    vote = make_vote(app, members=45)
    with app.app_context():
        # Fewer than five papers would not be told, however fast the closing is.
        early = {cast(vote, member, vote.projects[:1]).tracker for member in vote.members[40:]}

    def act(place: int) -> str | None:
        with app.app_context():
            try:
                if place == 20:
                    close_ballot(ballot=the_ballot(vote), actor="system")
                    db.session.commit()
                    return None
                return cast(
                    vote, vote.members[place], vote.projects[place % 3 : place % 3 + 1]
                ).tracker
            except Conflict:
                db.session.rollback()
                return None

    acknowledged = early | {tracker for tracker in together(40, act) if tracker}
    with app.app_context():
        ballot = the_ballot(vote)
        assert ballot.state == "closed"
        listed = {receipt.tracker for receipt in queries.receipts(ballot)}
        assert listed == acknowledged
        assert queries.turnout(ballot) == len(listed) == len(queries.counted_choices(ballot))
        assert counts.stored(ballot)["equal-shares"].papers == len(listed)


def test_two_closings_at_once_close_once(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])

    def close(_place: int) -> str | None:
        with app.app_context():
            fingerprint = close_ballot(ballot=the_ballot(vote), actor="system").fingerprint
            db.session.commit()
            return fingerprint

    assert len(set(together(4, close))) == 1
    with app.app_context():
        assert len(queries.receipts(the_ballot(vote))) == len(vote.members)
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).cleaned


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_power_cut_while_closing_leaves_it_open_or_to_be_finished(
    app: Flask, tmp_path: Path, point: str
) -> None:
    vote = make_vote(app)
    with app.app_context():
        for number, member in enumerate(vote.members):
            cast(vote, member, vote.projects[number % 2 : number % 2 + 1])
        db.session.remove()
        db.engine.dispose()
        url = app.config["SQLALCHEMY_DATABASE_URI"]
    script = [sys.executable, "-m", "tests.balloting.voting_script"]
    ended = subprocess.run(
        [*script, url, str(tmp_path), vote.public_id, point], cwd=ROOT, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with app.app_context():
        place = key_files._place(vote.public_id)
        if point == "before-commit":
            assert the_ballot(vote).state == "open"
            assert place.exists()
            cast(vote, vote.members[0], vote.projects[1:2], 2)
            close_ballot(ballot=the_ballot(vote), actor="system")
            db.session.commit()
        else:
            assert the_ballot(vote).state == "closed"
            assert not the_ballot(vote).cleaned
            db.session.rollback()
            due.tidy()
        db.session.expire_all()
        ballot = the_ballot(vote)
        assert ballot.cleaned
        assert not place.exists()
        assert queries.fingerprint_holds(ballot)
        assert len(queries.receipts(ballot)) == len(vote.members)
        assert counts.recount_agrees(ballot)
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 0


@pytest.mark.skipif(bool(POSTGRESQL), reason="limits SQLite's own file")
def test_full_disk_while_closing_leaves_the_ballot_open(app: Flask) -> None:
    vote = make_vote(app, members=60)
    full = True

    def limit(connection: sqlite3.Connection, *_others: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages if full else 1_000_000}")

    with app.app_context():
        for place, member in enumerate(vote.members):
            cast(vote, member, vote.projects[place % 5 : place % 5 + 1])
        db.session.remove()
        event.listen(db.engine, "checkout", limit)
        with pytest.raises(OperationalError, match="disk is full"):
            close(vote)
        db.session.remove()
        assert the_ballot(vote).state == "open"
        full = False
        db.session.remove()
        cast(vote, vote.members[0], vote.projects[2:3], 2)
        close(vote)
        db.session.expire_all()
        assert the_ballot(vote).cleaned
        assert len(queries.receipts(the_ballot(vote))) == 60
        assert counts.recount_agrees(the_ballot(vote))


class Server:
    """The application in a process of its own, on a port of its own."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.environment = {
            **os.environ,
            "PANEL_ENV": "test",
            "PANEL_SECRET_KEY": app.config["SECRET_KEY"],
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "PANEL_DATA_DIR": str(folder),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "flask",
            "--app",
            "panel_app.app",
            "run",
            "-p",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _attempt in range(150):
            try:
                urllib.request.urlopen(self.address("/health"), timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def server(app: Flask, tmp_path: Path) -> Iterator[Server]:
    made = Server(app, tmp_path)
    yield made
    made.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Phone:
    """A phone with a seat, speaking HTTP to a real server."""

    def __init__(self, server: Server, seat_cookie: str) -> None:
        self.server = server
        self.cookies = seat_cookie

    def get(self, path: str) -> str:
        """Fetch a page and keep its session cookie."""
        asked = urllib.request.Request(self.server.address(path), headers={"Cookie": self.cookies})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                self.cookies += "; " + cookie.split(";")[0]
            return str(answer.read().decode())

    def cast(self, vote: Vote, project: str, counter: int) -> bool:
        """Send a paper; return whether the server acknowledged it with a receipt page."""
        try:
            token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(vote.page))
            assert token is not None
            body = urllib.parse.urlencode(
                {"csrf_token": token[1], "project": project, "counter": counter, "key": "k"}
            )
            asked = urllib.request.Request(
                self.server.address(f"{vote.page}/cast"), body.encode(), {"Cookie": self.cookies}
            )
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return bool(answer.url.endswith("/receipt"))
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return False


@pytest.mark.slow
def test_killing_the_server_loses_no_acknowledged_paper(
    app: Flask, server: Server, tmp_path: Path
) -> None:
    vote = make_vote(app, members=12)
    with app.app_context():
        name = app.config["DEVICE_COOKIE_NAME"]
        tokens = [devices.take_seat(db.session.get_one(Member, m)) for m in vote.members]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    acknowledged: dict[int, tuple[int, str]] = {}
    ended = threading.Event()

    def keep_voting(place: int) -> None:
        phone, counter = Phone(server, f"{name}={tokens[place]}"), 0
        while not ended.is_set():
            counter += 1
            project = vote.projects[(place + counter) % 5]
            if phone.cast(vote, project, counter):
                acknowledged[vote.members[place]] = (counter, project)

    server.start()
    voters = [threading.Thread(target=keep_voting, args=(place,)) for place in range(12)]
    for voter in voters:
        voter.start()
    for _cut in range(2):
        time.sleep(1.5)
        server.kill()
        server.start()
    time.sleep(1.0)
    server.kill()
    ended.set()
    for voter in voters:
        voter.join()
    assert acknowledged
    with app.app_context():
        ballot = the_ballot(vote)
        for member_id, (counter, project) in acknowledged.items():
            paper = queries.own_paper(ballot, db.session.get_one(Member, member_id))
            assert paper is not None
            assert paper.counter >= counter
            if paper.counter == counter:
                assert paper.choice == [project]
        papers = db.session.scalar(select(func.count()).select_from(Paper)) or 0
        assert papers == queries.turnout(ballot) >= len(acknowledged)
        assert papers <= len(vote.members)
