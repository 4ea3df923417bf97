"""Every route, asked by everybody, answers as its declared rule says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route

from panel_app.staff.models import User
from panel_app.web.access import rule_of
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.role_walk import PERMISSIONS, STAFF_RULES, addresses, make_world, methods, routes

#: What a refusal looks like: sent elsewhere to get in, not allowed, or as if nothing were there.
TO_JOIN = ("/join", "/moved")
TO_SIGN_IN = "/staff/login"


def test_every_route_declares_its_rule(app: Flask) -> None:
    without = [r.rule for r in routes(app) if rule_of(app, r.endpoint) is None]
    assert not without, f"these routes are closed to everybody, for want of a rule: {without}"


def expected(route: Route, rule: str, who: str) -> str:
    """Return what the guard is to do: let in, send to join or sign in, forbid, or hide."""
    may = PERMISSIONS[who]
    named = "panel_slug" in route.arguments
    if rule == "nobody":
        return "hide"
    if rule == "anyone":
        return "let in"
    if rule in {"member", "participant"}:
        if rule not in may:
            return "join"
        return "hide" if named and who == "another panel's member" else "let in"
    if "staff" not in may:
        return "sign in"
    if who == "organiser of another panel":
        return "let in" if rule == "staff" and not named else "hide"
    if rule in STAFF_RULES and not named and who != "administrator":
        return "hide"
    return "let in" if rule in may else "forbid"


def answered(browser: CheckedClient, method: str, path: str) -> str:
    """Return what was done; a form without its token counts as let in by nobody."""
    answer = browser.open(path, method=method)
    where = answer.headers.get("Location", "")
    if answer.status_code in {302, 303} and where.startswith(TO_SIGN_IN):
        return "sign in"
    if answer.status_code in {302, 303} and where.startswith(TO_JOIN):
        return "join"
    return {403: "forbid", 404: "hide"}.get(answer.status_code, "let in")


@pytest.mark.parametrize("who", PERMISSIONS)
def test_answers_are_as_declared(
    app: Flask,
    who: str,
    sign_in: Callable[[User | str], CheckedClient],
    join: Callable[[int], CheckedClient],
) -> None:
    world = make_world(app)
    # The guard is what is asked here; the tokens of forms are proved in test_csrf.py.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    if who in world.members:
        browser = join(world.members[who])
    else:
        browser = sign_in(world.staff[who]) if who in world.staff else new_client(app)
    if who == "guest":
        browser.set_cookie("guest", world.guest)
    # Being let in stops short of the view, so that the walk changes nothing.
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = _reached(app, endpoint)
    wrong = []
    for route in routes(app):
        rule = rule_of(app, route.endpoint) or "NO RULE"
        for method in methods(route):
            path = next(iter(addresses(route, world)))
            done, wanted = answered(browser, method, path), expected(route, rule, who)
            if done != wanted:
                wrong.append(f"{method} {path} ({rule}): {done}, expected {wanted}")
    assert not wrong, "\n".join(wrong)


def _reached(app: Flask, endpoint: str) -> Callable[..., str]:
    def view(**_: object) -> str:
        return "reached"

    view.access_rule = rule_of(app, endpoint)  # type: ignore[attr-defined]
    return view
