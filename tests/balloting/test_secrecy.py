"""The linkage attack: after closing, the files tell no better than chance whose paper is whose."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select, text

from panel_app.app import create_app
from panel_app.balloting import cleaning, closing, keys, queries, seals, services
from panel_app.balloting.models import Ballot, Paper, Receipt, Turnout
from panel_app.balloting.services import cast_paper, close_ballot
from panel_app.core import logs
from panel_app.core.db import db
from panel_app.panels import electorate
from panel_app.panels.models import Member
from tests.balloting.linkage import LEAST_LIKELY, PROJECTS, hits, hold_vote, likelihood
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL, settings_for
from tests.factories.budgets import make_open_ballot, make_small_pot
from tests.factories.cluster import Cluster
from tests.factories.panels import make_members, make_panel

#: A benchmark runs the same with 200 members, twenty times (benchmarks/linkage.py).
MEMBERS = 24
VOTERS = 10
RUNS = 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster | None]:
    """Return a PostgreSQL server whose files can be read, where the suite runs on PostgreSQL."""
    if not POSTGRESQL:
        yield None
        return
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def server(app: Flask, cluster: Cluster | None, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on the database whose files are looked at."""
    if cluster is None:
        yield app
        return
    own = create_app(settings_for(cluster.url, tmp_path))
    own.test_client_class = CheckedClient
    with own.app_context():
        upgrade()
    yield own
    with own.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
