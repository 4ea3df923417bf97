"""What phones and the public list show once a ballot has closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting import queries
from panel_app.core import clock, ids
from panel_app.core.db import db
from panel_app.panels.models import Panel
from tests.balloting.phones import cast_by_phone
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot

Join = Callable[[int], CheckedClient]


def test_vote_after_closing_says_it_was_not_counted(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    token = phone.token_on(vote.page)
    with app.app_context():
        close(vote)
    body = {"csrf_token": token, "project": vote.projects[:1], "counter": "1"}
    late = phone.post(f"{vote.page}/cast", data=body)
    assert late.status_code == 409
    assert "not counted" in late.text
    checked = phone.post(f"{vote.page}/check", data=body, follow_redirects=True)
    assert "nothing was counted" in checked.text
    with app.app_context():
        assert queries.counted_choices(the_ballot(vote)) == []


def test_next_touch_after_the_closing_time_closes(
    app: Flask, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = make_vote(app, closes_at=clock.now() + timedelta(hours=1))
    phone = join(vote.members[0])
    token = phone.token_on(vote.page)
    cast_by_phone(phone, vote, vote.projects[:1])
    with app.app_context():
        for member in vote.members[1:5]:
            cast(vote, member, vote.projects[:1])
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "about to be counted" in text_of(phone.page(vote.page))
    with app.app_context():
        assert the_ballot(vote).state == "open"
    body = {"csrf_token": token, "project": vote.projects[1:2], "counter": "2"}
    assert phone.post(f"{vote.page}/cast", data=body).status_code == 409
    with app.app_context():
        assert the_ballot(vote).state == "closed"
        assert queries.counted_choices(the_ballot(vote)) == [vote.projects[:1]] * 5
    assert "Your last stored vote counts" in text_of(phone.page(vote.page))


def test_receipt_is_found_and_opened_after_closing(
    app: Flask, join: Join, client: CheckedClient, vote: Vote
) -> None:
    with app.app_context():
        mine = cast(vote, vote.members[0], vote.projects[:2])
        for member in vote.members[1:]:
            cast(vote, member, vote.projects[2:3])
        tracker, nonce = mine.tracker, mine.nonce
    public = f"/p/{vote.panel_slug}/ballots/{vote.public_id}"
    assert client.get(public).status_code == 404
    with app.app_context():
        close(vote)
    listed = text_of(client.page(public))
    assert ids.spell(tracker) in listed
    assert "6 receipts" in listed
    found = client.page(f"{public}?code={ids.spell(tracker).lower()}")
    assert "this vote was counted" in text_of(found)
    assert "is not on the list" in text_of(client.page(f"{public}?code=AAAAAAAAAA"))
    opened = client.submit(
        f"{public}/open", {"tracker": tracker.lower(), "nonce": ids.spell(nonce)}
    )
    assert opened.status_code == 200
    assert "Better lighting" in opened.text
    assert "equal share" in opened.text
    wrong = client.submit(f"{public}/open", {"tracker": tracker, "nonce": "0" * 26})
    assert wrong.status_code == 422
    assert "Better lighting" not in wrong.text


@pytest.mark.parametrize("typed", ["", "x", "K7M4-2QXT-9B", "9" * 300, "<b>", "\0" * 10])
def test_badly_typed_codes_come_back_with_advice(
    app: Flask, client: CheckedClient, vote: Vote, typed: str
) -> None:
    with app.app_context():
        close(vote)
    public = f"/p/{vote.panel_slug}/ballots/{vote.public_id}"
    answer = client.submit(f"{public}/open", {"tracker": typed, "nonce": typed})
    assert answer.status_code in {400, 422}
    assert client.get(f"{public}?code={typed[:50]}").status_code in {200, 400}


def test_nothing_of_an_unpublished_panel_is_public(
    app: Flask, client: CheckedClient, vote: Vote
) -> None:
    with app.app_context():
        close(vote)
        panel = db.session.scalars(select(Panel)).one()
        panel.published = False
        db.session.commit()
    for path in (
        "ballots/{0}",
        "ballots/{0}/open",
        "budget/{0}",
        "budget/{0}.json",
        "budget/{0}.pb",
    ):
        address = f"/p/{vote.panel_slug}/" + path.format(vote.public_id)
        assert client.get(address).status_code == 404


def test_members_receipt_is_gone_once_the_ballot_is_closed(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    cast_by_phone(phone, vote, vote.projects[:1])
    with app.app_context():
        close(vote)
    shown = text_of(phone.page(f"{vote.page}/receipt"))
    assert "This ballot has closed" in shown
    assert "Opening code" not in shown
