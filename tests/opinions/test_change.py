"""The table of before and after."""

from __future__ import annotations

from math import sqrt

import pytest

from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from panel_app.opinions import ChangeRow, change_sentence, change_table


def answers(values: dict[str, float], question: str = "q") -> dict[str, dict[str, float]]:
    return {person: {question: value} for person, value in values.items()}


BEFORE = answers({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "only": 5})
AFTER = answers({"a": 3, "b": 3, "c": 3, "d": 5, "e": 4, "late": 1, "later": 1})


def test_only_those_who_answered_both_times_count() -> None:
    (row,) = change_table(BEFORE, AFTER, ["q"])
    assert (row.n, row.only_before, row.only_after) == (5, 1, 2)
    assert row.before == pytest.approx(3.0)
    assert row.after == pytest.approx(3.6)
    assert row.change == pytest.approx(0.6)


def test_standard_error_is_that_of_paired_differences() -> None:
    # differences 2, 1, 0, 1, -1: mean 0.6, squares about it 5.2, variance 1.3
    (row,) = change_table(BEFORE, AFTER, ["q"])
    assert row.standard_error == pytest.approx(sqrt(1.3 / 5))


def test_fewer_than_five_pairs_are_suppressed_entirely() -> None:
    (row,) = change_table({p: BEFORE[p] for p in "abcd"}, AFTER, ["q"])
    assert row == ChangeRow("q", "", None)
    assert row.is_suppressed


def test_question_asked_only_once_is_suppressed() -> None:
    (row,) = change_table(BEFORE, answers({"a": 1}, "other"), ["q"])
    assert row.is_suppressed


def people(count: int, start: int = 0) -> list[str]:
    return [f"p{start + number}" for number in range(count)]


def test_parts_are_compared_each_with_itself() -> None:
    parts = dict.fromkeys(people(6), "north") | dict.fromkeys(people(7, 6), "south")
    before = answers(dict.fromkeys(parts, 1.0))
    after = answers({p: 2.0 if part == "north" else 0.0 for p, part in parts.items()})
    whole, north, south = change_table(before, after, ["q"], parts=parts)
    assert (whole.n, north.n, south.n) == (13, 6, 7)
    assert (north.change, south.change) == (1.0, -1.0)


def test_lone_small_part_takes_the_next_smallest_with_it() -> None:
    sizes = {"north": 9, "south": 6, "west": 3}
    parts = {f"{part}{n}": part for part, size in sizes.items() for n in range(size)}
    table = answers(dict.fromkeys(parts, 1.0))
    whole, north, south, west = change_table(table, table, ["q"], parts=parts)
    # 18 less 9 less 6 would give west away
    assert (whole.n, north.n, south.n, west.n) == (18, 9, None, None)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"north": 9, "south": 6, "west": 2, "east": 1}, {"north"}),  # the two make three together
        ({"north": 9, "south": 6, "": 3}, {"north"}),  # three in no part
        ({"north": 9, "south": 6, "west": 4, "east": 1}, {"north", "south"}),
        ({"north": 9, "west": 3}, set()),
    ],
)
def test_parts_never_leave_one_to_four_people_to_work_out(
    sizes: dict[str, int], told: set[str]
) -> None:
    people = {f"{part}{n}": part for part, size in sizes.items() for n in range(size)}
    table = answers(dict.fromkeys(people, 1.0))
    parts = {person: part for person, part in people.items() if part}
    _, *rows = change_table(table, table, ["q"], parts=parts)
    assert {row.part for row in rows if not row.is_suppressed} == told


def test_missing_numbers_are_not_answers() -> None:
    (row,) = change_table({**BEFORE, "f": {"q": float("nan")}}, {**AFTER, "f": {"q": 1}}, ["q"])
    assert row.n == 5


def test_change_is_said_with_its_count() -> None:
    rows = change_table(BEFORE, AFTER, ["q", "none"])
    words = {"gettext": plain_gettext, "ngettext": plain_ngettext}
    assert change_sentence(rows[0], "Is the park safe?", **words) == (
        "“Is the park safe?”: the average of the 5 people who answered both times went from "
        "3.00 to 3.60 (give or take 0.51)."
    )
    assert "too few people" in change_sentence(rows[1], "?", **words)