def test_no_attack_beats_chance(server: Flask, cluster: Cluster | None, tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    for seed in range(RUNS):
        loot, truth = hold_vote(server, tmp_path, members=MEMBERS, seed=seed, cluster=cluster)
        found += hits(loot, truth)
        if shutil.which("nginx") is not None:
            proxys = loot.files["proxy/nginx/panel-app.log"].decode()
            assert proxys.count("POST /my/-") >= 2 * MEMBERS
        assert cluster is None or sum("paper" in tables for tables in loot.transactions) >= MEMBERS
    assert found
    trials = MEMBERS * RUNS
    for attack, right in found.most_common(3):
        likely = likelihood(right, trials, MEMBERS)
        assert likely > LEAST_LIKELY, f"{attack} paired {right} of {trials}: p = {likely:.2g}"


@pytest.mark.slow
def test_the_attacks_do_find_a_leak(
    server: Flask, cluster: Cluster | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same attacks must pair a box that notes who voted beside the paper."""
    store = services._store

    def store_and_name(ballot: Ballot, handle: bytes, choice: Any, *more: Any) -> Any:
        key = keys.read(ballot)
        for member in electorate.members(ballot.name):
            if seals.handle(key, member.public_id) == handle:
                logs.logger.warning("cast %s %s", json.dumps(choice), member.public_id)
        return store(ballot, handle, choice, *more)

    monkeypatch.setattr(services, "_store", store_and_name)
    loot, truth = hold_vote(server, tmp_path, members=MEMBERS, seed=1, cluster=cluster)
    _attack, right = hits(loot, truth).most_common(1)[0]
    assert likelihood(right, MEMBERS, MEMBERS) < LEAST_LIKELY


def chatty(documented: str) -> str:
    """Have the proxy write down who sends what, as many a proxy does."""
    return documented.replace("'$panel_minute $request_method", "'$cookie_seat $request_body", 1)


@pytest.mark.slow
def test_the_attacks_do_read_the_proxys_log(
    server: Flask, cluster: Cluster | None, tmp_path: Path
) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    loot, truth = hold_vote(
        server, tmp_path, members=MEMBERS, seed=2, cluster=cluster, proxy=chatty
    )
    _attack, right = hits(loot, truth).most_common(1)[0]
    assert likelihood(right, MEMBERS, MEMBERS) < LEAST_LIKELY


@pytest.mark.skipif(not POSTGRESQL, reason="reads PostgreSQL's write-ahead log")
@pytest.mark.slow
def test_the_attack_on_the_log_finds_what_one_transaction_wrote(
    server: Flask, cluster: Cluster | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = services._store

    def store_and_count_in(ballot: Ballot, handle: bytes, choice: Any, *more: Any) -> Any:
        key = keys.read(ballot)
        for member in electorate.members(ballot.name):
            if seals.handle(key, member.public_id) == handle:
                mine = {"ballot_id": ballot.id, "member_id": member.id}
                if db.session.get(Turnout, tuple(mine.values())) is None:
                    db.session.execute(insert(Turnout), [mine])
        return store(ballot, handle, choice, *more)

    monkeypatch.setattr(services, "_store", store_and_count_in)
    monkeypatch.setattr(closing, "write_voters", lambda ballot, voters: None)
    loot, truth = hold_vote(server, tmp_path, members=MEMBERS, seed=1, cluster=cluster)
    found = hits(loot, truth)
    assert found["write-ahead log first by transaction"] > MEMBERS * 0.8


def vote(app: Flask, seed: int) -> tuple[int, list[int]]:
    """Let ten members vote, each in a transaction of their own."""
    with app.app_context():
        panel = make_panel()
        members = [member.id for member in make_members(panel, VOTERS)]
        pot = make_small_pot(panel, projects=PROJECTS)
        ballot_id = make_open_ballot(pot).id
        projects = [project.public_id for project in pot.projects]
        db.session.commit()
        for number, member_id in enumerate(members):
            ballot = db.session.get_one(Ballot, ballot_id)
            member = db.session.get_one(Member, member_id)
            choice = sorted(projects[: (number + seed) % PROJECTS])
            cast_paper(ballot=ballot, member=member, choice=choice, counter=1)
            db.session.commit()
    return ballot_id, members


def raw_files(folder: Path) -> bytes:
    """Return every file that a thief finds beside the database, keys folder included."""
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


@pytest.mark.skipif(bool(POSTGRESQL), reason="reads SQLite's own files")
def test_files_keep_no_trace_of_sealed_papers(app: Flask, tmp_path: Path) -> None:
    ballot_id, _members = vote(app, 3)
    with app.app_context():
        sealed = list(db.session.scalars(select(Paper).where(Paper.ballot_id == ballot_id)))
        secrets = [p.handle for p in sealed] + [p.nonce.encode() for p in sealed]
        key = (app.extensions["settings"].ballot_keys).glob("*.key").__next__().read_bytes()
        before = raw_files(tmp_path)
        assert all(secret in before for secret in secrets)
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        after = raw_files(tmp_path)
    assert key in before
    assert key not in after
    assert not [secret for secret in secrets if secret in after]


@pytest.mark.skipif(not POSTGRESQL, reason="reads PostgreSQL's row versions")
def test_row_versions_tell_no_order(app: Flask) -> None:
    ballot_id, _members = vote(app, 6)
    with app.app_context():
        ballot = db.session.get_one(Ballot, ballot_id)
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert ballot.cleaned
        for table in ("turnout", "counted_paper", "receipt"):
            writers = db.session.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}"))
            assert writers == 1, table
        assert db.session.scalar(text("SELECT pg_relation_size('paper')")) == 0


@pytest.mark.skipif(bool(POSTGRESQL), reason="holds SQLite's own log")
def test_a_reader_in_the_way_delays_the_cleaning_and_no_more(app: Flask, tmp_path: Path) -> None:
    ballot_id, _members = vote(app, 4)
    reader = sqlite3.connect(tmp_path / "panel.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM paper").fetchone()
    with app.app_context():
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert ballot.state == "closed"
        assert not ballot.cleaned
        assert cleaning.unfinished() == [ballot_id]
        db.session.rollback()
        reader.execute("COMMIT")
        reader.close()
        assert cleaning.finish(ballot_id)
        db.session.expire_all()
        assert cleaning.unfinished() == []
        assert not list(app.extensions["settings"].ballot_keys.glob("*.key"))


def test_copy_of_the_database_without_the_key_cannot_take_votes(app: Flask, tmp_path: Path) -> None:
    ballot_id, members = vote(app, 5)
    shutil.rmtree(app.extensions["settings"].ballot_keys)
    with app.app_context():
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert len(db.session.scalars(select(Receipt)).all()) == VOTERS
        assert queries.voters(ballot) == 0
        member = db.session.get_one(Member, members[0])
        assert queries.has_voted(ballot, member) is None
