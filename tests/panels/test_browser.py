"""An organiser's forms in a real browser, filled in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Panel
from tests.browser import harness
from tests.factories.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_panel_in_one_language_is_made_in_a_browser(
    migrated: str, tmp_path: Path, chromium: Browser
) -> None:
    with harness.running(migrated, tmp_path, start=False) as server:
        with server.app().test_request_context():
            email = make_user("organiser").email
            db.session.commit()
        server.start()
        page = harness.sign_in(harness.laptop(chromium, server.address), email, PASSWORD)
        page.goto("/desk/new")
        page.fill("#name_en", "Estate panel")
        page.fill("#purpose_en", "What the estate spends.")
        page.fill("#size", "12")
        page.fill("#sender", "Estate panel\n1 Hillgrove Road")
        page.set_checked("input[name=languages][value=en]", checked=True)
        page.set_checked("input[name=languages][value=ar]", checked=False)
        page.click("main form .btn:not(.second)")
        page.wait_for_url(lambda url: not url.endswith("/new"))
        with server.app().test_request_context():
            assert db.session.scalars(select(Panel)).one().languages == ["en"]
