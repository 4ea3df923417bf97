"""What an answer must be, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.grants import questions
from panel_app.grants.questions import Terms

TERMS = Terms(200_000, ("food",))


def test_there_are_at_most_eight() -> None:
    assert len(questions.asked(TERMS)) == 8
    assert "mission" not in questions.asked(Terms(1, ()))


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("1850", 185_000),
        ("£1,850.50", 185_050),
        ("١٢٥٠", 125_000),
        ("\u200f১৮৫০\u200e", 185_000),
        (" 2000 ", 200_000),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, pence: int) -> None:
    answers = {"amount": questions.kept("amount", typed)}
    assert questions.faults("amount", answers, TERMS) == {}
    assert questions.pence(answers) == pence


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
def test_other_amounts_are_refused(typed: str) -> None:
    answers = {"amount": questions.kept("amount", typed)}
    assert "amount" in questions.faults("amount", answers, TERMS)


@pytest.mark.parametrize("field", ["title", "plan", "people", "costs"])
def test_texts_are_needed_and_bounded(field: str) -> None:
    limit = questions.LIMITS[field]
    assert questions.faults(field, {}, TERMS)
    assert questions.faults(field, {field: questions.kept(field, "\0\u202e ")}, TERMS)
    assert not questions.faults(field, {field: "x" * limit}, TERMS)
    assert questions.faults(field, {field: "x" * (limit + 1)}, TERMS)


@pytest.mark.parametrize("contact", ["", "rosa@example.org", "07700 900123", "+44 (0)7700-900123"])
def test_contact_is_a_way_to_be_reached_or_nothing(contact: str) -> None:
    assert questions.faults("contact", {"contact": contact}, TERMS) == {}


@pytest.mark.parametrize("contact", ["rosa", "rosa@", "@x", "123", "a@b", "<a@b.c>", "1" * 16])
def test_other_contacts_are_refused(contact: str) -> None:
    assert questions.faults("contact", {"contact": contact}, TERMS)


def test_unknown_choices_are_refused() -> None:
    assert questions.faults("kind", {"kind": "party"}, TERMS)
    assert questions.faults("mission", {"mission": "other"}, TERMS)


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
    assert questions.names(text, name) is named


@given(st.sampled_from(questions.QUESTIONS), st.text(max_size=300))
def test_no_text_breaks_a_question(question: str, typed: str) -> None:
    answers = {field: questions.kept(field, typed) for field in questions.FIELDS[question]}
    assert set(questions.faults(question, answers, TERMS)) <= set(questions.FIELDS[question])
    assert "\0" not in "".join(answers.values())


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
    assert questions.telling_words(text, "Rosa Will of Elm") == found


@given(st.text(max_size=60), st.text(max_size=20))
def test_words_are_looked_for_in_any_text(text: str, name: str) -> None:
    assert all(word in text for word in questions.telling_words(text, name))
