"""A mail server on loopback and an application that sends by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from panel_app.core.db import db
from tests.factories.panels import make_panel
from tests.outbox.post_room import Office, by_smtp, post_office


@dataclass
class Room:
    """A panel, a mail server that keeps what it takes, and an application that sends there."""

    app: Flask
    office: Office
    port: int
    panel: int
    url: str
    folder: Path


@pytest.fixture
def room(app: Flask, tmp_path: Path) -> Iterator[Room]:
    with app.app_context():
        panel = make_panel().id
        db.session.commit()
        url = db.engine.url.render_as_string(hide_password=False)
    office = Office()
    with post_office(office) as port:
        sender = by_smtp(app, tmp_path, port)
        yield Room(sender, office, port, panel, url, tmp_path)
        with sender.app_context():
            db.session.remove()
            db.engine.dispose()
