"""No page is a dead end: a phone that holds a seat is led back to its panel from all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.sessions import services as sessions
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session

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


def links(client: CheckedClient, path: str) -> list[str | None]:
    """Return where the links in the page's main part lead."""
    main = next(client.page(path).iter("main"))
    return [link.get("href") for link in main.iter("a")]
