"""Questions of every kind to the room, on phone, console and wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, NotFound
from panel_app.core.holdings import Who
from panel_app.deliberation.questions import queries, services
from panel_app.deliberation.questions.exports import (
    QUESTIONS,
    question_result,
)
from panel_app.panels.models import Member
from panel_app.questions.holdings import HOLDER
from panel_app.questions.models import AnswerSet, Questionnaire
from panel_app.questions.question import Condition
from panel_app.sessions import activities, guests
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Attendance
from panel_app.staff.models import User
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import answer_question, make_asking, make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import make_question, one_of_each, options
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[User | str], CheckedClient]

ANSWERS: dict[str, Any] = {
    "one": "a",
    "several": ["a", "c"],
    "yes": "yes",
    "scale": "4",
    "rank": ["c", "a", "b"],
    "dots.a": "6",
    "dots.c": "4",
    "gradients": "live",
    "fist": "3",
    "ready": "ready",
    "words": "light, Bins",
    "line": "Two lamps",
    "text": "Lamps first.\nThen bins.",
    "number": "12",
    "money": "£1,250",
    "date": "2026-12-24",
    "name": "Rosa Example",
    "contact": "rosa@example.org",
    "place": "e1 6an",
    "consent": "yes",
}


class Hall:
    """A panel in an open session with an open question."""

    def __init__(self, app: Flask, *questions: Any, by_seat: bool = False, members: int = 6):
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, members)]
            session = make_session(panel)
            item = make_asking(session, *questions, by_seat=by_seat)
            self.item, self.session, self.id = item.public_id, session.public_id, item.id
            self.slug, self.facilitator = panel.slug, make_user("facilitator", panel).email
            self.about = queries.about(item)
            db.session.commit()
        self.app = app

    @property
    def phone(self) -> str:
        return f"/my/session/{self.session}"

    @property
    def desk(self) -> str:
        return f"/desk/{self.slug}/sessions/{self.session}"

    def all_answer(self, *given: dict[str, Any]) -> None:
        """Have the members answer in turn, close the question and show its result."""
        with self.app.app_context():
            item = db.session.get_one(AgendaItem, self.id)
            for place, member_id in enumerate(self.members):
                member = db.session.get_one(Member, member_id)
                answer_question(item, member, **given[place % len(given)])
            sessions.close_item(item=item, actor=ACTOR)
            sessions.reveal(item=item, actor=ACTOR)
            db.session.commit()


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def answers_in(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return db.session.query(AnswerSet).one().answers


def test_newest_choice_counts_once(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    for option in "ab":
        assert (
            phone.submit(hall.phone, {"q1": option}, action="/answer", button="answer").status_code
            == 303
        )
    with app.app_context():
        kept = db.session.query(AnswerSet).one()
        assert (kept.answers, kept.counter) == ({"q1": "b"}, 2)
        assert db.session.query(Attendance).count() == 1
    shown = phone.page(hall.phone)
    assert "Your answer is saved" in text_of(shown)
    checked = [i.get("value") for i in shown.iter("input") if i.get("checked") is not None]
    assert checked == ["b"]


def test_every_kind_is_asked_and_answered(app: Flask, join: Join) -> None:
    hall = Hall(app, *one_of_each())
    phone = join(hall.members[0])
    answer = phone.submit(hall.phone, ANSWERS, action="/answer", button="answer")
    assert answer.status_code == 303, answer.text
    kept = answers_in(app)
    assert set(kept) == {question.code for question in one_of_each()}
    assert kept["place"] == "E1 6AN"
    assert kept["dots"] == {"a": "6", "c": "4"}
    again = text_of(phone.page(hall.phone))
    assert again.index("Benches") < again.index("Bins", again.index("ranking"))


@pytest.mark.parametrize("given", [{}, {"q1": "nonsense"}, {"q1": "x" * 4_000}, {"q1": "a "}])
def test_what_is_no_answer_comes_back_with_the_reason(
    hall: Hall, join: Join, given: dict[str, str], app: Flask
) -> None:
    answer = join(hall.members[0]).submit(hall.phone, given, action="/answer", button="answer")
    if given.get("q1") == "a ":
        assert answers_in(app) == {"q1": "a"}
        return
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert hall.phone in answer.text


@pytest.mark.parametrize("counter", ["0", "-1", "x", "", "2000000001"])
def test_count_of_changes_that_is_none_is_refused(hall: Hall, join: Join, counter: str) -> None:
    sent = {"q1": "a", "counter": counter}
    assert (
        join(hall.members[0])
        .submit(hall.phone, sent, action="/answer", button="answer")
        .status_code
        == 422
    )


def test_nothing_typed_is_lost_with_a_fault(app: Flask, join: Join) -> None:
    hall = Hall(app, *one_of_each())
    wrong = {**ANSWERS, "number": "a dozen", "dots.a": "60"}
    answer = join(hall.members[0]).submit(hall.phone, wrong, action="/answer", button="answer")
    assert answer.status_code == 422
    for kept in ("a dozen", 'value="60"', "Lamps first.\nThen bins.", "£1,250", "E1 6AN"):
        assert kept in answer.text
    assert 'href="#number"' in answer.text


def test_order_is_changed_by_buttons_and_each_press_is_kept(app: Flask, join: Join) -> None:
    order = make_question("ranking", "rank", options=options("A", "B", "C"))
    needed = make_question("line", "why")
    hall = Hall(app, order, needed)
    phone = join(hall.members[0])
    for button, after in (("Up: C", "acb"), ("Up: C", "cab"), ("Down: A", "cba")):
        page = phone.page(hall.phone)
        shown = [i.get("value", "") for i in page.iter("input") if i.get("name") == "rank"]
        name = next(b.get("name") for b in page.iter("button") if button in text_of(b))
        sent = {"rank": shown, name: "1"}
        assert phone.submit(hall.phone, sent, action="/answer", button="answer").status_code == 303
        assert "".join(answers_in(app)["rank"]) == after


def test_only_those_a_question_is_for_have_to_answer_it(app: Flask, join: Join) -> None:
    first = make_question("yes_no", "first")
    then = make_question("line", "then", only_if=Condition("first", "yes"))
    hall = Hall(app, first, then)
    phone = join(hall.members[0])
    assert "Only if you answered “Yes”" in text_of(phone.page(hall.phone))
    assert (
        phone.submit(hall.phone, {"first": "yes"}, action="/answer", button="answer").status_code
        == 422
    )
    sent = {"first": "no", "then": "still typed"}
    assert phone.submit(hall.phone, sent, action="/answer", button="answer").status_code == 303
    assert answers_in(app) == {"first": "no"}


@pytest.mark.parametrize("by_seat", [True, False])
def test_phone_says_how_answers_are_kept_and_so_they_are(
    app: Flask, join: Join, by_seat: bool
) -> None:
    hall = Hall(app, by_seat=by_seat)
    phone = join(hall.members[0])
    said = "kept with your seat" if by_seat else "kept without your seat"
    assert said in text_of(phone.page(hall.phone))
    phone.submit(hall.phone, {"q1": "a"}, action="/answer", button="answer")
    with app.app_context():
        seat = db.session.get_one(Member, hall.members[0]).public_id
        assert (db.session.query(AnswerSet).one().who == seat) is by_seat


def test_question_of_another_panel_or_kind_is_not_found(app: Flask, hall: Hall, join: Join) -> None:
    other = Hall(app)
    phone = join(hall.members[0])
    sent = {"csrf_token": phone.token_on(hall.phone), "q1": "a", "counter": "1"}
    assert phone.post(f"/my/questions/{other.item}/answer", data=sent).status_code == 404
    assert phone.get(f"/my/statements/{hall.item}/answers").status_code == 404


def test_closed_question_takes_no_answer(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    sent = {"csrf_token": phone.token_on(hall.phone), "q1": "a", "counter": "1"}
    with app.app_context():
        sessions.close_item(item=db.session.get_one(AgendaItem, hall.id), actor=ACTOR)
        db.session.commit()
    assert phone.post(f"/my/questions/{hall.item}/answer", data=sent).status_code == 409


def test_results_wait_for_closing_and_revealing(app: Flask, join: Join) -> None:
    hall = Hall(app, members=12)
    phone = join(hall.members[0])
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        for place, member_id in enumerate(hall.members):
            answer_question(item, db.session.get_one(Member, member_id), q1="ab"[place % 2])
        assert question_result(item)["questions"] == []
        sessions.close_item(item=item, actor=ACTOR)
        assert question_result(item)["questions"] == []
        assert QUESTIONS.rows(item.session.panel) == []
        db.session.commit()
    assert "of 12" not in text_of(phone.page(hall.phone))
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        sessions.reveal(item=item, actor=ACTOR)
        (told,) = question_result(item)["questions"]
        assert [row[:2] for row in told["rows"]] == [["a", 6], ["b", 6], ["c", 0]]
        rows = QUESTIONS.rows(item.session.panel)
        assert [(row["answers"], row["from"], row["to"]) for row in rows] == [
            (12, 6, 6), (12, 6, 6), (12, 0, 0),
        ]  # fmt: skip
        assert set(rows[0]) == set(QUESTIONS.columns)
        db.session.commit()
    assert "6 of 12" in text_of(phone.page(hall.phone))


def test_few_are_told_to_nobody(app: Flask, join: Join, sign_in: SignIn) -> None:
    hall = Hall(app, members=12)
    hall.all_answer(*[{"q1": "a"}] * 5, {"q1": "b"})
    for page in (
        join(hall.members[0]).page(hall.phone),
        sign_in(hall.facilitator).page(hall.desk + "/"),
        sign_in(hall.facilitator).page(hall.desk + "/wall"),
    ):
        shown = text_of(page)
        assert "fewer than five" in shown
        assert "Mondays8 or more of 12" in shown
        assert "Tuesdaysfewer than five" in shown


def test_wall_shows_one_result_and_the_console_chooses(app: Flask, sign_in: SignIn) -> None:
    hall = Hall(
        app,
        make_question("yes_no", "first", wording="Light?"),
        make_question("yes_no", "second", wording="Bins?"),
    )
    hall.all_answer({"first": "yes", "second": "no"})
    desk = sign_in(hall.facilitator)
    assert "Bins?" not in text_of(desk.page(hall.desk + "/wall"))
    desk.submit(hall.desk + "/", button="Put it on the wall: Bins?")
    assert "Bins?" in text_of(desk.page(hall.desk + "/wall"))


def test_what_people_wrote_is_for_the_facilitator(app: Flask, join: Join, sign_in: SignIn) -> None:
    hall = Hall(app, make_question("text", "why"))
    hall.all_answer({"why": "More <b>lamps</b>"})
    assert "More <b>lamps</b>" in text_of(sign_in(hall.facilitator).page(hall.desk + "/"))
    assert "lamps" not in text_of(join(hall.members[0]).page(hall.phone))
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        assert "lamps" not in str(item.snapshot)


def test_changing_an_unopened_part_writes_its_questions_anew(app: Flask) -> None:
    with app.app_context():
        item = make_asking(make_session(make_panel()), is_open=False)
        asked = make_question("line", "q1", wording="ignored").to_json()
        settings = {"questions": [asked], "by_seat": True}
        sessions.edit_item(item=item, title=item.title, minutes=5, settings=settings, actor=ACTOR)
        live = queries.live_question(item)
        assert live is not None
        assert [q.kind for q in live.questionnaire.newest.questions] == ["line"]
        assert live.questionnaire.newest.questions[0].wording == item.title
        assert (live.by_seat, item.settings) == (True, {"by_seat": True})
        sessions.remove_item(item=item, actor=ACTOR)
        assert db.session.query(Questionnaire).count() == 0


def test_opened_part_keeps_what_it_asks(app: Flask) -> None:
    with app.app_context():
        item = make_asking(make_session(make_panel()))
        sessions.edit_item(
            item=item, title=item.title, minutes=5, settings={"questions": []}, actor=ACTOR
        )
        assert len(queries.put_in(item).questions) == 1


def test_part_without_a_question_does_not_open(app: Flask) -> None:
    with app.app_context():
        session = make_session(make_panel())
        item = make_asking(session, is_open=False)
        sessions.edit_item(
            item=item, title=item.title, minutes=5, settings={"questions": []}, actor=ACTOR
        )
        with pytest.raises(Conflict, match="Write a question first"):
            sessions.open_item(item=item, actor=ACTOR)


def test_reopened_part_counts_everybody_once(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        member = make_members(panel, 1)[0]
        item = make_asking(make_session(panel))
        answer_question(item, member, q1="a")
        sessions.close_item(item=item, actor=ACTOR)
        sessions.open_item(item=item, actor=ACTOR)
        services.answer(put=queries.put_in(item), member=member, answers={"q1": "b"}, counter=2)
        assert queries.people(item) == 1


@pytest.mark.parametrize("by_seat", [True, False])
def test_erased_member_leaves_no_answer(app: Flask, by_seat: bool) -> None:
    hall = Hall(app, by_seat=by_seat)
    hall.all_answer({"q1": "a"})
    with app.app_context():
        member = db.session.get_one(Member, hall.members[0])
        figures = db.session.get_one(AgendaItem, hall.id).snapshot
        HOLDER.erase(Who((f"member:{member.public_id}",)), ACTOR)
        item = db.session.get_one(AgendaItem, hall.id)
        assert queries.given_by(queries.put_in(item), member) is None
        assert queries.people(item) == 5
        assert item.snapshot == figures


def test_statements_and_questions_do_not_mix(app: Flask) -> None:
    with app.app_context():
        item = make_round(make_session(make_panel()))
        assert queries.put_called(item.public_id, item.session.panel_id) is None


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_nobody_sees_figures_of_a_part_that_may_be_opened_again(
    hall: Hall, app: Flask, sign_in: SignIn, role: Role
) -> None:
    """Close at 5 of 5, open again, one answers, close at 6: the difference is their answer."""
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        for member_id in hall.members[:5]:
            answer_question(item, db.session.get_one(Member, member_id), q1="a")
        sessions.close_item(item=item, actor=ACTOR)
        email = make_user(role, item.session.panel).email
        db.session.commit()
    desk = sign_in(email)
    for page in ("/", "/console", "/wall", "/wall/now"):
        assert "of 5" not in desk.get(hall.desk + page).text
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        sessions.open_item(item=item, actor=ACTOR)
        sessions.close_item(item=item, actor=ACTOR)
        sessions.look(item=item, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict):
            sessions.open_item(item=item, actor=ACTOR)
    assert "5 of 5" in text_of(desk.page(hall.desk + "/"))
    assert "of 5" not in text_of(desk.page(hall.desk + "/wall"))


def test_results_of_an_earlier_part_are_shown_again(
    hall: Hall, app: Flask, join: Join, sign_in: SignIn
) -> None:
    hall.all_answer({"q1": "a"})
    with app.app_context():
        second = make_asking(db.session.get_one(AgendaItem, hall.id).session)
        sessions.close_item(item=second, actor=ACTOR)
        db.session.commit()
    phone, desk = join(hall.members[0]), sign_in(hall.facilitator)
    assert "6 of 6" not in text_of(phone.page(hall.phone))
    assert desk.submit(hall.desk + "/", button="Show the results again").status_code == 303
    for page in (phone.page(hall.phone), desk.page(hall.desk + "/wall")):
        assert "6 of 6" in text_of(page)


def test_word_that_many_wrote_can_be_hidden_and_the_record_says_so(
    app: Flask, join: Join, sign_in: SignIn
) -> None:
    hall = Hall(app, make_question("words"), members=7)
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        guests.allow(session=item.session, allowed=True, actor=ACTOR)
        for place, number in enumerate(hall.members):
            member = db.session.get_one(Member, number)
            answer_question(item, member, q1=["fool", "light"] if place < 6 else ["light"])
        for _ in range(5):
            guests.come(session=item.session, role="resident", language="en")
        for guest in guests.of(item.session):
            answer_question(item, guest, q1=["fool"])
        sessions.close_item(item=item, actor=ACTOR)
        sessions.reveal(item=item, actor=ACTOR)
        db.session.commit()
    desk, console = sign_in(hall.facilitator), f"/desk/{hall.slug}/sessions/{hall.session}/"
    desk.submit(console, {}, button="Hide “fool”")
    phone = text_of(join(hall.members[0]).page(hall.phone))
    assert "fool" not in phone
    assert "1 word hidden" in phone
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        assert activities.in_minutes(item).striptags().count("1 word hidden") == 1
        told = [question_result(item), guests.published(item), QUESTIONS.rows(item.session.panel)]
        assert "fool" not in str(told)
        assert question_result(item)["questions"][0]["words_hidden"] == 1
        assert "question.word_hidden" in {entry.action for entry in db.session.query(AuditEntry)}
    desk.submit(console, {}, button="Show “fool” again")
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        assert "fool" in str(question_result(item))
        assert "fool" in str(guests.published(item))
        with pytest.raises(NotFound):
            services.hide_word(item=item, code="q1", word="none", shown=False, actor=ACTOR)


def test_only_words_are_hidden_never_what_was_offered(app: Flask) -> None:
    hall = Hall(app, members=7)
    hall.all_answer({"q1": "a"})
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        before = item.snapshot
        with pytest.raises(NotFound):
            services.hide_word(item=item, code="q1", word="a", shown=False, actor=ACTOR)
        assert item.snapshot == before
