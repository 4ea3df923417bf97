"""A cloud of words: what counts as the same, and what may be told of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.questions.kinds import kind_called
from panel_app.questions.kinds.words import Words, plain
from panel_app.questions.question import Question
from tests.factories.questions import make_question

WORDS = make_question("words", "w", high=3)


def cloud(*answers: list[str], question: Question = WORDS) -> dict[str, tuple[float, float]]:
    rows = kind_called("words").summarise(question, answers).rows
    return {row.key: (row.low, row.high) for row in rows}


def test_case_accents_and_plural_count_as_one_word() -> None:
    said = [["Lamp"], ["lamps"], ["lamp"], ["LAMP"], ["lámp"], ["lamp"]]
    assert cloud(*said) == {"lamp": (6, 6)}


def test_a_plural_alone_stays_as_it_is() -> None:
    assert list(cloud(*[["benches"]] * 5)) == ["benches"]
    assert list(cloud(*[["bus"]] * 5, ["bu"])) == ["bus"]


def test_bengali_vowels_tell_words_apart() -> None:
    assert plain("কলা") != plain("কালা")
    assert plain("كِتَاب") == plain("كتاب")


def test_a_person_counts_once_for_a_word() -> None:
    assert cloud(*[["Lamp", "lamps", "lamp"]] * 5) == {"lamp": (5, 5)}


def test_words_of_fewer_than_five_have_no_number_and_no_order() -> None:
    told = cloud(*[["lamp"]] * 5, *[["zebra", "bins"]] * 2, ["bins"])
    assert told == {"lamp": (5, 5), "bins": (1, 4), "zebra": (1, 4)}
    assert list(told) == ["lamp", "bins", "zebra"]


def test_four_people_make_no_cloud() -> None:
    summary = kind_called("words").summarise(WORDS, [["lamp"]] * 4)
    assert (summary.answers, summary.rows) == (None, ())


@pytest.mark.parametrize("answer", [["a", "b", "c", "d"], ["x" * 31]])
def test_too_much_is_refused(answer: list[str]) -> None:
    assert Words().fault(WORDS, answer)


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), max_size=3), min_size=5, max_size=30))
def test_no_word_is_told_by_more_than_answered(answers: list[list[str]]) -> None:
    for low, high in cloud(*answers).values():
        assert 1 <= low <= high <= len(answers)


def fingers(*shown: int) -> dict[str, float]:
    question = make_question("fist", "f")
    return dict(kind_called("fist").summarise(question, [str(n) for n in shown]).figures)


def test_fist_to_five_says_whether_nobody_is_below_three() -> None:
    assert "none_below" in fingers(3, 4, 5, 3, 5)
    assert "some_below" in fingers(3, 4, 5, 2, 5)
    assert fingers(0, 0, 0, 0) == {}
