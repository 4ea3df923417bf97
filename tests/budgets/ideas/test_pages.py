"""Ideas on a phone: sent without an account, wanted once, followed by their own link."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from panel_app.budgets.ideas import authors, queries
from panel_app.budgets.ideas.models import Idea, IdeaCall, Wish
from panel_app.budgets.ideas.services import want_too
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.outbox.models import Message
from panel_app.panels.models import Panel
from panel_app.places.services import add_place
from panel_app.web import robots
from tests.checked_client import CheckedClient, parse, text_of
from tests.conftest import new_client
from tests.factories.budgets import make_pot
from tests.factories.ideas import make_call, make_cost, make_idea
from tests.factories.panels import make_members, make_panel


@pytest.fixture
def call(app: Flask) -> str:
    with app.app_context():
        pot = make_pot(make_panel(slug="hillgrove"))
        add_place(kind="block", name=Translated.of(en="Block A"), parent=None, actor="system")
        made = make_call(pot)
        db.session.commit()
        return made.public_id


def typed(app: Flask, call: str, **fields: Any) -> dict[str, Any]:
    """Return what somebody types, on a page that they have had for a minute."""
    with app.app_context():
        home = db.session.scalars(select(IdeaCall)).one()
        block = queries.places_for(home)[0][0].public_id
    with app.test_request_context(), clock.ago(timedelta(minutes=1)):
        shown = robots.signed(call)
    return {
        "title": "Benches at the bus stop",
        "why": "People can’t stand that long.",
        "home": block,
        "shown": shown,
        **fields,
    }


def the_ideas(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return [
            {"title": str(i.title), "state": i.state, "doubts": i.doubts, "known_by": i.known_by}
            for i in db.session.scalars(select(Idea).order_by(Idea.number))
        ]


def test_an_idea_is_sent_without_an_account_and_followed_by_its_link(
    app: Flask, client: CheckedClient, call: str
) -> None:
    page = f"/ideas/{call}/new"
    sent = client.submit(page, typed(app, call, contact="ana@residents.example"))
    assert sent.status_code == 303
    own = sent.headers["Location"]
    told = text_of(client.page(own))
    assert "Everybody can see your idea" in told
    assert "Received" in told
    assert the_ideas(app)[0]["known_by"] == "place"
    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        assert b"ana@" not in idea.sealed
        assert idea.contact == "ana@residents.example"
        message = db.session.scalars(select(Message)).one()
        assert own.rsplit("/", 1)[1] in message.wording["body"]
    assert client.get(own[:-1] + ("0" if own[-1] != "0" else "1")).status_code == 404


def test_somebody_says_that_they_live_here_and_one_word_is_no_idea(
    app: Flask, client: CheckedClient, call: str
) -> None:
    page = f"/ideas/{call}/new"
    for wrong, says in (
        ({"home": ""}, "Choose your block"),
        ({"home": "", "code": "AAAA-BBBB-CCCC"}, "This code does not work"),
        ({"title": "Benches"}, "one word alone"),
        ({"website": "http://x"}, "Leave the field empty"),
        ({"shown": "made-up"}, "lay open for long"),
    ):
        answer = client.submit(page, typed(app, call, **wrong))
        assert answer.status_code == 422, wrong
        assert says in text_of(parse(answer.text)), wrong
    assert not the_ideas(app)


def test_a_seat_is_enough_and_a_machine_is_stopped(
    app: Flask, client: CheckedClient, call: str, join: Callable[..., CheckedClient]
) -> None:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        member = make_members(panel, 1)[0].id
        db.session.commit()
    phone = join(member)
    for number in range(10):
        fields = typed(app, call, home="", title=f"Quite another thing {number}")
        assert phone.submit(f"/ideas/{call}/new", {**fields, "sure": "yes"}).status_code == 303
    fields = typed(app, call, home="", title="One more thing")
    assert phone.submit(f"/ideas/{call}/new", {**fields, "sure": "yes"}).status_code == 422
    assert {idea["known_by"] for idea in the_ideas(app)} == {"seat"}
    assert len(the_ideas(app)) == authors.A_PERSON.amount


def test_alike_ideas_are_shown_before_it_is_sent_and_while_typing(
    app: Flask, client: CheckedClient, call: str
) -> None:
    with app.app_context():
        made = db.session.scalars(select(IdeaCall)).one()
        make_idea(made, "A bench where the bus stops")
        make_idea(made, "Trees on the playground")
        db.session.commit()
    fields = typed(app, call, title="Bench at the bus stop please")
    shown = client.submit(f"/ideas/{call}/new", fields)
    assert shown.status_code == 200
    assert "A bench where the bus stops" in text_of(parse(shown.text))
    assert "Trees on" not in text_of(parse(shown.text))
    assert len(the_ideas(app)) == 2
    typing = client.get(f"/ideas/{call}/alike?title=bench+bus")
    assert "A bench where the bus stops" in typing.text
    sent = client.submit(f"/ideas/{call}/new", {**fields, "sure": "yes"})
    assert sent.status_code == 303
    again = client.submit(f"/ideas/{call}/new", {**fields, "sure": "yes"})
    assert again.headers["Location"] == sent.headers["Location"]
    assert len(the_ideas(app)) == 3


@pytest.mark.parametrize(
    ("why", "doubt"),
    [
        ("Mr Dixon at the corner shouts.", "name"),
        ("It was always Janet Pilkington who did it.", "name"),
        ("Ring me on 07700 900123.", "reach"),
        ("The people in flat 12 are noisy.", "reach"),
        ("The caretaker is a thief.", "blame"),
        ("লোকটা চোর।", "blame"),
        ("السيد أحمد يصرخ", "name"),
    ],
)
def test_what_may_name_or_blame_somebody_waits_for_a_person(
    app: Flask, client: CheckedClient, call: str, why: str, doubt: str
) -> None:
    sent = client.submit(f"/ideas/{call}/new", typed(app, call, why=why))
    assert the_ideas(app)[0]["state"] == "held"
    assert doubt in the_ideas(app)[0]["doubts"]
    assert client.get(f"/ideas/{call}/1").status_code == 404
    assert "bus stop" not in text_of(client.page(f"/ideas/{call}"))
    assert "A person reads it" in text_of(client.page(sent.headers["Location"]))


def test_a_photo_waits_alone(app: Flask, client: CheckedClient, call: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    picture.seek(0)
    fields = typed(app, call, photo=(picture, "stop.jpg"))
    assert client.submit(f"/ideas/{call}/new", fields).status_code == 303
    page = client.get(f"/ideas/{call}/1").text
    assert "bus stop" in page
    assert "/photos/" not in page


def test_want_too_counts_once_a_phone(app: Flask, client: CheckedClient, call: str) -> None:
    with app.app_context():
        make_idea(db.session.scalars(select(IdeaCall)).one())
        db.session.commit()
    page = f"/ideas/{call}/1"
    for phone in (client, new_client(app)):
        token = phone.token_on(page)
        for _press in range(3):
            pressed = phone.post(f"{page}/want", data={"csrf_token": token})
            assert pressed.status_code == 303
    assert "You want this too" in text_of(client.page(f"/ideas/{call}/1"))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Wish)) == 2


def test_fewer_than_five_wishes_are_not_told(app: Flask, client: CheckedClient, call: str) -> None:
    with app.app_context():
        idea = make_idea(db.session.scalars(select(IdeaCall)).one())
        for person in range(4):
            want_too(idea=idea, who=f"browser:{person}")
        db.session.commit()
    assert "Fewer than five" in text_of(client.page(f"/ideas/{call}/1"))
    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        for person in range(9):
            want_too(idea=idea, who=f"browser:{person}")
        db.session.commit()
    assert "At least 5 people" in text_of(client.page(f"/ideas/{call}/1"))


def test_what_is_left_to_cost_and_by_when_is_told(
    app: Flask, client: CheckedClient, call: str
) -> None:
    with app.app_context():
        made = db.session.scalars(select(IdeaCall)).one()
        made.costed_by = clock.now().date() + timedelta(days=30)
        first, second, *_rest = [make_idea(made, f"Thing number {n}") for n in range(4)]
        make_cost(first, 100_00)
        make_cost(second, 25_00, yearly=True)
        db.session.commit()
    told = text_of(client.page(f"/ideas/{call}"))
    assert "2 are still to be costed" in told
    assert "Together they cost £100 once" in told
    assert "Together they cost £25 a year" in told


def test_an_author_takes_it_back_and_nothing_stays(
    app: Flask, client: CheckedClient, call: str
) -> None:
    sent = client.submit(f"/ideas/{call}/new", typed(app, call, contact="ana@residents.example"))
    own = sent.headers["Location"]
    assert client.submit(f"{own}/take-back", {}).status_code == 303
    assert "deleted" in text_of(client.page(own))
    with app.app_context():
        idea = db.session.scalars(select(Idea)).one()
        assert (str(idea.title), idea.folded, idea.person_key) == ("–", "", b"")
        assert not db.session.scalars(select(Message)).all()


def test_the_panels_public_page_leads_to_the_ideas(
    app: Flask, client: CheckedClient, call: str
) -> None:
    with app.app_context():
        db.session.scalars(select(Panel)).one().published = True
        db.session.commit()
    links = [each.get("href") for each in client.page("/p/hillgrove/").iter("a")]
    assert f"/ideas/{call}" in links
