"""A ballot as an item of a session: it opens and closes with the item."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting import queries as balloting
from panel_app.core import clock
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import NotFound
from panel_app.live import versions
from panel_app.panels.models import Member
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem
from panel_app.sessions.queries import clock_of
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.budgets import make_ballot, make_ballot_item, make_pot, on_wall
from tests.factories.panels import make_members, make_panel


def item_of(vote: Vote) -> AgendaItem:
    ballot = the_ballot(vote)
    item = db.session.scalars(select(AgendaItem)).one_or_none()
    return item or make_ballot_item(ballot.panel, ballot)


def test_item_opens_and_closes_its_ballot(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        members = make_members(panel, 6)
        ballot = make_ballot(make_pot(panel))
        item = make_ballot_item(panel, ballot)
        kind = activities.named("ballot")
        kind.opened(item, actor="organiser:x")
        kind.opened(item, actor="organiser:x")
        db.session.commit()
        assert ballot.state == "open"
        phone = kind.phone(item, members[0])
        assert f"/my/ballots/{ballot.public_id}" in phone
        kind.closed(item, actor="organiser:x")
        kind.closed(item, actor="organiser:x")
        db.session.commit()
        assert ballot.state == "closed"
        assert kind.snapshot(item)["fingerprint"] == ballot.fingerprint
        acts = db.session.query(AuditEntry).filter_by(subject=ballot.name)
        assert {(entry.action, entry.actor) for entry in acts} == {
            ("ballot.opened", "organiser:x"),
            ("ballot.closed", "organiser:x"),
        }


@pytest.mark.parametrize(("minutes", "left"), [(None, "30:00"), (10, "10:00"), (9_000, None)])
def test_a_vote_has_one_deadline(app: Flask, minutes: int | None, left: str | None) -> None:
    closes_at = None if minutes is None else clock.now() + timedelta(minutes=minutes)
    vote = make_vote(app, closes_at=closes_at)
    with app.test_request_context():
        item, ballot = item_of(vote), the_ballot(vote)
        item.state, item.ends_at = "open", clock.now() + timedelta(minutes=30)
        db.session.flush()
        shown = clock_of(item)
        assert (shown is not None) == (left is not None)
        if shown and left:
            ends = closes_at or item.ends_at
            assert abs(shown.ends - ends.timestamp() * 1000) < 2
        phone = activities.named("ballot").phone(item, ballot.panel.members[0])
        # Said once: as the part's clock, or else in words.
        assert ("It closes " in phone) == (closes_at is not None and shown is None)


@pytest.mark.parametrize(("votes", "told"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_turnout_is_told_in_steps_of_five_while_votes_come_in(
    app: Flask, votes: int, told: int
) -> None:
    vote = make_vote(app, members=12)
    with app.app_context():
        for member in vote.members[:votes]:
            cast(vote, member, vote.projects[:1])
        assert balloting.turnout_told(the_ballot(vote)) == told
        close(vote)
        assert balloting.turnout_told(the_ballot(vote)) == (votes if votes >= 5 else 0)


def test_screens_hear_of_opening_closing_and_every_fifth_vote_only(app: Flask) -> None:
    vote = make_vote(app, members=11)
    with app.app_context():
        topic = f"session:{item_of(vote).session.public_id}"
        db.session.commit()
        heard = [versions.current(topic)]
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
            cast(vote, member, vote.projects[1:2], 2)
            heard.append(versions.current(topic))
        close(vote)
        heard.append(versions.current(topic))
    steps = [later - earlier for earlier, later in pairwise(heard)]
    assert steps == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 2]  # counted, then its margins


def test_results_are_on_the_wall_only_once_revealed(app: Flask) -> None:
    vote = make_vote(app)
    with app.test_request_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        item, kind = item_of(vote), activities.named("ballot")
        assert "lighting" not in on_wall(item)
        close(vote)
        assert "lighting" not in on_wall(item)
        assert "6 people have voted" in on_wall(item)
        member = db.session.get_one(Member, vote.members[0])
        assert "/budget/" not in kind.phone(item, member)
        item.revealed = True
        assert "lighting" in on_wall(item)
        assert "/budget/" in kind.phone(item, member)


def test_no_screen_of_an_open_ballot_tells_choices(app: Flask) -> None:
    vote = make_vote(app)
    with app.test_request_context():
        made = cast(vote, vote.members[0], vote.projects[:1])
        item, kind = item_of(vote), activities.named("ballot")
        item.revealed = True
        member = db.session.get_one(Member, vote.members[0])
        shown = on_wall(item) + kind.console(item) + kind.phone(item, member)
        for secret in ("lighting", made.tracker, made.nonce, vote.projects[0]):
            assert secret not in shown


def test_another_panels_ballot_cannot_be_shown(app: Flask) -> None:
    vote, other = make_vote(app), make_vote(app)
    with app.test_request_context():
        item = make_ballot_item(the_ballot(vote).panel, the_ballot(other))
        with pytest.raises(NotFound):
            on_wall(item)
