"""A ballot that has to change: another closing time, void, a draft dropped, read by its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from panel_app.balloting import changing, queries
from panel_app.balloting.models import Ballot, Paper, Receipt, Turnout
from panel_app.core import clock, key_files
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.budgets import make_ballot, make_ballot_item, make_pot
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[str], CheckedClient]
WHY = "The lift’s price was wrong by £4,000"


def facilitators(app: Flask, sign_in: SignIn, vote: Vote) -> CheckedClient:
    with app.app_context():
        email = make_user("facilitator", the_ballot(vote).panel).email
        db.session.commit()
    return sign_in(email)


def last_act() -> AuditEntry:
    return db.session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()  # type: ignore[return-value]


def test_closing_time_moves_with_a_word_why_in_the_log(app: Flask, join: Join) -> None:
    vote = make_vote(app, closes_at=clock.now() + timedelta(hours=1))
    later = clock.now() + timedelta(hours=3)
    with app.app_context():
        changing.move_closing(ballot=the_ballot(vote), closes_at=later, reason=WHY, actor="x")
        entry = last_act()
        assert (entry.action, entry.actor) == ("ballot.closing_moved", "x")
        assert entry.details["reason"] == WHY
        assert entry.details["closes_at"] == later.isoformat()
        db.session.commit()
        assert the_ballot(vote).closes_at == later


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-1, WHY), (60, ""), (60, "\u200b"), (60, "x" * 401)]
)
def test_time_does_not_move_back_or_without_a_reason(
    app: Flask, vote: Vote, minutes: int, reason: str
) -> None:
    moment = clock.now() + timedelta(minutes=minutes)
    with app.app_context():
        ballot = the_ballot(vote)
        with pytest.raises(Refused):
            changing.move_closing(ballot=ballot, closes_at=moment, reason=reason, actor="x")


def test_time_that_is_up_does_not_move(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vote = make_vote(app, closes_at=clock.now() + timedelta(hours=1))
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    moment = later + timedelta(hours=1)
    with app.app_context():
        ballot = the_ballot(vote)
        with pytest.raises(Conflict):
            changing.move_closing(ballot=ballot, closes_at=moment, reason=WHY, actor="x")


def test_void_ballot_is_never_counted_and_says_why(app: Flask, join: Join, vote: Vote) -> None:
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        place = key_files._place(vote.public_id)
        changing.declare_void(ballot=the_ballot(vote), reason=WHY, actor="x")
        db.session.commit()
        ballot = the_ballot(vote)
        assert (ballot.state, ballot.cleaned, queries.turnout(ballot)) == ("closed", True, 0)
        assert not [t for t in (Paper, Receipt, Turnout) if db.session.query(t).all()]
        assert not place.exists()
        with pytest.raises(Conflict):
            changing.declare_void(ballot=ballot, reason=WHY, actor="x")
    phone = join(vote.members[0])
    for page in (vote.page, f"/p/{vote.panel_slug}/budget/{vote.public_id}"):
        shown = text_of(phone.page(page))
        assert "declared void" in shown
        assert WHY in shown


def test_counted_ballot_that_is_void_keeps_its_evidence(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        close(vote)
        email = make_user("organiser", the_ballot(vote).panel).email
        db.session.commit()
    desk = sign_in(email)
    assert desk.submit(f"{vote.desk}/void", {"reason": WHY}).status_code == 303
    with app.app_context():
        assert len(queries.receipts(the_ballot(vote))) == 6
        assert queries.fingerprint_holds(the_ballot(vote))
    assert WHY in text_of(desk.page(vote.desk))
    for page in ("budget", "ballots"):
        assert WHY in text_of(desk.page(f"/p/{vote.panel_slug}/{page}/{vote.public_id}"))


def test_desk_moves_the_time_and_keeps_what_was_refused(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    with app.app_context():
        email = make_user("facilitator", the_ballot(vote).panel).email
        db.session.commit()
    desk = sign_in(email)
    refused = desk.submit(f"{vote.desk}/move", {"closes_at": "2020-01-01T10:00", "reason": WHY})
    assert refused.status_code == 422
    assert "2020-01-01T10:00" in refused.text
    moved = desk.submit(f"{vote.desk}/move", {"closes_at": "2099-01-01T10:00", "reason": WHY})
    assert moved.status_code == 303


def test_draft_is_deleted_unless_an_agenda_has_it(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        panel = make_panel()
        make_members(panel, 6)
        used, spare = (make_ballot(make_pot(panel)) for _ in range(2))
        make_ballot_item(panel, used)
        email = make_user("organiser", panel).email
        db.session.commit()
        pages = [f"/desk/{panel.slug}/ballots/{b.public_id}/delete" for b in (used, spare)]
    desk = sign_in(email)
    assert "agenda has this ballot" in desk.submit(pages[0]).text
    assert desk.submit(pages[1]).status_code == 303
    with app.app_context():
        assert [ballot.public_id in pages[0] for ballot in db.session.query(Ballot)] == [True]


def test_open_ballot_is_no_draft(app: Flask, vote: Vote) -> None:
    with app.app_context(), pytest.raises(Conflict):
        changing.delete_draft(ballot=the_ballot(vote), actor="x")


@pytest.mark.parametrize("number", [3, 6])
def test_opening_says_when_a_panel_is_too_small(app: Flask, sign_in: SignIn, number: int) -> None:
    with app.app_context():
        panel = make_panel()
        make_members(panel, number)
        ballot = make_ballot(make_pot(panel))
        email = make_user("organiser", panel).email
        db.session.commit()
        page = f"/desk/{panel.slug}/ballots/{ballot.public_id}/open"
    shown = text_of(sign_in(email).page(page))
    assert f"{number} members may vote" in shown
    assert ("can never be counted" in shown) == (number < 5)


def test_result_of_a_panel_that_is_not_public_is_for_its_own_people(
    app: Flask, client: CheckedClient, join: Join, sign_in: SignIn, vote: Vote
) -> None:
    stranger = make_vote(app)
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        ballot = close(vote)
        ballot.panel.published = False
        email = make_user("observer", ballot.panel).email
        db.session.commit()
    member, staff = join(vote.members[0]), sign_in(email)
    for page in ("budget/{0}", "ballots/{0}", "budget/{0}.json"):
        address = f"/p/{vote.panel_slug}/" + page.format(vote.public_id)
        assert client.get(address).status_code == 404
        assert join(stranger.members[0]).get(address).status_code == 404
        assert member.get(address).status_code == 200
        assert staff.get(address).status_code == 200


def test_closing_time_that_no_clock_shows_is_refused(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    desk = facilitators(app, sign_in, vote)
    # In London the clocks go from one to two on that night.
    typed = {"closes_at": "2027-03-28T01:30", "reason": WHY}
    refused = desk.submit(f"{vote.desk}/move", typed)
    assert refused.status_code == 422
    assert "doesn’t exist" in refused.text
    assert (
        desk.submit(f"{vote.desk}/move", {**typed, "closes_at": "2027-03-28T02:30"}).status_code
        == 303
    )


def test_closing_time_a_minute_away_is_asked_for_again(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    desk = facilitators(app, sign_in, vote)
    zone = ZoneInfo(app.extensions["settings"].time_zone)
    soon = (clock.now() + timedelta(minutes=2)).astimezone(zone)
    typed = {"closes_at": f"{soon:%Y-%m-%dT%H:%M}", "reason": WHY}
    assert "Close it that soon" not in desk.get(f"{vote.desk}/move").text
    refused = desk.submit(f"{vote.desk}/move", typed)
    assert refused.status_code == 422
    assert "Tick this if you mean it" in refused.text
    assert desk.submit(f"{vote.desk}/move", {**typed, "soon": "y"}).status_code == 303
