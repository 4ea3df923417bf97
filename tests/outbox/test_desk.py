"""What organisers see and do: sent messages stay, a secret stays one, each act is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import check
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.feature import offer
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import here
from panel_app.panels.models import Panel
from panel_app.staff.models import User
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.outbox import NOTE, post
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

Enter = Callable[[Role], CheckedClient]
SECRET_WORD = "All is well"


@pytest.fixture
def desk(app: Flask, sign_in: Callable[[User | str], CheckedClient]) -> tuple[CheckedClient, Panel]:
    """Return an organiser's browser and the panel."""
    with app.app_context():
        panel = make_panel()
        email = make_user("organiser", panel).email
        db.session.commit()
        db.session.refresh(panel)
        db.session.expunge(panel)
    return sign_in(email), panel


def make(app: Flask, panel: Panel, state: str = "waiting", *, secret: bool = False) -> str:
    """Put a message that is for a person to hand over in the outbox; return its identifier."""
    template = replace(NOTE, purpose="tests.secret", secret=True, renew=renewed) if secret else NOTE
    offer(app, template)
    with app.app_context():
        message = post("rosa", panel_id=panel.id, template=template)
        message.state = state
        db.session.commit()
        return message.public_id


def renewed(message: Message) -> Message:
    return post("rosa", panel_id=message.panel_id)


def stands(app: Flask, number: str) -> tuple[str, str | None]:
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.public_id == number)).one()
        return message.state, message.sent_by


def acts(app: Flask) -> list[str]:
    with app.app_context():
        entries = select(AuditEntry.action).where(AuditEntry.subject.startswith("message:"))
        return list(db.session.scalars(entries.order_by(AuditEntry.number)))


def test_what_was_marked_as_sent_stays_listed_and_can_be_put_back(
    app: Flask, desk: tuple[CheckedClient, Panel]
) -> None:
    browser, panel = desk
    number = make(app, panel)
    path = f"/desk/{panel.slug}/outbox"
    assert "All is well" in text_of(browser.page(f"{path}/{number}"))
    browser.submit(f"{path}/{number}", button="Mark as sent")
    assert "rosa@example.org" in text_of(browser.page(f"{path}?state=sent"))
    assert "marked by" in text_of(browser.page(f"{path}/{number}"))
    browser.submit(f"{path}/{number}", button="put it back")
    assert stands(app, number) == ("waiting", None)
    browser.submit(f"{path}/{number}", button="Mark as sent")
    browser.submit(f"{path}/{number}", button="Wrong address or number")
    answer = browser.submit(f"{path}/{number}", button="Send it again")
    again = answer.location.rsplit("/", 1)[1]
    assert stands(app, again) == ("waiting", None)
    assert "Made again from" in text_of(browser.page(f"{path}/{again}"))
    assert acts(app) == [
        "message.sent", "message.put_back", "message.sent", "message.returned",
        "message.made_again",
    ]  # fmt: skip


def test_what_failed_and_is_made_again_counts_as_replaced(
    app: Flask, desk: tuple[CheckedClient, Panel]
) -> None:
    browser, panel = desk
    for state in ("failed", "unsure"):
        number = make(app, panel, state)
        path = f"/desk/{panel.slug}/outbox/{number}"
        key = browser.token_on(path)
        browser.submit(path, button="Send it again")
        assert stands(app, number)[0] == "replaced"
        assert browser.post(f"{path}/again", data={"csrf_token": key}).status_code == 409


def test_a_secret_is_read_only_by_an_act_that_the_record_keeps(
    app: Flask, desk: tuple[CheckedClient, Panel]
) -> None:
    browser, panel = desk
    number = make(app, panel, secret=True)
    path = f"/desk/{panel.slug}/outbox/{number}"
    assert SECRET_WORD not in browser.get(path).text
    assert acts(app) == []
    assert SECRET_WORD in browser.submit(path, button="Open it to hand it over").text
    assert acts(app) == ["message.opened"]
    assert "Opened to hand it over" in text_of(browser.page(path))
    browser.submit(path, button="Mark as sent")
    assert SECRET_WORD not in browser.get(path).text
    key = browser.token_on(path)
    assert browser.post(path, data={"csrf_token": key}).status_code == 409
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert message.wording["body"] == ""


def test_a_secret_that_leaves_by_itself_is_read_by_nobody(
    app: Flask, desk: tuple[CheckedClient, Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, panel = desk
    with app.app_context():
        carrier = replace(here(), carrier=Mailman())
    monkeypatch.setitem(app.extensions, "outbox", carrier)
    number = make(app, panel, secret=True)
    path = f"/desk/{panel.slug}/outbox/{number}"
    page = browser.get(path).text
    assert SECRET_WORD not in page
    assert "Open it to hand it over" not in page
    refused = browser.post(path, data={"csrf_token": browser.token_on(path)})
    assert refused.status_code == 409
    assert SECRET_WORD not in refused.text
    assert acts(app) == []


class Mailman:
    """Stands for any carrier of mail where nothing is sent."""

    name = "file"
    carries = frozenset({"mail"})


def test_other_panels_messages_are_not_there(app: Flask, desk: tuple[CheckedClient, Panel]) -> None:
    browser, panel = desk
    with app.app_context():
        other = make_panel()
        db.session.commit()
        db.session.refresh(other)
        db.session.expunge(other)
    number = make(app, other)
    assert browser.get(f"/desk/{panel.slug}/outbox/{number}").status_code == 404
    assert "rosa@example.org" not in browser.get(f"/desk/{panel.slug}/outbox").text


def test_three_thousand_messages_are_shown_fifty_at_a_time(
    app: Flask, desk: tuple[CheckedClient, Panel]
) -> None:
    browser, panel = desk
    make(app, panel)
    with app.app_context():
        first = db.session.scalars(select(Message)).one()
        row = {c.key: getattr(first, c.key) for c in Message.__table__.columns if c.key != "id"}
        rows = [{**row, "public_id": f"copy{n:08}"} for n in range(2_999)]
        db.session.execute(Message.__table__.insert(), rows)
        db.session.commit()
    page = browser.page(f"/desk/{panel.slug}/outbox?page=60")
    assert "Page 60 of 60" in text_of(page)
    assert len(re.findall("rosa@example.org", text_of(page))) == 50


def test_administrators_change_what_messages_say(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        email = make_user("administrator").email
        db.session.commit()
    browser = sign_in(email)
    path = "/desk/wordings/grants.link/bn"
    browser.page("/desk/wordings")
    sent = {"subject": "লিংক", "body": "আপনার লিংক: ((linc))", "short": "((link))"}
    assert "((linc))" in browser.submit(path, sent).text
    assert browser.submit(path, {**sent, "body": "আপনার লিংক: ((link))"}).status_code == 303
    assert "আপনার লিংক: ((link))" in browser.get(path).text
    assert browser.get("/desk/wordings/grants.link/xx").status_code == 404


def test_check_says_what_is_promised_and_not_sent(
    app: Flask, desk: tuple[CheckedClient, Panel]
) -> None:
    _browser, panel = desk
    number = make(app, panel)
    assert "Note: PANEL_MAIL is page" in said(app)
    assert "Messages promised" not in said(app)
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.public_id == number)).one()
        message.by_hand = False
        db.session.commit()
    assert "Fault: Messages promised to leave by themselves" in said(app)


def said(app: Flask) -> str:
    """Return everything that `panel-app check` finds."""
    return "\n".join(str(finding) for finding in check.check(app))
