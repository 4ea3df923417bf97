"""Voting on a phone, walked as people walk it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from panel_app.balloting.models import Paper
from panel_app.core import ids
from panel_app.core.db import db
from tests.balloting.phones import cast_by_phone, send, stored
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.balloting import Vote

Join = Callable[[int], CheckedClient]


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
    ticked = {"project": vote.projects[:3], "counter": "999999"}
    checked = phone.submit(vote.page, ticked, action="/check")
    assert 'name="counter" value="1"' in checked.text
    for project in vote.projects[:3]:
        assert f'name="project" value="{project}"' in checked.text
    assert "data-queue" in checked.text
    told = text_of(parse(checked.text))
    spent, left = re.findall(r"Together £([\d,]+) of £100,000. £([\d,]+) left", told)[0]
    assert sum(int(amount.replace(",", "")) for amount in (spent, left)) == 100_000
    assert stored(app) == []


def test_receipt_does_not_show_the_choice(app: Flask, join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    shown = cast_by_phone(phone, vote, vote.projects[:1])
    assert "lighting" not in shown
    assert "18,500" not in shown
    asked = text_of(phone.page(f"{vote.page}/receipt?show=stored"))
    assert "What is stored" in asked
    assert "18,500" in asked


def test_choosing_again_begins_with_what_was_just_chosen(
    app: Flask, join: Join, vote: Vote
) -> None:
    phone = join(vote.members[0])
    cast_by_phone(phone, vote, vote.projects[:1])
    checked = phone.submit(vote.page, {"project": vote.projects[1:3]}, action="/check")
    again = parse(checked.text).find(".//form[@id='typed']")
    assert again is not None
    sent = [(f.get("name"), f.get("value")) for f in again.iter("input")]
    page = phone.post(again.get("action", ""), data=MultiDict(sent))
    ticked = [f.get("value") for f in parse(page.text).iter("input") if f.get("checked") == ""]
    assert sorted(ticked) == sorted(vote.projects[1:3])
    assert stored(app) == [vote.projects[:1]]


def test_queue_is_told_where_the_receipt_is_and_fetches_nothing(join: Join, vote: Vote) -> None:
    phone = join(vote.members[0])
    sent = {"csrf_token": phone.token_on(vote.page), "counter": "1", "project": vote.projects[:1]}
    answer = phone.post(f"{vote.page}/cast", data=sent, headers={"X-Queue": "k"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Next"] == f"{vote.page}/receipt"


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
