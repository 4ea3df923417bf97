"""The mission's third part: somebody asks for a grant, and the panel decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.grants.models import Application
from panel_app.outbox.models import Message
from tests.browser.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Page


def decide_grant(walk: Walk, desk: Page, panel: list[Page]) -> None:
    """Ask for a grant on a phone, declare, score, vote, decide; the letter is in the outbox."""
    set_up_programme(walk, desk)
    apply(walk)
    for phone in panel:
        assess(walk, phone)
    desk.goto("/desk/hillgrove-panel/grants")
    walk.follow(desk, "/rounds/[a-z0-9]+$")
    walk.look(desk, "round")
    walk.follow(desk, "/grants/applications/")
    walk.look(desk, "application")
    application = desk.url
    desk.locator("main form[action$='/voting/open'] button").click()
    for phone in panel:
        phone.goto("/my/grants")
        walk.follow(phone, "/my/cases/")
        walk.look(phone, "decision-vote")
        phone.locator("input[name=outcome][value=fund]").check()
        phone.locator("main form[action$='/vote'] button").last.click()
        phone.wait_for_load_state()
    desk.goto(application)
    desk.locator("main form[action$='/voting/close'] button").click()
    desk.locator("input[name=outcome][value=fund]").check()
    walk.send(desk, to="/decision", reason="A clear need, and cheap.")
    desk.wait_for_load_state()
    walk.look(desk, "decided")
    desk.goto("/desk/hillgrove-panel/outbox")
    walk.look(desk, "outbox")
    check_outbox(walk)


def set_up_programme(walk: Walk, desk: Page) -> None:
    """Make a programme and a round."""
    desk.goto("/desk/hillgrove-panel/grants/programmes/new")
    walk.send(
        desk,
        name_en="Small grants",
        summary_en="Up to £2,000 for your neighbours.",
        missions_en="Everyone eats well",
        criteria_en="How well does it serve the estate?",
        slug="small-grants",
        largest_grant="2000",
        quorum="2",
    )
    desk.wait_for_url(lambda url: not url.endswith("/new"))
    walk.follow(desk, "/rounds/new")
    now = clock.now()
    days = {"opens_at": -1, "closes_at": 13, "meets_at": 14}
    times = {
        name: (now + timedelta(days=after)).strftime("%Y-%m-%dT%H:%M")
        for name, after in days.items()
    }
    walk.send(desk, **times, pot="5000")
    desk.wait_for_url(lambda url: not url.endswith("/new"))
    walk.look(desk, "grants")


def apply(walk: Walk) -> None:
    """Ask for a grant without an account: stop half-way, come back by the link, send it."""
    phone = walk.phone()
    phone.goto("/apply/small-grants")
    walk.look(phone, "programme")
    walk.follow(phone, "/start")
    walk.look(phone, "eligibility")
    fill_question(phone)
    phone.wait_for_url("**/a/**")
    mine = phone.url
    for number in range(12):
        if phone.url.endswith("/check"):
            break
        walk.look(phone, f"question-{number}")
        fill_question(phone)
        if number == 3:
            again = walk.phone()
            again.goto(mine.partition("/answer")[0])
            walk.look(again, "draft")
            again.close()
    walk.look(phone, "review")
    phone.locator("main form[action$='/check'] button, main form:not([action]) button").last.click()
    phone.wait_for_load_state()
    walk.look(phone, "sent")
    with walk.app.test_request_context():
        assert db.session.scalars(select(Application.state)).all() == ["submitted"]


def fill_question(phone: Page) -> None:
    """Answer whatever the page asks, and go on."""
    before = phone.url
    form = phone.locator("main form[method=post]").last
    if form.locator("input[type=radio]").count():
        form.locator("input[type=radio]").first.check()
    for field in form.locator("input:not([type]), textarea").all():
        name = field.get_attribute("name")
        words = {"amount": "1850", "contact": "applicant@example.org", "name": "Rosa Quill"}
        field.fill(words.get(name or "", "Breakfast for children on Saturdays"))
    form.locator("button").first.click()
    phone.wait_for_url(lambda url: url != before)


def assess(walk: Walk, phone: Page) -> None:
    """Declare no connection, read, score."""
    phone.goto("/my/grants")
    walk.look(phone, "to-assess")
    walk.follow(phone, "/my/cases/")
    walk.look(phone, "connection")
    assert "Breakfast for children on Saturdays" not in phone.locator("main").inner_text().replace(
        phone.locator("h1").inner_text(), ""
    ), "nothing is read before the declaration"
    phone.locator("input[value=none]").check()
    phone.locator("main form[action$='/connection'] button").last.click()
    score = phone.locator("main form[action$='/score']")
    score.wait_for()
    walk.look(phone, "score")
    score.locator("input[type=radio][value='4']").first.check()
    score.locator("textarea").fill("Clear and cheap.")
    score.locator("button").last.click()
    phone.wait_for_url("**/scores**")
    walk.look(phone, "scores")


def check_outbox(walk: Walk) -> None:
    """The applicant's letter is there, with the reason."""
    with walk.app.test_request_context():
        letters = [message.wording for message in db.session.scalars(select(Message))]
    assert any("A clear need, and cheap." in letter["body"] for letter in letters)
