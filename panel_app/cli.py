"""The `panel-app` command. Each part is imported when it is called, and only then."""

from __future__ import annotations

import importlib
import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from panel_app.staff.roles import ROLES, Role

if TYPE_CHECKING:
    from flask import Flask

#: Commands that live with their feature: the name, and where it is defined.
ELSEWHERE = {
    "count": "panel_app.counting.command:count",
    "count-shares": "panel_app.counting.command:count_shares",
    "opinions": "panel_app.opinions.command:opinions",
    "demo": "panel_app.demo.command:demo",
}


class _Commands(click.Group):
    """A group that finds some of its commands in other modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = ELSEWHERE[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; say in words where the database does not answer it."""
        try:
            return super().invoke(ctx)
        except Exception as fault:
            # The library is not imported for this: counting needs no database.
            if not type(fault).__module__.startswith("sqlalchemy."):
                raise
            _stop(f"The database does not answer ({type(fault).__name__}). Try: panel-app check")


@click.group(cls=_Commands)
@click.version_option(package_name="panel-app", message="%(version)s")
def main() -> None:
    """Resident panels by fair lottery, secret budget ballots, citizen grants."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--jobs/--no-jobs", default=True, help="Also run the job process.")
def serve(host: str, port: int, workers: int, jobs: bool) -> None:
    """Serve pages, event streams and jobs on one port."""
    _settings_or_stop()
    from panel_app.core import ports

    fault = ports.fault(host, port, command=f"panel-app serve --host {host} --port ")
    if fault:
        _stop(fault)
    from panel_app import server

    server.serve(host=host, port=port, workers=workers, jobs=jobs)


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema up to this release."""
    from flask_migrate import upgrade

    from panel_app.core import secret_mark
    from panel_app.core.db import db as database

    with _app().app_context():
        upgrade()
        secret_mark.remember()
        database.session.commit()
    click.echo("The database is up to date.")


@main.group()
def user() -> None:
    """Look after staff accounts."""


@user.command("create")
@click.argument("email")
@click.option("--name", prompt=True)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="organiser",
    show_default=True,
)
@click.option("--panel", "slug", help="The panel's name in addresses; without it, every panel.")
@click.password_option(help="At least 12 characters; asked for when left out.")
def user_create(email: str, name: str, role: Role, slug: str | None, password: str) -> None:
    """Make a staff account."""
    from panel_app.core.db import db as database
    from panel_app.core.errors import DomainError
    from panel_app.panels.devices import panel_called
    from panel_app.staff.accounts import create_user

    app = _app()
    with app.test_request_context():
        panel = panel_called(slug) if slug else None
        if slug and panel is None:
            _stop(f"There is no panel called {slug!r}.")
        try:
            create_user(
                email=email,
                name=name,
                password=password,
                role=role,
                panel=panel,
                actor=_who(),
            )
        except DomainError as refusal:
            _stop(str(refusal))
        database.session.commit()
    click.echo(f"{email} can sign in at {app.config['PUBLIC_URL']}/staff/login")


@user.command("reset")
@click.argument("email")
@click.option("--link", is_flag=True, help="Print a link that works once, instead of asking.")
@click.option("--password", help="At least 12 characters; asked for when left out.")
def user_reset(email: str, link: bool, password: str | None) -> None:
    """Let someone in again who forgot the password or lost the second step."""
    from panel_app.core.db import db as database
    from panel_app.core.errors import DomainError
    from panel_app.staff import accounts, recovery

    app = _app()
    with app.test_request_context():
        found = accounts.called(email)
        if found is None:
            _stop(f"There is no account {email!r}.")
        try:
            if link:
                token = recovery.make_link(user=found, actor=_who())
                said = f"{app.config['PUBLIC_URL']}/staff/recover/{token}"
            else:
                typed = password or click.prompt("New password", hide_input=True)
                recovery.recover(user=found, password=typed, actor=_who())
                said = f"{email} can sign in at {app.config['PUBLIC_URL']}/staff/login"
        except DomainError as refusal:
            _stop(str(refusal))
        database.session.commit()
    click.echo(said)


@main.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copy database and files to TARGET while in use. Ballot keys are left out on purpose."""
    from panel_app.core import backup as backups

    with _in_words():
        click.echo(backups.backup(_app(), target))


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option(prompt="This replaces the database. Is the server stopped?")
def restore(source: Path) -> None:
    """Put a backup back in place of the database; what became final since stays final."""
    from panel_app.core import backup as backups

    with _in_words():
        click.echo(backups.restore(_app(), source, actor=_who()))


@main.command("verify-log")
def verify_log() -> None:
    """Check the audit log's hash chain from its first entry."""
    from panel_app.core import audit

    with _app().app_context():
        number, broken = audit.verify()
        if broken is not None:
            _stop(f"The log is broken at entry {broken} of {number}.")
        click.echo(f"{number} entries, unbroken. Head: {audit.head().hash}")


@main.command()
@click.argument("evidence", type=click.Path(exists=True))
@click.option("--head", default=None, help="The log's head that you know from elsewhere.")
def verify(evidence: str, head: str | None) -> None:
    """Check a panel's EVIDENCE, the zip or its folder: files, votes, lottery; needs no database."""
    from panel_app.publishing import verify as evidence_check
    from sortition.verify import verify_bytes

    known = ["--head", head] if head else []
    sys.exit(evidence_check.main([evidence, *known], check_draw=verify_bytes))


@main.command()
@click.option("--deep", is_flag=True, help="Also open every sealed row.")
def check(deep: bool) -> None:
    """Look for what would go wrong: schema, settings, secret, catalogues, the log, permissions."""
    from panel_app.core import check as checks

    findings = checks.check(_app(), deep=deep)
    for finding in findings:
        click.echo(finding)
    if any(finding.serious for finding in findings):
        sys.exit(1)
    click.echo("Ready.")


def _app() -> Flask:
    _settings_or_stop()
    from panel_app.app import create_app

    return create_app()


@contextmanager
def _in_words() -> Iterator[None]:
    """End with a sentence where a copy can't be made or put back."""
    from panel_app.core.copies import BackupError

    try:
        yield
    except BackupError as fault:
        _stop(str(fault))


def _settings_or_stop() -> None:
    # What is made from here on may hold residents' data.
    os.umask(0o077)
    from panel_app.config import UnsafeSettings, from_environment

    try:
        from_environment()
    except UnsafeSettings as fault:
        _stop(str(fault))


def _who() -> str:
    """Return whom the log names for what is typed here: the machine's account."""
    try:
        return f"shell:{pwd.getpwuid(os.getuid()).pw_name}"[:40]
    except KeyError:
        return f"shell:{os.getuid()}"


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
