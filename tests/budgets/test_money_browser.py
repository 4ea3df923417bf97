"""Where the money goes and what was taken on, on a small phone, in English and Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.budgets.spending import demo
from panel_app.core.db import db
from panel_app.core.story import Story
from panel_app.core.translated import Translated
from panel_app.places.models import Place
from panel_app.places.services import add_place
from tests.browser.harness import Running, accessibility_faults, overflow, phone, running
from tests.factories.balloting import make_vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture
def server(migrated: str, tmp_path: Path) -> Iterator[Running]:
    with running(migrated, tmp_path) as made:
        yield made


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_public_pages_on_money_are_sound(
    chromium: Browser, server: Running, language: str
) -> None:
    vote = make_vote(server.app(), members=6)
    with server.app().app_context():
        borough = add_place(
            kind="borough", name=Translated.of(en="Hillgrove"), parent=None, actor="system"
        )
        estate = add_place(
            kind="estate", name=Translated.of(en="Estate"), parent=borough, actor="system"
        )
        story = Story(Random(1))
        story.keep(estate)
        demo.spent(story)
        db.session.commit()
        place = db.session.scalars(select(Place.public_id).where(Place.kind == "estate")).one()
    page = phone(chromium, server.address).new_page()
    for path in ("/money", f"/money/{place}", f"/p/{vote.panel_slug}/commitments"):
        page.goto(f"{path}?l={language}")
        page.wait_for_selector("h1")
        assert accessibility_faults(page) == []
        assert overflow(page) <= 0
    page.context.close()
