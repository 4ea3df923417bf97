"""A grant is accepted on a 320 px phone, in English, Bengali and Arabic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.core.db import db
from panel_app.grants import services
from tests.browser import harness
from tests.factories.casework import let_vote
from tests.factories.grants import make_draft, make_programme, make_round
from tests.factories.panels import make_members, make_panel

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "bn", "ar")


def look(page: Page, folder: Path, name: str) -> None:
    """Hold the page to the rules: nothing for axe to find, nothing wider than the phone."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert harness.accessibility_faults(page) == []
    assert harness.overflow(page) <= 0


def test_three_questions_and_an_account_on_the_smallest_phone(
    chromium: Browser, migrated: str, tmp_path: Path
) -> None:
    with harness.running(migrated, tmp_path, start=False) as server:
        tokens = {}
        with server.app().test_request_context():
            panel = make_panel()
            programme, members = make_programme(panel), make_members(panel, 3)
            make_round(programme)
            for language in LANGUAGES:
                draft, tokens[language] = make_draft(programme, language=language)
                case = services.submit_application(application=draft).case
                assert case
                let_vote(case, members, "fund")
                services.decide_application(
                    application=draft, outcome="fund", reason="A clear need", actor="staff:test"
                )
            db.session.commit()
        server.start()
        for language, token in tokens.items():
            context = harness.phone(chromium, server.address, width=320)
            context.add_cookies([{"name": "language", "value": language, "url": server.address}])
            page = context.new_page()
            page.goto(f"/a/{token}")
            look(page, tmp_path, f"{language}-offer")
            page.click(f"main a[href$='/a/{token}/grant']")
            look(page, tmp_path, f"{language}-accept")
            page.click("main form button.wide")
            assert page.locator("#errors").is_visible()
            for name, value in {"accept": "yes", "may_name": "no", "pay_by": "bank"}.items():
                page.check(f"input[name={name}][value={value}]")
            page.click("main form button.wide")
            page.wait_for_url("**/bank")
            look(page, tmp_path, f"{language}-bank")
            typed = {"name": "Rosa", "sort_code": "12-34-56", "number": "31926819"}
            for name, value in typed.items():
                page.fill(f"[name={name}]", value)
            page.click("main form button.wide")
            page.wait_for_url(f"**/a/{token}")
            look(page, tmp_path, f"{language}-accepted")
            context.close()
