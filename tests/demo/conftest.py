"""One demo borough for all tests of a worker: loading it takes a few seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from panel_app.app import create_app
from panel_app.core.db import db
from panel_app.demo import borough
from tests.checked_client import CheckedClient
from tests.conftest import settings_for


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a loaded borough in a SQLite file."""
    folder = tmp_path_factory.mktemp("borough")
    app = create_app(settings_for(f"sqlite:///{folder / 'panel.db'}", folder))
    with app.app_context():
        upgrade()
    with app.test_request_context():
        borough.load()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def hillgrove(loaded: Path, tmp_path: Path) -> Iterator[Flask]:
    """Return an application on a copy of the borough."""
    folder = tmp_path / "borough"
    shutil.copytree(loaded, folder)
    app = create_app(settings_for(f"sqlite:///{folder / 'panel.db'}", folder))
    app.test_client_class = CheckedClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
