"""Summaries against the plainest way to count, and the rule of five in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel_app.questions import asking, queries
from panel_app.questions.kinds import kind_called
from panel_app.questions.question import Condition
from panel_app.questions.summaries import Summary
from tests.factories.questions import make_question, one_of_each, options
from tests.questions.test_kinds import RIGHT, kept

EACH = {question.kind: question for question in one_of_each()}
COUNTED = ["one_of", "yes_no", "scale"]


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?l=en"):
        yield


def of(kind: str, answers: list[Any]) -> Summary:
    return kind_called(kind).summarise(EACH[kind], answers)


quick = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", EACH)
@quick
@given(data=st.data())
def test_under_five_nothing_is_told(asked: None, kind: str, data: st.DataObject) -> None:
    typed = data.draw(st.lists(RIGHT[kind], max_size=4))
    answers = [answer for one in typed if (answer := kept(EACH[kind], one))]
    summary = of(kind, answers)
    assert (summary.answers, summary.rows, dict(summary.figures)) == (None, (), {})


@pytest.mark.parametrize("kind", EACH)
@quick
@given(data=st.data())
def test_summary_is_written_and_read_back(asked: None, kind: str, data: st.DataObject) -> None:
    typed = data.draw(st.lists(RIGHT[kind], min_size=5, max_size=30))
    answers = [answer for one in typed if (answer := kept(EACH[kind], one))]
    summary = of(kind, answers)
    assert Summary.from_json(summary.to_json()) == summary
    shown = queries.result(EACH[kind], summary)
    assert all(0 <= row.bar.share <= 100 and str(row.label) for row in shown.rows)


@pytest.mark.parametrize("kind", COUNTED)
@quick
@given(data=st.data())
def test_counts_are_what_was_answered(asked: None, kind: str, data: st.DataObject) -> None:
    answers = data.draw(st.lists(RIGHT[kind], min_size=5, max_size=60))
    for row in of(kind, answers).rows:
        count = sum(answer == row.key for answer in answers)
        assert row.low <= count <= row.high
        assert not row.exact or row.low == 0 or count >= 5


@quick
@given(st.lists(st.lists(st.sampled_from("abc"), unique=True, min_size=1), min_size=5, max_size=40))
def test_neither_a_tick_nor_its_absence_is_told_of_few(asked: None, answers: list[Any]) -> None:
    for row in of("several_of", answers).rows:
        ticked = sum(row.key in answer for answer in answers)
        assert row.low <= ticked <= row.high
        if row.exact:
            assert all(part == 0 or part >= 5 for part in (ticked, len(answers) - ticked))


@quick
@given(st.lists(RIGHT["ranking"], min_size=5, max_size=20))
def test_places_are_averaged(asked: None, answers: list[Any]) -> None:
    rows = of("ranking", answers).rows
    assert [row.low for row in rows] == sorted(row.low for row in rows)
    for row in rows:
        places = [answer.index(row.key) + 1 for answer in answers]
        assert row.low == round(sum(places) / len(places), 1)


@quick
@given(st.lists(RIGHT["points"], min_size=5, max_size=30))
def test_points_of_few_people_are_not_told(asked: None, answers: list[Any]) -> None:
    rows = of("points", answers).rows
    for row in rows:
        each = [int(answer.get(row.key, 0)) for answer in answers]
        assert row.low <= sum(each) <= row.high
        givers = sum(bool(points) for points in each)
        assert not row.exact or row.high == 0 or givers >= 5 or row.of == 0
    assert sum(not row.exact for row in rows) != 1 or sum(row.high > 0 for row in rows) == 1


@quick
@given(st.lists(st.integers(0, 2_000), min_size=5, max_size=30))
def test_numbers_are_averaged(asked: None, numbers: list[int]) -> None:
    figures = of("number", [f"{number:,}" for number in numbers]).figures
    assert figures["mean"] == round(sum(numbers) / len(numbers), 1)
    below = sum(number <= figures["middle"] for number in numbers)
    assert below >= len(numbers) / 2


def test_average_of_a_scale_waits_for_every_count(asked: None) -> None:
    assert of("scale", ["5"] * 7 + ["1"] * 5).figures == {"mean": 3.3}
    assert of("scale", ["5"] * 7 + ["1"] * 2).figures == {}


def test_only_those_who_were_asked_are_counted(asked: None) -> None:
    first = make_question("yes_no", "first")
    second = make_question(
        "one_of", "second", options=options("A", "B"), only_if=Condition("first", "yes")
    )
    given_by = [{"first": "yes", "second": "a"}] * 6 + [{"first": "no", "second": "b"}] * 7
    told = {q.code: summary for q, summary in queries.summaries([first, second], given_by)}
    assert told["first"].answers == 13
    assert [(row.key, row.low) for row in told["second"].rows] == [("a", 6), ("b", 0)]
    assert asking.asked_of([first, second], given_by[-1]) == [first]
