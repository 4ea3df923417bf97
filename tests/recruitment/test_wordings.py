"""What residents read for features and values, in their languages; files keep their own words."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment import exports, queries, services
from panel_app.recruitment.wordings import Name, save_wordings, wordings_of
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_draw
from tests.factories.staff import make_user

PAGE = "/desk/hillgrove/targets/wordings"


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the drawn panel of 6 is at /desk/hillgrove/."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        db.session.commit()
        make_draw(panel)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def word(app: Flask, name: Name, **texts: str) -> None:
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        save_wordings(panel=panel, typed={name: texts}, actor=ACTOR)
        db.session.commit()


def test_organiser_gives_words_in_every_language(app: Flask, desk: CheckedClient) -> None:
    page = desk.page(PAGE)
    fields = {f.get("aria-label"): f.get("name") or "" for f in page.iter("input")}
    assert fields["English: gender"] != fields["English: Female"]
    typed = {
        fields["العربية: gender"]: "الجنس",
        fields["العربية: Female"]: " نساء ",
        fields["English: Female"]: "Women",
    }
    assert desk.submit(PAGE, typed).status_code == 303
    shown = text_of(new_client(app).page("/p/hillgrove/chosen?l=ar"))
    assert "الجنس" in shown
    assert "نساء" in shown
    assert "Female" not in shown
    assert "Women" in text_of(desk.page("/desk/hillgrove/draw"))
    again = {f.get("aria-label"): f.get("value") for f in desk.page(PAGE).iter("input")}
    assert again["العربية: Female"] == "نساء"
    assert again["English: Male"] == "Male"


def test_word_without_a_translation_is_marked(app: Flask, desk: CheckedClient) -> None:
    page = new_client(app).page("/p/hillgrove/chosen?l=ar")
    marked = [text_of(e) for e in page.iter("bdi") if e.get("lang") == "en"]
    assert {"gender", "Female", "Male"} <= set(marked)


def test_files_keep_the_words_of_the_file(app: Flask, desk: CheckedClient) -> None:
    word(app, ("gender", "Female"), en="Women", ar="نساء")
    with app.test_request_context("/?l=ar"):
        panel = db.session.scalars(select(Panel)).one()
        assert {row["value"] for row in exports.composition_rows(panel)} == {
            "Female",
            "Male",
            "Younger",
            "Older",
        }
    assert "Women" not in new_client(app).get("/p/hillgrove/data/composition.csv").text


def test_words_outlive_another_import(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
        save_wordings(panel=panel, typed={("age", "Older"): {"bn": "বয়স্ক"}}, actor=ACTOR)
        services.import_targets(panel=panel, source=TARGETS, actor=ACTOR)
        assert wordings_of(panel).of("age", "Older") == Translated.of(en="Older", bn="বয়স্ক")
        save_wordings(panel=panel, typed={("age", "Older"): {"en": "", "bn": ""}}, actor=ACTOR)
        assert wordings_of(panel).of("age", "Older") == Translated.of(en="Older")


def test_numbers_need_no_translation(app: Flask) -> None:
    with app.test_request_context():
        wording = wordings_of(make_panel()).of("age", "16–24")
        assert not wording.in_language("ar").fallback


def test_too_long_a_word_is_refused(app: Flask, desk: CheckedClient) -> None:
    field = next(f for f in desk.page(PAGE).iter("input") if f.get("aria-label"))
    answer = desk.submit(PAGE, {field.get("name") or "": "x" * 201})
    assert answer.status_code == 422
    assert "too long" in answer.text


def test_people_left_out_are_named_in_the_readers_words(app: Flask, desk: CheckedClient) -> None:
    word(app, ("gender", "Female"), ar="نساء")
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        lottery = queries.lottery_of(panel)
        assert lottery is not None
        shared = {"gender": "Female", "age": "Older"}
        lottery.uncoverable = [{"features": shared, "people": 2, "changes": []}]
        db.session.commit()
    shown = text_of(new_client(app).page("/p/hillgrove/chosen?l=ar"))
    assert "نساء, Older English: 2" in shown
