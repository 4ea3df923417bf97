"""From an empty desk to a resident's panel, in Chromium: the organiser's and the resident's way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.core.db import db
from tests.browser.harness import (
    accessibility_faults,
    laptop,
    overflow,
    phone,
    running,
    sign_in,
)
from tests.browser.mission_recruiting import press
from tests.factories.recruitment import TARGETS, people_csv
from tests.factories.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
#: In pixels, as a browser counts them.
MILLIMETRE = 96 / 25.4
Look = Callable[["Page", str], None]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Return a function that photographs a page and holds it to WCAG and the screen's width."""

    def check(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert accessibility_faults(page) == [], name
        assert overflow(page) <= 0, name

    return check


def test_from_an_empty_desk_to_a_residents_panel(
    migrated: str, tmp_path: Path, chromium: Browser, look: Look
) -> None:
    with running(migrated, tmp_path, start=False) as server:
        with server.app().app_context():
            email = make_user("organiser").email
            db.session.commit()
        server.start(jobs=True)
        page = sign_in(laptop(chromium, server.address), email, PASSWORD)
        _set_up(page, look)
        _upload(page, look, tmp_path)
        _draw(page, look)
        letters = _letters(page, look)
        for language, address in zip(("en", "ar"), letters, strict=False):
            _join(phone(chromium, server.address).new_page(), address, language, look)


def _set_up(page: Page, look: Look) -> None:
    page.goto("/desk/new")
    page.fill("#name_en", "Hillgrove panel")
    page.click("summary:has-text('Name')")
    page.fill("#name_ar", "لجنة هيلغروف")
    page.fill("#purpose_en", "How should £100,000 be spent on the estate?")
    page.click("summary:has-text('Purpose')")
    page.fill("#purpose_ar", "كيف يُنفق 100,000 جنيه على الحي؟")
    page.fill("#size", "6")
    page.check("input[name=languages][value=ar]")
    page.check("input[name=languages][value=bn]")
    page.fill("#place", "Community hall")
    page.fill("#sender", "Hillgrove Panel\n1 Hillgrove Road")
    page.fill("#reply_by", "2026-12-12")
    look(page, "desk-new")
    page.click("text=Save")
    page.wait_for_url("**/desk/hillgrove-panel/")
    look(page, "desk-panel")


def _upload(page: Page, look: Look, folder: Path) -> None:
    (folder / "targets.csv").write_text(TARGETS.replace("Male,2,4", "Male,5,4"))
    page.click("text=Targets")
    page.set_input_files("input[type=file]", folder / "targets.csv")
    page.click("text=Import the targets")
    page.wait_for_selector("#errors")
    look(page, "desk-targets-faults")
    page.fill("textarea", page.input_value("textarea").replace("Male,5,4", "Male,2,4"))
    page.click("text=Import the targets")
    page.wait_for_selector("table")
    look(page, "desk-targets")
    page.click("text=Words for residents")
    page.fill("input[aria-label='العربية: Female']", "نساء")
    look(page, "desk-wordings")
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, "desk-wordings-narrow")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.click("text=Save")
    page.wait_for_url("**/targets")
    (folder / "people.csv").write_text(people_csv(60))
    page.click("text=Go on to the people")
    page.set_input_files("input[type=file]", folder / "people.csv")
    page.click("text=Upload the people")
    page.wait_for_url("**/people/import/**")
    look(page, "desk-columns")
    press(page, "main form#typed button")
    press(page, "main form[action$='/accept'] button")
    page.wait_for_selector("text=people came in", timeout=60_000)
    page.goto("/desk/hillgrove-panel/people")
    look(page, "desk-people")


def _draw(page: Page, look: Look) -> None:
    page.click("text=Go on to the draw")
    look(page, "desk-draw-start")
    page.click("text=Compute the lottery")
    page.wait_for_selector("text=Commit to this lottery", timeout=60_000)
    look(page, "desk-draw-proposed")
    page.click("text=Commit to this lottery")
    page.wait_for_selector("#first")
    look(page, "desk-draw-committed")
    for field, digit in (("#first", "4"), ("#second", "0"), ("#third", "7")):
        page.fill(field, digit)
    page.locator("main form[action$='/dice'] button").click()
    look(page, "desk-dice-typed")
    page.locator("main form[action$='/dice/yes'] button").click()
    page.wait_for_selector("text=That is panel 407.")
    look(page, "desk-drawn")
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, "desk-drawn-narrow")
    page.set_viewport_size({"width": 1280, "height": 720})


def _letters(page: Page, look: Look) -> list[str]:
    """Return the typed codes on the letters."""
    page.click("text=Go on to the letters")
    look(page, "desk-letters")
    page.click("text=Print letters 1 to 6")
    page.wait_for_selector("article")
    look(page, "desk-letters-print")
    page.emulate_media(media="print")
    assert page.locator("article.letter").count() == 6
    assert not page.locator("header.top").is_visible()
    _lies_in_the_window(page)
    return page.locator("article .code").all_inner_texts()


def _lies_in_the_window(page: Page) -> None:
    """Hold each letter to one sheet, and whom it is for to the window of a DL envelope."""
    page.set_viewport_size({"width": round(170 * MILLIMETRE), "height": 900})
    for letter in page.locator("article.letter").all():
        sheet, to = letter.bounding_box(), letter.locator(".to").bounding_box()
        assert sheet is not None
        assert to is not None
        assert to["y"] - sheet["y"] + 15 * MILLIMETRE == pytest.approx(57 * MILLIMETRE, abs=2)
        assert sheet["height"] <= (297 - 2 * 15) * MILLIMETRE
        assert to["height"] == pytest.approx(24 * MILLIMETRE, abs=2)


def _join(page: Page, code: str, language: str, look: Look) -> None:
    page.goto("/join")
    look(page, f"code-{language}")
    page.fill("#code", code.lower())
    page.click("main form button")
    page.wait_for_url("**/j/*")
    look(page, f"language-{language}")
    page.click(f"button[value={language}]")
    page.wait_for_selector("form[action^='/j/']")
    look(page, f"join-{language}")
    page.click("form[action^='/j/'] button")
    page.wait_for_url("**/my/")
    assert page.locator("html").get_attribute("lang") == language
    look(page, f"my-{language}")
    page.goto("/my/phone")
    look(page, f"phone-{language}")
