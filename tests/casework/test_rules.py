"""Who may take part, and what votes say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.casework import rules

OUTCOMES = ("fund", "part", "decline", "defer")


@pytest.mark.parametrize(
    ("level", "reads"),
    [(None, False), ("none", True), ("know", True), ("close", False), ("direct", False)],
)
def test_only_a_declared_member_without_close_interest_reads(level: str, reads: bool) -> None:
    assert rules.may_read(level) is reads


@pytest.mark.parametrize("old", [None, "none", "know", "close", "direct"])
@pytest.mark.parametrize("new", ["none", "know", "close", "direct"])
def test_nobody_lets_themselves_back_in(old: str | None, new: str) -> None:
    was_out, is_out = old in {"close", "direct"}, new in {"close", "direct"}
    assert rules.may_change(old, new) is (is_out or not was_out)


@pytest.mark.parametrize(
    ("votes", "quorum", "verdict", "outcome"),
    [
        ({}, 1, "below_quorum", "defer"),
        ({"fund": 2}, 3, "below_quorum", "defer"),
        ({"fund": 3}, 3, "clear", "fund"),
        ({"fund": 2, "decline": 1}, 3, "clear", "fund"),
        ({"fund": 2, "decline": 2}, 3, "tie", "defer"),
        ({"fund": 2, "part": 2, "decline": 3}, 5, "clear", "decline"),
        ({"fund": 1, "part": 1, "decline": 1}, 3, "tie", "defer"),
        ({"defer": 3}, 3, "clear", "defer"),
    ],
)
def test_most_votes_stand_once_enough_voted(
    votes: dict[str, int], quorum: int, verdict: str, outcome: str
) -> None:
    stands = rules.standing(votes, eligible=9, quorum=quorum)
    assert (stands.verdict, stands.outcome) == (verdict, outcome)


@given(
    st.dictionaries(st.sampled_from(OUTCOMES), st.integers(1, 20)),
    st.integers(1, 30),
)
def test_an_outcome_is_never_decided_by_chance_or_below_quorum(
    votes: dict[str, int], quorum: int
) -> None:
    stands = rules.standing(votes, eligible=100, quorum=quorum)
    if stands.verdict == "clear":
        others = [number for outcome, number in votes.items() if outcome != stands.outcome]
        assert sum(votes.values()) >= quorum
        assert all(votes[stands.outcome] > number for number in others)
    else:
        assert stands.outcome == "defer"
    turned = dict(reversed(votes.items()))
    assert rules.standing(turned, eligible=100, quorum=quorum) == stands


@given(st.lists(st.integers(0, 5), min_size=1))
def test_spread_counts_every_score(points: list[int]) -> None:
    spread = rules.spread(points)
    assert sum(number for _score, number in spread.counts) == len(points) == spread.number
    assert spread.lowest <= spread.mean <= spread.highest
    assert [score for score, _number in spread.counts] == [5, 4, 3, 2, 1, 0]
