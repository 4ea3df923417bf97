"""The public register: what was decided, and nobody's name."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from panel_app.core import errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import exports, queries, questionnaire, services
from panel_app.grants.models import Application, Programme
from panel_app.panels.models import Member, Panel
from panel_app.questions.services import change_question
from tests.checked_client import CheckedClient
from tests.factories.casework import let_vote
from tests.factories.grants import make_application, make_programme, make_round
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import make_question
from tests.grants.conftest import Scene


def decided(scene: Scene, outcome: str, amount: int | None = None, **made: object) -> Application:
    application = make_application(db.session.get_one(Programme, scene.programme), **made)  # type: ignore[arg-type]
    members = [db.session.get_one(Member, number) for number in scene.members[:3]]
    assert application.case
    let_vote(application.case, members, outcome, amount=amount)
    services.decide_application(
        application=application,
        outcome=outcome,
        amount=amount,
        reason=f"Because of {outcome}",
        actor="staff:test",
    )
    return application


def test_register_holds_awards_and_counts_the_declined(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        decided(scene, "fund")
        decided(scene, "part", 50_000, kind={"kind": "group"}, title={"title": "Lanterns"})
        decided(scene, "decline")
        decided(scene, "defer")
        make_application(db.session.get_one(Programme, scene.programme))
        panel = db.session.get_one(Panel, scene.panel)
        part, fund = queries.register(panel)
        assert (fund.reference, fund.recipient, fund.title) == (
            f"{scene.programme_slug}-1",
            "Individual Recipient",
            None,
        )
        assert (part.recipient, part.title, part.amount, part.asked) == (
            "Group of residents",
            "Lanterns",
            50_000,
            185_000,
        )
        assert str(part.mission) == "Everyone eats well every day"
        assert part.reason == "Because of part"
        [figures] = queries.round_figures(panel)
        assert (figures.granted, figures.declined) == (2, 1)
        assert figures.awarded == part.amount + fund.amount
        assert queries.register(make_panel()) == queries.round_figures(make_panel()) == []


def test_rows_have_every_column_in_plain_figures(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        decided(scene, "fund", asks=185_005)
        row = exports.register_rows(db.session.get_one(Panel, scene.panel))[0]
        assert list(row) == exports.REGISTER.columns
        assert row["awarded_pounds"] == "1850.05"
        assert row["title"] == exports.GENERIC_TITLE
        [figures] = exports.round_rows(db.session.get_one(Panel, scene.panel))
        assert list(figures) == exports.ROUNDS.columns
        assert (figures["awarded_pounds"], figures["left_pounds"]) == ("1850.05", "8149.95")


def test_a_decision_is_of_the_day_on_the_halls_clock(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application = decided(scene, "fund")
        assert application.decision
        application.decision.decided_at = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
        db.session.flush()
        [row] = queries.register(db.session.get_one(Panel, scene.panel))
        assert row.decided_on == date(2027, 7, 1)


def ask_publicly(scene: Scene) -> None:
    """Ask three public questions, of which one tells who somebody is, and one for the panel."""
    asked = db.session.get_one(Programme, scene.programme).questionnaire
    assert asked
    for kind, code, public in (
        ("number", "seats", True),
        ("line", "where", True),
        ("place", "home", True),
        ("line", "why", False),
    ):
        question = make_question(kind, code, wording=code.title(), required=False, public=public)
        change_question(questionnaire=asked, question=question, actor="staff:test")


ADDED = {
    "seats": {"seats": "40"},
    "where": {"where": "In the hall"},
    "home": {"home": "E1 4AB"},
    "why": {"why": "We like it"},
}


def test_answers_to_public_questions_stand_in_the_register_after_the_decision(
    app: Flask, scene: Scene, client: CheckedClient
) -> None:
    with app.test_request_context():
        ask_publicly(scene)
        decided(scene, "fund", **ADDED)
        decided(scene, "fund", kind={"kind": "group"}, **ADDED)
        decided(scene, "decline", kind={"kind": "group"}, **ADDED)
        panel = db.session.get_one(Panel, scene.panel)
        group, alone = exports.register_rows(panel)
        assert group["answers"] == "Seats: 40\nWhere: In the hall"
        assert alone["answers"] == "Seats: 40"
        panel.published = True
        db.session.commit()
    page = client.get(f"/p/{scene.slug}/grants").text
    assert page.count("In the hall") == 1
    assert "E1 4AB" not in page
    assert "We like it" not in page


def test_a_public_answer_that_names_somebody_is_not_sent(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        ask_publicly(scene)
        programme = db.session.get_one(Programme, scene.programme)
        with pytest.raises(errors.Refused, match="will be public") as refused:
            make_application(programme, where={"where": "Ring 020 7946 0000"})
        assert refused.value.field == "where"


ROUND = st.lists(
    st.tuples(
        st.sampled_from(["fund", "part", "decline", "defer"]),
        st.integers(1, 200_000),
        st.sampled_from(sorted(questionnaire.KINDS)),
    ),
    max_size=5,
)


@given(steps=ROUND)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_register_adds_up_to_what_the_pots_committed(
    app: Flask, steps: list[tuple[str, int, str]]
) -> None:
    with app.test_request_context():
        panel = make_panel()
        member = make_members(panel, 1)[0]
        programme = make_programme(panel, quorum=1)
        round_ = make_round(programme, pot=300_000)
        for outcome, asks, kind in steps:
            application = make_application(programme, asks=asks, kind={"kind": kind})
            assert application.case
            amount = asks - 1 if outcome == "part" else None
            let_vote(application.case, [member], outcome, amount=amount)
            db.session.commit()
            with suppress(errors.DomainError):
                services.decide_application(
                    application=application,
                    outcome=outcome,
                    amount=amount,
                    reason="As we said",
                    actor="staff:test",
                )
                db.session.commit()
            db.session.rollback()
        rows = exports.register_rows(panel)
        pence = sum(int(row["awarded_pounds"].replace(".", "")) for row in rows)
        assert pence == round_.committed <= round_.pot
        assert sum(figures.awarded for figures in queries.round_figures(panel)) == pence
        assert sum(figures.granted for figures in queries.round_figures(panel)) == len(rows)


def test_names_are_in_no_register_and_no_audit_log(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        for outcome in ("fund", "decline"):
            decided(scene, outcome, title={"title": "Lunch"})
        panel = db.session.get_one(Panel, scene.panel)
        log = [
            f"{entry.actor} {entry.subject} {entry.details}"
            for entry in db.session.scalars(select(AuditEntry))
        ]
        written = repr((exports.register_rows(panel), exports.round_rows(panel), log))
        for secret in ("Quillfeather", "rosa@example.org", "free breakfast"):
            assert secret not in written
