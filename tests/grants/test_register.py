"""The public register: what was decided, and nobody's name."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import exports, queries, services
from panel_app.grants.models import Application, Programme
from panel_app.panels.models import Member, Panel
from tests.factories.casework import let_vote
from tests.factories.grants import make_application
from tests.factories.panels import make_panel
from tests.grants.conftest import Scene


def decided(scene: Scene, outcome: str, amount: int | None = None, **made: object) -> Application:
    application = make_application(db.session.get_one(Programme, scene.programme), **made)  # type: ignore[arg-type]
    members = [db.session.get_one(Member, number) for number in scene.members[:3]]
    assert application.case
    let_vote(application.case, members, outcome)
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
        assert [count.number for count in queries.declined(panel)] == [1]
        assert queries.register(make_panel()) == []


def test_rows_have_every_column_in_plain_figures(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        decided(scene, "fund", asks=185_005)
        row = exports.register_rows(db.session.get_one(Panel, scene.panel))[0]
        assert list(row) == exports.REGISTER_COLUMNS
        assert row["awarded_pounds"] == "1850.05"
        assert row["title"] == exports.GENERIC_TITLE


def test_names_are_in_no_register_and_no_audit_log(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        for outcome in ("fund", "decline"):
            decided(scene, outcome, title={"title": "Lunch"})
        panel = db.session.get_one(Panel, scene.panel)
        log = [
            f"{entry.actor} {entry.subject} {entry.details}"
            for entry in db.session.scalars(select(AuditEntry))
        ]
        written = repr((exports.register_rows(panel), exports.declined_rows(panel), log))
        for secret in ("Quillfeather", "rosa@example.org", "free breakfast"):
            assert secret not in written
