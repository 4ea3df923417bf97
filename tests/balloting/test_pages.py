"""The ballot on a phone and on the desk, walked as people walk it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.balloting import queries
from panel_app.balloting.models import Ballot, Paper, Turnout
from panel_app.core import clock, ids
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.staff.models import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[str], CheckedClient]


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(app)


def stored(app: Flask) -> list[Any]:
    with app.app_context():
        return [paper.choice for paper in db.session.scalars(select(Paper))]


def send(phone: CheckedClient, vote: Vote, fields: dict[str, Any], step: str = "cast") -> Any:
    """Send a form as a browser would, with the token of the page but any fields."""
    page = phone.page(vote.page)
    token = next(f.get("value") for f in page.iter("input") if f.get("name") == "csrf_token")
    return phone.post(f"{vote.page}/{step}", data={"csrf_token": token, **fields})


def cast_by_phone(phone: CheckedClient, vote: Vote, choice: list[str]) -> str:
    """Tick, check and cast; return the receipt page's text."""
    checked = phone.submit(vote.page, {"project": choice}, action="/check")
    assert checked.status_code == 200
    assert "Is this your vote?" in checked.text
    page = phone.page(vote.page)
    counter = next(f.get("value") for f in page.iter("input") if f.get("name") == "counter")
    answer = send(phone, vote, {"project": choice, "counter": counter, "key": "k"})
    assert answer.status_code == 303
    return text_of(phone.page(answer.headers["Location"]))


