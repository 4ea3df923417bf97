"""Writing a questionnaire on the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.deliberation.questions.queries import live_question
from panel_app.questions.kinds import KINDS
from panel_app.questions.models import Questionnaire
from panel_app.questions.question import Condition, Question
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import make_asking
from tests.factories.panels import make_panel
from tests.factories.questions import one_of_each
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

SignIn = Callable[[User | str], CheckedClient]


class Desk:
    """A part of an agenda with every kind of question, not yet opened."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        with app.app_context():
            panel = make_panel()
            item = make_asking(make_session(panel), *one_of_each(), is_open=False)
            live = live_question(item)
            assert live is not None
            self.item, self.slug = item.id, panel.slug
            self.path = f"/desk/{panel.slug}/questionnaires/{live.questionnaire.public_id}"
            email = make_user("facilitator", panel).email
            self.observer = make_user("observer", panel).email
            db.session.commit()
        self.app, self.page = app, sign_in(email)

    def questions(self) -> tuple[Question, ...]:
        with self.app.app_context():
            return db.session.query(Questionnaire).one().newest.questions

    def question(self, code: str) -> Question:
        return next(q for q in self.questions() if q.code == code)


@pytest.fixture
def desk(app: Flask, sign_in: SignIn) -> Desk:
    return Desk(app, sign_in)


def test_a_room_is_asked_for_no_photo(desk: Desk) -> None:
    assert f"{desk.path}/new/photo" not in desk.page.get(desk.path).text
    assert desk.page.get(f"{desk.path}/new/photo").status_code == 404


def test_form_left_alone_changes_nothing(desk: Desk) -> None:
    before = desk.questions()
    for question in before:
        answer = desk.page.submit(f"{desk.path}/{question.code}/edit")
        assert answer.status_code == 303, (question.code, answer.text)
        assert desk.question(question.code) == question
    assert desk.questions() == before


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if not kind.uploads])
def test_question_of_every_kind_is_added(desk: Desk, kind: str) -> None:
    words = {"wording_en": "Anything else?", "wording_bn": "আর কিছু?"}
    most = next(k for k in KINDS if k.name == kind).options[1]
    lines = {"options_en": "A\nB"} if most else {}
    assert desk.page.submit(f"{desk.path}/new/{kind}", {**words, **lines}).status_code == 303
    made = desk.questions()[-1]
    assert (made.kind, str(made.wording), made.code) == (kind, "Anything else?", "q1")
    assert [option.code for option in made.options] == (["o1", "o2"] if most else [])
    assert made.wording.only_in("bn") == "আর কিছু?"


def test_options_keep_their_codes_by_place(desk: Desk) -> None:
    sent = {"options_en": "Lamps\nBins\nBenches\nTrees", "options_ar": ""}
    desk.page.submit(f"{desk.path}/one/edit", sent)
    codes = [(option.code, str(option.wording)) for option in desk.question("one").options]
    assert codes == [("a", "Lamps"), ("b", "Bins"), ("c", "Benches"), ("o1", "Trees")]


def test_question_is_asked_only_of_some(desk: Desk) -> None:
    desk.page.submit(f"{desk.path}/line/edit", {"only_if": "yes=no", "hidden": "y"})
    assert desk.question("line").only_if == Condition("yes", "no")
    assert desk.question("line").hidden
    answer = desk.page.submit(f"{desk.path}/yes/remove")
    assert answer.status_code == 422
    assert "only asked after this one" in answer.text


def test_order_changes_and_a_question_goes(desk: Desk) -> None:
    codes = [question.code for question in desk.questions()]
    desk.page.submit(desk.path, action=f"/{codes[1]}/earlier")
    assert [q.code for q in desk.questions()][:2] == [codes[1], codes[0]]
    desk.page.submit(f"{desk.path}/{codes[0]}/remove")
    assert codes[0] not in [q.code for q in desk.questions()]


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("one/edit", {"wording_en": ""}, "Fill this in"),
        ("one/edit", {"options_en": "Only one", "options_ar": ""}, "2 to 30 lines"),
        ("one/edit", {"options_en": "A\n" + "x" * 141, "options_ar": ""}, "Line 2 is too long"),
        ("scale/edit", {"high": "40"}, "out of bounds"),
        ("number/edit", {"low": "9", "high": "3"}, "lowest is above the highest"),
        ("number/edit", {"low": "many"}, "Not a valid integer"),
        ("line/edit", {"only_if": "nothing=yes"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_comes_back_filled(
    desk: Desk, path: str, fields: dict[str, str], words: str
) -> None:
    before = desk.questions()
    answer = desk.page.submit(f"{desk.path}/{path}", fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "ما رأيك" in answer.text
    assert desk.questions() == before


def test_preview_checks_and_keeps_nothing(desk: Desk) -> None:
    faulty = desk.page.submit(f"{desk.path}/preview", {"number": "a dozen"}, button="Try")
    assert faulty.status_code == 422
    assert "a dozen" in faulty.text
    assert "Choose one of these." in faulty.text
    moved = desk.page.submit(f"{desk.path}/preview", {"rank.up.b": "1"}, button="Try")
    assert moved.status_code == 200


def test_what_people_were_asked_stays(desk: Desk) -> None:
    with desk.app.app_context():
        sessions.open_item(item=db.session.get_one(AgendaItem, desk.item), actor=ACTOR)
        db.session.commit()
    shown = text_of(desk.page.page(desk.path))
    assert "People were asked already" in shown
    before = desk.questions()
    assert desk.page.submit(f"{desk.path}/one/edit", {"wording_en": "Else?"}).status_code == 422
    assert desk.questions() == before


def test_observer_looks_only(desk: Desk, sign_in: SignIn) -> None:
    browser = sign_in(desk.observer)
    browser.page(desk.path)
    browser.page(f"{desk.path}/preview")
    assert browser.get(f"{desk.path}/one/edit").status_code == 403
