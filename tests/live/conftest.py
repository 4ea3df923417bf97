"""A hall on a server of its own: a panel, an open session, a facilitator, phones with seats."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
import redis
from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.deliberation.statements.queries import statements_of
from panel_app.live import tickets
from panel_app.panels import devices
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem, Session
from tests.browser.harness import Running, running
from tests.factories.deliberation import make_asking, make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

T = TypeVar("T")


def apart(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene on a thread of its own: Playwright keeps an event loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()


def redis_or_skip() -> str:
    """Return the address of the Redis for tests; skip where none answers."""
    address = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    client = redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        pytest.skip(f"no Redis answers at {address}")
    finally:
        client.close()
    return address


@dataclass
class Hall:
    """A server, and what a test needs to know of the session on it."""

    server: Running
    app: Flask
    members: int = 12
    seats: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.app.app_context():
            panel = make_panel()
            seated = make_members(panel, self.members)
            self.seats = [devices.take_seat(member) for member in seated]
            self.subjects = [member.public_id for member in seated]
            session = make_session(panel)
            item = make_round(session)
            self.slug, self.session, self.topic = panel.slug, session.public_id, session.topic
            self.round, self.question = (
                item.public_id,
                make_asking(session, is_open=False).public_id,
            )
            self.statements = [one.public_id for one in statements_of(item)]
            self.facilitator = make_user("facilitator", panel).email
            db.session.commit()

    @property
    def phone(self) -> str:
        return f"/my/session/{self.session}"

    @property
    def desk(self) -> str:
        return f"/desk/{self.slug}/sessions/{self.session}"

    def ticket(self, number: int) -> str:
        """Return a ticket for the phone of one member."""
        with self.app.app_context():
            return tickets.issue(self.topic, "phone", self.subjects[number])

    def close_round(self) -> None:
        """Close the round without the server: it hears of it only by looking."""
        with self.app.app_context():
            item = db.session.query(AgendaItem).filter_by(public_id=self.round).one()
            services.close_item(item=item, actor=ACTOR)
            db.session.commit()

    def go_on_to_the_question(self) -> None:
        """Close the round and open the question, without the server."""
        self.close_round()
        with self.app.app_context():
            item = db.session.query(AgendaItem).filter_by(public_id=self.question).one()
            services.open_item(item=item, actor=ACTOR)
            db.session.commit()

    def close_question(self) -> None:
        """Close the question, without the server."""
        with self.app.app_context():
            item = db.session.query(AgendaItem).filter_by(public_id=self.question).one()
            services.close_item(item=item, actor=ACTOR)
            db.session.commit()

    def end_session(self) -> None:
        """End the session, without the server."""
        with self.app.app_context():
            services.close_session(session=self.state_of_session(), actor=ACTOR)
            db.session.commit()

    def seconds_left(self) -> float:
        """Return how long the open part still has, by the server's clock."""
        with self.app.app_context():
            item = db.session.query(AgendaItem).filter_by(state="open").one()
            assert item.ends_at is not None
            return (item.ends_at - clock.now()).total_seconds()

    def state_of_session(self) -> Session:
        """Return the session, inside the caller's application context."""
        return db.session.query(Session).filter_by(public_id=self.session).one()


@pytest.fixture
def hall(migrated: str, tmp_path: Path) -> Iterator[Hall]:
    """Return a hall whose server runs in a process of its own, on SQLite."""
    if not migrated.startswith("sqlite"):
        pytest.skip("the server's own database is a SQLite file")
    with running(migrated, tmp_path, start=False) as server:
        made = Hall(server, server.app())
        server.start()
        yield made
