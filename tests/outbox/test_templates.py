"""What messages say: shipped in every language, overridable, with their places checked."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.feature import offered
from panel_app.outbox.desk.wordings import reword
from panel_app.outbox.templates import Template, Words, filled, own_words, places_in, shipped
from tests.factories.outbox import NOTE

VALUES = {"who": "Rosa", "what": "All is well.", "organisation": "Hillgrove"}


def change(words: Words, language: str = "en") -> None:
    reword(template=NOTE, language=language, words=words, actor="staff:test")


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_every_template_has_its_own_places_in_every_language(app: Flask, language: str) -> None:
    with app.app_context():
        templates = offered(Template)
        assert templates
        for template in templates:
            english, words = shipped(template, "en"), shipped(template, language)
            for name in ("subject", "body", "short"):
                there = places_in(getattr(words, name))
                assert there == places_in(getattr(english, name)), (template.purpose, name)
                assert there <= template.places
            assert template.needed <= places_in(words.body) & places_in(words.short)
            assert language == "en" or words.body != english.body


def test_own_words_replace_those_of_one_language_only(app: Flask) -> None:
    with app.app_context():
        change(Words("Hello ((who))", "((what))\n\n((organisation))", "((what))"))
        db.session.commit()
        assert filled(NOTE, "en", VALUES).subject == "Hello Rosa"
        assert filled(NOTE, "bn", VALUES).subject == "A note for Rosa"
        change(Words("", "", ""))
        assert filled(NOTE, "en", VALUES).subject == "A note for Rosa"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (Words("Hello ((name))", "((what))", "((what))"), "subject"),
        (Words("Hello", "((what)) ((link))", "((what))"), "body"),
        (Words("Hello", "", "((what))"), "body"),
        (Words("Hello", "((what))", ""), "short"),
    ],
)
def test_words_that_can_t_be_filled_are_refused(app: Flask, words: Words, field: str) -> None:
    with app.test_request_context():
        with pytest.raises(Refused) as refused:
            change(words)
        assert refused.value.field == field


def test_a_link_can_t_be_left_out(app: Flask) -> None:
    with app.test_request_context():
        link = next(t for t in offered(Template) if t.purpose == "grants.link")
        with pytest.raises(Refused, match=r"\(\(link\)\)"):
            reword(
                template=link,
                language="en",
                words=Words("Your link", "Ask us", "((link))"),
                actor="staff:test",
            )
        with force_locale("bn"):
            assert "((link))" in own_words(link, "bn").body


def test_an_empty_place_leaves_no_gap(app: Flask) -> None:
    with app.app_context():
        assert "\n\n\n" not in filled(NOTE, "en", {**VALUES, "what": ""}).body


@given(what=st.text(alphabet="(who) \\g<1>", max_size=30))
def test_what_fills_a_place_is_never_a_place(what: str) -> None:
    from panel_app.outbox import templates

    said = templates.fill("<((what))>((who))", {"what": what, "who": "Rosa"})
    assert said == f"<{what}>Rosa".strip()
