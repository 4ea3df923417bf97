"""Calls: one person, one caller; a yes takes the seat, a no leaves it; callers see nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, NotFound, Refused
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import calls, replacements, roll
from panel_app.recruitment.models import Call, Calling, Person
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_draw
from tests.factories.staff import make_user

CALLS = "/desk/hillgrove/calls"
ADA, BEN = "staff:ada", "staff:ben"
IN = pytest.mark.usefixtures("inside")
LIST = "id,name,address,phone\n" + "".join(f"{n},Person {n},Flat {n},020 {n}\n" for n in range(6))


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def asked_panel() -> Panel:
    """Return a panel of 6 people who have not answered; commits."""
    panel = make_panel(slug="hillgrove", size=6)
    panel.kind, panel.size = "roll", 0
    db.session.flush()
    roll.load_roll(panel=panel, source=LIST, actor=ACTOR)
    db.session.commit()
    return panel


def taken(panel: Panel, actor: str) -> Member:
    member = calls.take_next(panel=panel, actor=actor)
    assert member is not None
    return member


@IN
def test_two_callers_ring_two_people_and_each_their_own() -> None:
    panel = asked_panel()
    first, second = taken(panel, ADA), taken(panel, BEN)
    assert first is not second
    assert taken(panel, ADA) is first, "whom they hold already"
    with pytest.raises(NotFound):
        calls.to_ring(first, BEN)
    with pytest.raises(Conflict):
        calls.keep_call(member=first, outcome="yes", actor=BEN)


def test_callers_pressing_at_once_get_different_people(app: Flask) -> None:
    with app.test_request_context():
        panel_id = asked_panel().id

    def press(number: int) -> int:
        with app.test_request_context():
            panel = db.session.get_one(Panel, panel_id)
            member_id: int = taken(panel, f"staff:{number}").id
            db.session.commit()
            return member_id

    with ThreadPoolExecutor(4) as callers:
        assert len(set(callers.map(press, range(6)))) == 6


@IN
def test_a_yes_takes_the_seat_and_a_no_leaves_it() -> None:
    panel = asked_panel()
    yes, no = taken(panel, ADA), taken(panel, BEN)
    calls.keep_call(member=yes, outcome="yes", actor=ADA)
    calls.keep_call(member=no, outcome="no", actor=BEN)
    assert (yes.state, no.state) == ("confirmed", "declined")
    now = calls.standing(panel)
    assert (now.yes, now.no, now.open, now.calls) == (1, 1, 4, 2)
    with pytest.raises(Conflict):
        calls.keep_call(member=yes, outcome="no", actor=ADA)


@IN
def test_a_no_of_somebody_drawn_can_be_taken_back() -> None:
    panel = make_panel(size=6)
    make_draw(panel)
    member = taken(panel, ADA)
    calls.keep_call(member=member, outcome="no", actor=ADA)
    replacements.take_back(member=member, actor=ACTOR)
    assert member.state == "invited"


@IN
def test_who_asked_for_a_time_is_rung_then_and_before_others() -> None:
    panel = asked_panel()
    member = taken(panel, ADA)
    with pytest.raises(Refused):
        calls.keep_call(member=member, outcome="back", actor=ADA)
    later = clock.now() + timedelta(hours=1)
    calls.keep_call(member=member, outcome="back", back_at=later, actor=ADA)
    assert taken(panel, ADA) is not member
    call = db.session.scalars(select(Call)).one()
    call.back_at = clock.now() - timedelta(minutes=1)
    db.session.flush()
    assert taken(panel, BEN) is member


@IN
def test_everybody_is_tried_before_anybody_twice_and_not_at_once() -> None:
    panel = asked_panel()
    rung = []
    while (member := calls.take_next(panel=panel, actor=ADA)) is not None:
        calls.keep_call(member=member, outcome="no_answer", actor=ADA)
        rung.append(member.seat)
    assert sorted(rung) == [1, 2, 3, 4, 5, 6]


@IN
def test_who_was_about_to_ring_is_forgotten() -> None:
    panel = asked_panel()
    old, new = taken(panel, ADA), taken(panel, BEN)
    db.session.get_one(Calling, old.id).since = clock.now() - calls.FORGOTTEN
    db.session.commit()
    calls.let_go()
    assert db.session.scalars(select(Calling.member_id)).all() == [new.id]


@IN
def test_a_note_is_sealed_with_the_persons_key_and_goes_with_them() -> None:
    panel = asked_panel()
    member = taken(panel, ADA)
    calls.keep_call(member=member, outcome="no_answer", note="works nights", actor=ADA)
    call = db.session.scalars(select(Call)).one()
    assert call.note is not None
    assert b"works nights" not in call.note
    person = db.session.scalars(select(Person).where(Person.member_id == member.id)).one()
    assert "no_answer works nights" in [told for _when, told in calls.told(person)]
    calls.forget(person)
    assert db.session.scalars(select(Call)).all() == []


def test_a_caller_rings_and_sees_nothing_else(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        email = make_user("caller", asked_panel()).email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    assert "/desk/hillgrove/calls" in desk.get("/desk/").text
    assert "6 people can be rung now." in text_of(desk.page("/desk/hillgrove/calls"))
    answer = desk.submit("/desk/hillgrove/calls", button="Ring")
    page = answer.headers["Location"]
    shown = text_of(desk.page(page))
    assert "020 " in shown
    assert "Flat" not in shown, "an address is not theirs to see"
    refused = desk.submit(page, {"outcome": "back", "note": "after six"})
    assert refused.status_code == 422
    assert "after six" in refused.text
    assert desk.submit(page, {"outcome": "yes"}).status_code == 303
    assert desk.get(page).status_code == 404, "whoever has answered is nobody's to see"
    for path in ("", "letters", "people", "roll", "replacements", "draw"):
        assert desk.get(f"/desk/hillgrove/{path}").status_code == 403, path


def test_who_rings_whom_and_the_counts_follow_by_themselves(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        panel = asked_panel()
        ada, ben = make_user("caller", panel), make_user("organiser", panel)
        caller, organiser, name = ada.email, ben.email, ada.name
        db.session.commit()
    ringing, looking = sign_in(caller), sign_in(organiser)
    region = f"{CALLS}/now"
    before = looking.get(region)
    answer = ringing.submit(CALLS, button="Ring")
    shown = looking.get(region)
    assert shown.headers["X-Live-Version"] > before.headers["X-Live-Version"]
    assert f'Seat 1: <bdi dir="auto">{name}</bdi>' in shown.text
    ringing.submit(answer.headers["Location"], {"outcome": "yes"})
    told = text_of(parse(looking.get(region).text, fragment=True))
    assert told.startswith("Said yes1Not coming0No answer yet5Calls so far1")
    assert "Seat 1:" not in told
    not_modified = looking.get(
        region, headers={"If-None-Match": looking.get(region).headers["ETag"]}
    )
    assert not_modified.status_code == 304
