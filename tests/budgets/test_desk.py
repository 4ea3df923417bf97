"""Setting up pots and projects on the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms, services
from panel_app.budgets.models import BudgetBallot, Line, Pot, Project
from panel_app.budgets.rules import Rules
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from tests.checked_client import CheckedClient, text_of
from tests.factories.budgets import make_ballot, make_pot
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        panel = make_panel(slug="hillgrove")
        db.session.commit()
        return panel.slug


@pytest.fixture
def desk(app: Flask, sign_in: SignIn, slug: str) -> CheckedClient:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        email = make_user("organiser", panel).email
        db.session.commit()
    return sign_in(email)


def the_pot(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Pot.public_id)).one()


def test_pot_line_project_and_ballot_are_set_up_by_hand(
    app: Flask, desk: CheckedClient, slug: str
) -> None:
    pots = f"/desk/{slug}/pots"
    assert "no pot yet" in text_of(desk.page(pots))
    fields = {"name_en": "Estate budget", "name_ar": "ميزانية", "amount": "£100,000"}
    assert desk.submit(f"{pots}/new", fields).status_code == 303
    pot = f"{pots}/{the_pot(app)}"
    line = {"name_en": "Green spaces", "yearly": "40,000"}
    assert desk.submit(f"{pot}/lines/new", line).status_code == 303
    with app.app_context():
        line_id = db.session.scalars(select(Line.public_id)).one()
    project = {
        "title_en": "Growing beds",
        "summary_en": "And a tool store.",
        "cost": "6200",
        "council_cost": "11,000.50",
        "plan_b": "full",
        "line": line_id,
        "title_bn": "চাষের বেড",
    }
    assert desk.submit(f"{pot}/projects/new", project).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Project)).one()
        assert (made.cost, made.council_cost) == (6_200_00, 11_000_50)
        assert str(made.line.name) == "Green spaces" if made.line else False
        assert made.title.in_language("bn").text == "চাষের বেড"
        assert made.title.in_language("ar").fallback
    asked = desk.submit(f"{pot}/ballots/new", {"question_en": "What should it pay for?"})
    assert "/ballots/" in asked.headers["Location"]
    with app.app_context():
        ballot = db.session.scalars(select(Ballot)).one()
        assert (ballot.state, ballot.kind) == ("draft", "budget")
    assert "Not open yet" in text_of(desk.page(pot))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"cost": "lots"}, "cost"),
        ({"cost": "0"}, "cost"),
        ({"cost": "-5"}, "cost"),
        ({"cost": "1e9"}, "cost"),
        ({"cost": "NaN"}, "cost"),
        ({"cost": ""}, "cost"),
        ({"council_cost": "10"}, "council_cost"),
        ({"title_en": ""}, "title_en"),
        ({"title_en": "x" * 121}, "title_en"),
        ({"title_ar": "x" * 121}, "title_ar"),
        ({"line": "another"}, "line"),
    ],
)
def test_faulty_project_is_refused_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, desk: CheckedClient, slug: str, fields: dict[str, str], field: str
) -> None:
    with app.app_context():
        pot = make_pot(db.session.scalars(select(Panel)).one())
        db.session.commit()
        address = f"/desk/{slug}/pots/{pot.public_id}/projects/new"
    typed = {"title_en": "Typed by hand", "summary_en": "And kept", "cost": "100", **fields}
    answer = desk.submit(address, typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "And kept" in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Project)).all()) == 5


def test_project_is_changed_and_removed_in_a_second_step(
    app: Flask, desk: CheckedClient, slug: str
) -> None:
    with app.app_context():
        pot = make_pot(db.session.scalars(select(Panel)).one())
        project = pot.projects[0].public_id
        db.session.commit()
        address = f"/desk/{slug}/pots/{pot.public_id}/projects/{project}"
    shown = desk.get(address).text
    assert "18500" in shown
    assert "গ্যারেজের" in shown
    assert desk.submit(address, {"cost": "19000.50"}).status_code == 303
    with app.app_context():
        changed = db.session.scalars(select(Project).where(Project.public_id == project)).one()
        assert changed.cost == 19_000_50
        assert changed.title.in_language("bn").text.startswith("গ্যারেজের")
    assert "Remove this project?" in text_of(desk.page(f"{address}/remove"))
    assert desk.submit(f"{address}/remove", button="Remove").status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Project)).all()) == 4
        told = {e.action: e.details for e in db.session.scalars(select(AuditEntry))}
        assert told["project.changed"] == {"project": project, "cost": 19_000_50}
        assert told["project.removed"] == {"project": project, "cost": 19_000_50}


def test_other_panels_pots_are_not_found(app: Flask, desk: CheckedClient, slug: str) -> None:
    with app.app_context():
        foreign = make_pot(make_panel())
        own = make_pot(db.session.scalars(select(Panel).where(Panel.slug == slug)).one())
        db.session.commit()
        foreign_pot, foreign_project = foreign.public_id, foreign.projects[0].public_id
        own_pot, foreign_line = own.public_id, foreign.lines[0].public_id
    base = f"/desk/{slug}/pots"
    for path in (
        f"{base}/{foreign_pot}",
        f"{base}/{foreign_pot}/projects/new",
        f"{base}/{foreign_pot}/ballots/new",
        f"{base}/{foreign_pot}/lines/new",
        f"{base}/{own_pot}/projects/{foreign_project}",
        f"{base}/{own_pot}/projects/{foreign_project}/remove",
    ):
        assert desk.get(path).status_code == 404, path
    typed = {"title_en": "T", "summary_en": "S", "cost": "1", "line": foreign_line}
    assert desk.submit(f"{base}/{own_pot}/projects/new", typed).status_code == 422


def test_facilitator_may_look_but_not_set_up(app: Flask, sign_in: SignIn, slug: str) -> None:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        pot = make_pot(panel).public_id
        email = make_user("facilitator", panel).email
        db.session.commit()
    desk = sign_in(email)
    page = desk.page(f"/desk/{slug}/pots/{pot}")
    assert not [a for a in page.iter("a") if "/new" in (a.get("href") or "")]
    assert desk.get(f"/desk/{slug}/pots/new").status_code == 403


def test_projects_of_one_title_are_warned_of_and_told_apart_on_the_ballot(
    app: Flask, desk: CheckedClient, slug: str
) -> None:
    with app.app_context():
        pot = make_pot(db.session.scalars(select(Panel)).one())
        for title in ("New  bench", "new bench", "Old bench"):
            services.add_project(
                pot=pot,
                title=Translated.of(en=title, bn=f"বেঞ্চ {len(title)}"),
                summary=Translated.of(en="To sit on."),
                cost=500_00,
                actor="system",
            )
        db.session.commit()
        frozen = frozen_terms.read(frozen_terms.write(pot))
        titles = [str(option.title) for option in frozen.options[-3:]]
        bengali = [option.title.in_language("bn").text for option in frozen.options[-3:]]
    assert titles == ["New  bench (1)", "new bench (2)", "Old bench"]
    assert bengali == ["বেঞ্চ 10 (1)", "বেঞ্চ 9 (2)", "বেঞ্চ 9"]
    page = text_of(desk.page(f"/desk/{slug}/pots/{the_pot(app)}"))
    assert page.count("same title as another: number") == 2
    assert "same title as another: number 2 on the ballot" in page


def test_rules_are_set_for_a_ballot_and_changed_until_it_opens(
    app: Flask, desk: CheckedClient, slug: str
) -> None:
    with app.app_context():
        pot = make_pot(db.session.scalars(select(Panel)).one())
        db.session.commit()
        address, projects = (
            f"/desk/{slug}/pots/{pot.public_id}",
            [p.public_id for p in pot.projects],
        )
    typed = {
        "question_en": "What first?",
        "way": "ranking",
        "limit": "3",
        "count": "most-votes",
        "incompatible": "1, 7",
        "agreed_by": "the residents’ meeting",
    }
    refused = desk.submit(f"{address}/ballots/new", typed)
    assert refused.status_code == 422
    assert "no list of project numbers" in refused.text
    assert "1, 7" in refused.text
    assert (
        desk.submit(f"{address}/ballots/new", {**typed, "incompatible": "1, 3"}).status_code == 303
    )
    with app.app_context():
        link = db.session.scalars(select(BudgetBallot)).one()
        rules, draft = Rules.read(link.rules), link.ballot.public_id
        assert (rules.way, rules.limit, rules.count) == ("ranking", 3, "most-votes")
        assert rules.incompatible == ((projects[0], projects[2]),)
    change = f"{address}/ballots/{draft}"
    assert "1, 3" in text_of(desk.page(change))
    assert change in desk.get(f"/desk/{slug}/ballots/{draft}").text
    equal = {"count": "equal-shares", "incompatible": "", "way": "points", "limit": ""}
    assert desk.submit(change, equal).status_code == 303
    with app.app_context():
        assert Rules.read(db.session.scalars(select(BudgetBallot)).one().rules).way == "points"


def test_pots_and_lines_are_corrected_and_removed_while_nothing_needs_them(
    app: Flask, desk: CheckedClient, slug: str
) -> None:
    with app.app_context():
        pot = make_pot(db.session.scalars(select(Panel)).one())
        db.session.commit()
        address, line = f"/desk/{slug}/pots/{pot.public_id}", pot.lines[0].public_id
    assert desk.submit(f"{address}/change", {"amount": "90,000"}).status_code == 303
    assert "£90,000" in text_of(desk.page(address))
    assert desk.submit(f"{address}/lines/{line}", {"name_en": "Gardens"}).status_code == 303
    assert "Gardens" in text_of(desk.page(address))
    in_use = desk.submit(f"{address}/lines/{line}/remove")
    assert in_use.status_code == 422
    assert "Projects are on this line" in in_use.text
    assert desk.submit(f"{address}/remove", {}).status_code == 303
    with app.app_context():
        assert not db.session.scalars(select(Pot)).all()
        assert not db.session.scalars(select(Project)).all()


def test_a_pot_with_a_ballot_stays(app: Flask) -> None:
    with app.app_context():
        pot = make_pot(make_panel())
        make_ballot(pot)
        with pytest.raises(Conflict):
            services.remove_pot(pot=pot, actor="system")
