"""Every test has a migrated database of its own and an application on it."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, delete, event, text
from werkzeug.routing import Rule

from panel_app.app import create_app
from panel_app.config import Settings
from panel_app.core import catalogues
from panel_app.core.db import Base, db
from panel_app.panels import devices
from panel_app.panels.models import Member
from panel_app.staff.models import User
from tests.browser.harness import chromium
from tests.checked_client import CheckedClient
from tests.factories.staff import PASSWORD

# One browser for all tests of a worker: Playwright runs once in a process.
__all__ = ["chromium"]


class KeptTemplates(BytecodeCache):
    """Templates as compiled by the first application that needed them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what is known."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = KeptTemplates()


def kept_builders(compiling: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """Have rules that read the same share what builds their addresses."""
    kept: dict[tuple[Any, ...], Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = (rule.rule, rule.subdomain, rule.host, defaults, append_unknown)
        if key not in kept:
            kept[key] = compiling(rule, append_unknown)
        return kept[key]

    return compiled


# The same examples in every run, however slow the machine: a failure is somebody's change.
# A change at hand is tried with a fifth of them (`make test-fast`).
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile(
    "fast", hypothesis.settings.get_profile("house"), max_examples=20
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# An application of its own for each test, without working out the same 385 addresses and some
# 200 templates once more: that was half of the time of all tests.
Rule._compile_builder = kept_builders(Rule._compile_builder)  # type: ignore[method-assign]

# Applications are garbage by the thousand: looking through all that every test shares for more of
# it, again and again, was a sixth of the time of all tests.
gc.set_threshold(20_000, 10, 30)

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "")


if os.environ.get("TEST_ROWS") == "reversed":

    @event.listens_for(Engine, "connect")
    def _last_row_first(connection: Any, record: Any) -> None:
        """Have SQLite return rows backwards wherever a query asks for no order."""
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute("PRAGMA reverse_unordered_selects=ON")


def settings_for(url: str, folder: Path) -> Settings:
    """Return settings for a test's own database and folder."""
    return Settings(
        environment="test",
        secret_key="for tests only, 32 characters long",
        database_url=url,
        data_dir=folder,
        organisation="Hillgrove Council",
        redis_url=os.environ.get("TEST_REDIS_URL", ""),
    )


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    catalogues.compile_all()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Return the address of a migrated database: a template file, or this worker's own."""
    folder = tmp_path_factory.mktemp("template")
    url = _own_postgresql(worker_id) if POSTGRESQL else f"sqlite:///{folder / 'panel.db'}"
    app = create_app(settings_for(url, folder))
    with app.app_context():
        upgrade()
        if not POSTGRESQL:
            with db.engine.connect() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
        db.engine.dispose()
    yield url
    if POSTGRESQL:
        _on_server(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")


@pytest.fixture
def app(migrated: str, tmp_path: Path) -> Iterator[Flask]:
    """Return an application on an empty, migrated database.

    Open `with app.app_context():` around direct use of the database only, never around the
    client: a request has a context and a transaction of its own.
    """
    url = migrated
    if migrated.startswith("sqlite:///"):
        shutil.copy(migrated.removeprefix("sqlite:///"), tmp_path / "panel.db")
        url = f"sqlite:///{tmp_path / 'panel.db'}"
    application = create_app(settings_for(url, tmp_path))
    application.test_client_class = CheckedClient
    application.jinja_env.bytecode_cache = TEMPLATES
    yield application
    with application.app_context():
        if POSTGRESQL:
            _empty()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """Return a phone that nobody is signed in on."""
    return new_client(app)


def new_client(app: Flask) -> CheckedClient:
    """Return another phone."""
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User | str], CheckedClient]:
    """Return a function that signs a member of staff in (by account or address)."""

    def enter(user: User | str) -> CheckedClient:
        browser = new_client(app)
        email = user if isinstance(user, str) else user.email
        answer = browser.submit("/staff/login", {"email": email, "password": PASSWORD})
        assert answer.status_code in {302, 303}, "the sign-in was refused"
        return browser

    return enter


@pytest.fixture
def join(app: Flask) -> Callable[[int], CheckedClient]:
    """Return a function that gives a phone the seat of the member with this number (Member.id)."""

    def enter(member_id: int) -> CheckedClient:
        phone = new_client(app)
        with app.app_context():
            member = db.session.get(Member, member_id)
            assert member is not None
            token = devices.take_seat(member)
            db.session.commit()
        phone.set_cookie(app.config["DEVICE_COOKIE_NAME"], token)
        return phone

    return enter


def _own_postgresql(worker_id: str) -> str:
    """Make a database for this worker. A test's data need not outlive a power cut."""
    name = f"panel_test_{os.getpid()}_{worker_id}"
    _on_server(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name}",
        f"ALTER DATABASE {name} SET synchronous_commit = off",
    )
    return _psycopg(POSTGRESQL).rsplit("/", 1)[0] + f"/{name}"


def _on_server(*statements: str) -> None:
    server = create_engine(_psycopg(POSTGRESQL), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    server.dispose()


def _psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _empty() -> None:
    db.session.remove()
    # Deleting a few rows is some thirty times as fast as truncating some forty tables.
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for table in Base.metadata.sorted_tables:
        db.session.execute(delete(table))
    db.session.commit()
