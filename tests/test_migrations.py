"""Migrations: they make what the models say, and go down and up again with rows in every table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, table

from panel_app.app import create_app
from panel_app.core.db import Base, db
from panel_app.demo import borough
from tests.conftest import POSTGRESQL, _on_server, _own_postgresql, settings_for

ROOT = Path(__file__).parents[1]
VERSIONS = ROOT / "migrations" / "versions"
GROUND = "20261122_ground"
#: Tables of the ground that a way down empties or fills anew, each with the reason.
MAY_CHANGE = {
    "version": "hints for screens",
    "person": "who withdrew from the pool goes with the column that keeps them out of it",
    "lottery": "one of replacements is given up by the migration that brought them",
}


def know_every_table() -> None:
    """Import each module that defines a table; some wait until they are needed."""
    for file in (ROOT / "panel_app").rglob("*.py"):
        if "__tablename__" in file.read_text():
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def chain() -> list[str]:
    """Return the revisions from the ground up."""
    after: dict[str, str] = {}
    for file in VERSIONS.glob("*.py"):
        text = file.read_text()
        revision = re.search(r'^revision(?:: str)? = "(.+)"', text, re.MULTILINE)
        before = re.search(r'^down_revision.*= "(.+)"', text, re.MULTILINE)
        assert revision
        after[before[1] if before else ""] = revision[1]
    found = [after.pop("")]
    while found[-1] in after:
        found.append(after.pop(found[-1]))
    assert not after, f"not on the chain: {after}"
    return found


@pytest.fixture
def with_rows(tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """Return an application on a database of its own that holds the borough."""
    name = f"{worker_id}_migrations"
    url = _own_postgresql(name) if POSTGRESQL else f"sqlite:///{tmp_path / 'panel.db'}"
    app = create_app(settings_for(url, tmp_path))
    with app.app_context():
        upgrade()
    with app.test_request_context():
        borough.load()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if POSTGRESQL:
        _on_server(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")


def rows() -> dict[str, int]:
    """Return how many rows each table of the database holds."""
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: connection.scalar(select(func.count()).select_from(table(name))) or 0
            for name in names
        }


def test_migrations_make_what_the_models_say(app: Flask) -> None:
    know_every_table()
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    assert not found, "\n".join(map(str, found))


def test_each_migration_is_told_apart_by_its_date() -> None:
    assert chain()[0] == GROUND
    assert len(chain()) == len(list(VERSIONS.glob("*.py")))
    assert all(re.fullmatch(r"\d{8}_\w+", revision) for revision in chain())


@pytest.mark.slow
def test_migrations_go_down_and_up_with_rows_in_them(with_rows: Flask) -> None:
    with with_rows.app_context():
        before = rows()
        assert before["member"] > 0
        for revision, above in reversed(list(pairwise(chain()))):
            downgrade(revision=revision)
            upgrade(revision=above)
            downgrade(revision=revision)
        # What came later than the ground goes with its tables; what is older must stay.
        older = set(rows()) - set(MAY_CHANGE)
        upgrade()
        after = rows()
    assert after["lottery"] == before["lottery"] - 2, "the panel's own lottery stays"
    changed = {name for name in older & set(before) if before[name] != after[name]}
    assert not changed, {name: (before[name], after[name]) for name in changed}
