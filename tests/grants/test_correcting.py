"""Public words that turned out wrong are corrected everywhere; what was decided stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import corrections
from panel_app.grants.case_subject import ACTIVITY_KIND
from panel_app.grants.models import Application
from panel_app.grants.queries import results
from panel_app.sessions.models import AgendaItem
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.sessions import make_item, make_session
from tests.grants.conftest import Scene
from tests.grants.test_annulling import decided

WRONG, RIGHT = "A clear need", "Meals for the whole block"


def correct(application: Application, title: str, reason: str) -> None:
    corrections.correct_words(
        application=application, title=title, reason=reason, actor="staff:test"
    )


def test_words_are_corrected_wherever_they_stand(
    app: Flask, scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        application = decided(scene)
        item = kept_by_a_session(application)
        db.session.commit()
        number, item_id = application.public_id, item.id
        amount = application.decision and application.decision.amount
    path = f"/desk/{scene.slug}/grants/applications/{number}"
    assert enter("facilitator").get(f"{path}/correct").status_code == 403
    organiser = enter("organiser")
    answer = organiser.submit(f"{path}/correct", {"title": "Shared suppers", "reason": RIGHT})
    assert answer.headers["Location"] == path
    public = f"/p/{scene.slug}/grants"
    pages = [text_of(organiser.page(page)) for page in (path, public)]
    pages += [organiser.get(f"/p/{scene.slug}/data/grants.{kind}").text for kind in ("json", "csv")]
    for page in pages:
        assert RIGHT in page
        assert WRONG not in page
    assert all("what was decided is unchanged" in page for page in pages[:2])
    with app.app_context():
        [told] = (db.session.get_one(AgendaItem, item_id).snapshot or {})["decided"]
        assert (told["title"], told["reason"], told["amount"]) == ("Shared suppers", RIGHT, amount)
        entry = db.session.scalars(select(AuditEntry).filter_by(action="decision.corrected")).one()
        assert entry.actor.startswith("staff:")
        assert entry.details["corrected"] == ["reason", "title"]
        assert RIGHT not in str(entry.details)


def kept_by_a_session(application: Application) -> AgendaItem:
    """Return a closed item of a session, which kept what was decided."""
    assert application.round
    session = make_session(application.programme.panel)
    item = make_item(session, kind=ACTIVITY_KIND, settings={"round": application.round.public_id})
    kept = [asdict(result) for result in results(application.round)]
    item.snapshot = {"decided": [{**one, "decided_at": ""} for one in kept]}
    return item


def test_only_decided_words_change_and_never_into_a_name(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application = decided(scene)
        assert application.case
        before = (application.case.title, WRONG)
        for title, reason in (
            before,
            ("Rosa Quillfeather's lunch", RIGHT),
            (before[0], "For Rosa Quillfeather"),
            (before[0], " "),
        ):
            with pytest.raises(errors.Refused):
                correct(application, title, reason)
        decision = application.decision
        assert decision
        assert (application.case.title, decision.reason) == before
        assert decision.corrected_at is None
