"""Who may take part, and what votes say."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.casework import rules
from panel_app.grants.outcomes import OUTCOMES


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


ASKS = 1_000


def stands(votes: Sequence[rules.Vote], quorum: int = 1) -> rules.Standing:
    return rules.standing(votes, outcomes=OUTCOMES, asks=ASKS, eligible=100, quorum=quorum)


def papers(**numbers: int) -> list[rules.Vote]:
    """Return so many votes of each outcome; a part is of 600."""
    return [
        (key, 600 if key == "part" else None) for key, n in numbers.items() for _each in range(n)
    ]


@pytest.mark.parametrize(
    ("votes", "quorum", "verdict", "outcome", "amount"),
    [
        ([], 1, "below_quorum", "defer", None),
        (papers(fund=2), 3, "below_quorum", "defer", None),
        (papers(fund=3), 3, "clear", "fund", 1_000),
        (papers(fund=2, decline=1), 3, "clear", "fund", 1_000),
        (papers(fund=2, decline=2), 3, "no_majority", "defer", None),
        (papers(fund=2, part=2, decline=3), 5, "clear", "part", 600),
        (papers(fund=3, part=2, decline=2), 5, "clear", "part", 600),
        (papers(fund=1, part=1, decline=1), 3, "clear", "part", 600),
        (papers(fund=2, decline=2, defer=1), 3, "no_majority", "defer", None),
        (papers(decline=3, fund=2), 3, "clear", "decline", None),
        (papers(defer=3), 3, "clear", "defer", None),
    ],
)
def test_giving_something_counts_together_and_then_how_much(
    votes: list[rules.Vote], quorum: int, verdict: str, outcome: str, amount: int | None
) -> None:
    said = stands(votes, quorum)
    assert (said.verdict, said.outcome, said.amount) == (verdict, outcome, amount)


def test_of_an_even_number_the_lower_middle_amount_is_given() -> None:
    said = stands([("part", amount) for amount in (100, 300, 700, 900)])
    assert (said.outcome, said.amount, said.basis) == ("part", 300, "middle")


def test_votes_of_an_earlier_release_that_name_no_amount_decide_none() -> None:
    assert stands([("part", None)] * 3).verdict == "no_majority"
    assert stands([("part", None), ("part", None), ("part", 40)]).amount == 40


VOTES = st.lists(
    st.one_of(
        st.tuples(st.just("part"), st.integers(1, ASKS - 1)),
        st.tuples(st.sampled_from(("fund", "decline", "defer")), st.none()),
    ),
    max_size=15,
)


def by_hand(votes: Sequence[rules.Vote], quorum: int) -> tuple[str, int | None]:
    """Say the rule again, in another way: by asking of every amount who would give as much."""
    number = len(votes)
    given = [ASKS if key == "fund" else amount or 0 for key, amount in votes]
    if number < max(quorum, 1):
        return "defer", None
    for outcome in ("decline", "defer"):
        if sum(key == outcome for key, _amount in votes) > number / 2:
            return outcome, None
    giving = [amount for amount in given if amount]
    if not len(giving) > number / 2:
        return "defer", None
    if sum(amount == ASKS for amount in giving) > number / 2:
        return "fund", ASKS
    middle = statistics.median_low(giving)
    if middle == ASKS:
        middle = max(a for a in giving if sum(other >= a for other in giving) > number / 2)
    return "part", middle


@given(VOTES, st.integers(1, 12))
def test_the_votes_say_what_counting_by_hand_says(votes: list[rules.Vote], quorum: int) -> None:
    said = stands(votes, quorum)
    assert (said.outcome, said.amount) == by_hand(votes, quorum)
    assert stands(votes[::-1], quorum) == said


@given(VOTES, st.integers(1, 12))
def test_nothing_is_decided_without_a_majority_and_a_quorum(
    votes: list[rules.Vote], quorum: int
) -> None:
    said = stands(votes, quorum)
    giving = sum(key in {"fund", "part"} for key, _amount in votes)
    assert (said.amount is not None) == (len(votes) >= quorum and giving > len(votes) / 2)
    if said.outcome == "decline":
        assert votes.count(("decline", None)) > len(votes) / 2
    if said.outcome == "fund":
        assert votes.count(("fund", None)) > len(votes) / 2


@given(VOTES, st.integers(0, 2 * ASKS))
def test_what_can_be_recorded_is_never_more_than_what_is_left(
    votes: list[rules.Vote], left: int
) -> None:
    said = stands(votes)
    offered = rules.offers(said, OUTCOMES, left)
    assert offered[-1].outcome == "defer"
    assert all(0 < offer.amount <= left for offer in offered if offer.amount is not None)
    if said.amount and 0 < left < said.amount:
        assert offered[0] == rules.Offer("part", left, "pot")
    elif said.outcome != "defer" and (left or not said.amount):
        assert offered[0] == rules.Offer(said.outcome, said.amount, said.basis)


PARTS = st.lists(
    st.builds(
        rules.Part,
        weight=st.integers(1, 100),
        top=st.just(5),
        least=st.none() | st.integers(0, 5),
        sum=st.integers(0, 15),
        number=st.just(3),
    ),
    min_size=1,
    max_size=4,
)


@given(st.dictionaries(st.integers(1, 50), PARTS, max_size=8))
def test_ranking_is_by_exact_totals_and_whoever_misses_a_minimum_comes_last(
    cases: dict[int, list[rules.Part]],
) -> None:
    places = rules.ranking(cases)
    assert {place.key for place in places} == set(cases)
    for place in places:
        better = [
            other for other in places if (other.below, -other.total) < (place.below, -place.total)
        ]
        assert place.place == len(better) + 1
        assert place.total == sum(
            Fraction(p.sum * p.weight, p.number * p.top) for p in cases[place.key]
        )
    assert [place.below for place in places] == sorted(place.below for place in places)


def test_thirds_are_exact() -> None:
    third = rules.Part(weight=100, top=1, least=None, sum=1, number=3)
    assert rules.weighted([third]) * 3 == 100
