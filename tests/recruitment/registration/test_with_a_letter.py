"""Registering with a letter's code: its address is known, and one person comes by it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.recruitment.invitations.models import Invitation
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import letters, services
from tests.checked_client import CheckedClient
from tests.factories.invitations import make_invitation, make_wave
from tests.factories.registration import make_way_in, register, sound_answers
from tests.recruitment.registration.test_pages import begun, long_since, walked


def invited(app: Flask, **terms: object) -> tuple[str, dict[str, object]]:
    """Return the code of a letter of a panel that is open to letters, and what somebody answers."""
    with app.test_request_context():
        page = make_way_in(by_code=True, **terms)
        wave = make_wave(page.panel)
        _invitation, code = make_invitation(wave)
        answers = sound_answers(page)
        db.session.commit()
    return code, answers


def test_a_letters_code_registers_one_person_at_the_letters_address(
    app: Flask, client: CheckedClient
) -> None:
    code, answers = invited(app)
    answers.pop("address"), answers.pop("postcode")
    typed = client.submit("/r", {"code": f"{code[:4]} {code[4:].lower()}"})
    assert typed.status_code == 303
    check = walked(client, begun(client, str(typed.location)), answers)
    with app.test_request_context():
        long_since()
    own = str(client.submit(check).location)
    with app.test_request_context():
        person = db.session.scalars(select(Person)).one()
        assert person.details["Address"].endswith("Canary Row")
        assert person.details["Postcode"] == "N1 1AA"
        assert db.session.scalars(select(Invitation.state)).one() == "used"
    again = client.get(f"/r/{code}")
    assert again.status_code == 422
    assert "registered with this code already" in again.text
    client.submit(f"{own}/withdraw")
    assert client.get(f"/r/{code}").status_code == 200, "it works again"


def test_a_way_in_for_letters_alone_says_so(app: Flask, client: CheckedClient) -> None:
    with app.test_request_context():
        address = f"/register/{make_way_in(by_code=True).public_id}"
        db.session.commit()
    page = client.get(address).text
    assert "needs the code of a letter" in page
    assert 'href="/r"' in page


def test_a_code_that_never_was_or_has_closed_says_why(app: Flask, client: CheckedClient) -> None:
    with app.test_request_context():
        page = make_way_in(by_code=True)
        wave = make_wave(page.panel, closes_on=(clock.now() - timedelta(days=2)).date())
        _invitation, code = make_invitation(wave)
        db.session.commit()
    assert "could be used until" in client.get(f"/r/{code}").text
    wrong = client.submit("/r", {"code": "ABCD EFGH JKMN"})
    assert wrong.status_code == 422
    assert "does not work" in wrong.text


def test_who_takes_a_name_back_twice_frees_no_code_that_somebody_used_since(app: Flask) -> None:
    with app.test_request_context():
        page = make_way_in()
        invitation, _code = make_invitation(make_wave(page.panel))
        first = register(page, 1, code=invitation.code_digest)
        letters.use(first)
        services.withdraw(registration=first)
        letters.give_back(first)
        assert invitation.state == "sent"
        letters.use(register(page, 1, code=invitation.code_digest))
        services.withdraw(registration=first)
        letters.give_back(first)
        assert invitation.state == "used"
