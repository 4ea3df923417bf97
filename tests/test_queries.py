"""A page asks the database as often for a large borough as for a small one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from panel_app.core.db import db
from panel_app.staff.demo import PASSWORD, STAFF
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.factories.large import grow_borough
from tests.role_walk import World, addresses, make_borough, methods, routes

#: More questions that a page may ask once lists have grown: what was empty before, say.
SLACK = 3


@pytest.mark.slow
def test_questions_to_the_database_do_not_grow_with_the_rows(
    app: Flask, join: Callable[[int], CheckedClient]
) -> None:
    world = make_borough(app)
    staff, member = new_client(app), join(world.members["member"])
    staff.submit("/staff/login", {"email": STAFF[0][0], "password": PASSWORD})
    before = asked(app, [staff, member], world)
    with app.test_request_context():
        grow_borough(people=300, applications=40, sessions=20, projects=30)
        db.session.commit()
    after = asked(app, [staff, member], world)
    grown = {p: (n, after[p]) for p, n in before.items() if after[p] > n + SLACK}
    assert len(before) > 40
    assert grown == {}


def asked(app: Flask, browsers: list[CheckedClient], world: World) -> dict[str, int]:
    """Return how many statements each page needs, by address."""
    counts: dict[str, int] = {}
    statements = 0

    def count(*_arguments: object) -> None:
        nonlocal statements
        statements += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    for path in (p for r in routes(app) if "GET" in methods(r) for p in addresses(r, world)):
        for browser in browsers:
            statements = 0
            answer = FlaskClient.open(browser, path)
            answer.close()
            if answer.status_code == 200:
                counts[path] = statements
    event.remove(engine, "before_cursor_execute", count)
    return counts
