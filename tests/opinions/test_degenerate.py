"""Matrices with nothing to find in them: no crash, nothing claimed, nothing shown."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from panel_app.gettext_protocol import plain_gettext, plain_ngettext
from panel_app.opinions import Reading, tell_place, where_you_sit
from panel_app.opinions.api import (
    Statement,
    VoteMatrix,
    analyse,
    leanings_of,
    matrix_of,
    read_votes,
)
from panel_app.opinions.may_show import smallest_group
from panel_app.opinions.projection import project
from tests.opinions.made_up import matrix_from

UNSEEN = 9


def check(matrix: VoteMatrix) -> None:
    """What holds of any matrix at all."""
    analysis = analyse(matrix)
    people, sizes = len(matrix.participants), list(analysis.sizes.values())
    assert sum(sizes) == len(analysis.groups) <= people
    if analysis.gate.shown:
        assert len(sizes) > 1
        assert min(sizes) >= smallest_group(len(analysis.groups))
        assert analysis.gate.stability is not None
        assert 0.8 <= analysis.gate.stability <= 1
    assert analysis.gate.stability is None or -1 <= analysis.gate.stability <= 1
    voted = {matrix.participants[row] for row in np.flatnonzero(matrix.seen.any(axis=1))}
    assert analysis.groups.keys() <= voted
    assert all(0 < value <= 1 for value in analysis.consensus.values())
    assert np.isfinite(project(matrix).points).all()
    reading = read_votes(analysis)
    for remark in (*reading.common_ground, *reading.divides, *reading.unsure):
        assert remark.everyone.votes >= 5
        rest = remark.everyone.votes - sum(counts.votes for counts in remark.groups.values())
        assert rest == 0 or rest >= 5
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    place = where_you_sit(leanings_of(analysis), dict.fromkeys(matrix.statement_ids, 1))
    assert tell_place(place, gettext=plain_gettext, ngettext=plain_ngettext)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 1, -1]] * 30,  # everyone alike
        [[1, -1, 0, 1, 1, -1, 0, 1]],  # one person
        [[1]] * 12 + [[-1]] * 12,  # one statement
        [[0] * 9] * 20,  # all passes
        [[UNSEEN] * 9] * 20,  # all missing
        [[1] * 9] * 19 + [[-1] * 9],  # one against all
        [[1] + [UNSEEN] * 9] * 20,  # one vote each
    ],
)
def test_nothing_to_find(rows: list[list[int]]) -> None:
    check(matrix_from(rows))


def test_everyone_alike_is_common_ground_and_no_groups() -> None:
    analysis = analyse(matrix_from([[1, 1, -1]] * 30))
    assert (analysis.k, analysis.silhouette, analysis.gate.shown) == (1, None, False)
    assert len(read_votes(analysis).common_ground) == 3


def test_nobody_and_nothing() -> None:
    assert analyse(matrix_of([], [])).k == 0
    assert analyse(matrix_of([], [Statement("1")])).groups == {}
    check(matrix_of([], [Statement("1")]))


def test_all_statements_rejected() -> None:
    matrix = matrix_from([[1, -1]] * 10 + [[-1, 1]] * 10, moderation={0: -1, 1: -1})
    assert analyse(matrix).k == 1
    check(matrix)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.int8,
        array_shapes(min_dims=2, max_dims=2, max_side=25),
        elements=st.sampled_from([-1, 0, 1, UNSEEN]),
    )
)
def test_any_matrix_is_survived(rows: np.ndarray) -> None:
    check(matrix_from(rows))


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10_000))
def test_pinned_number_is_kept_or_no_groups_at_all(k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    analysis = analyse(matrix_from(rng.integers(-1, 2, size=(40, 8))), k=k, measured=False)
    assert analysis.k in (1, k)
