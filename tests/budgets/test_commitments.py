"""What residents take on: a lower price only with a plan B, frozen at opening, followed after."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from panel_app.balloting.services import open_ballot
from panel_app.budgets import frozen_terms, projects_file, services
from panel_app.budgets.commitments import exports, queries
from panel_app.budgets.commitments import services as commitments
from panel_app.budgets.commitments.services import Offer
from panel_app.budgets.models import Commitment, Pot, Project
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.translated import Translated
from panel_app.web.exports import csv_file
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import cast, close, make_vote, the_ballot
from tests.factories.budgets import make_ballot, make_commitment, make_pot
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]
WORD = Translated.of(en="Only two people came.")


@pytest.fixture
def pot(app: Flask) -> Pot:
    with app.app_context():
        made = make_pot(make_panel(slug="hillgrove"))
        make_members(made.panel, 6)
        db.session.commit()
        return made


def beds() -> Project:
    """Return the project that costs less because residents take part."""
    return db.session.query(Project).filter(Project.council_cost.is_not(None)).one()


def offered(**more: object) -> Offer:
    facts = {"kind": "hours", "hours": 5, "who": WORD, "what": WORD, **more}
    return Offer(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE project SET plan_b = NULL WHERE council_cost IS NOT NULL",
        "UPDATE project SET plan_b = 'perhaps' WHERE council_cost IS NOT NULL",
        "UPDATE project SET plan_b = NULL, council_cost = cost + 1 WHERE position = 1",
        "UPDATE commitment SET hours = NULL",
        "UPDATE commitment SET hours = 0",
        "UPDATE commitment SET pence = 100",
        "UPDATE commitment SET state = 'maybe'",
    ],
)
def test_the_database_holds_no_lowered_price_without_a_plan_b(
    app: Flask, pot: Pot, change: str
) -> None:
    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(text(change))


def test_a_lowered_price_needs_a_plan_b_and_no_other_has_one(app: Flask, pot: Pot) -> None:
    with app.app_context():
        project = beds()
        kept = {"title": project.title, "summary": project.summary, "line": None, "actor": "x"}
        with pytest.raises(Refused, match="falls through"):
            services.change_project(
                project=project,
                cost=100,
                council_cost=200,
                **kept,  # type: ignore[arg-type]
            )
        services.change_project(
            project=project,
            cost=200,
            council_cost=200,
            plan_b="out",
            **kept,  # type: ignore[arg-type]
        )
        assert project.plan_b is None
        db.session.commit()
        stored = db.session.scalars(select(Project.plan_b)).all()
        assert set(stored) == {None}, "a project is stored without a plan that nobody chose"


@pytest.mark.parametrize("state", ["offered", "not_done"])
def test_no_ballot_opens_on_a_price_lowered_by_work_that_nobody_agreed_to(
    app: Flask, pot: Pot, state: str
) -> None:
    with app.app_context():
        commitments.move(
            commitment=beds().commitments[0],
            state=state,
            words=WORD,
            actor="x",  # type: ignore[arg-type]
        )
        with pytest.raises(Refused, match="nobody has agreed"):
            open_ballot(ballot=make_ballot(beds().pot), closes_at=None, actor="system")


def test_what_is_taken_on_is_frozen_when_the_ballot_opens(app: Flask, pot: Pot) -> None:
    with app.app_context():
        project = beds()
        ballot = open_ballot(ballot=make_ballot(project.pot), closes_at=None, actor="system")
        option = frozen_terms.read(ballot.terms).by_id[project.public_id]
        assert (option.plan_b, [c.hours for c in option.commitments]) == ("full", [40])
        one = project.commitments[0]
        for refused in (
            lambda: commitments.offer(project=project, offer=offered(), actor="x"),
            lambda: commitments.change(commitment=one, offer=offered(), actor="x"),
            lambda: commitments.take_out(commitment=one, actor="x"),
            lambda: services.remove_project(project=project, actor="x"),
        ):
            with pytest.raises(Conflict):
                refused()  # type: ignore[no-untyped-call]
        commitments.move(commitment=one, state="done", words=WORD, actor="x")
        put = frozen_terms.read(ballot.terms).by_id[project.public_id]
        assert put.commitments[0].state == "agreed"


def test_an_offer_without_its_figure_and_a_move_without_a_word_are_refused(
    app: Flask, pot: Pot
) -> None:
    with app.app_context():
        for wrong in (offered(hours=0), offered(kind="money", pence=None)):
            with pytest.raises(Refused):
                commitments.offer(project=beds(), offer=wrong, actor="x")
        one = beds().commitments[0]
        with pytest.raises(Refused, match="everybody reads"):
            commitments.move(commitment=one, state="done", words=Translated.of(en=""), actor="x")
        with pytest.raises(Conflict, match="already"):
            commitments.move(commitment=one, state="agreed", words=WORD, actor="x")


def test_until_a_ballot_opens_a_project_goes_with_what_was_taken_on(app: Flask, pot: Pot) -> None:
    with app.app_context():
        services.remove_pot(pot=beds().pot, actor="x")
        assert db.session.query(Commitment).count() == 0


def test_plan_b_comes_and_goes_with_the_list_of_projects(app: Flask, pot: Pot) -> None:
    with app.test_request_context():
        rows = projects_file.rows(beds().pot)
        assert rows[2]["plan_b"] == "full"
        rows[2]["plan_b"] = "out"
        source = csv_file(rows, list(projects_file.columns(beds().pot)))
        assert projects_file.read(pot=beds().pot, source=source, actor="x").changed == 1
        assert beds().plan_b == "out"


@pytest.mark.parametrize(
    ("plan_b", "says"),
    [
        ("full", "Plan B: the council does it all, for £11,000. That is £4,800 more"),
        ("out", "Plan B: it is left out, and its £6,200 stay in the pot."),
    ],
)
def test_the_ballot_the_result_and_the_public_page_tell_what_was_taken_on(
    app: Flask, client: CheckedClient, plan_b: str, says: str
) -> None:
    vote = make_vote(app)
    with app.app_context():
        ballot = the_ballot(vote)
        for option in ballot.terms["projects"]:
            option.update({"plan_b": plan_b} if option["council_cost"] else {})
        terms, ballot.terms = ballot.terms, {}
        db.session.flush()
        ballot.terms = terms
        for member in vote.members:
            cast(vote, member, [vote.projects[2]])
        close(vote)
        the_ballot(vote).panel.published = True
        one = db.session.query(Commitment).one()
        slug, ballot_id = the_ballot(vote).panel.slug, the_ballot(vote).public_id
        db.session.commit()
    result = f"/p/{slug}/budget/{ballot_id}"
    for page in (f"/p/{slug}/commitments", result):
        told = text_of(client.page(page))
        assert "The gardening group: Building the beds (40 hours) Agreed" in told
        assert "If that falls through" in told
        assert "Plan B" not in told
    with app.app_context():
        one = db.session.query(Commitment).one()
        commitments.move(commitment=one, state="not_done", words=WORD, actor="x")
        db.session.commit()
        row = exports.rows(the_ballot(vote).panel)[0]
        assert (row["state"], row["words"], row["funded"]) == ("not_done", str(WORD), True)
    for page in (f"/p/{slug}/commitments", result):
        told = text_of(client.page(page))
        assert "Not done" in told
        assert says in told
    assert str(WORD) in text_of(client.page(f"/p/{slug}/commitments"))


def test_an_officer_writes_down_and_follows_an_offer(app: Flask, sign_in: SignIn, pot: Pot) -> None:
    with app.app_context():
        project = beds()
        email = make_user("organiser", project.pot.panel).email
        here = (
            f"/desk/hillgrove/pots/{project.pot.public_id}/projects/{project.public_id}/commitments"
        )
        db.session.commit()
    desk = sign_in(email)
    sent = {"who_en": "The school", "what_en": "Tools", "kind": "money", "pence": "£250"}
    assert desk.submit(f"{here}/new", sent).status_code == 303
    with app.app_context():
        made = beds().commitments[1]
        assert (made.pence, made.hours, made.state) == (250_00, None, "offered")
        one = made.public_id
    assert "£250" in text_of(desk.page(here))
    moved = {"words_en": "The head said yes.", "state": "agreed"}
    assert desk.submit(f"{here}/{one}/move", moved).status_code == 303
    assert "The head said yes." in text_of(desk.page(here))
    changed = {**sent, "kind": "thing", "pence": ""}
    assert desk.submit(f"{here}/{one}", changed).status_code == 303
    assert desk.submit(f"{here}/{one}/remove").status_code == 303
    with app.app_context():
        assert len(beds().commitments) == 1


def test_a_project_that_was_not_voted_on_is_on_no_public_page(app: Flask, pot: Pot) -> None:
    with app.app_context():
        make_commitment(beds())
        assert queries.followed(beds().pot.panel) == []
