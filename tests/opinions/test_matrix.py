"""From an event log to the matrix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from panel_app.opinions.api import Statement, Vote, matrix_of
from panel_app.opinions.votes import AGREE, DISAGREE, PASS, TooLarge

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TREES, HALL = Statement("3", "Trees"), Statement("12", "Hall")


def test_last_vote_by_time_counts_whatever_the_order_of_rows() -> None:
    votes = [
        Vote("a", "3", DISAGREE, NOON + timedelta(seconds=1)),
        Vote("a", "3", AGREE, NOON),
    ]
    assert matrix_of(votes, [TREES]).values.tolist() == [[DISAGREE]]


def test_votes_at_the_same_moment_count_in_the_order_given() -> None:
    votes = [Vote("a", "3", AGREE, NOON), Vote("a", "3", PASS, NOON)]
    matrix = matrix_of(votes, [TREES])
    assert matrix.values.tolist() == [[PASS]]
    assert matrix.seen.tolist() == [[True]]


def test_pass_is_a_vote_and_unseen_is_not() -> None:
    matrix = matrix_of([Vote("a", "3", PASS)], [TREES, HALL])
    assert matrix.votes == 1
    assert matrix.seen.tolist() == [[True, False]]


def test_rows_and_columns_are_in_number_order() -> None:
    votes = [Vote(person, "12", AGREE) for person in ("10", "9", "x", "b")]
    matrix = matrix_of(votes, [HALL, TREES])
    assert matrix.participants == ("9", "10", "b", "x")
    assert matrix.statement_ids == ("3", "12")


def test_vote_on_an_unlisted_statement_is_an_error() -> None:
    with pytest.raises(KeyError):
        matrix_of([Vote("a", "99", AGREE)], [TREES])


def test_more_statements_than_the_engine_takes_are_refused() -> None:
    with pytest.raises(TooLarge, match="10001 statements"):
        matrix_of([], [Statement(str(number)) for number in range(10_001)])
