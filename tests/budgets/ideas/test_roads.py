"""From an idea to what was done with it: costed, joined, voted on, and told once each time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from panel_app.balloting.services import cast_paper, close_ballot
from panel_app.budgets.ideas import costing, joining, queries, services
from panel_app.budgets.ideas.costing import Cost
from panel_app.budgets.ideas.models import Costing, Idea, IdeaStep, Wish
from panel_app.budgets.models import Project
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.translated import Translated
from panel_app.outbox.models import Message
from panel_app.panels.models import Panel
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.budgets import make_open_ballot, make_pot
from tests.factories.ideas import make_call, make_cost, make_idea
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]
NO = Translated.of(en="The ground is not ours.", bn="জমিটি আমাদের নয়।")


@pytest.fixture
def idea(app: Flask) -> Idea:
    """Return an idea of somebody who reads Bengali; its context stays open."""
    with app.app_context():
        made = make_idea(
            make_call(make_pot(make_panel(slug="hillgrove"))),
            "বাস স্টপে বেঞ্চ",
            language="bn",
            contact="ana@residents.example",
        )
        db.session.commit()
        yield made


def told() -> list[str]:
    return [m.wording["body"] for m in db.session.scalars(select(Message).order_by(Message.id))]


def project_of(idea: Idea) -> Project:
    return idea.call.pot.projects[0]


def test_a_no_needs_a_reason_which_goes_to_its_author_in_their_language(idea: Idea) -> None:
    nothing = Translated("en", {})
    with pytest.raises(Refused):
        costing.cost(idea=idea, cost=Cost(verdict="no", reason=nothing), actor="staff:x")
    costing.cost(idea=idea, cost=Cost(verdict="no", reason=NO), actor="staff:x")
    assert "জমিটি আমাদের নয়।" in told()[-1]
    assert {m.language for m in db.session.scalars(select(Message))} == {"bn"}


@pytest.mark.parametrize(
    ("pence", "basis"), [(0, "2 benches"), (None, "2 benches"), (5, "a guess")]
)
def test_a_cost_of_nothing_and_a_basis_without_a_figure_are_refused(
    idea: Idea, pence: int | None, basis: str
) -> None:
    said = Cost(verdict="costed", reason=NO, pence=pence, basis=basis)
    with pytest.raises(Refused):
        costing.cost(idea=idea, cost=said, actor="staff:x")


def test_a_day_for_costing_that_has_passed_is_said_while_ideas_wait(idea: Idea) -> None:
    assert not queries.progress(idea.call).late
    idea.call.costed_by = clock.now().date() - timedelta(days=1)
    assert queries.progress(idea.call).late
    make_cost(idea)
    assert not queries.progress(idea.call).late


def test_versions_are_kept_and_the_newest_counts(idea: Idea) -> None:
    make_cost(idea, 100_00)
    make_cost(idea, 120_00, yearly=True)
    assert [(c.version, c.pence, c.yearly) for c in queries.costings(idea)] == [
        (2, 120_00, True),
        (1, 100_00, False),
    ]
    assert queries.progress(idea.call).yearly == 120_00
    assert len(told()) == 3


@pytest.mark.parametrize("wrong", [{"pence": 0}, {"pence": None}, {"verdict": "no"}])
def test_the_database_keeps_no_senseless_cost(idea: Idea, wrong: dict[str, object]) -> None:
    sound = {"verdict": "costed", "pence": 5, "version": 1, "reason": NO, "by": "x", "basis": "5"}
    db.session.add(Costing(idea_id=idea.id, **(sound | wrong)))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_what_has_no_cost_cannot_become_a_project(idea: Idea) -> None:
    project = project_of(idea)
    with pytest.raises(Refused, match="has a cost yet"):
        joining.join(ideas=[idea], project=project, actor="staff:x")
    for verdict in ("unknown", "no"):
        costing.cost(idea=idea, cost=Cost(verdict=verdict, reason=NO), actor="staff:x")
        with pytest.raises(Refused, match="can’t be voted on"):
            joining.join(ideas=[idea], project=project, actor="staff:x")
    db.session.commit()
    idea.project_id = project.id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_joined_ideas_keep_their_words_and_part_again(idea: Idea) -> None:
    other = make_idea(idea.call, "A bench at the stop", contact="07700 900123")
    make_cost(other)
    project = project_of(idea)
    joining.join(ideas=[idea, other], project=project, actor="staff:x")
    assert [i.number for i in queries.ideas_in(project)] == [1, 2]
    assert str(idea.title) == "বাস স্টপে বেঞ্চ"
    assert [len(s.others) for s in queries.road_of(other) if s.step == "joined"] == [1]
    with pytest.raises(Conflict):
        costing.cost(idea=other, cost=Cost(verdict="no", reason=NO), actor="staff:x")
    with pytest.raises(Conflict):
        services.withdraw(idea=other)
    joining.part(idea=idea, actor="staff:x")
    joining.part(idea=idea, actor="staff:x")
    joining.join(ideas=[idea], project=project, actor="staff:x")
    taken = [step.step for step in queries.road_of(idea)]
    assert taken == ["received", "joined", "parted", "joined"]


def vote_on(app: Flask, idea: Idea) -> None:
    """Put the idea's project to the vote, and have six people choose it alone."""
    panel = idea.call.pot.panel
    members = make_members(panel, 6)
    make_cost(idea)
    joining.join(ideas=[idea], project=project_of(idea), actor="staff:x")
    ballot = make_open_ballot(idea.call.pot)
    db.session.commit()
    joining.move_on()
    with pytest.raises(Conflict):
        joining.part(idea=idea, actor="staff:x")
    for member in members:
        chosen = [project_of(idea).public_id]
        cast_paper(ballot=ballot, member=member, choice=chosen, counter=1)
        db.session.commit()
    close_ballot(ballot=ballot, actor="staff:x")
    db.session.commit()


