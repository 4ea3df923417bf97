"""Nobody on the staff is out for good: by command, or by a link that works once."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.staff import recovery
from panel_app.staff.accounts import called, set_active
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.factories.staff import make_user
from tests.staff.test_second_factor import set_up
from tests.test_cli import SECRET, create_user, folder, run

__all__ = ["folder"]
SignIn = Callable[[User | str], CheckedClient]
NEW = "another lamp on the garage path"


@pytest.fixture
def locked_out(app: Flask, sign_in: SignIn) -> str:
    """Return the address of an organiser with a second step, which they lost."""
    with app.app_context():
        user = make_user("organiser")
        make_user("administrator")
        db.session.commit()
        email = user.email
    set_up(sign_in(email))
    return email


def offered(app: Flask, sign_in: SignIn, email: str) -> str:
    """Return the path of the link that an administrator makes."""
    with app.app_context():
        admin = db.session.scalars(
            select(User.email).where(User.email.like("administrator%"))
        ).first()
        public_id = called(email).public_id  # type: ignore[union-attr]
    shown = sign_in(str(admin)).submit(
        f"/desk/staff/{public_id}", {}, action=f"/desk/staff/{public_id}/recovery"
    )
    found = re.search(r"/staff/recover/[\w.-]+", shown.text)
    assert found is not None
    return found[0]


def choose(app: Flask, path: str, password: str, again: str | None = None):  # type: ignore[no-untyped-def]
    sent = {"password": password, "again": again or password}
    return new_client(app).submit(path, sent)


def signed_in(app: Flask, email: str, password: str) -> bool:
    browser = new_client(app)
    browser.submit("/staff/login", {"email": email, "password": password})
    return browser.get("/desk/").status_code == 200


def test_link_lets_in_once_without_the_second_step(
    app: Flask, sign_in: SignIn, locked_out: str
) -> None:
    path = offered(app, sign_in, locked_out)
    assert choose(app, path, NEW, "something else, also long").status_code == 422
    assert choose(app, path, "short").status_code == 422
    for _ in range(3):  # Scanners of mail open links.
        assert new_client(app).get(path).status_code == 200
    assert choose(app, path, NEW).status_code == 303
    assert signed_in(app, locked_out, NEW)
    assert new_client(app).get(path).status_code == 404
    with app.app_context():
        entries = select(audit.AuditEntry.action).order_by(audit.AuditEntry.number)
        actions = list(db.session.scalars(entries))
        assert actions[-2:] == ["staff.recovery_offered", "staff.recovered"]


def test_link_ends_with_a_day_with_the_account_and_with_another_password(
    app: Flask, sign_in: SignIn, locked_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = offered(app, sign_in, locked_out)
    monkeypatch.setattr(recovery, "LASTS", -timedelta(seconds=1).total_seconds())
    assert new_client(app).get(path).status_code == 404
    monkeypatch.undo()
    assert new_client(app).get(path + "x").status_code == 404
    with app.app_context():
        set_active(user=called(locked_out), active=False, actor="system")  # type: ignore[arg-type]
        db.session.commit()
    assert new_client(app).get(path).status_code == 404


def test_command_lets_the_only_administrator_in_again(folder: Path) -> None:
    create_user("ada@example.org")
    assert "12" in run("user", "reset", "ada@example.org", "--password", "short", code=1).output
    said = run("user", "reset", "ADA@example.org", "--password", NEW).output
    assert "/staff/login" in said
    assert "/staff/recover/" in run("user", "reset", "ada@example.org", "--link").output
    assert "no account" in run("user", "reset", "eve@example.org", "--link", code=1).output
    with contextlib.closing(sqlite3.connect(folder / "panel.db")) as database:
        acts = database.execute("SELECT action, actor FROM audit_entry ORDER BY number").fetchall()
    assert [action for action, _ in acts] == [
        "staff.role_given", "staff.recovered", "staff.recovery_offered",
    ]  # fmt: skip
    assert all(actor.startswith("shell:") for _, actor in acts)
    assert SECRET
