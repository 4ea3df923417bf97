"""A rehearsal runs as an evening does, with made-up people, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from panel_app.core import audit, clock
from panel_app.core.audit import AuditEntry
from panel_app.core.db import Base, db, found
from panel_app.core.errors import Conflict
from panel_app.core.feature import offered
from panel_app.deliberation.questions.queries import put_in
from panel_app.deliberation.questions.queries import results as question_results
from panel_app.deliberation.statements.queries import statement_figures
from panel_app.deliberation.tables import planning
from panel_app.deliberation.tables import services as tables
from panel_app.panels.models import Member, Panel
from panel_app.publishing.lists import panels as public_panels
from panel_app.sessions import activities, queries, rehearsal, services
from panel_app.sessions.models import Attendance, Rehearsal, Session
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.budgets import make_ballot, make_pot
from tests.factories.deliberation import make_asking, make_room, make_round, make_tables
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import one_of_each
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


class Evening:
    """A planned session with something of every kind."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            panel = make_panel()
            make_members(panel, 7)
            session = make_session(panel, is_open=False)
            make_item(session)
            make_asking(session, *one_of_each(), is_open=False)
            make_round(session, is_open=False)
            make_tables(session, size=5, rounds=1, is_open=False)
            make_room(session, "qa", moderated=True, is_open=False)
            make_room(session, is_open=False)
            self.slug, self.session = panel.slug, session.public_id
            self.facilitator = make_user("facilitator", panel).email
            self.observer = make_user("observer", panel).email
            db.session.commit()

    @property
    def agenda(self) -> str:
        return f"/desk/{self.slug}/sessions/{self.session}/agenda"


@pytest.fixture
def evening(app: Flask) -> Evening:
    return Evening(app)


