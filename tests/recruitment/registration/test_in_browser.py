"""Registering on a small phone in Bengali, without and with a script, by somebody who reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.recruitment.models import Person
from panel_app.recruitment.registration import opening
from panel_app.web import robots
from tests.browser.harness import accessibility_faults, overflow, phone, running
from tests.factories.registration import make_way_in, register

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
#: The narrowest phone that is held to.
NARROW = {"width": 320, "height": 568}


@pytest.mark.parametrize("script", [True, False])
def test_a_resident_registers_on_a_small_phone_in_bengali(
    migrated: str, tmp_path: Path, chromium: Browser, script: bool
) -> None:
    with running(migrated, tmp_path, start=False) as server:
        with server.app().test_request_context():
            way = make_way_in(youngest=16)
            register(way, 1)
            address = f"/register/{way.public_id}"
            db.session.commit()
        server.start()
        context = phone(
            chromium, server.address, viewport=NARROW, locale="bn", java_script_enabled=script
        )
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(robots.SHORTEST.total_seconds() * 1000 + 100)
        _press(page)
        _answer(page)
        _look(page, script)
        page.wait_for_timeout(opening.WHOLE.total_seconds() * 1000)
        _press(page)
        assert page.input_value("#own-link").startswith("http")
        _look(page, script)
        with server.app().app_context():
            last = db.session.scalars(select(Person).order_by(Person.id.desc())).first()
            assert last is not None
            assert last.details["Name"] == "রহিমা বেগম"
            assert last.details["Language"] == "bn"


def _answer(page: Page) -> None:
    """Answer every question; the age in Bengali digits."""
    typed = {
        "age": "৩৪",
        "address": "ফ্ল্যাট ২, ক্যানাল রো",
        "postcode": "E14 7AB",
        "name": "রহিমা বেগম",
        "contact": "020 7946 0000",
    }
    while "/answer/" in page.url:
        for name, text in typed.items():
            if page.locator(f"input[name={name}]").count():
                page.fill(f"input[name={name}]", text)
        choices = page.locator("main input[type=radio], main input[type=checkbox]")
        if choices.count():
            choices.first.check()
        here = page.url
        _press(page)
        assert page.url != here, page.inner_text("main")


def _press(page: Page) -> None:
    page.locator("main form button.btn.wide").first.click()
    page.wait_for_load_state()


def _look(page: Page, script: bool) -> None:
    assert page.locator("html").get_attribute("lang") == "bn"
    assert overflow(page) <= 0
    if script:
        assert accessibility_faults(page) == []
