"""Texts of residents' pages, typed in English and in other languages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from panel_app.core.translated import Translated, Version
from panel_app.web.desk.texts import Text, TextsForm, in_languages


class Thing(TextsForm):
    """A name, and a list."""

    texts = (Text("name", "Name", 20), Text("steps", "Steps", 90, needed=False, listed=True))


def typed(app: Flask, sent: dict[str, str], shown: object | None = None) -> Thing:
    """Return the form as it was sent."""
    with app.test_request_context(method="POST", data=sent):
        form = in_languages(Thing, shown)(meta={"csrf": False})
        form.validate()
        return form


def test_only_english_is_needed(app: Flask) -> None:
    assert not typed(app, {"name_en": "Spring"}).errors
    assert set(typed(app, {"name_ar": "ربيع"}).errors) == {"name_en"}


def test_what_is_typed_is_kept_by_language(app: Flask) -> None:
    sent = {
        "name_en": " Spring ",
        "name_ar": "\u202eربيع",
        "steps_en": "One\n\nTwo",
        "steps_bn": "এক\nদুই",
    }
    with app.app_context():
        form = typed(app, sent)
        assert form.text("name") == Translated.of(en="Spring", ar="ربيع")
        assert form.entries("steps") == [
            Translated.of(en="One", bn="এক"),
            Translated.of(en="Two", bn="দুই"),
        ]


@pytest.mark.parametrize(
    "sent",
    [{"steps_en": "One\nTwo", "steps_ar": "واحد"}, {"steps_ar": "واحد"}, {"steps_en": "x" * 91}],
)
def test_uneven_or_long_lists_are_refused(app: Flask, sent: dict[str, str]) -> None:
    assert set(typed(app, {"name_en": "Spring", **sent}).errors) == {"steps_en"}


def test_editing_keeps_what_was_left_alone(app: Flask) -> None:
    name = Translated(
        "en", {"en": Version("Spring"), "ar": Version("ربيع", "machine"), "so": Version("Gu")}
    )
    machine = Translated("en", {"en": Version("One"), "ar": Version("واحد", "machine")})
    shown = SimpleNamespace(name=name, steps=[machine, Translated.of(en="Two")])
    with app.test_request_context():
        form = in_languages(Thing, shown)(meta={"csrf": False})
        sent = {field.name: field.data for field in form}
    assert sent["steps_ar"] == "واحد\nTwo"
    assert (sent["name_ar"], sent["steps_en"]) == ("ربيع", "One\nTwo")
    with app.app_context():
        again = typed(app, {**sent, "name_en": "Summer"}, shown)
        assert again.text("name") == name.with_version("en", "Summer")
        assert again.entries("steps") == shown.steps
        assert again.others_in_use("name")
        bare = typed(app, {**sent, "steps_ar": ""}, shown)
        assert bare.entries("steps")[0] == Translated.of(en="One")
        assert not bare.others_in_use("steps")
