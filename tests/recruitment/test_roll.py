"""A roll: everybody on a list has one seat, whatever lists are loaded, and nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.core.db import db
from panel_app.core.errors import Conflict, FaultyFile, Refused
from panel_app.core.finality import Act
from panel_app.panels import electorate, seats
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import letters, roll, services
from panel_app.recruitment.models import Person
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_members, make_panel
from tests.factories.recruitment import ACTOR, TARGETS
from tests.factories.staff import make_user

LIST = """id,name,address,language
1,Amina Begum,"Flat 2, Hill House",bn
2,José Pérez,"Flat 3, Hill House",en
3,Omar Said,"Flat 3, Hill House",Arabic
"""
NO_IDS = "\n".join(line.partition(",")[2] for line in LIST.splitlines()) + "\n"

IN = pytest.mark.usefixtures("inside")


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def make_roll(slug: str = "estate") -> Panel:
    panel = make_panel(slug=slug)
    panel.kind, panel.size = "roll", 0
    db.session.commit()
    return panel


def load(panel: Panel, source: str, **more: Any) -> roll.Loaded:
    done = roll.load_roll(panel=panel, source=source, actor=ACTOR, **more)
    db.session.commit()
    return done


def seats_of(panel: Panel) -> int:
    return db.session.scalar(select(func.count()).where(Member.panel_id == panel.id)) or 0


@pytest.mark.parametrize("source", [LIST, NO_IDS], ids=["ids", "no ids"])
@IN
def test_everybody_gets_one_seat_however_often_the_list_is_loaded(
    source: str,
) -> None:
    panel = make_roll()
    done = load(panel, source)
    assert (done.added, done.known, panel.size, seats_of(panel)) == (3, 0, 3, 3)
    assert sorted(member.language for member in panel.members) == ["ar", "bn", "en"]
    again = load(panel, source)
    assert (again.added, again.known, again.absent, seats_of(panel)) == (0, 3, 0, 3)


@pytest.mark.parametrize(
    "name", ["JOSÉ PÉREZ", "Jose Perez", "José  Pérez ", "Jose\u0301 Pe\u0301rez", "José-Pérez"]
)
@IN
def test_rows_alike_but_for_case_spaces_accents_are_one_person(name: str) -> None:
    panel = make_roll()
    row = f'{name},"flat 3 hill house",en\n'
    assert load(panel, NO_IDS + row).alike == ["4"]
    assert load(panel, NO_IDS.splitlines()[0] + "\n" + row).known == 1
    assert seats_of(panel) == 3


@IN
def test_other_ids_of_one_name_and_address_are_asked_about() -> None:
    panel = make_roll()
    load(panel, LIST)
    father = 'id,name,address\n9,jose perez,"Flat 3, Hill House"\n'
    assert load(panel, father).alike == ["9"]
    assert load(panel, father, apart=True).added == 1
    assert load(panel, father).known == 1
    assert panel.size == 4


@IN
def test_known_people_are_found_by_id_and_their_details_taken_anew() -> None:
    panel = make_roll()
    load(panel, LIST)
    done = load(panel, "id,name,address\n 2 ,Jo Perez,Flat 9\n")
    assert (done.added, done.known, done.absent) == (0, 1, 2)
    person = db.session.scalars(select(Person).where(Person.reference == "2")).one()
    assert person.details["address"] == "Flat 9"
    assert person.details["language"] == "en"


@IN
def test_list_without_ids_under_other_headings_adds_nobody_twice() -> None:
    panel = make_roll()
    load(panel, NO_IDS)
    with pytest.raises(Refused, match="name"):
        load(panel, "person,home\nAmina Begum,Flat 2\n")


@IN
def test_remarks_below_the_list_are_nobody() -> None:
    panel = make_roll()
    assert load(panel, NO_IDS + "Total: 3,,\n,,\n").added == 3


@IN
def test_one_id_twice_is_a_fault() -> None:
    with pytest.raises(FaultyFile):
        load(make_roll(), LIST + "3,Somebody Else,Flat 4,en\n")


@IN
def test_kinds_of_panel_keep_to_their_own() -> None:
    with pytest.raises(Conflict):
        load(make_panel(), LIST)
    with pytest.raises(Conflict):
        services.import_targets(panel=make_roll(), source=TARGETS, actor=ACTOR)


def test_a_drawn_panel_has_no_roll_to_change(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        member = make_members(panel, 1)[0]
        with pytest.raises(Conflict):
            roll.take_off(member=member, actor=ACTOR)
        with pytest.raises(Conflict):
            roll.put_back(member=member, actor=ACTOR)
        assert panel.size == 6
        email = make_user("organiser").email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    for path in ("roll", "roll/door"):
        assert desk.get(f"/desk/hillgrove/{path}").status_code == 404


@IN
def test_whoever_is_taken_off_cannot_come_in_until_put_back() -> None:
    panel = make_roll()
    load(panel, LIST)
    member = panel.members[0]
    token = seats.token_of(member)
    roll.take_off(member=member, actor=ACTOR)
    assert panel.size == 2
    assert seats.with_token(token) is None
    assert load(panel, LIST).added == 0, "a newer list puts nobody back"
    roll.put_back(member=member, actor=ACTOR)
    assert seats.with_token(token) is member
    assert panel.size == 3


@IN
def test_an_older_copy_is_brought_up_to_who_is_on_the_roll() -> None:
    panel = make_roll()
    load(panel, LIST)
    member = panel.members[0]
    for action, state in ((roll.TAKEN_OFF, "left"), (roll.PUT_BACK, "invited")):
        act = Act("2026-11-27", action, f"member:{member.public_id}", {}, "0" * 64)
        assert roll.keep(act) is None
        assert roll.keep(act) is None
        assert member.state == state
    assert "not in this copy" in str(roll.keep(Act("", roll.TAKEN_OFF, "member:x", {}, "")))


@IN
def test_who_counts_is_the_roll_when_the_vote_opens() -> None:
    panel = make_roll()
    load(panel, LIST)
    electorate.write_down("ballot:x", electorate.seated(panel))
    load(panel, LIST + "4,New Person,Flat 5,en\n")
    assert electorate.size("ballot:x") == electorate.Size(3, 0)


def test_two_lists_at_once_seat_everybody_once(app: Flask) -> None:
    with app.test_request_context():
        panel_id = make_roll().id

    def press(_: int) -> int:
        with app.test_request_context():
            return load(db.session.get_one(Panel, panel_id), LIST).added

    with ThreadPoolExecutor(4) as organisers:
        assert sum(organisers.map(press, range(4))) == 3


def test_an_estate_votes_without_a_word_about_a_lottery(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        email = make_user("organiser").email
        db.session.commit()
    desk: CheckedClient = sign_in(email)
    texts = {"name_en": "Hill House", "purpose_en": "Share out £100,000", "languages": "en"}
    texts["sender"] = "Hill House, 1 Hill Road"
    answer = desk.submit("/desk/new", {**texts, "kind": "roll", "size": ""})
    assert answer.status_code == 303
    home = answer.headers["Location"]
    slug = home.strip("/").split("/")[-1]
    assert "Nothing is loaded yet." in text_of(desk.page(home))
    assert desk.submit(f"{home}roll", {"text": LIST}, button="Load").status_code == 303
    shown = text_of(desk.page(f"{home}roll"))
    assert "3 people are on the roll." in shown
    assert "Amina Begum" in shown
    assert "Flat 3, Hill House" in text_of(desk.page(f"{home}roll/door"))
    assert desk.submit(home, action="publish").status_code == 303
    with app.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == slug)).one()
        token = seats.token_of(panel.members[0])
        letter = letters.letters(panel)[0].html
        db.session.commit()
    public, phone = new_client(app), new_client(app)
    pages = [
        home_page.casefold()
        for home_page in (
            letter,
            text_of(desk.page(home)),
            text_of(desk.page(f"{home}letters")),
            text_of(public.page(f"/p/{slug}")),
        )
    ]
    phone.submit(f"/j/{token}", button="English")
    pages.append(text_of(phone.page(f"/j/{token}")).casefold())
    assert phone.submit(f"/j/{token}", button="Yes, join").status_code == 303
    pages.append(text_of(phone.page("/my")).casefold())
    for words in pages:
        assert "lotter" not in words
        assert "drawn" not in words
    off = desk.submit(f"{home}roll", action="/off")
    assert off.status_code == 303
    assert "2 people are on the roll." in text_of(desk.page(f"{home}roll"))
