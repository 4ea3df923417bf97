"""A panel of whoever comes: sessions without seats, no vote, no letter and no lottery anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from panel_app.balloting.services import create_ballot
from panel_app.budgets.services import create_pot
from panel_app.casework.schemes import create_scheme
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment import roll, services
from panel_app.sessions import activities
from panel_app.sessions.models import Session
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[User | str], CheckedClient]
#: Desk pages of a panel that rest on nobody's seat; every other blueprint says that it does.
WITHOUT_SEATS = {
    "contributions_desk",
    "deliberation_desk",
    "evening",
    "live_questions_desk",
    "outbox_desk",
    "panels_desk",
    "questions_desk",
    "records_of_sessions",
    "session_templates",
    "sessions_console",
    "sessions_desk",
    "tables_desk",
}
#: What no page of an open panel says.
NEVER = ("lotter", "drawn", "dice", "letter", "ballot has", "seat %")


def make_open(**more: Any) -> Panel:
    panel = make_panel(**more)
    panel.kind, panel.size, panel.sender = "open", 0, ""
    db.session.flush()
    return panel


def test_a_workshop_is_set_up_and_held_without_a_word_about_letters_or_lotteries(
    app: Flask, sign_in: SignIn
) -> None:
    with app.test_request_context():
        email = make_user("organiser").email
        db.session.commit()
    desk = sign_in(email)
    texts = {"name_en": "Hill ward", "purpose_en": "Say what the ward is like", "languages": "en"}
    home = desk.submit("/desk/new", {**texts, "kind": "open"}).headers["Location"]
    assert "Plan a session" in text_of(desk.page(home))
    times = {"starts_at": "2026-11-27T18:00", "ends_at": "2026-11-27T20:00"}
    agenda = desk.submit(
        f"{home}sessions/new", {"title_en": "Workshop", "place_en": "Hall", **times}
    ).headers["Location"]
    desk.submit(home, action="publish")
    with app.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.kind == "open")).one()
        session = db.session.scalars(select(Session)).one()
        assert (panel.size, panel.members, session.guests) == (0, [], True)
        console, code, slug = f"{home}sessions/{session.public_id}/", session.code, panel.slug
    desk.submit(console, button="Start the session")
    phone, public = new_client(app), new_client(app)
    pages = [
        *(desk.page(at) for at in (home, f"{home}edit", agenda, console, f"{console}wall")),
        *(public.page(at) for at in (f"/p/{slug}/", f"/p/{slug}/minutes")),
        phone.page(f"/s/{code}"),
    ]
    landing = phone.submit(f"/s/{code}", {"role": "officer"}, button="Take part")
    pages.append(phone.page(landing.headers["Location"]))
    assert "Whoever comes" in text_of(pages[5])
    for page in pages:
        said = text_of(page).casefold()
        assert not [word for word in NEVER if word in said], said


@pytest.mark.parametrize("path", ["/help", "/information", "/accessibility"])
def test_what_every_phone_can_read_fits_a_phone_at_a_workshop(app: Flask, path: str) -> None:
    with app.test_request_context():
        session = make_session(make_open())
        session.guests = True
        code = session.code
        db.session.commit()
    stranger, phone = new_client(app), new_client(app)
    phone.submit(f"/s/{code}", {"role": "resident"}, button="Take part")
    for language in ("en", "bn", "ar"):
        assert phone.page(f"{path}?l={language}").get("lang") == language
    said = text_of(phone.page(f"{path}?l=en")).casefold()
    said = said.replace("letters twice as large", "")
    assert not [word for word in (*NEVER, "ballot") if word in said], said
    assert said != text_of(stranger.page(f"{path}?l=en")).casefold()


@pytest.mark.parametrize("path", ["/help", "/information", "/accessibility"])
def test_nobody_on_a_roll_reads_of_a_lottery(
    app: Flask, join: Callable[[int], CheckedClient], path: str
) -> None:
    with app.test_request_context():
        panel = make_panel()
        panel.kind = "roll"
        member = make_members(panel, 1)[0].id
        db.session.commit()
    said = text_of(join(member).page(path)).casefold()
    assert not [word for word in ("lotter", "drawn", "draw the", "dice") if word in said], said


def test_the_code_says_when_the_workshop_is_where_nobody_can_come_in(app: Flask) -> None:
    with app.test_request_context():
        session = make_session(make_open())
        session.state = "closed"
        code = session.code
        db.session.commit()
    page = text_of(new_client(app).page(f"/s/{code}"))
    assert "The session is over." in page
    assert "letter" not in page


def test_desk_pages_that_rest_on_seats_say_what_an_open_panel_needs(
    app: Flask, sign_in: SignIn
) -> None:
    with app.test_request_context():
        slug = make_open().slug
        email = make_user("administrator").email
        db.session.commit()
    desk, refused = sign_in(email), set()
    for route in app.url_map.iter_rules():
        if not route.rule.startswith("/desk/<panel_slug>/") or "GET" not in (route.methods or ()):
            continue
        path = app.url_map.bind("localhost").build(
            route.endpoint,
            {"panel_slug": slug, **{name: _sample(route, name) for name in route.arguments}}
            | {"panel_slug": slug},
        )
        answer = desk.get(path)
        if "This panel has no seats" in answer.text:
            assert answer.status_code == 409
            assert "nobody has a seat on it" in answer.text
            refused.add(route.endpoint.partition(".")[0])
    staff_pages = {
        route.endpoint.partition(".")[0]
        for route in app.url_map.iter_rules()
        if route.rule.startswith("/desk/<panel_slug>/") and "GET" in (route.methods or ())
    }
    assert staff_pages - refused <= WITHOUT_SEATS
    assert not refused & WITHOUT_SEATS


def _sample(route: Any, name: str) -> Any:
    converter = route._converters[name]
    items = getattr(converter, "items", None)
    if items:
        return sorted(items)[0]
    return 1 if type(converter).__name__ == "IntegerConverter" else "x"


def test_votes_cases_and_lists_are_refused_below_the_pages_too(app: Flask) -> None:
    with app.test_request_context():
        panel = make_open()
        wording = Translated.of(en="Which?")
        refused: list[Callable[[], object]] = [
            lambda: create_ballot(panel=panel, question=wording, kind="budget"),
            lambda: create_pot(panel=panel, name=wording, amount=100, actor=ACTOR),
            lambda: create_scheme(panel=panel, kind="grant", quorum=1, criteria=[]),
            lambda: roll.load_roll(panel=panel, source="id,name\n1,A\n", actor=ACTOR),
            lambda: services.import_targets(panel=panel, source="", actor=ACTOR),
        ]
        for act in refused:
            with pytest.raises(Conflict, match="nobody has a seat"):
                act()


def test_agendas_offer_an_open_panel_what_guests_can_answer(app: Flask, sign_in: SignIn) -> None:
    with app.test_request_context():
        session = make_session(make_open())
        kinds = {activity.kind: activity for activity in activities.all_kinds()}
        offered = {activity.kind for activity in activities.all_kinds(session.panel)}
        assert offered == {kind for kind, activity in kinds.items() if activity.guests}
        for kind in set(kinds) - offered:
            with pytest.raises(Conflict, match="nobody has a seat"):
                make_item(session, kind=kind)
        at = f"/desk/{session.panel.slug}/sessions/{session.public_id}"
        email = make_user("administrator").email
        db.session.commit()
    desk = sign_in(email)
    assert "Secret ballot" not in text_of(desk.page(f"{at}/agenda"))
    answer = desk.get(f"{at}/items/new/ballot")
    assert answer.status_code == 409
    assert "nobody has a seat on it" in answer.text


def test_only_a_drawn_panel_has_to_have_a_size(app: Flask) -> None:
    with app.test_request_context():
        panel = make_open()
        panel.kind = "drawn"
        with pytest.raises(IntegrityError):
            db.session.flush()