def test_the_vote_moves_the_idea_on_and_each_step_is_told_once(app: Flask, idea: Idea) -> None:
    vote_on(app, idea)
    for _minute in range(3):
        joining.move_on()
    joining.finish(project=project_of(idea), actor="staff:x")
    joining.finish(project=project_of(idea), actor="staff:x")
    taken = [step.step for step in queries.road_of(idea)]
    assert taken == ["received", "costed", "joined", "listed", "funded", "done"]
    assert len(told()) == len(taken)
    assert all(f"/ideas/own/{queries.own_token(idea)}" in body for body in told())


def test_nothing_is_done_that_nobody_funded(idea: Idea) -> None:
    make_cost(idea)
    joining.join(ideas=[idea], project=project_of(idea), actor="staff:x")
    with pytest.raises(Conflict):
        joining.finish(project=project_of(idea), actor="staff:x")


def test_forty_presses_at_once_count_once(app: Flask, idea: Idea) -> None:
    number = idea.id
    db.session.rollback()

    def press() -> None:
        with app.app_context():
            services.want_too(idea=db.session.get_one(Idea, number), who="browser:one")
            db.session.commit()

    presses = [threading.Thread(target=press) for _ in range(40)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert db.session.scalar(select(func.count()).select_from(Wish)) == 1


def test_forty_sendings_of_one_page_add_one_idea(app: Flask, idea: Idea) -> None:
    call = idea.call.public_id
    db.session.rollback()

    def send() -> None:
        with app.app_context():
            said = services.Said(title="Light at the bins", why="It is dark.", language="en")
            services.add_idea(
                call=queries.call_called(call), said=said, known_by="place", key="k" * 64
            )
            db.session.commit()

    senders = [threading.Thread(target=send) for _ in range(40)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 2
    said = services.Said(title="Light at  the BINS", why="It is dark.", language="en")
    with pytest.raises(Refused, match="there already"):
        services.add_idea(call=idea.call, said=said, known_by="place")


def test_an_officer_costs_one_after_the_other(app: Flask, sign_in: SignIn, idea: Idea) -> None:
    for number in range(2):
        make_idea(idea.call, f"Another thing {number}")
    pot = idea.call.pot.public_id
    email = make_user("officer", db.session.scalars(select(Panel)).one()).email
    db.session.commit()
    desk, ideas = sign_in(email), f"/desk/hillgrove/pots/{pot}/ideas"
    at = desk.get(f"{ideas}/next").headers["Location"]
    assert at.endswith("/1/cost")
    fields = {"verdict": "costed", "pence": "10 50", "basis": "2 at £5", "reason_en": "Fine."}
    assert "such as 1250" in text_of(parse(desk.submit(at, fields).text))
    assert "more than nothing" in text_of(parse(desk.submit(at, fields | {"pence": "0"}).text))
    for number in (1, 2, 3):
        at = desk.get(f"{ideas}/next").headers["Location"]
        assert at.endswith(f"/{number}/cost")
        assert desk.submit(at, fields | {"pence": "10.50"}).status_code == 303
    assert desk.get(f"{ideas}/next").headers["Location"].endswith("/ideas")
    assert desk.get(f"{ideas}/1/join").status_code == 403
    db.session.expire_all()
    assert {i.costing for i in db.session.scalars(select(Idea))} == {"costed"}


def test_an_organiser_reads_first_joins_and_undoes(app: Flask, sign_in: SignIn, idea: Idea) -> None:
    held = make_idea(idea.call, "Mr Dixon shouts at children")
    make_cost(idea)
    pot = idea.call.pot.public_id
    email = make_user("organiser", db.session.scalars(select(Panel)).one()).email
    db.session.commit()
    desk, ideas = sign_in(email), f"/desk/hillgrove/pots/{pot}/ideas"
    assert "It may name somebody" in text_of(desk.page(f"{ideas}/2"))
    reason = {"reason_en": "It is about one person."}
    assert desk.submit(f"{ideas}/2/hide", reason).status_code == 303
    assert desk.submit(f"{ideas}/2", button="Show it to everybody").status_code == 303
    made = {
        "title_en": "Benches",
        "summary_en": "Two of them.",
        "goal_en": "Nobody stands at the stop.",
        "cost": "3,400",
        "ideas": [held.public_id],
    }
    answer = desk.submit(f"{ideas}/1/join", made)
    assert answer.status_code == 303, text_of(parse(answer.text))
    db.session.expire_all()
    project = db.session.scalars(select(Project).order_by(Project.id.desc())).first()
    assert project is not None
    assert str(project.goal) == "Nobody stands at the stop."
    assert [i.number for i in queries.ideas_in(project)] == [1, 2]
    assert desk.submit(f"{ideas}/2", button="Take it out").status_code == 303
    assert "Benches" in text_of(desk.page(f"{ideas}/1"))
    entered = {
        "origin": "stall",
        "spoken": "ar",
        "title": "مقاعد عند الموقف",
        "why": "للكبار",
    }
    assert desk.submit(f"{ideas}/enter", entered).status_code == 303
    assert "مقاعد" in text_of(desk.page(f"{ideas}?q=مقاعد"))
    wordings = {"title_en": "Seats at the stop", "why_en": "For the elderly"}
    assert desk.submit(f"{ideas}/3/words", wordings).status_code == 303
    assert "Seats at the stop" in text_of(desk.page(f"{ideas}?q=مقاعد"))
    assert desk.submit(f"{ideas}/ask", {"taking": ""}).status_code == 303


def test_steps_are_kept_once(idea: Idea) -> None:
    db.session.add(IdeaStep(idea_id=idea.id, step="received", about=""))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