def rows() -> dict[str, list[str]]:
    """Return every row of every table, in words."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
    }


def rehearse(evening: Evening) -> Session:
    session = queries_session(evening.session)
    made = rehearsal.begin(session=session, actor=ACTOR)
    db.session.commit()
    return made


def queries_session(public_id: str) -> Session:
    return found(db.session.scalar(select(Session).where(Session.public_id == public_id)))


def act(made: Session, steps: int = 14) -> None:
    for number in range(steps):
        rehearsal.step(made.public_id, Random(number))


def run(made: Session) -> None:
    """Run the whole evening, part by part."""
    services.open_session(session=made, actor=ACTOR)
    for item in made.items:
        with audit.acting():
            services.open_item(item=item, actor=ACTOR)
            if item.kind == "tables":
                planning.ask_for_plan(item=item, whom="confirmed", actor=ACTOR)
                db.session.commit()
                tables.begin_round(item=item, actor=ACTOR)
            db.session.commit()
        act(made)
        with audit.acting():
            services.close_item(item=item, actor=ACTOR)
            services.reveal(item=item, actor=ACTOR)
            db.session.commit()


def test_every_table_is_as_before_but_for_a_line_in_the_log(app: Flask, evening: Evening) -> None:
    with app.app_context():
        before = rows()
        made = rehearse(evening)
        with audit.acting():
            run(made)
            services.close_session(session=made, actor=ACTOR)
        db.session.commit()
        assert len(rows()["statement_answer"]) > len(before["statement_answer"])
        rehearsal.throw_away(rehearsal=found(rehearsal.of(made)))
        db.session.commit()
        after = rows()
        logged = set(after.pop("audit_entry")) - set(before.pop("audit_entry"))
        assert after == before
        assert [("session.rehearsed" in line) for line in logged] == [True]


def test_made_up_people_answer_every_kind_of_question(app: Flask, evening: Evening) -> None:
    with app.app_context():
        made = rehearse(evening)
        run(made)
        people = queries.people_of(made)
        assert (people.here, people.expected, people.phones.live) == (20, 20, 20)
        put = put_in(made.items[1])
        answered = {one.question.kind: one.answers for one in question_results(put)}
        assert set(answered.values()) == {20}, answered
        assert statement_figures(made.items[2]).people == 20
        for item in made.items[3:]:
            assert found(item.snapshot)["people"] == 20


def test_nothing_of_it_is_in_reach_of_the_real_panel(app: Flask, evening: Evening) -> None:
    with app.app_context():
        made = rehearse(evening)
        run(made)
        real = queries_session(evening.session)
        assert real.state == "planned"
        assert (
            db.session.scalar(
                select(func.count()).select_from(Attendance).where(Attendance.session_id == real.id)
            )
            == 0
        )
        assert queries.expected(real) == 7
        assert not made.panel.published
        shown = db.session.scalars(public_panels().query).all()
        assert made.panel not in shown


def test_part_that_is_bound_to_a_pot_has_no_phones(app: Flask, evening: Evening) -> None:
    with app.app_context():
        session = queries_session(evening.session)
        pot = make_pot(session.panel)
        ballot = make_ballot(pot)
        make_item(session, title="The vote", kind="ballot", settings={"ballot": ballot.public_id})
        made = rehearse(evening)
        assert made.items[-1].kind is None
        ((item, kind),) = rehearsal.unrehearsed(session)
        assert (str(item.title), "five colleagues" in kind.by_hand) == ("The vote", True)
        assert ballot.state == "draft"


def test_every_part_without_phones_says_how_it_is_tried(app: Flask) -> None:
    with app.app_context():
        bound = [one for one in offered(activities.Activity) if one.portable is None]
        assert [one.kind for one in bound if not one.by_hand] == []
        assert len(bound) > 1


def test_console_of_a_rehearsal_says_what_to_try_by_hand(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    with app.app_context():
        session = queries_session(evening.session)
        ballot = make_ballot(make_pot(session.panel))
        make_item(session, title="The vote", kind="ballot", settings={"ballot": ballot.public_id})
        db.session.commit()
    desk = sign_in(evening.facilitator)
    console = desk.submit(evening.agenda, action="/rehearse").headers["Location"]
    assert "The vote Nobody is made up for a ballot" in text_of(desk.page(console))


def test_facilitator_runs_it_and_throws_it_away(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    desk = sign_in(evening.facilitator)
    console = desk.submit(evening.agenda, action="/rehearse").headers["Location"]
    assert "/desk/rehearsal-" in console
    desk.submit(console, action="/open")
    assert "Rehearsal" in text_of(desk.page(console))
    assert "Rehearsal" in text_of(desk.page(f"{console}wall"))
    assert desk.submit(evening.agenda.replace("agenda", ""), action="/open") is not None
    back = desk.submit(console, action="/rehearsal/end")
    assert back.headers["Location"] == evening.agenda
    assert desk.get(console).status_code == 404


def test_made_up_panel_has_the_pages_of_its_evening_alone(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    desk = sign_in(evening.facilitator)
    console = desk.submit(evening.agenda, action="/rehearse").headers["Location"]
    home = console.partition("/sessions/")[0]
    for page in ("", "sessions/", "sessions/templates", "members/", "pots/", "programmes/"):
        assert desk.get(f"{home}/{page}").status_code in {403, 404}, page
    assert desk.get(f"{console}door").status_code == 404
    token = desk.token_on(console)
    planned = desk.post(f"{home}/sessions/templates/first", data={"csrf_token": token})
    assert planned.status_code == 404


def test_administrator_may_no_more_on_it_than_a_facilitator(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    with app.app_context():
        email = make_user("administrator", None).email
        slug = rehearse(evening).panel.slug
        db.session.commit()
    assert sign_in(email).get(f"/desk/{slug}/pots/new").status_code in {403, 404}
    assert slug not in sign_in(email).get("/desk/").text


def test_others_are_not_let_in(app: Flask, evening: Evening, sign_in: SignIn) -> None:
    with app.app_context():
        made = rehearse(evening)
        console = f"/desk/{made.panel.slug}/sessions/{made.public_id}/"
        stranger = make_user("facilitator", make_panel()).email
        db.session.commit()
    assert sign_in(stranger).get(console).status_code == 404
    desk = sign_in(evening.observer)
    assert "Throw the rehearsal away" not in desk.get(console).text
    assert new_client(app).get(console).status_code == 303


def test_it_is_thrown_away_by_itself(app: Flask, evening: Evening) -> None:
    with app.app_context():
        before = rows()
        rehearse(evening)
        rehearsal.throw_old_away()
        assert db.session.scalar(select(func.count()).select_from(Rehearsal)) == 1
        db.session.execute(update(Rehearsal).values(ends_at=clock.now() - timedelta(minutes=1)))
        db.session.commit()
        rehearsal.throw_old_away()
        after = rows()
        del before["audit_entry"], after["audit_entry"]
        assert after == before


def test_two_presses_make_one_rehearsal(app: Flask, evening: Evening) -> None:
    with app.app_context():
        assert rehearse(evening) == rehearse(evening)


def test_session_that_began_is_not_rehearsed(app: Flask, evening: Evening) -> None:
    with app.app_context():
        session = queries_session(evening.session)
        services.open_session(session=session, actor=ACTOR)
        with pytest.raises(Conflict):
            rehearsal.begin(session=session, actor=ACTOR)


def test_session_under_rehearsal_is_not_deleted(app: Flask, evening: Evening) -> None:
    with app.app_context():
        rehearse(evening)
        with pytest.raises(Conflict):
            services.remove_session(session=queries_session(evening.session), actor=ACTOR)


def test_log_is_whole_after_a_request_on_a_made_up_panel(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    desk = sign_in(evening.facilitator)
    console = desk.submit(evening.agenda, action="/rehearse").headers["Location"]
    desk.submit(console, action="/open")
    desk.submit(f"{evening.agenda.removesuffix('agenda')}", action="/open")
    with app.app_context():
        entries: list[Any] = list(db.session.scalars(select(AuditEntry)))
        opened = [one.subject for one in entries if one.action == "session.opened"]
        assert opened == [f"session:{evening.session}"]
        assert audit.verify()[1] is None


def test_step_after_the_end_does_nothing(app: Flask, evening: Evening) -> None:
    with app.app_context():
        made = rehearse(evening)
        public_id = made.public_id
        rehearsal.throw_away(rehearsal=found(rehearsal.of(made)))
        db.session.commit()
        rehearsal.step(public_id)
        real = queries_session(evening.session)
        rehearsal.step(real.public_id)
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 0
        assert db.session.scalar(select(func.count()).select_from(Member)) == 7
        assert db.session.scalar(select(func.count()).select_from(Panel)) == 1
