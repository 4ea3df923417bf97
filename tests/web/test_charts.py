"""Charts: what is drawn stands for the figures, and its words say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from panel_app.web import charts

BEGAN = datetime(2026, 9, 1, 18, tzinfo=UTC)
DRAW = '{% import "web/charts.html" as charts with context %}'


def steps(*numbers: int | None) -> list[tuple[str, str, int | None]]:
    return [(str(i), f"step {i}", number) for i, number in enumerate(numbers, start=1)]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8), st.integers(0, 5000))
def test_parts_of_a_stack_follow_each_other_and_fit(numbers: list[int], whole: int) -> None:
    chart = charts.split("Money", [(str(n), n) for n in numbers], whole=whole)
    ends = [part.start + part.number for part in chart.parts]
    assert [part.start for part in chart.parts] == [0, *ends[:-1]]
    assert ends[-1] <= chart.whole
    assert chart.whole == max(whole, sum(numbers), 1)


@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=2, max_size=10))
def test_columns_stand_as_high_as_their_numbers(numbers: list[int | None]) -> None:
    chart = charts.distribution("Scale", steps(*numbers), whole=500)
    told = [(column.number or 0, column.height) for column in chart.columns]
    tallest = max(number for number, _height in told)
    for number, height in told:
        assert height == charts.percent(number, tallest)
    assert not tallest or max(height for _number, height in told) == 100


def test_small_multiples_share_one_scale() -> None:
    small = charts.distribution("Of 10", steps(5, 5), whole=10)
    large = charts.distribution("Of 100", steps(100, 0), whole=100)
    drawn_small, drawn_large = charts.on_one_scale([small, large])
    assert [column.height for column in drawn_small.columns] == [50, 50]
    assert [column.height for column in drawn_large.columns] == [100, 0]
    assert charts.on_one_scale([]) == []


def test_what_may_not_be_told_is_drawn_as_nothing_and_said(app: Flask) -> None:
    chart = charts.distribution("Scale", steps(None, 12), whole=15, ends=("bad", "good"))
    with app.test_request_context():
        drawn = render_template_string(DRAW + "{{ charts.columns(chart) }}", chart=chart)
    assert "step 1: not shown" in drawn
    assert "step 2: 12" in drawn
    assert 'y="100" width="1" height="0.0"' in drawn.replace("100.0", "100")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_marks_of_a_timeline_keep_order_and_stay_on_the_line(hours: list[int]) -> None:
    marks = charts.timeline(charts.Moment(BEGAN + timedelta(hours=h), str(h)) for h in hours)
    assert [mark.moment.label for mark in marks] == [str(h) for h in sorted(hours)]
    starts = [mark.start for mark in marks]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert starts[-1] <= 100 - charts.MARK


def test_a_timeline_is_a_list_in_words_too(app: Flask) -> None:
    marks = charts.timeline([charts.Moment(BEGAN, "Drawn", "/drawn"), charts.Moment(BEGAN, "Met")])
    with app.test_request_context():
        drawn = render_template_string(DRAW + "{{ charts.timeline(marks) }}", marks=marks)
    assert '<a href="/drawn">Drawn</a>' in drawn
    assert drawn.count("1 September 2026") == 2
    assert charts.timeline([]) == []
