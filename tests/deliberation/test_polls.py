"""Single-choice polls on phone, console and wall."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.deliberation import queries, services
from panel_app.deliberation.exports import poll_result
from panel_app.deliberation.models import PollAnswer
from panel_app.panels.models import Member
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from panel_app.staff.models import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import in_english, make_poll, make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]


class Hall:
    """A panel in an open session with an open poll."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, 6)]
            session = make_session(panel)
            item = make_poll(session)
            self.item, self.session, self.id = item.public_id, session.public_id, item.id
            self.options = [option.public_id for option in queries.options_of(item)]
            db.session.commit()

    @property
    def phone(self) -> str:
        return f"/my/session/{self.session}"


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def test_newest_choice_counts_once(hall: Hall, join: Join, app: Flask) -> None:
    phone = join(hall.members[0])
    for option in hall.options[:2]:
        assert phone.submit(hall.phone, {"option": option}, action="/answer").status_code == 303
    with app.app_context():
        kept = db.session.query(PollAnswer).one()
        assert (kept.option.public_id, kept.counter) == (hall.options[1], 2)
    assert "Your answer is saved" in text_of(phone.page(hall.phone))


@pytest.mark.parametrize("option", ["", "nonsense", "\0", "x" * 5000])
def test_option_that_is_none_is_refused(hall: Hall, join: Join, option: str) -> None:
    answer = join(hall.members[0]).submit(hall.phone, {"option": option}, action="/answer")
    assert answer.status_code in {400, 422}


def test_option_of_another_poll_is_refused(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        other = make_poll(make_session(make_panel()))
        foreign = queries.options_of(other)[0].public_id
        db.session.commit()
    answer = join(hall.members[0]).submit(hall.phone, {"option": foreign}, action="/answer")
    assert answer.status_code in {400, 422}


def test_poll_is_no_round_of_statements(hall: Hall, join: Join) -> None:
    assert join(hall.members[0]).get(f"/my/statements/{hall.item}/answers").status_code == 404


def test_choices_are_told_after_closing_and_revealing(hall: Hall, join: Join, app: Flask) -> None:
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        options = queries.options_of(item)
        for place, member_id in enumerate(hall.members):
            member = db.session.get_one(Member, member_id)
            services.answer_poll(option=options[place % 2], member=member, counter=1)
        sessions.close_item(item=item, actor=ACTOR)
        assert poll_result(item)["options"] == []
        db.session.commit()
    phone = join(hall.members[0])
    assert "of 6" not in text_of(phone.page(hall.phone))
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        sessions.reveal(item=item, actor=ACTOR)
        assert [row["chosen"] for row in poll_result(item)["options"]] == [3, 3, 0]
        db.session.commit()
    assert "3 of 6" in text_of(phone.page(hall.phone))


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_nobody_sees_figures_of_a_poll_that_may_be_opened_again(
    hall: Hall, app: Flask, sign_in: Callable[[str], CheckedClient], role: Role
) -> None:
    """Close at 3 of 6, open again, one answers, close at 3 of 7: the difference is their answer."""
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        for place, member_id in enumerate(hall.members):
            member, option = db.session.get_one(Member, member_id), queries.options_of(item)[0]
            if place < 5:
                services.answer_poll(option=option, member=member, counter=1)
        sessions.close_item(item=item, actor=ACTOR)
        email = make_user(role, item.session.panel).email
        console = f"/desk/{item.session.panel.slug}/sessions/{hall.session}/"
        db.session.commit()
    desk = sign_in(email)
    for page in (console, f"{console}console", f"{console}wall", f"{console}wall/now"):
        assert "of 5" not in desk.get(page).text
    with app.app_context():
        item = db.session.get_one(AgendaItem, hall.id)
        sessions.open_item(item=item, actor=ACTOR)
        sessions.close_item(item=item, actor=ACTOR)
        sessions.look(item=item, actor=ACTOR)
        db.session.commit()
        with pytest.raises(Conflict):
            sessions.open_item(item=item, actor=ACTOR)
    assert "5 of 5" in text_of(desk.page(console))
    assert "of 5" not in text_of(desk.page(f"{console}wall"))


def test_results_of_an_earlier_part_are_shown_again(
    hall: Hall, app: Flask, join: Join, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        first = db.session.get_one(AgendaItem, hall.id)
        options = queries.options_of(first)
        for member_id in hall.members:
            member = db.session.get_one(Member, member_id)
            services.answer_poll(option=options[0], member=member, counter=1)
        second = make_poll(first.session)
        with pytest.raises(Conflict):
            sessions.show_again(item=first, actor=ACTOR)
        sessions.close_item(item=second, actor=ACTOR)
        email = make_user("facilitator", first.session.panel).email
        console = f"/desk/{first.session.panel.slug}/sessions/{hall.session}/"
        db.session.commit()
    phone, desk = join(hall.members[0]), sign_in(email)
    assert "6 of 6" not in text_of(phone.page(hall.phone))
    assert desk.submit(console, button="Show the results again").status_code == 303
    for page in (phone.page(hall.phone), desk.page(f"{console}wall")):
        assert "6 of 6" in text_of(page)


def test_editing_settings_makes_the_options_anew(app: Flask) -> None:
    with app.app_context():
        item = make_poll(make_session(make_panel()), is_open=False)
        sessions.edit_item(
            item=item,
            title=item.title,
            minutes=5,
            settings={"options": in_english(["A", "B"])},
            actor=ACTOR,
        )
        assert [str(option.wording) for option in queries.options_of(item)] == ["A", "B"]
        sessions.remove_item(item=item, actor=ACTOR)


def test_opened_item_keeps_what_it_asks(app: Flask) -> None:
    with app.app_context():
        item = make_round(make_session(make_panel()))
        sessions.edit_item(
            item=item, title=item.title, minutes=5, settings={"seeds": []}, actor=ACTOR
        )
        assert len(queries.statements_of(item)) == 3
