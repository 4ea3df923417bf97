"""A roll of 2,000 votes by phone: two taps from the letter's code to the ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.balloting import queries
from panel_app.balloting.models import Ballot
from panel_app.core.db import db
from panel_app.panels import electorate, seats
from panel_app.panels.models import Member, Panel
from panel_app.staff.demo import PASSWORD, STAFF
from tests.browser import harness
from tests.browser.mission_recruiting import put_file
from tests.browser.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: Everybody whom the estate's money concerns.
EVERYBODY = 2_000
DESK = "/desk/hill-house"


def test_a_roll_of_two_thousand_votes_by_phone(
    hillgrove_served: harness.Running, chromium: Browser
) -> None:
    office = Walk(hillgrove_served, chromium, "en")
    desk = office.laptop()
    office.sign_in(desk, STAFF[1][0], PASSWORD)
    load_everybody(office, desk)
    desk.goto(f"{DESK}/roll/door")
    assert desk.locator("tbody tr").count() == EVERYBODY
    typed = desk.locator("tbody tr .code").first.inner_text()
    ballot = put_to_the_vote(office, desk)
    desk.goto(f"{DESK}/roll")
    put_file(desk, "roll.csv", list_of(EVERYBODY + 1).encode())
    assert "2001 people are on the roll." in desk.inner_text("main")
    walk = Walk(hillgrove_served, chromium, "bn")
    for seat, script in ((700, True), (1_900, False)):
        phone = walk.phone(width=320, chosen=False, java_script_enabled=script)
        in_two_taps(walk, phone, scanned(walk, seat), ballot, script=script)
        vote(walk, phone, script=script)
    vote_by_a_typed_code(walk, typed, ballot)
    whoever_comes_later_has_no_vote(walk, ballot)
    with walk.app.test_request_context():
        one = db.session.scalars(select(Ballot).where(Ballot.public_id == ballot)).one()
        assert electorate.size(one.name) == electorate.Size(EVERYBODY, 0)
        assert queries.turnout(one) == 3


def load_everybody(walk: Walk, desk: Page) -> None:
    """Make a panel of kind roll and load its list through the page."""
    desk.goto("/desk/new")
    desk.locator("[name=kind][value=roll]").check()
    for code in ("en", "bn"):
        desk.locator(f"[name=languages][value={code}]").check()
    desk.fill("[name=sender]", "Hill House\n1 Hill Road")
    for name, text in {"name_bn": "হিল হাউস", "purpose_bn": "£1,00,000 ভাগ করা"}.items():
        walk.fill(desk.locator(f"[name={name}]"), text)
    walk.send(desk, name_en="Hill House", purpose_en="Share out £100,000")
    desk.wait_for_url(f"**{DESK}/**")
    desk.goto(f"{DESK}/roll")
    put_file(desk, "roll.csv", list_of(EVERYBODY).encode())
    assert "2000 people are on the roll." in desk.inner_text("main")


def list_of(number: int) -> str:
    """Return a list of so many neighbours, whose letters are in Bengali."""
    rows = (f"{n},Example Person {n},Flat {n} Hill House,বাংলা\n" for n in range(1, number + 1))
    return "id,name,address,language\n" + "".join(rows)


def put_to_the_vote(walk: Walk, desk: Page) -> str:
    """Put the pot's projects to a ballot and open it; return the ballot's name in addresses."""
    desk.goto(f"{DESK}/pots/new")
    walk.send(desk, name_en="Estate budget", amount="100,000")
    pot = desk.url
    for title, cost in {"Lighting": "18500", "Play surface": "52000", "Lift": "68000"}.items():
        desk.goto(f"{pot}/projects/new")
        walk.send(desk, title_en=title, summary_en="Costed in October.", cost=cost)
    desk.goto(f"{pot}/ballots/new")
    walk.send(desk, question_en="What should the £100,000 pay for?")
    ballot = desk.url.rsplit("/", 1)[-1]
    walk.follow(desk, "/open")
    walk.send(desk)
    return ballot


def scanned(walk: Walk, seat: int) -> str:
    """Return where the code on the letter of a seat leads."""
    with walk.app.test_request_context():
        panel = select(Panel.id).where(Panel.slug == "hill-house").scalar_subquery()
        mine = select(Member).where(Member.panel_id == panel, Member.seat == seat)
        return f"/j/{seats.token_of(db.session.scalars(mine).one())}"


def look(walk: Walk, phone: Page, name: str, *, script: bool) -> None:
    """Hold a page to the rules; what judges them needs a script of its own to run."""
    if script:
        walk.look(phone, name)
    assert harness.overflow(phone) <= 0, name
    assert phone.locator("h1").count() == 1, name


def in_two_taps(walk: Walk, phone: Page, link: str, ballot: str, *, script: bool = True) -> None:
    """Scan, say yes, open the ballot."""
    phone.goto(link)
    look(walk, phone, "roll-scanned", script=script)
    assert phone.locator("html").get_attribute("lang") == "bn"
    phone.locator("main .btn.wide").first.click()
    phone.wait_for_url("**/my/")
    look(walk, phone, "roll-in", script=script)
    phone.locator("main .btn.wide").first.click()
    phone.wait_for_url(f"**/my/ballots/{ballot}")
    look(walk, phone, "roll-ballot", script=script)


def vote(walk: Walk, phone: Page, *, script: bool = True) -> None:
    """Choose, check, cast."""
    phone.locator(".project input[type=checkbox]").first.check(force=True)
    phone.locator("main form[action$='/check'] .sums button").click()
    phone.wait_for_url("**/check**")
    look(walk, phone, "roll-check", script=script)
    phone.locator("main form[action$='/cast'] button").last.click()
    phone.wait_for_url("**/receipt**")
    look(walk, phone, "roll-receipt", script=script)


def vote_by_a_typed_code(walk: Walk, code: str, ballot: str) -> None:
    """Come in by the code that stands on the door's list."""
    phone = walk.phone(width=320)
    phone.goto("/join")
    phone.fill("[name=code]", code)
    phone.locator("main form button").last.click()
    phone.wait_for_url("**/j/*")
    in_two_taps(walk, phone, phone.url, ballot)
    vote(walk, phone)


def whoever_comes_later_has_no_vote(walk: Walk, ballot: str) -> None:
    """Come in by the letter of somebody who was added once the ballot was open."""
    phone = walk.phone(width=320)
    phone.goto(scanned(walk, EVERYBODY + 1))
    phone.locator("main .btn.wide").first.click()
    phone.wait_for_url("**/my/")
    walk.look(phone, "roll-later")
    assert phone.locator("main a[href*='/my/ballots/']").count() == 0
    phone.goto(f"/my/ballots/{ballot}")
    assert phone.locator("main form").count() == 0
