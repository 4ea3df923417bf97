"""Checking statements one at a time: what stands beside them, what is flagged."""

from __future__ import annotations

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.deliberation import flags
from panel_app.deliberation.rude_words import RUDE_WORDS, rude
from panel_app.deliberation.statements import checking, queries, services, wordings
from panel_app.web import i18n
from tests.checked_client import text_of
from tests.deliberation.test_rounds import Hall, Join, SignIn, _item, _member
from tests.factories.deliberation import make_statement
from tests.factories.sessions import ACTOR

NAMES = flags.Names(["Amina Yusuf", "Rose Mc Donald", "রহিমা খাতুন"])


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app, members=40)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask amina yusuf about the bins", ["amina yusuf"]),
        ("Yusuf Amina knows", ["yusuf amina"]),
        ("We should thank Amina for the garden", ["amina"]),
        ("Amina should be thanked", []),
        ("plant a rose in every court", []),
        ("রহিমা খাতুন জানেন", ["রহিমা খাতুন"]),
        ("More benches", []),
    ],
)
def test_names_of_people_are_found(text: str, found: list[str]) -> None:
    assert NAMES.in_text(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 07700 900123 for the key", ["07700 900123"]),
        ("Ring ٠٧٧٠٠٩٠٠١٢٣ now", ["٠٧٧٠٠٩٠٠١٢٣"]),
        ("Write to bins@example.org.", ["bins@example.org"]),
        ("See www.example.org/bins", ["www.example.org/bins"]),
        ("The man at 14 Rose Lane shouts", ["14 Rose Lane"]),
        ("flat 12 is too loud", ["flat 12"]),
        ("Close NW5 3DT to cars", ["NW5 3DT"]),
        ("Spend 100,000 on 3 lanes in 2027", []),
        ("10 minutes walk to the park", []),
        ("Open 9 to 5 on 20 and 21 November 2026", []),
    ],
)
def test_ways_to_reach_somebody_are_found(text: str, found: list[str]) -> None:
    assert [one.rstrip(".") for one in flags.contacts(text)] == found


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("They are SCUM.", "en", ["scum"]),
        ("Scunthorpe and cockpit", "en", []),
        ("The pros and cons of it", "en", []),
        ("ces connards", "fr", ["connards"]),
        ("شراميط", "ar", ["شراميط"]),
        ("No dogs: ممنوع الكلاب", "ar", []),
    ],
)
def test_rude_words_are_found_whole_and_in_their_language(
    text: str, language: str, found: list[str]
) -> None:
    assert rude(text, language) == found


def test_every_language_on_offer_has_a_list() -> None:
    assert set(RUDE_WORDS) == set(i18n.SPOKEN)


def test_flagged_statement_is_let_in_by_a_person_all_the_same(
    hall: Hall, sign_in: SignIn, app: Flask
) -> None:
    with app.app_context():
        make_statement(_item(hall), _member(hall, 0), "Ring 07700 900123, you scum")
        db.session.commit()
    desk, check = sign_in(hall.facilitator), f"/desk/{hall.slug}/items/{hall.item}/check"
    page = text_of(desk.page(check))
    assert "This may hurt people: scum" in page
    assert "This looks like a number or an address: 07700 900123" in page
    assert desk.submit(check, button="Accept", action="/accept").status_code == 303
    assert "Nothing is waiting." in text_of(desk.page(check))


def test_forty_alike_stand_side_by_side_and_go_at_once(
    hall: Hall, sign_in: SignIn, app: Flask
) -> None:
    with app.app_context():
        item = _item(hall)
        for place in range(40):
            make_statement(item, _member(hall, place), f"More benches please{'!' * (place % 3)}")
        make_statement(item, _member(hall, 0), "Paint the lift")
        db.session.commit()
    desk, path = sign_in(hall.facilitator), f"/desk/{hall.slug}/items/{hall.item}"
    told = text_of(desk.page(f"{path}/check"))
    assert "41 statements wait." in told
    assert "Reject the other 39 that wait" in told
    page = desk.page(f"{path}/check")
    repeats = [e.get("value") for e in page.iter("input") if e.get("name") == "repeat"]
    sent = {"csrf_token": desk.token_on(f"{path}/check"), "repeat": repeats}
    assert desk.post(f"{path}/repeats", data=sent).status_code == 303
    with app.app_context():
        states = [(one.state, one.reason) for one in queries.statements_of(_item(hall))]
        assert states.count(("rejected", "repeats")) == 39
        assert states.count(("pending", None)) == 2


def test_next_passes_over_and_comes_round(hall: Hall, app: Flask) -> None:
    with app.app_context():
        item = _item(hall)
        one, two = (make_statement(item, _member(hall, 0), text) for text in ("Trees", "Bins"))
        shown = [checking.check(item, after=after) for after in (0, one.number, two.number)]
        assert [each and each.one.number for each in shown] == [
            one.number,
            two.number,
            one.number,
        ]


def test_repeats_leave_what_was_let_in_meanwhile(hall: Hall, app: Flask) -> None:
    with app.app_context():
        item = _item(hall)
        one, two = (make_statement(item, _member(hall, 0), text) for text in ("Trees", "Bins"))
        services.moderate(statement=one, state="accepted", actor=ACTOR)
        checking.reject_repeats(item=item, repeats=[one.public_id, two.public_id], actor=ACTOR)
        assert (one.state, two.state) == ("accepted", "rejected")


def test_correction_stands_beside_what_it_corrects(
    hall: Hall, join: Join, sign_in: SignIn, app: Flask
) -> None:
    with app.app_context():
        item, member = _item(hall), _member(hall, 0)
        made = make_statement(item, member, "Trees")
        services.moderate(statement=made, state="rejected", reason="unkind", actor=ACTOR)
        wordings.correct_own(
            statement=made, member=member, text="Flowers and grass", language="en", key="k" * 9
        )
        checked = checking.check(item)
        assert checked is not None
        assert [one.number for one in checked.alike] == [made.number]
