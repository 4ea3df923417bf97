"""Opening any page, as anybody, leaves the database as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import Base, db
from panel_app.staff.demo import PASSWORD
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.role_walk import World, addresses, make_borough, methods, routes


def fingerprint() -> dict[str, str]:
    """Return a hash of every table's rows."""
    return {
        table.name: hashlib.sha256(
            repr(sorted(map(repr, db.session.execute(select(table)).all()))).encode()
        ).hexdigest()
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.slow
def test_opening_pages_writes_nothing(
    app: Flask, join: Callable[[int], CheckedClient], subtests: pytest.Subtests
) -> None:
    """Walk the demo's borough, which has one of everything, as everybody."""
    world = make_borough(app)
    browsers = {"anonymous": new_client(app), "member": join(world.members["member"])}
    for role, email in world.staff.items():
        browsers[role] = new_client(app)
        browsers[role].submit("/staff/login", {"email": email, "password": PASSWORD})
    for who, browser in browsers.items():
        with subtests.test(who):
            before = now(app)
            broken = walk(app, browser, world)
            after = now(app)
            assert not broken, "\n".join(broken)
            assert [table for table in after if after[table] != before[table]] == []
            home = "/my/" if who == "member" else "/desk/" if who in world.staff else "/"
            assert browser.get(home).status_code == 200, f"{who} was signed out by a page"


def walk(app: Flask, browser: CheckedClient, world: World) -> list[str]:
    """Open every page that there is a sample for; return the ones that broke."""
    broken = []
    for route in routes(app):
        if "GET" in methods(route):
            for path in addresses(route, world):
                answer = browser.get(path)
                answer.close()
                if answer.status_code >= 500:
                    broken.append(f"{path}: {answer.status_code}")
    return broken


def now(app: Flask) -> dict[str, str]:
    """Return the database's fingerprint at this moment."""
    with app.app_context():
        return fingerprint()
