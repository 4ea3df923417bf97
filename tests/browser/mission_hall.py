"""The mission's second part: an evening in the hall, and a secret ballot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.deliberation.questions import services as questions
from panel_app.deliberation.questions.queries import put_in
from panel_app.deliberation.statements import services as deliberation
from panel_app.deliberation.statements.models import Statement
from panel_app.sessions.models import AgendaItem
from tests.browser.mission_recruiting import member
from tests.browser.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Page


def walk_session(walk: Walk, desk: Page, first: Page, second: Page) -> None:
    """Plan a session with statements and a question, run it, and see phones and wall follow."""
    plan_session(walk, desk)
    with desk.context.expect_page() as opened:
        desk.locator("main a[href$='/wall']").click()
    wall = opened.value
    wall.wait_for_load_state()
    for phone in (first, second):
        phone.goto("/my/")
        phone.locator("main form[action$='/here'] button").click()
        phone.wait_for_url("**/my/session/**")
        walk.look(phone, "session-waiting")
    open_next(desk)
    for phone in (first, second):
        phone.locator(".say").wait_for(timeout=5_000)
    walk.look(first, "statement")
    walk.look(wall, "wall")
    assert large_code(wall) < 0.25
    desk.locator("form[action$='/invite'] button").click()
    wall.locator(".inviting").wait_for(timeout=5_000)
    assert large_code(wall) > 1 / 3
    desk.locator("form[action$='/uninvite'] button").click()
    answer_statements(walk, desk, first, second)
    others_answer(walk)
    close_and_reveal(desk)
    first.locator(".bars svg").first.wait_for(timeout=5_000)
    walk.look(first, "statements-result")
    wall.locator(".key").first.wait_for(timeout=5_000)
    walk.look(wall, "wall-result")
    question(walk, desk, first, second)


def large_code(wall: Page) -> float:
    """Return which part of the wall's height the QR code takes."""
    code, screen = wall.locator(".join svg").bounding_box(), wall.viewport_size
    assert code is not None
    assert screen is not None
    return code["height"] / screen["height"]


