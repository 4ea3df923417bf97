"""The questions that a programme begins with: what an answer must be, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from panel_app.core.translated import Translated
from panel_app.grants.models import Mission
from panel_app.grants.questionnaire import FIXED, default_questions
from panel_app.grants.rules import names, telling_words, ways_to_reach
from panel_app.questions import asking
from panel_app.questions.kinds.numbers import pence
from panel_app.questions.question import Question

MISSIONS = [Mission(code, Translated.of(en=code)) for code in ("food", "together")]
LIMITS = {"title": 80, "plan": 1_500, "people": 1_000, "costs": 1_000, "name": 80}


@pytest.fixture
def asked(app: Flask) -> Iterator[dict[str, Question]]:
    """Return the questions by code."""
    with app.test_request_context():
        yield {one.code: one for one in default_questions(MISSIONS, 200_000)}


def fault(question: Question, typed: str) -> object | None:
    """Return what is wrong with what somebody types."""
    kept = asking.as_typed([question], MultiDict({question.code: typed}))
    return asking.faults([question], kept).get(question.code)


def test_there_are_eight_on_a_page_each(asked: dict[str, Question]) -> None:
    assert len(asking.pages(list(asked.values()))) == 8
    assert set(asked) >= FIXED
    assert [code for code, one in asked.items() if one.hidden] == ["contact", "name"]


def test_with_one_mission_nobody_is_asked_which(app: Flask) -> None:
    with app.test_request_context():
        for missions in (MISSIONS[:1], []):
            assert "mission" not in {one.code for one in default_questions(missions, 1)}


def test_they_are_asked_in_every_language(asked: dict[str, Question]) -> None:
    for one in asked.values():
        assert {"en", "ar", "bn"} <= set(one.wording.versions), one.code
        assert one.help is None or {"en", "ar", "bn"} <= set(one.help.versions), one.code


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1850", 185_000),
        ("£1,850.50", 185_050),
        ("١٢٥٠", 125_000),
        ("\u200f১৮৫০\u200e", 185_000),
        (" 2000 ", 200_000),
    ],
)
def test_amounts_are_read_as_people_write_them(
    asked: dict[str, Question], typed: str, amount: int
) -> None:
    kept = asking.as_typed([asked["amount"]], MultiDict({"amount": typed}))
    assert fault(asked["amount"], typed) is None
    assert pence(str(kept["amount"])) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0.00",
        "-5",
        "−5",
        "1e309",
        "NaN",
        "inf",
        "2000.01",
        "9" * 20,
        "12 euros",
        "1;2",
        "²",
    ],
)
def test_other_amounts_are_refused(asked: dict[str, Question], typed: str) -> None:
    assert fault(asked["amount"], typed)


@pytest.mark.parametrize("code", ["title", "plan", "people", "costs"])
def test_texts_are_needed_and_bounded(asked: dict[str, Question], code: str) -> None:
    assert fault(asked[code], "")
    assert fault(asked[code], "\0\u202e ")
    assert not fault(asked[code], "x" * LIMITS[code])
    assert fault(asked[code], "x" * (LIMITS[code] + 1))


@pytest.mark.parametrize("contact", ["", "rosa@example.org", "07700 900123", "+44 (0)7700-900123"])
def test_contact_is_a_way_to_be_reached_or_nothing(
    asked: dict[str, Question], contact: str
) -> None:
    assert fault(asked["contact"], contact) is None


@pytest.mark.parametrize("contact", ["rosa", "rosa@", "@x", "123", "a@b", "<a@b.c>", "1" * 16])
def test_other_contacts_are_refused(asked: dict[str, Question], contact: str) -> None:
    assert fault(asked["contact"], contact)


def test_unknown_choices_are_refused(asked: dict[str, Question]) -> None:
    assert fault(asked["kind"], "party")
    assert fault(asked["mission"], "other")


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("Ann cooks", "ann", True),
        ("A good plan", "Ann", False),
        ("By ROSA   Quillfeather", "Rosa Quillfeather", True),
        ("anything", "", False),
        ("(.*)", ".*", True),
    ],
)
def test_a_name_is_found_whole(text: str, name: str, named: bool) -> None:
    assert names(text, name) is named


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(code=st.sampled_from(sorted(FIXED)), typed=st.text(max_size=300))
def test_no_text_breaks_a_question(asked: dict[str, Question], code: str, typed: str) -> None:
    kept = asking.as_typed([asked[code]], MultiDict({code: typed}))
    assert "\0" not in kept[code]
    fault(asked[code], typed)
    asking.in_words(asked[code], kept[code], "ar")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rosa cooks well", ["Rosa"]),
        ("rosa cooks; Will helps", ["Will"]),
        ("we will see", []),
        ("Ask Mrs Bell or write to bell@example.org", ["Mrs Bell", "bell@example.org"]),
        ("Call 020 7946 0000 at 10.30", ["020 7946 0000"]),
        ("£1,850 for 25 children, 2026 to 2027", []),
        ("রোজা ভালো রান্না করেন", []),
    ],
)
def test_words_that_may_name_somebody_are_found(text: str, found: list[str]) -> None:
    assert telling_words(text, "Rosa Will of Elm") == found


@given(st.text(max_size=60), st.text(max_size=20))
def test_words_are_looked_for_in_any_text(text: str, name: str) -> None:
    assert all(word in text for word in telling_words(text, name))


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Dance with mp@example.org", ["mp@example.org"]),
        ("Ring +44 20 7946 0000", ["+44 20 7946 0000"]),
        ("Holidays 2026-2027 for 25 children, £1,850", []),
        ("কল 020 7946 0000", ["020 7946 0000"]),
    ],
)
def test_ways_to_reach_somebody_are_found(title: str, found: list[str]) -> None:
    assert ways_to_reach(title) == found
