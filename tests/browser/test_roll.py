"""A roll in a browser: the organiser loads a list, a neighbour is in within two taps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Panel
from panel_app.staff.demo import PASSWORD, STAFF
from tests.browser import harness
from tests.browser.walk import Walk
from tests.factories.sessions import make_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
LIST = "id,name,address,language\n" + "".join(
    f"{n},Example Person {n},Flat {n} Hill House,{('English', 'বাংলা', 'العربية')[n % 3]}\n"
    for n in range(1, 131)
)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_becomes_an_estate_that_votes(
    hillgrove_served: harness.Running, chromium: Browser, language: str
) -> None:
    walk = Walk(hillgrove_served, chromium, language)
    desk = walk.laptop()
    walk.sign_in(desk, STAFF[1][0], PASSWORD)
    desk.goto("/desk/new")
    desk.locator("[name=kind][value=roll]").check()
    desk.fill("[name=sender]", "Hill House\n1 Hill Road")
    walk.look(desk, "roll-new")
    walk.send(desk, name_en="Hill House", purpose_en="Share out £100,000")
    desk.wait_for_url("**/desk/hill-house/**")
    walk.look(desk, "roll-home")
    walk.follow(desk, r"/roll$")
    walk.look(desk, "roll-empty")
    walk.send(desk, text=LIST + "131,EXAMPLE PERSON 1,flat 1 hill house,en\n")
    assert desk.locator("tbody tr").count() == 50
    walk.look(desk, "roll")
    desk.goto("/desk/hill-house/roll/door")
    walk.look(desk, "roll-door")
    assert desk.locator("tbody tr").count() == 130
    desk.goto("/desk/hill-house/letters")
    walk.look(desk, "roll-letters")
    desk.locator("select[name=from]").select_option("120")
    desk.locator("main form[action$=print] button").click()
    desk.wait_for_url("**/print?from=120")
    assert desk.locator("article.letter").count() == 10
    desk.goto("/desk/hill-house/calls")
    walk.look(desk, "calls")
    walk.form(desk, "/calls").locator("button").click()
    desk.wait_for_url("**/calls/*")
    walk.look(desk, "call")
    with walk.app.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hill-house")).one()
        token = seats.token_of(panel.members[0])
        plan_an_evening(panel)
        db.session.commit()
    phone = walk.phone(width=320)
    phone.goto(f"/j/{token}")
    walk.look(phone, "roll-join")
    phone.locator("main form[action^='/j/'] .btn").first.click()
    phone.wait_for_url("**/my/**")
    walk.look(phone, "roll-my")
    phone.goto("/my/support")
    walk.look(phone, "support")
    phone.locator("[name=kinds][value=childcare]").check()
    with phone.expect_navigation():
        phone.locator("main form .btn").last.click()
    desk.goto("/desk/hill-house/support")
    walk.look(desk, "support-desk")
    with desk.expect_navigation():
        desk.locator("form[action$='/childcare/promised'] button").click()
    phone.goto("/my/")
    walk.look(phone, "support-promised")


def plan_an_evening(panel: Panel) -> None:
    session = make_session(panel, is_open=False)
    session.starts_at, session.ends_at = (clock.now() + timedelta(days=d) for d in (7, 8))
