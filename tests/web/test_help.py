"""Every page of the staff's has help of its own."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.staff.models import User
from panel_app.web.desk.help import PageHelp
from tests.checked_client import CheckedClient, text_of
from tests.factories.staff import make_user
from tests.role_walk import methods, routes

#: Addresses under /desk/ that give a file or a part of a page.
NOT_PAGES = {
    "deliberation_desk.polis",
    "draw_desk.bundle",
    "draw_desk.draw_state",
    "draw_desk.wall",
    "draw_desk.wall_now",
    "recruitment_desk.sample",
    "sessions_console.console_now",
    "sessions_console.wall",
    "sessions_console.wall_now",
}


def test_every_staff_page_has_help(app: Flask) -> None:
    pages = {
        (route.endpoint, route.endpoint.rpartition(".")[0])
        for route in routes(app)
        if route.rule.startswith("/desk") and "GET" in methods(route)
    }
    with app.app_context():
        helped = {name for help_ in offered(PageHelp) for name in help_.pages}
    without = {one for one, blueprint in pages if not {one, blueprint} & helped}
    assert without - NOT_PAGES == set()


def test_help_is_on_the_page(app: Flask, sign_in: Callable[[User | str], CheckedClient]) -> None:
    with app.app_context():
        email = make_user("organiser").email
        db.session.commit()
    page = sign_in(email).page("/desk/account")
    (help_,) = (one for one in page.iter("details") if one.get("class") == "about")
    assert text_of(help_).startswith("About this page")