def test_check_and_cast_without_script(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    shown = cast_by_phone(phone, vote, vote.projects[:2])
    with app.app_context():
        paper = db.session.scalars(select(Paper)).one()
        assert ids.spell(paper.tracker) in shown
        assert ids.spell(paper.nonce) in shown
        assert paper.choice == sorted(vote.projects[:2])


def test_check_page_sends_what_was_checked(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    checked = phone.submit(vote.page, {"project": vote.projects[:3]}, action="/check")
    for project in vote.projects[:3]:
        assert f'name="project" value="{project}"' in checked.text
    assert "data-queue" in checked.text
    assert stored(app) == []


def test_receipt_does_not_show_the_choice(app: Flask, join: Join, vote: Vote) -> None:
    shown = cast_by_phone(join(vote.members[0]), vote, vote.projects[:1])
    assert "lighting" not in shown
    assert "18,500" not in shown


def test_vote_is_changed_until_closing(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    cast_by_phone(phone, vote, vote.projects[:1])
    page = phone.page(vote.page)
    ticked = [f.get("value") for f in page.iter("input") if f.get("checked") is not None]
    assert ticked == vote.projects[:1]
    cast_by_phone(phone, vote, vote.projects[1:2])
    assert stored(app) == [vote.projects[1:2]]


def test_too_much_is_refused_with_by_how_much_and_ticks_kept(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    for step in ("check", "cast"):
        answer = send(phone, vote, {"project": vote.projects, "counter": "1"}, step)
        assert answer.status_code == 422
        assert "£68,700 more" in answer.text.replace("&#163;", "£")
        assert answer.text.count(" checked") == 5
    assert stored(app) == []


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
    with app.app_context():
        assert db.session.scalars(select(Turnout)).all() == []


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
        assert db.session.scalars(select(Turnout.member_id)).all() == [vote.members[0]]
        assert db.session.scalars(select(Paper.tracker)).one() != "AAAAAAAAAA"
    assert stored(app) == [vote.projects[:1]]


def test_retry_after_a_lost_answer_shows_the_same_receipt(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    fields = {"project": vote.projects[:1], "counter": "1", "key": "same"}
    receipts = set()
    for _again in range(3):
        answer = send(phone, vote, fields)
        assert answer.status_code == 303
        receipts.add(text_of(phone.page(answer.headers["Location"])))
    assert len(receipts) == 1
    assert len(stored(app)) == 1


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
    page = phone.page(stranger.page)
    token = next(f.get("value") for f in page.iter("input") if f.get("name") == "csrf_token")
    assert phone.get(other.page).status_code == 404
    assert phone.get(f"{other.page}/receipt").status_code == 404
    for step in ("check", "cast"):
        body = {"csrf_token": token, "project": other.projects[:1], "counter": "1"}
        assert phone.post(f"{other.page}/{step}", data=body).status_code == 404
    assert stored(app) == []


def test_without_a_seat_the_ballot_asks_to_join(client: CheckedClient, vote: Vote) -> None:
    assert client.get(vote.page).status_code == 303


def test_vote_after_closing_says_it_was_not_counted(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    page = phone.page(vote.page)
    token = next(f.get("value") for f in page.iter("input") if f.get("name") == "csrf_token")
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
    page = phone.page(vote.page)
    token = next(f.get("value") for f in page.iter("input") if f.get("name") == "csrf_token")
    cast_by_phone(phone, vote, vote.projects[:1])
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "about to be counted" in text_of(phone.page(vote.page))
    with app.app_context():
        assert the_ballot(vote).state == "open"
    body = {"csrf_token": token, "project": vote.projects[1:2], "counter": "2"}
    assert phone.post(f"{vote.page}/cast", data=body).status_code == 409
    with app.app_context():
        assert the_ballot(vote).state == "closed"
        assert queries.counted_choices(the_ballot(vote)) == [vote.projects[:1]]
    assert "Your last stored vote counts" in text_of(phone.page(vote.page))


def test_order_of_projects_is_ones_own_and_stable(app: Flask, join: Join, vote: Vote) -> None:
    def order(member: int) -> list[str]:
        page = join(member).page(vote.page)
        return [f.get("value", "") for f in page.iter("input") if f.get("name") == "project"]

    orders = [order(member) for member in vote.members]
    assert [order(member) for member in vote.members] == orders
    assert len({tuple(o) for o in orders}) > 1
    assert all(set(o) == set(vote.projects) for o in orders)


def test_page_carries_what_the_running_total_needs(app: Flask, join: Join, vote: Vote) -> None:
    page = join(vote.members[0]).page(vote.page)
    form = next(f for f in page.iter("form") if f.get("data-purse"))
    assert form.get("data-purse") == "10000000"
    costs = sorted(f.get("data-cost", "") for f in form.iter("input") if f.get("data-cost"))
    assert costs == ["1850000", "2400000", "5200000", "620000", "6800000"]
    everything = list(form.iter())
    for mark in ("data-left", "data-chosen"):
        assert any(e.get(mark) is not None for e in everything)


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_untranslated_titles_are_marked(app: Flask, join: Join, vote: Vote, language: str) -> None:
    page = join(vote.members[0]).page(f"{vote.page}?l={language}")
    titles = [e for e in page.iter("h2") if e.get("class") == "h3"]
    marked = [e for e in titles if e.get("lang") == "en"]
    assert len(titles) == 5
    assert len(marked) == {"en": 0, "bn": 2, "ar": 5}[language]


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


def test_pages_carry_no_trace_of_a_key_gone_missing(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    (app.extensions["settings"].ballot_keys / f"{vote.public_id}.key").unlink()
    answer = phone.get(vote.page)
    assert answer.status_code == 503
    assert "key is missing" in answer.text


def desk_phone(app: Flask, sign_in: SignIn, role: Role) -> CheckedClient:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        email = make_user(role, panel).email
        db.session.commit()
    return sign_in(email)


def test_facilitator_closes_in_a_second_step(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "facilitator")
    with app.app_context():
        for member in vote.members[:3]:
            cast(vote, member, vote.projects[:1])
    shown = text_of(desk.page(vote.desk))
    assert "Voted so far3" in shown
    asked = text_of(desk.page(f"{vote.desk}/close"))
    assert "3 people have voted" in asked
    assert "shown to nobody" in asked
    with app.app_context():
        assert the_ballot(vote).state == "open"
    assert desk.submit(f"{vote.desk}/close", button="Close and count").status_code == 303
    with app.app_context():
        assert the_ballot(vote).state == "closed"
        assert the_ballot(vote).cleaned
    assert "Closed and counted" in text_of(desk.page(vote.desk))


def test_opening_refuses_a_time_in_the_past_and_keeps_it_typed(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    desk = desk_phone(app, sign_in, "organiser")
    with app.app_context():
        db.session.execute(Ballot.__table__.update().values(state="draft"))  # type: ignore[attr-defined]
        db.session.commit()
    refused = desk.submit(f"{vote.desk}/open", {"closes_at": "2020-01-01T10:00"})
    assert refused.status_code == 422
    assert "2020-01-01T10:00" in refused.text
    opened = desk.submit(f"{vote.desk}/open", {"closes_at": "2099-01-01T10:00"})
    assert opened.status_code == 303
    with app.app_context():
        assert the_ballot(vote).closes_at is not None


def test_observer_sees_turnout_and_may_do_nothing(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "observer")
    page = desk.page(vote.desk)
    assert not [a for a in page.iter("a") if "/close" in (a.get("href") or "")]
    assert desk.get(f"{vote.desk}/close").status_code == 403
    assert desk.get(f"{vote.desk}/open").status_code == 403


def test_desk_names_nobody(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "organiser")
    with app.app_context():
        made = cast(vote, vote.members[0], vote.projects[:1])
        secrets = [made.tracker, made.nonce, made.commitment, ids.spell(made.tracker)]
    html = desk.get(vote.desk).text
    assert not [secret for secret in secrets if secret in html]
    assert "seat" not in html.lower()
