"""What the README's "Deploying" says, done in an empty folder; then pages, a stream, a vote."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.app import create_app
from panel_app.balloting.models import Paper
from panel_app.config import from_environment
from panel_app.core.db import db
from panel_app.live import tickets
from panel_app.panels import seats
from panel_app.panels.models import Member
from tests.conftest import POSTGRESQL
from tests.deploy.deployment import Deployment, Visitor
from tests.factories.balloting import Vote, make_vote
from tests.live.conftest import redis_or_skip

pytestmark = pytest.mark.slow
PASSWORD = "Tr0mbone-lake-9153"
HEADINGS = {"en": 'lang="en" dir="ltr"', "bn": 'lang="bn" dir="ltr"', "ar": 'lang="ar" dir="rtl"'}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Return the address of an empty PostgreSQL database."""
    if not POSTGRESQL:
        pytest.skip("a deployment has PostgreSQL: set TEST_DATABASE_URL")
    name = f"panel_deployed_{os.getpid()}"
    psql = ["psql", "-q", POSTGRESQL, "-c"]
    subprocess.run([*psql, f"CREATE DATABASE {name}"], check=True)
    yield POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
    subprocess.run([*psql, f"DROP DATABASE {name} WITH (FORCE)"], check=True)


@pytest.fixture(scope="module")
def deployment(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Return a deployment that serves behind nginx with TLS."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    made = Deployment(tmp_path_factory.mktemp("deployed"), database, redis_or_skip())
    made.place_sources()
    made.install()
    assert made.prepare(PASSWORD).rstrip().endswith("Ready.")
    try:
        made.serve()
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def beside(deployment: Deployment) -> Flask:
    """Return an application on the deployment's database and folder, to prepare a panel."""
    return create_app(from_environment(deployment.environ()))


@pytest.fixture(scope="module")
def vote(beside: Flask) -> Vote:
    return make_vote(beside)


def test_each_language_has_its_pages(deployment: Deployment, vote: Vote) -> None:
    for language, heading in HEADINGS.items():
        page = Visitor(deployment).page(f"/p/{vote.panel_slug}/?l={language}")
        assert heading in page
    files = re.findall(r'"(/static/[^"]+)"', page)
    assert len(files) > 2
    assert {Visitor(deployment).status(file) for file in files} == {200}


def test_address_without_its_last_slash_stays_on_the_public_host(
    deployment: Deployment, vote: Vote
) -> None:
    with Visitor(deployment).open(f"/p/{vote.panel_slug}") as answer:
        assert answer.url == f"{deployment.address}/p/{vote.panel_slug}/"


def test_stream_comes_through_the_proxy_at_once(deployment: Deployment, beside: Flask) -> None:
    with beside.app_context():
        ticket = tickets.issue("session:nowhere", "phone", "somebody")
    with Visitor(deployment).open(f"/live/stream?ticket={ticket}") as stream:
        assert stream.readline() == b"retry: 2000\n"


def test_letter_leads_to_a_vote_that_is_stored_once(
    deployment: Deployment, beside: Flask, vote: Vote
) -> None:
    with beside.app_context():
        member = db.session.get_one(Member, vote.members[0])
        token = seats.token_of(member)
    resident = Visitor(deployment)
    invited = resident.send(resident.page(f"/j/{token}"), "/language", language="ar")
    resident.send(invited, f"/j/{token}")
    checked = resident.send(resident.page(vote.page), "/check", project=vote.projects[0])
    resident.send(checked, "/cast")
    assert "/receipt" in resident.page(vote.page)
    with beside.app_context():
        papers = db.session.scalars(select(Paper).where(Paper.ballot_id == vote.ballot_id)).all()
        assert [paper.choice for paper in papers] == [[vote.projects[0]]]
    written = deployment.logs()
    assert "GET /help" not in written  # Nothing asked for it: the log is read, not assumed.
    assert "/p/" in written
    for secret in (token, vote.public_id, "ticket=", PASSWORD, deployment.secret):
        assert secret not in written


def test_data_folder_is_for_its_owner_alone(deployment: Deployment, vote: Vote) -> None:
    assert vote.members
    for place in [deployment.data, *deployment.data.rglob("*")]:
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0, place


def test_it_stops_within_five_seconds_though_streams_are_open(
    deployment: Deployment, beside: Flask
) -> None:
    with beside.app_context():
        ticket = tickets.issue("session:nowhere", "phone", "somebody else")
    with Visitor(deployment).open(f"/live/stream?ticket={ticket}") as stream:
        assert stream.readline() == b"retry: 2000\n"
        assert deployment.stop() < 5
    assert Visitor(deployment).status("/health") == 0


def test_unit_is_one_that_systemd_reads(tmp_path: Path) -> None:
    unit = Path(__file__).parents[2] / "docs" / "deploy" / "panel-app.service"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze on this machine")
    placed = tmp_path / unit.name
    placed.write_text(unit.read_text().replace("/opt/panel-app/.venv/bin/panel-app", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(placed)], capture_output=True, text=True
    )
    assert unit.name not in done.stderr, done.stderr
