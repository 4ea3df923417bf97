"""Phones in a real browser: they follow, they keep answers, they work without JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from panel_app.core.db import db
from tests.browser.harness import (
    accessibility_faults,
    go_offline,
    laptop,
    overflow,
    phone,
    sign_in,
)
from tests.factories.staff import PASSWORD
from tests.live.conftest import Hall

pytestmark = pytest.mark.browser

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect
Browser = playwright.Browser


def look_again(page: Any) -> None:
    """Have a phone look as it does when it is taken out of a pocket."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_phone_and_wall_follow_without_reloading(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    mobile.evaluate("window.sameDocument = true")
    staff = laptop(chromium, hall.server.address)
    console = sign_in(staff, hall.facilitator, PASSWORD)
    console.goto(f"{hall.desk}/")
    expect(console.get_by_text("1 live")).to_be_visible(timeout=10_000)
    wall = staff.new_page()
    wall.goto(f"{hall.desk}/wall")
    console.get_by_role("button", name="Close the round").click()
    console.get_by_role("button", name="Next: When shall we meet?").click()
    expect(mobile.get_by_role("heading", level=1)).to_have_text(
        "When shall we meet?", timeout=5_000
    )
    expect(wall.get_by_role("heading", level=1)).to_have_text("When shall we meet?", timeout=5_000)
    expect(mobile).to_have_title("When shall we meet? – Hillgrove Council")
    assert mobile.evaluate("window.sameDocument") is True


