"""The rule of five, against everybody who knows the rule and the total."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.core.disclosure import FEWEST, Told, in_steps, tell


@pytest.mark.parametrize(("cells", "most"), [(2, 26), (3, 14), (4, 9), (5, 6)])
def test_no_small_count_can_be_worked_out(cells: int, most: int) -> None:
    """Whoever knows the rule looks for every set of counts that would be told the same way."""
    alike = defaultdict(list)
    for counts in product(range(most + 1), repeat=cells):
        alike[sum(counts), tuple((t.low, t.high) for t in tell(counts))].append(counts)
    for (total, _told), sets in alike.items():
        for place in range(cells):
            possible = {counts[place] for counts in sets}
            # At the edge of what is listed here, larger counts are missing.
            if total <= most and total >= FEWEST and min(possible) < FEWEST:
                assert possible == {0} or len(possible) > 1, sets


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_what_is_told_is_true(counts: list[int]) -> None:
    for count, told in zip(counts, tell(counts), strict=True):
        assert told.low <= count <= told.high
        if 0 < count < FEWEST:
            assert not told.exact


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([8, 7, 5], [(8, 8), (7, 7), (5, 5)]),
        ([18, 2], [(16, 19), (1, 4)]),
        ([20, 0], [(20, 20), (0, 0)]),
        ([3, 3, 0], [(0, 6), (0, 6), (0, 6)]),
        ([2, 1], [(0, 3), (0, 3)]),
        ([5, 1], [(0, 6), (0, 6)]),
        ([9, 5, 1], [(6, 9), (5, 5), (1, 4)]),
        ([9, 6, 3], [(8, 11), (6, 6), (1, 4)]),
    ],
)
def test_examples(counts: list[int], told: list[tuple[int, int]]) -> None:
    assert tell(counts) == [Told(low, high) for low, high in told]


def test_a_moving_figure_is_told_in_fives() -> None:
    assert [in_steps(number) for number in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
