"""No page is a dead end: a phone that holds a seat is led back to its panel from all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, request
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from panel_app.web import addresses
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.deliberation import make_asking
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user
from tests.role_walk import addresses as addresses_of
from tests.role_walk import make_world, methods, routes

Join = Callable[[int], CheckedClient]
PUBLIC = ["/help", "/information", "/accessibility", "/join", "/p/{slug}/", "/p/{slug}/grants"]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_leads_a_seated_phone_back(
    app: Flask, client: CheckedClient, join: Join, path: str
) -> None:
    with app.app_context():
        panel = make_panel()
        [member] = make_members(panel, 1)
        db.session.commit()
        address, seat = path.format(slug=panel.slug), member.id
    assert "/my/" not in links(client, address), "nobody without a seat is sent there"
    assert "/my/" in links(join(seat), address)


def test_start_page_offers_a_seated_phone_its_panel_first(
    app: Flask, client: CheckedClient, join: Join
) -> None:
    with app.app_context():
        [member] = make_members(make_panel(), 1)
        db.session.commit()
        seat = member.id
    assert links(join(seat), "/")[0] == "/my/"
    assert links(client, "/")[0] == "/join"


def test_session_that_is_over_leads_on_and_announces_nothing(app: Flask, join: Join) -> None:
    with app.app_context():
        panel = make_panel()
        [member] = make_members(panel, 1)
        session = make_session(panel)
        make_item(session, title="Never opened")
        sessions.close_session(session=session, actor=ACTOR)
        db.session.commit()
        address, seat = f"/my/session/{session.public_id}", member.id
    phone = join(seat)
    assert "/my/" in links(phone, address)
    assert "Never opened" not in text_of(phone.page(address))


def test_late_answer_leads_back_to_the_session(app: Flask, join: Join) -> None:
    with app.app_context():
        panel = make_panel()
        [member] = make_members(panel, 1)
        session = make_session(panel)
        item = make_asking(session)
        address, seat = f"/my/session/{session.public_id}", member.id
        answer = f"/my/questions/{item.public_id}/answer"
        db.session.commit()
    phone = join(seat)
    form = next(f for f in phone.page(address).iter("form") if f.get("action") == answer)
    sent = {f.get("name"): f.get("value") for f in form.iter("input")}
    with app.app_context():
        sessions.close_item(item=db.session.scalars(select(AgendaItem)).one(), actor=ACTOR)
        db.session.commit()
    refused = phone.post(answer, data=sent)
    assert refused.status_code == 409
    assert way_on(refused.text) == (address, "Back to where you were")
    late = phone.post(answer, data={**sent, "q1": "Half a <sen>tence"})
    assert "What you typed" in late.text
    assert "Half a &lt;sen&gt;tence" in late.text


def test_button_of_an_old_console_leads_back_to_the_console(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        session = make_session(panel)
        item = make_item(session, title="Welcome", is_open=True)
        email = make_user("facilitator", panel).email
        console = f"/desk/{panel.slug}/sessions/{session.public_id}/"
        close = f"/desk/{panel.slug}/items/{item.public_id}/close"
        db.session.commit()
    desk = sign_in(email)
    form = next(f for f in desk.page(console).iter("form") if f.get("action") == close)
    sent = {f.get("name"): f.get("value") for f in form.iter("input")}
    assert desk.post(close, data=sent).status_code == 303
    refused = desk.post(close, data=sent)
    assert refused.status_code == 409
    assert way_on(refused.text) == (console, "Back to where you were")


def test_what_is_gone_leads_to_the_page_above_it(
    app: Flask, join: Join, client: CheckedClient, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel()
        [member] = make_members(panel, 1)
        seat, email = member.id, make_user("organiser", panel).email
        home = f"/desk/{panel.slug}/"
        db.session.commit()
    gone = {
        "/my/session/gone": ("/my/", join(seat)),
        f"{home}sessions/gone/agenda": (f"{home}sessions/", sign_in(email)),
        f"{home}items/gone/edit": (home, sign_in(email)),
        "/p/gone/": ("/", client),
        "/nowhere": ("/", client),
    }
    for path, (above, browser) in gone.items():
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert way_on(answer.text)[0] == above, path


def test_every_refusal_leads_back_to_a_page_that_can_be_opened(app: Flask) -> None:
    world = make_world(app)
    for route in routes(app):
        if "POST" not in methods(route) or not route.rule.startswith(("/my/", "/desk/")):
            continue
        for path in addresses_of(route, world):
            with app.test_request_context(path, method="POST"):
                back = addresses.way_back(found=True)[0]
                adapter = app.create_url_adapter(request)
                assert adapter is not None
                adapter.match(back.partition("?")[0], "GET")
                assert back.startswith(("/my/", "/desk/")), (path, back)


def test_what_is_too_large_to_read_still_leads_back(app: Flask, join: Join) -> None:
    with app.app_context():
        [member] = make_members(make_panel(), 1)
        seat = member.id
        db.session.commit()
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    answer = join(seat).post("/my/questions/x/answer", data={"q1": "so long " * 1_000})
    assert answer.status_code == 413
    assert way_on(answer.text)[0] == "/my/"


def links(client: CheckedClient, path: str) -> list[str | None]:
    """Return where the links in the page's main part lead."""
    main = next(client.page(path).iter("main"))
    return [link.get("href") for link in main.iter("a")]


def way_on(html: str) -> tuple[str | None, str]:
    """Return where the one link of a page that refuses leads, and its words."""
    [link] = next(parse(html).iter("main")).iter("a")
    return link.get("href"), text_of(link)