def test_answer_goes_in_and_the_next_statement_comes(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    for done in (1, 2):
        mobile.get_by_role("button", name="Agree", exact=True).click()
        expect(mobile.get_by_text(f"{done} of 3 answered").first).to_be_visible()
    mobile.get_by_role("button", name="Pass, or not sure").click()
    expect(mobile.get_by_text("You have answered everything")).to_be_visible()


def test_answer_given_offline_waits_and_says_so(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    state = mobile.locator("[data-queue-of]")
    go_offline(mobile, offline=True)
    mobile.get_by_role("button", name="Agree", exact=True).click()
    expect(state).to_contain_text("Saved on this phone")
    go_offline(mobile, offline=False)
    expect(state).to_contain_text("received", timeout=20_000)
    expect(mobile.get_by_text("1 of 3 answered").first).to_be_visible()


def test_what_was_received_is_named_and_goes_with_its_part(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    asked, state = mobile.locator(".say").inner_text(), mobile.locator("[data-queue-of]")
    mobile.get_by_role("button", name="Agree", exact=True).click()
    expect(state).to_have_text(f"Your answer was received. “{asked}”")
    hall.close_round()
    look_again(mobile)
    expect(mobile.get_by_text("This round has closed").first).to_be_visible()
    expect(state).to_be_empty()


def test_thanks_go_with_their_part(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(f"/my/statements/{hall.round}/new")
    mobile.get_by_label("Your statement").fill("More benches by the playground")
    mobile.get_by_role("button", name="Send it").click()
    expect(mobile.get_by_text("Thank you.")).to_be_visible()
    hall.go_on_to_the_question()
    look_again(mobile)
    expect(mobile.get_by_role("heading", level=1)).to_have_text("When shall we meet?")
    expect(mobile.get_by_text("Thank you.")).to_have_count(0)


def test_phone_that_wakes_after_the_evening_says_what_was_not_counted(
    hall: Hall, chromium: Browser
) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    asked, state = mobile.locator(".say").inner_text(), mobile.locator("[data-queue-of]")
    go_offline(mobile, offline=True)
    mobile.get_by_role("button", name="Agree", exact=True).click()
    expect(state).to_contain_text("Saved on this phone")
    hall.end_session()
    go_offline(mobile, offline=False)
    look_again(mobile)
    expect(mobile.get_by_text("The session is over")).to_be_visible(timeout=20_000)
    expect(state).to_contain_text(f"Not counted. “{asked}”", timeout=20_000)
    expect(mobile.get_by_role("link", name="What happens next")).to_be_visible()
    mobile.reload()
    expect(mobile.get_by_text("The session is over")).to_be_visible()
    assert mobile.locator("button[name=value]").count() == 0


@pytest.mark.parametrize("hours", [-1, 1])
def test_phone_whose_clock_is_an_hour_off_counts_down_and_answers_as_others_do(
    hall: Hall, chromium: Browser, hours: int
) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.clock.set_system_time(datetime.now(UTC) + timedelta(hours=hours))
    mobile.goto(hall.phone)
    for _ in range(2):
        minutes, seconds = map(int, mobile.locator("[data-ends]").inner_text().split(":"))
        assert abs(minutes * 60 + seconds - hall.seconds_left()) <= 3
        look_again(mobile)
        mobile.wait_for_timeout(2_500)
    mobile.get_by_role("button", name="Agree", exact=True).click()
    expect(mobile.locator("[data-queue-of]")).to_contain_text("received")
    expect(mobile.get_by_text("1 of 3 answered").first).to_be_visible()


def test_answer_that_came_too_late_is_said_not_to_count(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    state = mobile.locator("[data-queue-of]")
    go_offline(mobile, offline=True)
    mobile.get_by_role("button", name="Agree", exact=True).click()
    expect(state).to_contain_text("Saved on this phone")
    hall.close_round()
    go_offline(mobile, offline=False)
    expect(state).to_contain_text("Not counted", timeout=20_000)
    expect(state).to_contain_text("This round has closed")


def test_restarted_server_is_found_again(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    expect(mobile.get_by_role("button", name="Agree", exact=True)).to_be_visible()
    hall.server.kill()
    hall.close_round()
    hall.server.start()
    expect(mobile.get_by_text("This round has closed").first).to_be_visible(timeout=15_000)


def test_everything_works_without_javascript(hall: Hall, chromium: Browser) -> None:
    context = phone(chromium, hall.server.address, seat=hall.seats[0], java_script_enabled=False)
    mobile = context.new_page()
    mobile.goto(hall.phone)
    expect(mobile.get_by_role("link", name="Refresh")).to_be_visible()
    mobile.get_by_role("button", name="Disagree").click()
    expect(mobile.get_by_text("1 of 3 answered").first).to_be_visible()
    mobile.get_by_role("link", name="Add your own statement").click()
    mobile.get_by_label("Your statement").fill("More benches by the playground")
    mobile.get_by_role("button", name="Send it").click()
    expect(mobile.get_by_text("A facilitator looks at it first")).to_be_visible()
    mobile.get_by_role("link", name="See or change them").click()
    mobile.get_by_role("button", name="Pass, or not sure").click()
    expect(mobile.locator("button[aria-pressed=true]")).to_have_text("Pass, or not sure")


def test_text_being_typed_survives_a_change(hall: Hall, chromium: Browser) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    mobile.evaluate(
        """() => {
          const field = document.createElement("textarea");
          field.name = "draft"; field.setAttribute("aria-label", "Draft");
          document.querySelector("[data-live]").append(field); field.focus();
        }"""
    )
    mobile.keyboard.type("half a sen")
    hall.close_round()
    mobile.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mobile.wait_for_timeout(1_500)
    mobile.keyboard.type("tence")
    expect(mobile.get_by_label("Draft")).to_have_value("half a sentence")
    mobile.get_by_label("Draft").blur()
    expect(mobile.get_by_text("This round has closed")).to_be_visible()


def test_ticked_answer_does_not_hold_the_old_question_and_is_said_to_be_unsent(
    hall: Hall, chromium: Browser
) -> None:
    hall.go_on_to_the_question()
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    first = mobile.locator(".choice").first
    words = first.inner_text()
    first.locator("input").check()
    hall.close_question()
    mobile.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mobile.locator("input[type=radio]")).to_have_count(0)
    expect(mobile.locator("[data-unsent]")).to_contain_text(f"it was not sent: {words}")


def test_refresh_is_offered_until_the_page_really_follows(hall: Hall, chromium: Browser) -> None:
    context = phone(chromium, hall.server.address, seat=hall.seats[0])
    mobile = context.new_page()
    mobile.goto(hall.phone)
    expect(mobile.get_by_role("link", name="Refresh")).to_be_hidden()
    context.route("**/live*.js*", lambda route: route.abort())
    mobile.reload()
    expect(mobile.get_by_role("link", name="Refresh")).to_be_visible()


def test_lost_connection_is_said_in_the_persons_language_and_taken_back(
    hall: Hall, chromium: Browser
) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(f"{hall.phone}?l=ar")
    go_offline(mobile, offline=True)
    mobile.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mobile.locator("[data-offline]")).to_contain_text("لا يوجد اتصال الآن")
    hall.close_round()
    go_offline(mobile, offline=False)
    expect(mobile.locator("[data-offline]")).to_be_empty(timeout=10_000)
    expect(mobile.locator(".trio")).to_have_count(0)


def test_clock_put_right_on_the_phone_does_not_move_the_countdown(
    hall: Hall, chromium: Browser
) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0]).new_page()
    mobile.goto(hall.phone)
    mobile.evaluate(
        """() => { const clock = document.createElement("p"); clock.id = "clock";
          clock.dataset.now = Date.now(); clock.dataset.ends = Date.now() + 300000;
          document.querySelector("main").append(clock); }"""
    )
    expect(mobile.locator("#clock")).to_have_text(re.compile("^(5:00|4:5)"))
    mobile.evaluate("{ const real = Date.now; Date.now = () => real() - 3 * 3600 * 1000; }")
    mobile.wait_for_timeout(2_500)
    expect(mobile.locator("#clock")).to_have_text(re.compile("^4:5"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_are_accessible_in_both_directions(
    hall: Hall, chromium: Browser, language: str
) -> None:
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0], width=320).new_page()
    for path in (
        hall.phone,
        f"/my/statements/{hall.round}/new",
        f"/my/statements/{hall.round}/answers",
    ):
        mobile.goto(f"{path}?l={language}")
        assert mobile.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert overflow(mobile) <= 0, path
        assert accessibility_faults(mobile) == [], path


def test_desk_is_accessible_and_the_walls_code_is_large(hall: Hall, chromium: Browser) -> None:
    with hall.app.app_context():
        hall.state_of_session().inviting = True
        db.session.commit()
    page = sign_in(laptop(chromium, hall.server.address), hall.facilitator, PASSWORD)
    for path in ("/", "/agenda", "/items/new/question", "/items/new/statements", "/close", "/wall"):
        page.goto(hall.desk + path)
        assert accessibility_faults(page) == [], path
        assert overflow(page) <= 0, path
    code = page.locator(".join svg path").last.bounding_box()
    assert code is not None
    assert code["height"] >= 720 / 3
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
