"""Papers that no page of ours sends, and people who may not send one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting import queries
from panel_app.balloting.models import Paper
from panel_app.core.db import db
from panel_app.panels.models import Member
from tests.balloting.phones import send, stored
from tests.checked_client import CheckedClient
from tests.factories.balloting import Vote, make_vote, the_ballot

Join = Callable[[int], CheckedClient]


@pytest.mark.parametrize(
    "fields",
    [
        {"project": ["PROJECT", "PROJECT"], "counter": "1"},
        {"project": ["unknown"], "counter": "1"},
        {"project": ["-18500"], "counter": "1"},
        {"project": ["1e309"], "counter": "1"},
        {"project": ["NaN"], "counter": "1"},
        {"project": ["PROJECT\0"], "counter": "1"},
        {"project": ["x" * 100_000], "counter": "1"},
        {"project": ["' OR 1=1 --"], "counter": "1"},
        {"project": ["PROJECT"], "counter": "-1"},
        {"project": ["PROJECT"], "counter": "NaN"},
        {"project": ["PROJECT"], "counter": "1e309"},
        {"project": ["PROJECT"], "counter": "1.5"},
        {"project": ["PROJECT"], "counter": "9" * 5000},
        {"project": ["PROJECT"], "counter": "١"},
        {"project": ["PROJECT"]},
    ],
)
def test_hostile_paper_is_refused_and_leaves_no_row(
    app: Flask, join: Join, vote: Vote, fields: dict[str, Any]
) -> None:
    first = vote.projects[0]
    fields = {**fields, "project": [p.replace("PROJECT", first) for p in fields["project"]]}
    answer = send(join(vote.members[0]), vote, fields)
    assert answer.status_code in {400, 422}
    assert stored(app) == []


def test_extra_fields_do_nothing(app: Flask, join: Join, vote: Vote) -> None:
    extra = {
        "weight": "100",
        "member_id": str(vote.members[1]),
        "panel_id": "1",
        "is_staff": "1",
        "cost": "-5",
        "handle": "x",
        "tracker": "AAAAAAAAAA",
        "nonce": "0",
    }
    fields = {"project": vote.projects[:1], "counter": "1", **extra}
    assert send(join(vote.members[0]), vote, fields).status_code == 303
    with app.app_context():
        assert queries.has_voted(the_ballot(vote), db.session.get_one(Member, vote.members[0]))
        assert db.session.scalars(select(Paper.tracker)).one() != "AAAAAAAAAA"
    assert stored(app) == [vote.projects[:1]]


def test_replayed_body_after_a_change_does_not_return(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    captured = {"project": vote.projects[:1], "counter": "1", "key": "old"}
    send(phone, vote, captured)
    send(phone, vote, {"project": vote.projects[1:2], "counter": "2", "key": "new"})
    assert send(phone, vote, captured).status_code == 409
    assert stored(app) == [vote.projects[1:2]]


def test_without_the_form_token_nothing_is_cast(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    for step in ("check", "cast"):
        answer = phone.post(f"{vote.page}/{step}", data={"project": vote.projects[0]})
        assert answer.status_code == 400
    assert stored(app) == []


def test_other_panels_members_find_nothing(app: Flask, join: Join, vote: Vote) -> None:
    stranger, other = make_vote(app), vote
    phone = join(stranger.members[0])
    token = phone.token_on(stranger.page)
    assert phone.get(other.page).status_code == 404
    assert phone.get(f"{other.page}/receipt").status_code == 404
    for step in ("check", "cast"):
        body = {"csrf_token": token, "project": other.projects[:1], "counter": "1"}
        assert phone.post(f"{other.page}/{step}", data=body).status_code == 404
    assert stored(app) == []


def test_without_a_seat_the_ballot_asks_to_join(client: CheckedClient, vote: Vote) -> None:
    assert client.get(vote.page).status_code == 303


def test_pages_carry_no_trace_of_a_key_gone_missing(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    (app.extensions["settings"].ballot_keys / f"{vote.public_id}.key").unlink()
    answer = phone.get(vote.page)
    assert answer.status_code == 503
    assert "key is missing" in answer.text
