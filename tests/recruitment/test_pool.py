"""The pool: searched, corrected, taken out, exported, and looked at against the targets."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.panels.models import Panel
from panel_app.recruitment import lotteries, people, pool_check, queries, services
from panel_app.recruitment.models import Person, Pool
from sortition.meanings import NO_ANSWER
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_pool, people_csv
from tests.factories.staff import make_user

POOL = "/desk/hillgrove/pool"


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        make_pool(panel)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def called(reference: str) -> Person:
    return db.session.scalars(select(Person).where(Person.reference == reference)).one()


def test_pool_is_searched_by_id_and_by_value(desk: CheckedClient) -> None:
    assert "1 to 1 of 1" in text_of(desk.page(f"{POOL}?q=p23"))
    assert "of 12" in text_of(desk.page(f"{POOL}?q=female"))
    assert "Person 1" not in text_of(desk.page(POOL)), "no name stands on the list"


def test_one_person_is_corrected_and_the_log_holds_no_data(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        where = f"{POOL}/{called('p3').public_id}"
        homes = {p.reference: p.household for p in db.session.scalars(select(Person))}
        assert homes["p3"] != homes["p4"]
    page = desk.page(where)
    named = {f.get("value"): f.get("name") for f in page.iter("input")}
    typed = {named["Person 3"]: "Canary Corrected", named["1 Canary Row"]: "2 Canary Row"}
    assert desk.submit(where, {**typed, "f0": "Female"}, button="Save").status_code == 303
    with app.test_request_context():
        person = called("p3")
        assert person.details["name"] == "Canary Corrected"
        assert person.features["gender"] == "Female"
        assert person.household == homes["p4"], "whoever moved shares the new home"
        log = str(db.session.execute(select(audit.AuditEntry.__table__)).all())
        assert "person.corrected" in log
        assert "Canary" not in log


def test_whoever_is_taken_out_is_in_no_lottery_until_put_back(
    app: Flask, desk: CheckedClient
) -> None:
    with app.test_request_context():
        where = f"{POOL}/{called('p3').public_id}"
    desk.submit(where, button="Take out")
    with app.test_request_context():
        assert queries.drawable(db.session.scalars(select(Panel)).one()) == 23
    desk.submit(where, button="Put back")
    with app.test_request_context():
        assert queries.drawable(db.session.scalars(select(Panel)).one()) == 24


def test_a_lottery_holds_everybody_as_they_are(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lotteries.start_lottery(panel=panel, actor=ACTOR)
        person = called("p3")
        for act in (people.withdraw_person, people.put_person_back):
            with pytest.raises(Conflict):
                act(person=person, actor=ACTOR)
        with pytest.raises(Conflict):
            people.correct_person(person=person, features={}, details={}, actor=ACTOR)


def test_the_export_can_be_imported_again_and_changes_nothing(
    app: Flask, desk: CheckedClient
) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{POOL}/people.csv").text.lstrip("\ufeff"))))
    assert (len(rows), rows[3]["name"], rows[3]["pool_state"]) == (24, "Person 3", "pool")
    with app.test_request_context():
        before = {p.reference: p.public_id for p in db.session.scalars(select(Person))}
        panel = db.session.scalars(select(Panel)).one()
        text = desk.get(f"{POOL}/people.csv").data
        services.import_people(panel=panel, source=text, leave_out={"pool_state": []}, actor=ACTOR)
        assert {p.reference: p.public_id for p in db.session.scalars(select(Person))} == before


def test_the_pool_is_shown_against_the_targets_with_who_is_too_few(
    app: Flask, desk: CheckedClient
) -> None:
    desk.submit(f"{POOL}/targets", action="check")
    words = text_of(desk.page(f"{POOL}/targets"))
    assert "12 people for 2 to 4 seats" in words
    assert "Panels that meet every target can be drawn." in words
    assert "1 in 4" in words
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        women = "\n".join(r for r in people_csv().splitlines() if ",Male," not in r)
        services.import_people(panel=panel, source=women, actor=ACTOR)
        db.session.commit()
        assert pool_check.is_stale(panel)
        pool_check.check_changed()
        db.session.expire_all()
        assert not pool_check.is_stale(panel)
    words = text_of(desk.page(f"{POOL}/targets"))
    assert "Male · 2 people too few" in words
    assert "No panel can be drawn from this pool yet" in words
    assert "Lower the minimum of gender “Male” from 2 to 0." in words


def test_the_rule_for_no_answer_is_chosen_on_the_page(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        person = called("p3")
        people.correct_person(person=person, features={"age": NO_ANSWER}, details={}, actor=ACTOR)
        db.session.commit()
    assert "1 person gave no answer here" in text_of(desk.page(f"{POOL}/targets"))
    desk.submit(f"{POOL}/targets", {"silent": "exclude"}, button="Save")
    with app.test_request_context():
        assert db.session.scalars(select(Pool.silent)).one() == "exclude"
        assert queries.drawable(db.session.scalars(select(Panel)).one()) == 23


def test_ten_thousand_people_are_looked_at_within_seconds(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel, people=10_000)
        db.session.commit()
        began = time.process_time()
        pool_check.check_pool(panel.id)
        assert time.process_time() - began < 4
        assert db.session.scalars(select(Pool)).one().checked["chance"] > 0  # type: ignore[index]
