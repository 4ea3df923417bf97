"""The formulas against figures worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.opinions import Direction
from panel_app.opinions.api import analyse_given_groups
from panel_app.opinions.representative import majority_statements, representative_statements
from panel_app.opinions.statistics import (
    Tally,
    division,
    group_informed_consensus,
    leanings,
    per_group,
)
from tests.opinions.made_up import matrix_from

EXACT = 1e-9


def tally(*groups: list[tuple[int, int, int]]) -> Tally:
    """Each group a list of (agree, disagree, votes), one a statement."""
    array = np.array(groups, dtype=float)
    return Tally(array[:, :, 0], array[:, :, 1], array[:, :, 2])


def nothing_skipped(statements: int) -> np.ndarray:
    return np.zeros(statements, dtype=bool)


def test_share_counts_passes_as_votes() -> None:
    agree, disagree = leanings(tally([(6, 1, 10)], [(2, 7, 12)]))
    assert agree.share[:, 0] == pytest.approx([7 / 12, 3 / 14], abs=EXACT)
    assert disagree.share[:, 0] == pytest.approx([2 / 12, 8 / 14], abs=EXACT)


def test_share_test_by_hand() -> None:
    # 2 * sqrt(11) * (7/11 - 1/2) = 0.9045340337; 2 * sqrt(13) * (8/13 - 1/2) = 0.8320502943
    agree, disagree = leanings(tally([(6, 1, 10)], [(2, 7, 12)]))
    assert agree.share_test[0, 0] == pytest.approx(0.9045340337332909, abs=EXACT)
    assert disagree.share_test[1, 0] == pytest.approx(0.8320502943378437, abs=EXACT)


def test_ratio_compares_with_all_other_groups_together() -> None:
    # group 0 against groups 1 and 2: others agree 2 + 3 of 12 + 4
    agree, _ = leanings(tally([(6, 1, 10)], [(2, 7, 12)], [(3, 0, 4)]))
    assert agree.ratio[0, 0] == pytest.approx((7 / 12) / (6 / 18), abs=EXACT)


def test_ratio_test_by_hand() -> None:
    # p1 = 7/11, p2 = 3/13, p = 10/24: (7/11 - 3/13) / sqrt(10/24 * 14/24 * (1/11 + 1/13))
    agree, _ = leanings(tally([(6, 1, 10)], [(2, 7, 12)]))
    expected = (7 / 11 - 3 / 13) / sqrt(10 / 24 * 14 / 24 * (1 / 11 + 1 / 13))
    assert expected == pytest.approx(2.008175100126289, abs=EXACT)
    assert agree.ratio_test[0, 0] == pytest.approx(expected, abs=EXACT)
    assert agree.ratio_test[1, 0] == pytest.approx(-expected, abs=EXACT)


def test_ratio_test_is_nothing_where_all_chose_it() -> None:
    agree, _ = leanings(tally([(4, 0, 4)], [(7, 0, 7)]))
    assert agree.ratio_test.tolist() == [[0.0], [0.0]]


def test_consensus_is_the_product_over_groups() -> None:
    counts = tally([(6, 1, 10), (0, 0, 0)], [(2, 7, 12), (9, 0, 9)], [(3, 0, 4), (1, 1, 2)])
    expected = [float(Fraction(7, 12) * Fraction(3, 14) * Fraction(4, 6))]
    expected.append(float(Fraction(1, 2) * Fraction(10, 11) * Fraction(2, 4)))
    assert group_informed_consensus(counts) == pytest.approx(expected, abs=EXACT)
    rejected = float(Fraction(2, 12) * Fraction(8, 14) * Fraction(1, 6))
    assert group_informed_consensus(counts, Direction.DISAGREE)[0] == pytest.approx(
        rejected, abs=EXACT
    )
    root = per_group(group_informed_consensus(counts), 3)
    assert root == pytest.approx(np.array(expected) ** (1 / 3), abs=EXACT)


def test_division_is_the_widest_gap_between_groups_not_the_place_on_the_map() -> None:
    counts = tally([(9, 0, 10)], [(5, 0, 10)], [(1, 8, 10)])
    assert division(counts)[0] == pytest.approx(10 / 12 - 2 / 12, abs=EXACT)


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=2, max_size=5))
def test_formulas_hold_for_any_counts(counts: list[tuple[int, int, int]]) -> None:
    groups = [(a, d, a + d + passes) for a, d, passes in counts]
    agree, disagree = leanings(tally(*([group] for group in groups)))
    for row, (a, d, n) in enumerate(groups):
        others = [group for other, group in enumerate(groups) if other != row]
        oa, od, on = (sum(group[part] for group in others) for part in range(3))
        for side, mine, theirs in ((agree, a, oa), (disagree, d, od)):
            share = Fraction(mine + 1, n + 2)
            assert side.share[row, 0] == pytest.approx(float(share), abs=EXACT)
            ratio = share / Fraction(theirs + 1, on + 2)
            assert side.ratio[row, 0] == pytest.approx(float(ratio), abs=EXACT)
            p = Fraction(mine + theirs + 2, n + on + 2)
            gap = Fraction(mine + 1, n + 1) - Fraction(theirs + 1, on + 1)
            error = sqrt(p * (1 - p) * (Fraction(1, n + 1) + Fraction(1, on + 1)))
            expected = float(gap) / error if error else 0.0
            assert side.ratio_test[row, 0] == pytest.approx(expected, abs=1e-8)
    product = prod((Fraction(a + 1, n + 2) for a, _, n in groups), start=Fraction(1))
    found = group_informed_consensus(tally(*([group] for group in groups)))
    assert found[0] == pytest.approx(float(product), abs=EXACT)


def test_representative_statements_are_ranked_by_all_four_measures() -> None:
    counts = tally(
        [(40, 2, 45), (35, 5, 45), (2, 40, 45), (20, 20, 45)],
        [(3, 30, 40), (10, 20, 40), (35, 2, 40), (20, 15, 40)],
    )
    agree, disagree = leanings(counts)
    first, second = representative_statements(counts, ["p", "q", "r", "s"], nothing_skipped(4))
    assert [(p.statement, p.direction.value) for p in first] == [
        ("p", "agree"),
        ("q", "agree"),
        ("r", "disagree"),
    ]
    assert (first[0].count, first[0].votes, first[0].best_agree) == (40, 45, True)
    assert first[0].share == pytest.approx(41 / 47, abs=EXACT)
    assert first[0].ratio == pytest.approx((41 / 47) / (4 / 42), abs=EXACT)
    assert agree.weight[0, 0] > agree.weight[0, 1]
    assert [(p.statement, p.direction.value) for p in second] == [("r", "agree"), ("p", "disagree")]
    assert second[1].count == 30
    assert disagree.is_significant[1].tolist() == [True, False, False, False]


def test_five_at_most_and_agreements_first() -> None:
    mine = [(40 - n, 2, 45) for n in range(4)] + [(2, 40 - n, 45) for n in range(4)]
    theirs = [(3, 35, 45)] * 4 + [(35, 3, 45)] * 4
    names = [str(n) for n in range(8)]
    first, _ = representative_statements(tally(mine, theirs), names, nothing_skipped(8))
    assert len(first) == 5
    directions = [pick.direction for pick in first]
    assert directions == sorted(directions, key=lambda one: one is Direction.DISAGREE)


def test_best_agreement_comes_first_even_where_nothing_sets_the_group_apart() -> None:
    # both groups agree alike: nothing is significantly more theirs
    counts = tally([(20, 0, 22), (12, 3, 22)], [(20, 0, 22), (12, 3, 22)])
    first, second = representative_statements(counts, ["p", "q"], nothing_skipped(2))
    assert [pick.statement for pick in first] == ["p"]
    assert [pick.statement for pick in second] == ["p"]
    assert first[0].best_agree


def test_without_any_agreement_the_most_unlike_statement_stands_alone() -> None:
    counts = tally([(0, 3, 6), (1, 2, 6)], [(2, 2, 6), (2, 3, 6)])
    first, _ = representative_statements(counts, ["p", "q"], nothing_skipped(2))
    agree, disagree = leanings(counts)
    unlike = np.maximum(agree.ratio_test[0], disagree.ratio_test[0]).argmax()
    assert [pick.statement for pick in first] == [["p", "q"][unlike]]
    assert not first[0].best_agree


def test_rejected_statements_are_never_picked() -> None:
    rows = [[1, 1]] * 20 + [[-1, 1]] * 20
    groups = {str(person): person // 20 for person in range(40)}
    analysis = analyse_given_groups(matrix_from(rows, moderation={0: -1}), groups)
    picked = [p.statement for picks in analysis.representative.values() for p in picks]
    assert set(picked) == {"1"}
    assert [p.statement for p in analysis.majority.agree] == ["1"]
    # but their consensus is still counted: (20+1)/(20+2) * (0+1)/(20+2)
    assert analysis.consensus["0"] == pytest.approx(21 / 22 * 1 / 22, abs=EXACT)


def test_majority_is_of_all_voters_clustered_or_not() -> None:
    everyone = tally([(30, 5, 40), (22, 10, 40), (3, 33, 40), (21, 0, 40)])
    majority = majority_statements(everyone, ["p", "q", "r", "s"], nothing_skipped(4))
    # q: 2 * sqrt(41) * (23/41 - 1/2) = 0.78 is below 1.2816; s lower still
    assert [(p.statement, p.count, p.votes) for p in majority.agree] == [("p", 30, 40)]
    assert [(p.statement, p.count, p.votes) for p in majority.disagree] == [("r", 33, 40)]
    assert majority.agree[0].share == pytest.approx(31 / 42, abs=EXACT)


def test_majority_lists_the_five_strongest() -> None:
    everyone = tally([(30 + n, 0, 40) for n in range(8)])
    names = [str(n) for n in range(8)]
    majority = majority_statements(everyone, names, nothing_skipped(8))
    assert [pick.statement for pick in majority.agree] == ["7", "6", "5", "4", "3"]