def plan_session(walk: Walk, desk: Page) -> None:
    """Make a session with two timed items, and open it."""
    desk.goto("/desk/hillgrove-panel/sessions/new")
    now = clock.now()
    walk.send(
        desk,
        title_en="First evening",
        title_ar="الأمسية الأولى",
        place_en="Hall",
        starts_at=now.strftime("%Y-%m-%dT%H:%M"),
        ends_at=(now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
    )
    desk.wait_for_url("**/agenda**")
    agenda = desk.url
    walk.follow(desk, "/items/new/statements")
    walk.look(desk, "new-item")
    seeds = "Lighting matters more than parking.\nThe caretaker should come on Saturdays."
    walk.send(desk, title_en="Repairs or lighting?", minutes="15", activity__seeds_en=seeds)
    desk.goto(agenda)
    walk.follow(desk, "/items/new/question")
    walk.send(desk, title_en="What first?", minutes="5", activity__options_en="Light\nBins")
    desk.goto(agenda)
    walk.look(desk, "agenda")
    desk.goto(agenda.removesuffix("agenda"))
    walk.look(desk, "console-planned")
    desk.locator("main form[action$='/open'] button").first.click()
    desk.wait_for_load_state()


def open_next(desk: Page) -> None:
    """Press the console's button that opens the next item."""
    desk.locator("main form[action*='/items/'][action$='/open'] button").last.click()
    desk.locator("main form[action$='/close'] button").first.wait_for()


def answer_statements(walk: Walk, desk: Page, first: Page, second: Page) -> None:
    """Answer without reloading; add a statement, accept it, and see it appear."""
    for phone in (first, second):
        for _ in range(2):
            shown = phone.locator(".say").inner_text()
            phone.locator("form.trio button").first.click()
            phone.wait_for_function(
                "before => !document.querySelector('.say')"
                " || document.querySelector('.say').innerText !== before",
                arg=shown,
            )
    walk.follow(first, "/new")
    walk.look(first, "new-statement")
    first.locator("[name=language]").select_option("en")
    walk.send(first, text="The bins are full on Mondays.")
    first.wait_for_url("**/my/session/**")
    desk.locator("form[action$='/accept'] button").first.click(timeout=10_000)
    second.locator(".say", has_text="bins are full").wait_for(timeout=10_000)
    walk.look(desk, "console")


def others_answer(walk: Walk) -> None:
    """Let six more members agree with everything: results of fewer people are not shown."""
    with walk.app.test_request_context():
        for statement in db.session.scalars(select(Statement).where(Statement.state == "accepted")):
            for seat in range(3, 9):
                deliberation.answer_statement(
                    statement=statement, member=member(seat), value=1, counter=1
                )
        db.session.commit()


def others_choose(walk: Walk) -> None:
    """Let six more members choose the first option."""
    with walk.app.test_request_context():
        query = select(AgendaItem).where(AgendaItem.kind == "question", AgendaItem.state == "open")
        put = put_in(db.session.scalars(query).one())
        for seat in range(3, 9):
            answers = {put.questions[0].code: put.questions[0].options[0].code}
            questions.answer(put=put, member=member(seat), answers=answers, counter=1)
        db.session.commit()


def close_and_reveal(desk: Page) -> None:
    """Close the open item and show its results."""
    desk.locator("main form[action$='/close'] button").first.click()
    desk.locator("main form[action$='/reveal'] button").first.click()


def question(walk: Walk, desk: Page, first: Page, second: Page) -> None:
    """Put the question; its results stay hidden until they are revealed."""
    open_next(desk)
    for phone in (first, second):
        phone.locator("input[type=radio]").first.wait_for(timeout=5_000)
    walk.look(first, "question")
    first.locator("input[type=radio]").first.check()
    first.locator("form[action*='/my/questions/'] button").click()
    first.locator("[data-queue-of][data-state=received]").wait_for()
    assert first.locator(".bars svg").count() == 0, "nothing is shown before it is revealed"
    others_choose(walk)
    close_and_reveal(desk)
    second.locator(".bars svg").first.wait_for(timeout=5_000)
    walk.look(second, "question-result")


def vote_on_budget(walk: Walk, desk: Page, first: Page, second: Page) -> None:
    """Put £100,000 to a secret ballot, vote, change a vote, close, read the result."""
    desk.goto("/desk/hillgrove-panel/pots/new")
    walk.send(desk, name_en="Estate budget", amount="100,000")
    pot = desk.url
    desk.goto(f"{pot}/lines/new")
    walk.send(desk, name_en="Green spaces", yearly="21000")
    for title, cost in {"Lighting": "18500", "Play surface": "52000", "Lift": "68000"}.items():
        desk.goto(f"{pot}/projects/new")
        walk.send(desk, title_en=title, summary_en="Costed in October.", cost=cost)
    walk.look(desk, "pot")
    desk.goto(f"{pot}/ballots/new")
    walk.send(desk, question_en="What should the £100,000 pay for?")
    ballot = desk.url
    walk.follow(desk, "/open")
    walk.look(desk, "ballot-open")
    walk.send(desk)
    cast(walk, first, ["Lighting", "Play surface"])
    cast(walk, second, ["Lighting"])
    cast(walk, first, ["Lift", "Lighting"])
    desk.goto(f"{ballot}/close")
    walk.send(desk)
    desk.wait_for_url(lambda url: not url.endswith("/close"))
    walk.look(desk, "ballot-closed")


def cast(walk: Walk, phone: Page, wanted: list[str]) -> None:
    """Choose projects, check, cast, and keep the receipt."""
    phone.goto("/my/")
    walk.follow(phone, "/my/ballots/")
    chosen = phone.locator("main input[type=checkbox]:checked")
    while chosen.count():
        chosen.first.uncheck(force=True)
    for title in wanted:
        phone.locator(".project", has_text=title).locator("input").check(force=True)
    walk.look(phone, "ballot")
    phone.locator("main form[action$='/check'] button").last.click()
    phone.wait_for_url("**/check**")
    walk.look(phone, "ballot-check")
    phone.locator("main form[action$='/cast'] button").last.click()
    phone.wait_for_url("**/receipt**")
    walk.look(phone, "receipt")
    assert phone.locator(".code").first.inner_text().strip()
