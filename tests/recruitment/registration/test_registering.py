"""Registering: once, sealed, by the rules; changed, withdrawn, and in no lottery after that."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.core import audit, clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused, TooManyTries
from panel_app.core.holdings import Sought, whole
from panel_app.panels.models import Member
from panel_app.recruitment import holdings, lottery_rows, people, queries, services, support
from panel_app.recruitment.models import Person, Pool, Silent
from panel_app.recruitment.registration import asked, columns, opening, ways
from panel_app.recruitment.registration import holdings as registered
from panel_app.recruitment.registration import services as registering
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.ways import Terms
from sortition.meanings import NO_ANSWER
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_lottery, make_pool, people_csv
from tests.factories.registration import (
    A_WHILE,
    TARGETS,
    begin_registration,
    make_way_in,
    register,
    sound_answers,
)

IN = pytest.mark.usefixtures("inside")
#: More of them than seats, at as many addresses.
CROWD = 24


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def person_of(registration: Registration) -> Person:
    assert registration.person is not None
    return registration.person


@IN
def test_who_registers_is_in_the_pool_as_a_files_people_are() -> None:
    page = make_way_in()
    person = person_of(register(page, 3))
    assert person.features == {"gender": "Male", "age group": "35+"}
    assert person.details[columns.NAME] == "Person 3"
    assert person.details[columns.POSTCODE] == "E14 7AB"
    assert b"Person 3" not in person.sealed
    assert person.household
    assert person.reference.startswith("R-")
    assert (person.origin, person.way_in_id, person.consent_by) == ("web", page.id, "self")
    assert person.consented_at
    assert person.consent_id
    assert queries.pool_size(page.panel) == 1
    pool = queries.pool_of(page.panel)
    assert pool
    assert set(columns.COLUMNS) <= set(pool.columns)


@IN
def test_two_of_one_address_share_a_home_also_with_people_of_a_file() -> None:
    panel = make_panel(size=6)
    make_pool(panel, address=("street", "postcode"), targets=TARGETS_OF_FILE)
    page = make_way_in(panel)
    there = person_of(register(page, 0, address="3 Canary Row", postcode="N1 6AA"))
    at_home = select(Person.reference).where(Person.household == there.household)
    assert set(db.session.scalars(at_home)) == {there.reference, "p6"}


TARGETS_OF_FILE = """feature,value,min,max
gender,Female,2,4
gender,Male,2,4
age,Younger,2,4
age,Older,2,4
"""


@IN
def test_another_file_of_people_leaves_who_registered() -> None:
    panel = make_panel(size=6)
    make_pool(panel, targets=TARGETS_OF_FILE)
    page = make_way_in(panel)
    own = person_of(register(page))
    exported = people_csv(8) + f"{own.reference},Person 0,0 Canal Row,E14 7AB,en,Female,Younger\n"
    services.import_people(
        panel=panel, source=exported, name_columns=["name"], address_columns=["street"], actor=ACTOR
    )
    assert queries.pool_size(panel) == 9
    assert db.session.get(Person, own.id) is own
    pool = queries.pool_of(panel)
    assert pool
    assert pool.name_columns == ["name", columns.NAME]
    assert pool.address_columns == ["street", *columns.ADDRESSES]


@IN
def test_targets_without_a_value_that_somebody_chose_are_refused() -> None:
    page = make_way_in()
    register(page)
    other = TARGETS.replace("Female", "Woman").replace("Male", "Man")
    with pytest.raises(Refused):
        services.import_targets(panel=page.panel, source=other, drop_people=True, actor=ACTOR)
    numbers = TARGETS.replace("2,4", "1,5")
    services.import_targets(panel=page.panel, source=numbers, actor=ACTOR)
    assert queries.pool_size(page.panel) == 1


@IN
def test_an_answer_that_is_missing_or_against_the_rules_names_its_question() -> None:
    page = make_way_in(youngest=16, areas=["E14"])
    for field, wrong in (
        ("age", "15"),
        ("age", "old"),
        ("postcode", "E1 4AB"),
        ("name", ""),
        ("contact", "at home"),
        ("consent", ""),
    ):
        begun, _token = begin_registration(page, **{field: wrong})
        with pytest.raises(Refused) as refusal:
            registering.send(registration=begun)
        assert refusal.value.field == field
    assert queries.pool_size(page.panel) == 0


@IN
def test_sending_twice_registers_once() -> None:
    page = make_way_in()
    sent = register(page)
    assert registering.send(registration=sent) is sent
    assert queries.pool_size(page.panel) == 1


@IN
def test_what_is_sent_while_a_page_is_tried_out_is_thrown_away() -> None:
    page = make_way_in(testing=True)
    begun, _token = begin_registration(page)
    ways.change_way(page=page, terms=Terms(name="Library"), actor=ACTOR)
    assert registering.send(registration=begun) is None, "it was begun in the test"
    assert queries.pool_size(page.panel) == 0
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


@IN
@pytest.mark.parametrize(
    ("opens", "closes"),
    [(timedelta(1), None), (None, -timedelta(1)), (-timedelta(9), -timedelta(1))],
)
def test_nobody_registers_before_or_after(
    opens: timedelta | None, closes: timedelta | None
) -> None:
    page = make_way_in()
    begun, _token = begin_registration(page)
    now = clock.now()
    page.opens_at, page.closes_at = (opens and now + opens), (closes and now + closes)
    db.session.flush()
    assert opening.closed(page) is not None
    with pytest.raises(Conflict):
        registering.begin(page=page, language="en")
    with pytest.raises(Conflict):
        registering.send(registration=begun)


@IN
def test_a_way_in_for_letters_needs_a_code() -> None:
    page = make_way_in(by_code=True)
    with pytest.raises(Conflict):
        registering.begin(page=page, language="en")
    begin_registration(page, code="c" * 64)


@IN
def test_a_change_reaches_the_pool_and_a_wrong_one_does_not() -> None:
    page = make_way_in()
    sent = register(page)
    gender = next(code for code, name in asked.asked_now(page).features.items() if name == "gender")
    male = next(option for option, v in asked.asked_now(page).values[gender].items() if v == "Male")
    assert not registering.save_answer(registration=sent, question=gender, answers={gender: male})
    assert person_of(sent).features["gender"] == "Male"
    assert registering.save_answer(registration=sent, question="name", answers={"name": ""})
    assert person_of(sent).details[columns.NAME] == "Person 0"


@IN
def test_who_withdraws_is_in_no_lottery_and_is_erased_after_thirty_days() -> None:
    page = make_way_in()
    crowd = [register(page, number) for number in range(CROWD)]
    gone = crowd[5]
    registering.withdraw(registration=gone)
    targets = lottery_rows.stored_targets(page.panel)
    _pool, who = lottery_rows.stored_pool(page.panel, targets, "salt")
    assert person_of(gone).public_id not in who.values()
    assert len(who) == CROWD - 1
    assert queries.pool_size(page.panel) == CROWD - 1
    ways.tidy()
    assert gone.person_key, "not before its time"
    person_of(gone).withdrawn_at = clock.now() - timedelta(days=31)
    db.session.commit()
    ways.tidy()
    assert (gone.sealed, gone.person_key, gone.token_digest) == (b"", b"", None)
    assert db.session.scalar(select(func.count()).select_from(Person)) == CROWD - 1


@IN
def test_who_withdraws_after_the_fingerprint_gets_no_seat() -> None:
    page = make_way_in()
    for number in range(CROWD):
        register(page, number)
    lottery = make_lottery(page.panel, panels=1000)
    for sent in db.session.scalars(select(Registration)):
        registering.withdraw(registration=sent)
    services.draw_panel(lottery=lottery, dice="407", actor=ACTOR)
    assert set(db.session.scalars(select(Member.state))) == {"declined"}
    with pytest.raises(Conflict):
        registering.put_back(registration=sent, actor=ACTOR)


@IN
def test_who_was_withdrawn_by_mistake_is_put_back() -> None:
    sent = register(make_way_in())
    registering.withdraw(registration=sent, actor=ACTOR)
    registering.put_back(registration=sent, actor=ACTOR)
    assert sent.state == "sent"
    assert person_of(sent).withdrawn_at is None


@IN
def test_what_would_help_goes_along_to_the_seat() -> None:
    page = make_way_in()
    for number in range(CROWD):
        register(page, number, help=["childcare"], words="Two children")
    services.draw_panel(lottery=make_lottery(page.panel), dice="407", actor=ACTOR)
    member = db.session.scalars(select(Member)).first()
    assert member is not None
    told = support.asked_by(member)
    assert (dict(told.needs), told.words) == ({"childcare": "asked"}, "Two children")
    pool = queries.pool_of(page.panel)
    assert "childcare" not in str(pool and pool.columns), "no file of people tells of it"


@IN
def test_nobody_registers_once_the_draw_is_under_way() -> None:
    page = make_way_in()
    sent, *_others = (register(page, number) for number in range(CROWD))
    late, _token = begin_registration(page, 99)
    make_lottery(page.panel)
    for act in (
        lambda: registering.send(registration=late),
        lambda: registering.begin(page=page, language="en"),
        lambda: registering.save_answer(registration=sent, question="name", answers={"name": "N"}),
    ):
        with pytest.raises(Conflict):
            act()


@IN
def test_staff_enter_what_came_by_phone_with_who_and_when() -> None:
    page = make_way_in()
    agreed = clock.now() - timedelta(days=2)
    sent = registering.enter(
        page=page,
        origin="phone",
        answers=sound_answers(page),
        language="bn",
        consented_at=agreed,
        actor="staff:ada",
    )
    assert sent is not None
    assert sent.token_digest is None
    person = person_of(sent)
    assert (person.origin, person.consent_by, person.consented_at) == ("phone", "staff:ada", agreed)
    assert person.details[columns.LANGUAGE] == "bn"
    with pytest.raises(Refused) as refusal:
        registering.enter(
            page=page,
            origin="paper",
            answers=sound_answers(page, 1, consent=""),
            language="en",
            consented_at=agreed,
            actor="staff:ada",
        )
    assert refusal.value.field == "consent"


def test_forty_registrations_with_one_code_at_once_are_one(app: Flask) -> None:
    with app.test_request_context():
        page = make_way_in(by_code=True)
        begun = [begin_registration(page, n, code="d" * 64)[0].id for n in range(40)]
        panel_id = page.panel_id
        db.session.commit()

    def press(registration_id: int) -> bool:
        with app.test_request_context():
            try:
                registering.send(registration=db.session.get_one(Registration, registration_id))
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(press, begun)) == 1
    with app.test_request_context():
        mine = Person.panel_id == panel_id
        assert db.session.scalar(select(func.count()).where(mine)) == 1


@IN
def test_the_code_of_somebody_who_withdrew_works_again() -> None:
    page = make_way_in(by_code=True)
    first = register(page, 0, code="e" * 64)
    with pytest.raises(Conflict):
        registering.begin(page=page, language="en", invited=registering.Invited("e" * 64, "1 A"))
    registering.withdraw(registration=first)
    register(page, 1, code="e" * 64)
    with pytest.raises(Conflict):
        registering.put_back(registration=first, actor=ACTOR)


@IN
def test_a_queue_at_a_library_passes_and_a_robot_with_one_code_does_not() -> None:
    page = make_way_in()
    for _person in range(300):
        opening.count(page, None)
    for _try in range(20):
        opening.count(page, "f" * 64)
    with pytest.raises(TooManyTries):
        opening.count(page, "f" * 64)
    opening.count(page, None)


@IN
def test_a_form_that_comes_back_at_once_or_is_forged_is_refused() -> None:
    page, other = make_way_in(), make_way_in(name="Door")
    with clock.ago(A_WHILE):
        token, long_ago = opening.signed(page), opening.signed(other)
    opening.check_robot(page, token=token, trap="")
    with clock.ago(timedelta(days=2)):
        old = opening.signed(page)
    for wrong, trap in (
        (opening.signed(page), ""),
        (token, "https://example.org"),
        (long_ago, ""),
        (old, ""),
        (token + "x", ""),
        ("", ""),
    ):
        with pytest.raises(Refused):
            opening.check_robot(page, token=wrong, trap=trap)


@IN
def test_consent_is_to_the_text_that_was_shown() -> None:
    page = make_way_in()
    before = register(page)
    first = asked.consent_of(page.panel)
    assert first is not None
    texts = {**first.wording.texts(), "en": "Something else"}
    second = ways.reword_consent(
        panel=page.panel, wording=first.wording.retyped(texts), actor=ACTOR
    )
    after = register(page, 1)
    assert person_of(before).consent_id == first.id
    assert person_of(after).consent_id == second.id
    assert (first.number, second.number) == (1, 2)


@IN
def test_a_way_in_is_refused_with_what_is_wrong_about_it() -> None:
    page = make_way_in()
    now = clock.now()
    for terms, field in (
        (Terms(name="Library"), "name"),
        (Terms(name="Door", areas=["E14", "the estate"]), "areas"),
        (Terms(name="Door", youngest=30, oldest=20), "oldest"),
        (Terms(name="Door", opens_at=now, closes_at=now), "closes_at"),
    ):
        with pytest.raises(Refused) as refusal:
            ways.open_way(panel=page.panel, terms=terms, actor=ACTOR)
        assert refusal.value.field == field
        db.session.rollback()
        page = make_way_in()
    with pytest.raises(Refused):
        ways.open_way(panel=make_panel(), terms=Terms(name="Door"), actor=ACTOR)


@IN
def test_what_was_only_begun_is_deleted_on_request() -> None:
    begun, _token = begin_registration(make_way_in())
    registering.withdraw(registration=begun)
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


@IN
def test_drafts_go_by_themselves() -> None:
    page = make_way_in()
    begun, _token = begin_registration(page)
    kept, _token = begin_registration(page, 1)
    begun.created_at = clock.now() - timedelta(days=31)
    db.session.commit()
    ways.tidy()
    assert list(db.session.scalars(select(Registration.id))) == [kept.id]


@IN
def test_a_person_is_told_everything_and_forgotten_whole() -> None:
    page = make_way_in()
    sent = register(page)
    who = whole(f"person:{person_of(sent).public_id}")
    assert f"registration:{sent.public_id}" in who.refs
    told = [str(row) for held in registered.tell(who) for row in held.rows]
    assert any("Person 0" in row for row in told)
    draft, _token = begin_registration(page, 7)
    found = [each.ref for each in registered.find(Sought("Person 7"))]
    assert found == [f"registration:{draft.public_id}"]
    registered.erase(who, ACTOR)
    holdings.erase(who, ACTOR)
    db.session.expire_all()
    assert (sent.sealed, sent.person) == (b"", None)
    assert queries.pool_size(page.panel) == 0


@IN
def test_the_record_tells_nothing_of_who_registered() -> None:
    page = make_way_in()
    sent = register(page)
    registering.withdraw(registration=sent)
    written = str([vars(entry) for entry in db.session.scalars(select(audit.AuditEntry))])
    for secret in ("Person 0", "person0@", "Canal Row", "E14"):
        assert secret not in written


@IN
def test_a_panels_own_question_is_a_column_of_the_pool() -> None:
    from panel_app.core.translated import Translated
    from panel_app.questions import services as questionnaires
    from panel_app.questions.question import Question

    page = make_way_in()
    own = Question(code="q1", kind="line", wording=Translated.of(en="Which block?"))
    questionnaire = asked.make_questionnaire(page.panel)
    questionnaires.change_question(questionnaire=questionnaire, question=own, actor=ACTOR)
    sent = register(page, q1="Canal Court")
    assert person_of(sent).details["Which block?"] == "Canal Court"
    pool = db.session.scalar(select(Pool))
    assert pool
    assert "Which block?" in pool.columns
    assert asked.asked_now(page).questions[-1].code == "consent", "it comes last all the same"


def test_no_page_of_registration_is_of_another_panel(app: Flask) -> None:
    from panel_app.core.errors import NotFound
    from panel_app.recruitment.registration import queries as shown

    with app.test_request_context():
        page = make_way_in()
        other = make_panel()
        sent = register(page)
        for call in (
            lambda: shown.way_into(other, page.public_id),
            lambda: shown.registration_of(other, sent.public_id),
        ):
            with pytest.raises(NotFound):
                call()
        assert isinstance(page, RegistrationPage)


@IN
@pytest.mark.parametrize(("rule", "drawn"), [("leave", True), ("exclude", False)])
def test_whoever_would_rather_not_say_is_treated_as_the_organiser_chose(
    rule: Silent, drawn: bool
) -> None:
    page = make_way_in()
    code, values = next(iter(asked.asked_now(page).values.items()))
    question = next(q for q in asked.asked_now(page).questions if q.code == code)
    assert len(question.options) == len(values), "nobody has chosen what becomes of them"
    people.choose_silent(panel=page.panel, silent=rule, actor=ACTOR)
    question = next(q for q in asked.asked_now(page).questions if q.code == code)
    assert question.options[-1].code == asked.UNSAID
    assert ("can’t be drawn" in str(question.help)) is not drawn
    person = person_of(register(page, **{code: asked.UNSAID}))
    assert NO_ANSWER in person.features.values()
    may = select(Person.id).where(Person.id == person.id, *lottery_rows.answers_enough(page.panel))
    assert (db.session.scalar(may) is not None) is drawn
    people.choose_silent(panel=page.panel, silent="fault", actor=ACTOR)
    answers = sound_answers(page, 2, **{code: asked.UNSAID})
    assert list(asked.asked_now(page).faults(answers)) == [code]


@IN
def test_an_age_may_stay_empty_where_nobody_has_to_say_it() -> None:
    page = make_way_in()
    assert list(asked.asked_now(page).faults(sound_answers(page, age=""))) == ["age"]
    people.choose_silent(panel=page.panel, silent="leave", actor=ACTOR)
    person = person_of(register(page, age=""))
    assert person.features["age group"] == NO_ANSWER
    assert person_of(register(page, 1, age="40")).features["age group"] == "35+"
    adults = make_way_in(page.panel, name="Door", youngest=16)
    assert list(asked.asked_now(adults).faults(sound_answers(adults, age=""))) == ["age"]
