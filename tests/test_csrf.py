"""Every route that changes something refuses a form without a token of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.role_walk import SAFE, addresses, make_world, methods, routes
from tests.test_gets import fingerprint

TOKENS = {"none": {}, "empty": {"csrf_token": ""}, "invented": {"csrf_token": "IjAi.aaaa.bbbb"}}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("who", ["administrator", "member"])
def test_form_without_its_token_changes_nothing(
    app: Flask,
    who: str,
    kind: str,
    sign_in: Callable[[User | str], CheckedClient],
    join: Callable[[int], CheckedClient],
) -> None:
    world = make_world(app)
    browser = sign_in(world.staff[who]) if who in world.staff else join(world.members[who])
    with app.app_context():
        before = fingerprint()
        db.session.rollback()
    accepted = []
    for route in routes(app):
        for method in set(methods(route)) - SAFE:
            path = next(iter(addresses(route, world)))
            answer = browser.open(path, method=method, data=TOKENS[kind])
            if not 400 <= answer.status_code < 500:
                accepted.append(f"{method} {path}: {answer.status_code}")
    with app.app_context():
        assert fingerprint() == before
    assert not accepted, "\n".join(accepted)
