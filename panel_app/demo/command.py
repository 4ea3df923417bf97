"""`panel-app demo`: load the borough once, then serve it."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from panel_app.config import own_folder
from panel_app.core import ports

if TYPE_CHECKING:
    from flask import Flask

#: Changes when what is loaded changes: an older demo is then loaded anew.
EDITION = "4"
#: What the mark says until everything is loaded.
LOADING = "loading"
SEATS_SHOWN = 3


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--public-url", help="Where phones reach this machine; goes into QR codes.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where it lies.")
@click.option("--fresh", is_flag=True, help="Throw the borough away and load it again.")
@click.option("--load-only", is_flag=True, help="Load it, print the links, don't serve.")
def demo(
    host: str, port: int, public_url: str | None, folder: Path | None, fresh: bool, load_only: bool
) -> None:
    """Load the invented borough of Hillgrove and serve it."""
    if not load_only:
        _hold_port(host, port)
    folder = (folder or Path(own_folder(), "demo")).absolute()
    try:
        app = _ready(folder, public_url or f"http://{host}:{port}", fresh)
    except OSError as fault:
        raise click.ClickException(
            f"{folder} can’t be written ({fault.strerror}). Choose another: --folder FOLDER"
        ) from fault
    click.echo(_welcome(app))
    if not load_only:
        from panel_app import server

        server.serve(host=host, port=port, workers=1, jobs=True)


def _hold_port(host: str, port: int) -> None:
    """Say at once that the port is taken: whoever answers there is not the demo."""
    fault = ports.fault(host, port, command="panel-app demo --port ")
    if fault:
        raise click.ClickException(f"{fault} (or: make demo PORT=…)")


def _ready(folder: Path, public_url: str, fresh: bool) -> Flask:
    """Return an application on the borough, loaded where it is not, or is another release's."""
    from panel_app.app import create_app

    if fresh or not _loaded(folder):
        _clear(folder)
    _set_environment(folder, public_url)
    app = create_app()
    if _loaded(folder) and not _upgraded(app):
        _clear(folder)
        _set_environment(folder, public_url)
        app = create_app()
    if not _loaded(folder):
        click.echo("Loading the borough of Hillgrove (a few seconds, the first time only) ...")
        _load(app)
        _mark(folder).write_text(EDITION)
    return app


def _upgraded(app: Flask) -> bool:
    """Bring a loaded borough up to this release; return whether that was possible."""
    from alembic.util import CommandError
    from flask_migrate import upgrade
    from sqlalchemy.exc import SQLAlchemyError

    from panel_app.core.db import db

    try:
        with app.app_context():
            upgrade()
    except (CommandError, SQLAlchemyError, SystemExit):
        with app.app_context():
            db.engine.dispose()
        return False
    return True


def _mark(folder: Path) -> Path:
    return folder / "loaded"


def _clear(folder: Path) -> None:
    """Make the folder anew. Raises ClickException where it holds anything but a demo."""
    if folder.exists() and any(folder.iterdir()) and not _mark(folder).exists():
        raise click.ClickException(f"{folder} holds something other than a demo: it is left alone.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _mark(folder).write_text(LOADING)


def _loaded(folder: Path) -> bool:
    mark = _mark(folder)
    return mark.exists() and mark.read_text() == EDITION


def _set_environment(folder: Path, public_url: str) -> None:
    """Give the demo settings of its own, whatever is set outside."""
    from panel_app.config import VARIABLES

    secret = folder / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48))
        secret.chmod(0o600)
    os.environ.update(dict.fromkeys(VARIABLES.values(), ""))
    os.environ.update(
        PANEL_ENV="development",
        PANEL_SECRET_KEY=secret.read_text(),
        PANEL_DATA_DIR=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'panel.db'}",
        PANEL_PUBLIC_URL=public_url,
        PANEL_ORGANISATION="Hillgrove Council",
    )


def _load(app: Flask) -> None:
    from flask_migrate import upgrade

    from panel_app.demo import borough

    with app.app_context():
        upgrade()
    with app.test_request_context():
        borough.load()


def _welcome(app: Flask) -> str:
    """Say where everything is: the start page, a staff sign-in, residents' links."""
    from sqlalchemy import select

    from panel_app.core.db import db
    from panel_app.panels import seats
    from panel_app.panels.models import Member
    from panel_app.staff.demo import PASSWORD, STAFF

    base = app.config["PUBLIC_URL"]
    with app.app_context():
        members = db.session.scalars(select(Member).order_by(Member.seat)).all()
        invited = [m for m in members if m.state == "invited"]
        confirmed = [m for m in members if m.state == "confirmed"]
        shown = [*confirmed[:SEATS_SHOWN], *invited[:1]]
        links = [f"  seat {m.seat:2}: {base}/j/{seats.token_of(m)}" for m in shown]
    staff = [f"  {email}  ({role})" for email, _, role in STAFF]
    return "\n".join(
        [
            "",
            f"Hillgrove is at {base}/",
            f"What anyone can read: {base}/p/hillgrove/",
            f"Asking for a grant: {base}/apply/hillgrove-small-grants",
            f"Staff sign in at {base}/staff/login with the password {PASSWORD}:",
            *staff,
            "Residents' letters lead here (open one on a phone, or in a private window):",
            *links,
            "",
        ]
    )
