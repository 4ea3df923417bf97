"""A receipt to keep, and the note that somebody helped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting import origins, queries
from panel_app.balloting.models import Paper
from panel_app.core import ids
from panel_app.core.db import db
from tests.balloting.phones import cast_by_phone, send
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, close, the_ballot

Join = Callable[[int], CheckedClient]


def test_receipt_is_kept_as_a_file_of_its_own(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    assert "This page goes when the ballot closes" in cast_by_phone(phone, vote, vote.projects[:1])
    with app.app_context():
        paper = db.session.scalars(select(Paper)).one()
        code, nonce = ids.spell(paper.tracker), ids.spell(paper.nonce)
    kept = phone.get(f"{vote.page}/receipt/keep")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert code in kept.text
    assert nonce not in kept.text
    assert f"/p/{vote.panel_slug}/ballots/{vote.public_id}?code={code}" in kept.text
    # Nothing in it needs the service, and it doesn't say what was chosen.
    assert "/static/" not in kept.text
    assert "lighting" not in kept.text
    assert nonce in phone.get(f"{vote.page}/receipt/keep?both=1").text
    assert "its page goes" in text_of(phone.page(vote.page)).replace("receipt’s", "its")


def test_receipts_page_and_file_go_when_the_ballot_closes(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    cast_by_phone(phone, vote, vote.projects[:1])
    with app.app_context():
        close(vote)
    assert phone.get(f"{vote.page}/receipt/keep").status_code == 303


def test_help_is_noted_with_its_role_and_told_as_a_number_alone(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    asked = phone.submit(vote.page, {"project": vote.projects[:1]}, action="/check")
    assert "Does somebody help you to vote?" in asked.text
    fields = {"project": vote.projects[:1], "counter": 1, "helper": "interpreter"}
    assert send(phone, vote, fields).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Paper.helper)).one() == "interpreter"
        for member in vote.members[1:]:
            cast(vote, member, vote.projects[:1])
        ballot = close(vote)
        assert (ballot.origins or {})["helped"] == 1
        assert origins.told(ballot.origins or {})["helped"] == [0, 6]
        assert queries.fingerprint_holds(ballot)


@pytest.mark.parametrize("helper", ["", "the mayor", "family\n", "x" * 200])
def test_a_helper_that_is_none_of_those_is_nobody(
    app: Flask, join: Join, vote: Vote, helper: str
) -> None:
    phone = join(vote.members[0])
    fields = {"project": vote.projects[:1], "counter": 1, "helper": helper}
    assert send(phone, vote, fields).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Paper.helper)).one() == ""
        assert the_ballot(vote).state == "open"
