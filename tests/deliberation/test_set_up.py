"""What facilitators type, in English and in other languages, and what phones show of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.deliberation.questions.queries import live_question
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

ASKING = {
    "title_en": "When?",
    "title_ar": "متى؟",
    "activity-options_en": "May\nJune",
    "activity-options_ar": "مايو\nيونيو",
}
SEEDS = {"title_en": "Say", "title_bn": "বলুন", "activity-seeds_en": "Repairs first\nLight first"}


class Hall:
    """A facilitator's desk and a member's phone in one session."""

    def __init__(
        self,
        app: Flask,
        sign_in: Callable[[str], CheckedClient],
        join: Callable[[int], CheckedClient],
    ) -> None:
        with app.app_context():
            panel = make_panel()
            member = make_members(panel, 1)[0].id
            session, email = make_session(panel), make_user("facilitator", panel).email
            self.phone_path = f"/my/session/{session.public_id}"
            self.items = f"/desk/{panel.slug}/items"
            self.new = f"/desk/{panel.slug}/sessions/{session.public_id}/items/new"
            db.session.commit()
        self.desk, self.phone, self.app = sign_in(email), join(member), app

    def open_item(self) -> str:
        """Open the only item; return its public identifier."""
        with self.app.app_context():
            item = db.session.query(AgendaItem).one()
            sessions.open_item(item=item, actor=ACTOR)
            db.session.commit()
            return item.public_id


@pytest.fixture
def hall(
    app: Flask, sign_in: Callable[[str], CheckedClient], join: Callable[[int], CheckedClient]
) -> Hall:
    return Hall(app, sign_in, join)


def test_question_is_asked_in_the_readers_language(hall: Hall) -> None:
    assert hall.desk.submit(f"{hall.new}/question", ASKING).status_code == 303
    hall.open_item()
    arabic = text_of(hall.phone.page(f"{hall.phone_path}?l=ar"))
    assert "مايو" in arabic
    assert "متى؟" in arabic
    assert "May" not in arabic


def test_statement_without_a_translation_is_marked_in_its_own_language(hall: Hall) -> None:
    assert hall.desk.submit(f"{hall.new}/statements", SEEDS).status_code == 303
    hall.open_item()
    page = hall.phone.page(f"{hall.phone_path}?l=bn")
    marked = [e for e in page.iter("bdi") if e.get("lang") == "en" and e.get("dir") == "ltr"]
    assert any(" first" in text_of(e) for e in marked)


def test_editing_shows_what_was_typed_and_keeps_its_languages(hall: Hall) -> None:
    hall.desk.submit(f"{hall.new}/question", ASKING)
    with hall.app.app_context():
        address = f"{hall.items}/{db.session.query(AgendaItem).one().public_id}/edit"
    assert hall.desk.submit(address, {"minutes": "7"}).status_code == 303
    with hall.app.app_context():
        item = db.session.query(AgendaItem).one()
        assert item.minutes == 7
        live = live_question(item)
        assert live is not None
        (question,) = live.questionnaire.newest.questions
        shown = [option.wording.in_language("ar").text for option in question.options]
        assert shown == ["مايو", "يونيو"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"activity-options_ar": "مايو"}, "as many lines in every language"),
        ({"activity-options_ar": "مايو\n" + "ي" * 141}, "Line 2 is too long"),
        ({"activity-options_en": "May\nMay", "activity-options_ar": ""}, "2 to 30 lines"),
    ],
)
def test_uneven_long_or_repeated_options_come_back_filled(
    hall: Hall, fields: dict[str, str], words: str
) -> None:
    answer = hall.desk.submit(f"{hall.new}/question", {**ASKING, **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert "متى؟" in answer.text
    assert 'href="#activity-options_en"' in answer.text
