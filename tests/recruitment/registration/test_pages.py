"""The pages of registration, for residents and for organisers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.questions.question import Question
from panel_app.recruitment import near_matches
from panel_app.recruitment.models import Person
from panel_app.recruitment.near_matches import NearMatch
from panel_app.recruitment.registration import asked, opening, queries, ways
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.ways import Terms
from tests.checked_client import CheckedClient
from tests.factories.recruitment import ACTOR
from tests.factories.registration import A_WHILE, make_way_in, register, sound_answers
from tests.factories.staff import make_user

SignIn = Callable[..., CheckedClient]


def open_page(app: Flask, **terms: object) -> tuple[str, dict[str, object]]:
    """Return the address of a way in, and what somebody answers there."""
    with app.test_request_context():
        page = make_way_in(**terms)
        db.session.commit()
        return f"/register/{page.public_id}", sound_answers(page)


def begun(client: CheckedClient, address: str) -> str:
    """Begin to register as somebody does who reads for two seconds; return the first page."""
    with clock.ago(A_WHILE):
        shown = re.search(r'name="shown" value="([^"]+)"', client.get(address).text)
    assert shown
    answer = client.submit(address, {"shown": shown[1]})
    assert answer.status_code == 303
    return str(answer.location)


def walked(client: CheckedClient, page: str, answers: dict[str, object]) -> str:
    """Answer every page; return the address of the last."""
    while page.rsplit("/", 2)[-2] == "answer":
        answer = client.submit(page, answers, button="Save and continue")
        assert answer.status_code == 303, answer.text
        page = str(answer.location)
    return page


def long_since() -> None:
    """Let everybody have begun a while ago."""
    db.session.execute(update(Registration).values(created_at=clock.now() - A_WHILE))
    db.session.commit()


def test_a_resident_registers_changes_an_answer_and_takes_their_name_back(
    app: Flask, client: CheckedClient
) -> None:
    address, answers = open_page(app)
    check = walked(client, begun(client, address), answers)
    assert check.endswith("/check")
    page = client.get(check).text
    assert "Person 0" in page
    assert "very quick" in client.submit(check, follow=True).text
    with app.test_request_context():
        long_since()
    receipt = client.submit(check)
    own = str(receipt.location)
    page = client.get(own).text
    assert "You are registered" in page
    assert own in page
    client.submit(f"{own}/answer/name", {"name": "Somebody Else"}, button="Save and continue")
    assert "Somebody Else" in client.get(own).text
    assert client.submit(f"{own}/answer/name", {"name": ""}).status_code == 422
    client.submit(f"{own}/withdraw")
    assert "You took your name back" in client.get(own).text
    with app.test_request_context():
        person = db.session.scalars(select(Person)).one()
        assert person.withdrawn_at


def test_the_link_of_a_registration_is_kept_as_a_hash(app: Flask, client: CheckedClient) -> None:
    address, _answers = open_page(app)
    token = begun(client, address).split("/")[2]
    with app.test_request_context():
        kept = db.session.scalars(select(Registration.token_digest)).one()
    assert token not in str(kept)
    assert client.get(f"/registration/{token}").status_code == 200
    assert client.get(f"/registration/{kept}").status_code == 404


def test_opening_a_page_or_a_code_registers_nobody(app: Flask, client: CheckedClient) -> None:
    address, _answers = open_page(app)
    client.get(address)
    client.get("/r/ABCD-EFGH-JKMN")
    with app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


def test_a_wrong_answer_stays_on_its_page_with_what_was_typed(
    app: Flask, client: CheckedClient
) -> None:
    address, _answers = open_page(app, youngest=16, areas=["E14"])
    first = begun(client, address)
    page = client.submit(first, {"age": "12"}, button="Save and continue")
    assert page.status_code == 422
    assert "16 or older" in page.text
    assert 'value="12"' in page.text
    second = str(client.submit(first, {"age": "33"}, button="Save and continue").location)
    page = client.submit(
        second, {"address": "1 Far Road", "postcode": "N1 1AA"}, button="Save and continue"
    )
    assert "whose postcode begins with E14" in page.text
    assert "1 Far Road" in page.text


def test_a_robot_is_refused_and_a_person_presses_once_more(
    app: Flask, client: CheckedClient
) -> None:
    address, _answers = open_page(app)
    assert client.submit(address).status_code == 422, "at once"
    with clock.ago(A_WHILE):
        shown = re.search(r'name="shown" value="([^"]+)"', client.get(address).text)
    assert shown
    trapped = client.submit(address, {"shown": shown[1], "website": "https://example.org"})
    assert trapped.status_code == 422
    assert client.submit(address, {"shown": shown[1]}).status_code == 303


def test_what_is_tried_out_is_thrown_away_and_said_so(app: Flask, client: CheckedClient) -> None:
    address, answers = open_page(app, testing=True)
    assert "being tried out" in client.get(address).text
    check = walked(client, begun(client, address), answers)
    with app.test_request_context():
        long_since()
    assert "is thrown away" in client.submit(check, follow=True).text
    with app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize("language", ["bn", "ar"])
def test_everything_is_asked_in_the_readers_language(
    app: Flask, client: CheckedClient, language: str
) -> None:
    address, _answers = open_page(app)
    client.set_cookie("language", language)
    client.post("/language", data={"language": language, "next": address})
    page = client.get(begun(client, address))
    assert f'lang="{language}"' in page.text
    assert "How old are you?" not in page.text


def test_an_organiser_opens_a_way_in_and_sees_who_came(app: Flask, sign_in: SignIn) -> None:
    with app.test_request_context():
        panel = make_way_in().panel
        panel.slug = "hillgrove"
        user = make_user("organiser").email
        db.session.commit()
    desk = sign_in(user)
    base = "/desk/hillgrove/registration"
    made = desk.submit(f"{base}/new", {"name": "Door", "areas": "E14\ne2 6"})
    assert made.status_code == 303
    assert "/register/" in desk.get(str(made.location)).text
    assert desk.submit(f"{base}/new", {"name": "Door"}).status_code == 422
    edited = desk.submit(f"{made.location}/edit", {"youngest": "16", "testing": "y"})
    assert edited.status_code == 303
    assert "being tried out" in desk.get(base).text
    with app.test_request_context():
        door = db.session.scalars(
            select(RegistrationPage).where(RegistrationPage.name == "Door")
        ).one()
        assert (door.areas, door.youngest, door.testing) == (["E14", "E2 6"], 16, True)
    changed = desk.submit(f"{base}/consent", {"wording_en": "I agree to everything."})
    assert changed.status_code == 303


def test_sources_are_counted_apart(app: Flask, sign_in: SignIn) -> None:
    with app.test_request_context():
        library = make_way_in()
        library.panel.slug = "hillgrove"
        db.session.flush()
        door = make_way_in(library.panel, name="Door")
        for number in range(3):
            register(library, number)
        register(door, 7)
        user = make_user("organiser").email
        db.session.commit()
    page = sign_in(user).get("/desk/hillgrove/registration").text
    rows = re.findall(r'<th scope="row"><a[^>]*>(\w+)</a></th>.+?class="n">(\d+)', page)
    assert rows == [("Library", "3"), ("Door", "1")]
    assert "Person 7" in page


def test_staff_type_in_what_came_on_paper(app: Flask, sign_in: SignIn) -> None:
    with app.test_request_context():
        page = make_way_in()
        page.panel.slug = "hillgrove"
        user = make_user("organiser").email
        answers = sound_answers(page)
        db.session.commit()
        address = f"/desk/hillgrove/registration/{page.public_id}/enter"
    desk = sign_in(user)
    missing = desk.submit(address, {**answers, "name": "", "origin": "paper", "spoken": "bn"})
    assert missing.status_code == 422
    assert "0 Canal Row" in missing.text, "nothing typed is lost"
    sent = desk.submit(address, {**answers, "origin": "paper", "spoken": "bn"})
    assert sent.status_code == 303
    with app.test_request_context():
        person = db.session.scalars(select(Person)).one()
        assert person.origin == "paper"
        assert person.consent_by not in {None, "self"}


def test_people_who_look_alike_are_shown_and_never_merged(app: Flask, sign_in: SignIn) -> None:
    with app.test_request_context():
        page = make_way_in()
        page.panel.slug = "hillgrove"
        register(page, 1, name="Rosa Duarte")
        register(page, 2, name="Milan Petrov", contact="PERSON1@example.org")
        register(page, 3, name="Ana Lima", address="Flat 2, 10 High St", contact="020 7946 0001")
        register(page, 4, name="Ana Lima", address="10 High Street, Flat 2", contact="a@b.org")
        register(page, 5, name="Omar Haddad")
        user = make_user("organiser").email
        db.session.commit()
    desk = sign_in(user)
    address = "/desk/hillgrove/registration/duplicates"
    assert desk.get(address).text.count("both stay") == 2
    with app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 5
    desk.submit(address, button="both stay")
    assert desk.get(address).text.count("both stay") == 1
    desk.submit(address, button="Withdraw R-")
    assert "No two people look alike" in desk.get(address).text
    with app.test_request_context():
        gone = select(func.count()).select_from(Person).where(Person.withdrawn_at.is_not(None))
        assert db.session.scalar(gone) == 1
        assert db.session.scalars(select(NearMatch.verdict)).all() == ["two"]


def test_who_was_decided_on_once_is_asked_about_on_neither_page(app: Flask) -> None:
    with app.test_request_context():
        page = make_way_in()
        panel, places = page.panel, ("10 High Street, Flat 2", "Flat 2, 10 High St")
        first, second, third = (
            register(page, number, name="Ana Lima", address=places[number % 2]).person
            for number in (1, 2, 3)
        )
        assert first
        assert second
        assert third
        db.session.commit()
        near_matches.find_matches(panel.id)
        match = db.session.scalars(
            select(NearMatch).where(
                NearMatch.kind == "person",
                NearMatch.first_id == first.id,
                NearMatch.second_id == second.id,
            )
        ).one()
        asked_about = len(queries.duplicates(panel))
        near_matches.decide(match=match, verdict="two", actor=ACTOR)
        assert len(queries.duplicates(panel)) == asked_about - 1
        ways.both_stay(panel=panel, first=second, second=third, actor=ACTOR)
        db.session.commit()
        near_matches.find_matches(panel.id)
        people = NearMatch.kind == "person", NearMatch.verdict == "open"
        still = select(NearMatch.first_id, NearMatch.second_id).where(*people)
        assert (second.id, third.id) not in {tuple(row) for row in db.session.execute(still)}


def test_a_closed_way_in_says_when_it_opens(app: Flask, client: CheckedClient) -> None:
    with app.test_request_context():
        page = make_way_in()
        later = clock.now() + A_WHILE
        ways.change_way(page=page, terms=Terms(name="Library", opens_at=later), actor=ACTOR)
        db.session.commit()
        address = f"/register/{page.public_id}"
        assert opening.closed(page)
    shown = client.get(address).text
    assert "Registration opens on" in shown
    assert 'name="shown"' not in shown


def test_three_hundred_of_one_address_register_within_ten_minutes(
    app: Flask, client: CheckedClient
) -> None:
    with app.test_request_context():
        page = make_way_in()
        address = f"/register/{page.public_id}"
        db.session.commit()
        with clock.ago(A_WHILE):
            shown = opening.signed(page)
        assert asked.asked_now(page).questions
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    sent = {"shown": shown, "csrf_token": token[1] if token else ""}
    assert {client.post(address, data=sent).status_code for _person in range(300)} == {303}


def test_a_question_worded_as_a_column_has_a_column_of_its_own() -> None:
    asked_for = [
        Question(code=code, kind="line", wording=Translated.of(en=wording))
        for code, wording in (("q1", "NAME"), ("q2", "Which block?"), ("q3", "Which block?"))
    ]
    assert asked.headings(asked_for) == {
        "q1": "NAME (2)",
        "q2": "Which block?",
        "q3": "Which block? (2)",
    }


def test_the_same_contact_beside_another_name_is_a_pair_on_the_pools_page(app: Flask) -> None:
    with app.test_request_context():
        page = make_way_in()
        register(page, 1, name="Rosa Duarte", contact="rosa@example.org")
        register(page, 2, name="Milan Petrov", contact="ROSA@example.org")
        db.session.commit()
        near_matches.find_matches(page.panel_id)
        assert db.session.scalars(select(NearMatch.reason)).all() == ["contact"]


def test_two_who_were_said_to_be_one_can_be_told_apart_again(app: Flask) -> None:
    with app.test_request_context():
        page = make_way_in()
        first, second = (register(page, n, name="Ana Lima").person for n in (1, 1))
        assert first
        assert second
        for said, known in ((True, ["two"]), (False, ["two"])):
            assert near_matches.tell_apart(first=second, second=first, actor=ACTOR) is said
            assert db.session.scalars(select(NearMatch.verdict)).all() == known
        match = db.session.scalars(select(NearMatch)).one()
        near_matches.decide(match=match, verdict="one", actor=ACTOR)
        assert near_matches.tell_apart(first=first, second=second, actor=ACTOR)
        assert match.verdict == "two"
