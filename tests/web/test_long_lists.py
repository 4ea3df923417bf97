"""No list is without a bound: more than a page of rows is walked page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.balloting.models import Receipt
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.translated import Translated
from panel_app.deliberation.statements.models import Statement
from panel_app.grants.queries import MOST_PROGRAMMES
from panel_app.publishing.queries import NEWEST
from panel_app.sessions import services
from panel_app.web.listing import PAGE_SIZE
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.balloting import cast, close, make_vote
from tests.factories.deliberation import make_round
from tests.factories.grants import make_programme
from tests.factories.grants import make_round as make_grants_round
from tests.factories.panels import make_panel
from tests.factories.sessions import make_item, make_session
from tests.factories.staff import make_user

MANY = PAGE_SIZE + 3


@pytest.fixture
def organiser(app: Flask, sign_in: Callable[[str], CheckedClient]) -> CheckedClient:
    with app.app_context():
        email = make_user("administrator").email
        db.session.commit()
    return sign_in(email)


def _numbers(client: CheckedClient, address: str, name: Callable[[int], str]) -> Iterator[int]:
    """Walk the pages of a list; give the number of each row that is shown, in order."""
    for page in (1, 2):
        shown = text_of(client.page(f"{address}?page={page}"))
        found = [(shown.find(name(n)), n) for n in range(MANY) if name(n) in shown]
        assert len(found) <= PAGE_SIZE
        yield from (number for _place, number in sorted(found))


def test_panels_on_the_front_page_and_the_desk(app: Flask, organiser: CheckedClient) -> None:
    with app.app_context():
        for number in range(MANY):
            make_panel(slug=f"p{number}").name = Translated.of(en=f"Panel {number:03}")
        db.session.commit()
    newest_first = list(range(MANY))[::-1]
    assert list(_numbers(new_client(app), "/", "Panel {:03}".format)) == newest_first
    assert list(_numbers(organiser, "/desk/", "Panel {:03}".format)) == newest_first[::-1]


def test_sessions_of_a_panel(app: Flask, organiser: CheckedClient) -> None:
    with app.app_context():
        panel = make_panel(slug="met")
        for number in range(MANY):
            session = make_session(panel, is_open=False)
            session.title = Translated.of(en=f"Evening {number:03}")
            session.starts_at = clock.now() - timedelta(days=number)
            session.ends_at = session.starts_at + timedelta(hours=2)
        db.session.commit()
    shown = list(_numbers(organiser, "/desk/met/sessions/", "Evening {:03}".format))
    assert shown == list(range(MANY))


def test_an_agenda_takes_no_more_parts_than_a_page_shows(app: Flask) -> None:
    with app.app_context():
        session = make_session(make_panel(slug="met"))
        for _part in range(services.MOST_ITEMS):
            make_item(session)
        with pytest.raises(Refused, match="at most 50 parts"):
            make_item(session)


def test_statements_to_moderate(app: Flask, organiser: CheckedClient) -> None:
    with app.app_context():
        item = make_round(make_session(make_panel(slug="said")))
        first = db.session.query(Statement).count()
        for number in range(MANY):
            wording = Translated.of(en=f"Statement {number:03}")
            row = Statement(item_id=item.id, number=first + number + 1, wording=wording)
            db.session.add(row)
        address = f"/desk/said/items/{item.public_id}/statements"
        db.session.commit()
    shown = list(_numbers(organiser, address, "Statement {:03}".format))
    assert shown == list(range(MANY))


def test_rounds_of_a_programme(app: Flask, organiser: CheckedClient) -> None:
    with app.app_context():
        programme = make_programme(make_panel(slug="gave"))
        for _number in range(MANY):
            make_grants_round(programme)
        address = f"/desk/gave/grants/programmes/{programme.public_id}/rounds"
        db.session.commit()
    assert "1 to 50 of 53" in text_of(organiser.page(address))
    assert "51 to 53 of 53" in text_of(organiser.page(f"{address}?page=2"))
    overview = organiser.get("/desk/gave/grants").text
    assert f"Round {MANY}</a>" in overview
    assert "Round 1</a>" not in overview
    assert address in overview


def test_receipts_of_a_ballot(app: Flask) -> None:
    vote = make_vote(app, members=6)
    with app.app_context():
        for member in vote.members:
            cast(vote, member, [vote.projects[0]])
        ballot_id = close(vote).id
        for number in range(MANY):
            tracker = f"AAAA{number:04}"
            db.session.add(Receipt(ballot_id=ballot_id, tracker=tracker, commitment="0" * 64))
        db.session.commit()
    anyone, address = new_client(app), f"/p/{vote.panel_slug}/ballots/{vote.public_id}"
    assert "1 to 50 of 59" in text_of(anyone.page(address))
    assert "51 to 59 of 59" in text_of(anyone.page(f"{address}?page=2"))
    assert len(anyone.get(f"{address}?as=csv").text.splitlines()) == 60


def test_programmes_on_the_desk_and_in_public(app: Flask, organiser: CheckedClient) -> None:
    with app.app_context():
        panel = make_panel(slug="many")
        for number in range(MANY):
            made = make_programme(panel, slug=f"programme-{number}")
            made.name = Translated.of(en=f"Scheme {number:03}")
        db.session.commit()
    newest_first = list(range(MANY))[::-1]
    listed = _numbers(organiser, "/desk/many/grants", "Scheme {:03}".format)
    assert list(listed) == newest_first
    front = text_of(new_client(app).page("/"))
    shown = [n for n in range(MANY) if f"Scheme {n:03}" in front]
    assert shown == list(range(MANY))[-MOST_PROGRAMMES:]


def test_ballots_and_minutes_in_public(app: Flask) -> None:
    with app.app_context():
        panel = make_panel(slug="long")
        for number in range(MANY):
            held = make_session(panel)
            held.title, held.state = Translated.of(en=f"Evening {number:03}"), "closed"
        db.session.commit()
    anyone = new_client(app)
    assert len(list(_numbers(anyone, "/p/long/minutes", "Evening {:03}".format))) == MANY
    shown = text_of(anyone.page("/p/long/"))
    assert sum(f"Evening {n:03}" in shown for n in range(MANY)) == NEWEST
    assert "No ballot has been counted yet." in text_of(anyone.page("/p/long/ballots"))


def test_staff_of_some_panels_see_those(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        mine, other = make_panel(slug="mine"), make_panel(slug="other")
        mine.name, other.name = Translated.of(en="Mine"), Translated.of(en="Another’s")
        email = make_user("observer", mine).email
        db.session.commit()
    shown = text_of(sign_in(email).page("/desk/"))
    assert "Mine" in shown
    assert "Another’s" not in shown
