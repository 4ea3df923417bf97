"""A pot shared over lines: exact, truthful where promised, fair to each group, to the penny."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel_app.counting import CountError, count_shares, explain_shares
from panel_app.counting.phantoms import SHARE_RULES
from tests.counting.reference import moving_phantoms

LINES = ("caretaking", "repairs", "greens")


@st.composite
def papers(draw: st.DrawFn, lines: int = 3) -> list[list[int]]:
    """One to six papers of small whole numbers, many of them equal."""
    amounts = st.lists(st.integers(0, 4), min_size=lines, max_size=lines).filter(any)
    return draw(st.lists(amounts, min_size=1, max_size=6))


def shares_of(votes, rule: str) -> list[Fraction]:
    """The rule's exact shares of papers in any unit."""
    whole = [[Fraction(amount, sum(vote)) for amount in vote] for vote in votes]
    over = 1
    for vote in whole:
        for share in vote:
            over *= share.denominator
    columns = [sorted((int(s * over) for s in c), reverse=True) for c in zip(*whole, strict=True)]
    return SHARE_RULES[rule](columns, over)


def distance(shares, vote) -> Fraction:
    return sum(abs(share - Fraction(a, sum(vote))) for share, a in zip(shares, vote, strict=True))


@settings(max_examples=200, deadline=None)
@given(votes=papers(), rule=st.sampled_from(list(SHARE_RULES)), pot=st.integers(0, 10_000_019))
def test_amounts_sum_exactly_to_the_pot(votes, rule, pot):
    found = count_shares(LINES, votes, pot=pot, rule=rule)
    assert sum(share.amount for share in found.lines) == pot
    assert sum(share.average for share in found.lines) == pot


@settings(max_examples=200, deadline=None)
@given(votes=papers())
def test_independent_markets_is_the_median_with_its_phantoms(votes):
    wanted = [[Fraction(amount, sum(vote)) for amount in vote] for vote in votes]
    slow = moving_phantoms(wanted, lambda k, voters, t: min(1.0, t * (voters - k)))
    assert [float(share) for share in shares_of(votes, "independent-markets")] == pytest.approx(
        slow
    )


@settings(max_examples=400, deadline=None)
@given(votes=papers(), lie=papers())
def test_no_lie_brings_the_shares_nearer_to_the_liar(votes, lie):
    honest = distance(shares_of(votes, "independent-markets"), votes[0])
    lied = shares_of([lie[0], *votes[1:]], "independent-markets")
    assert distance(lied, votes[0]) >= honest


def test_the_mean_rewards_lies():
    """What the test above would show, were the rule not truthful."""
    rng = random.Random(4)
    gained = 0
    for _ in range(300):
        votes = [[rng.randint(1, 9) for _ in LINES] for _ in range(4)]
        lie = [rng.choice([0, 1, 9]) for _ in LINES]
        if any(lie):
            honest = distance(shares_of(votes, "mean"), votes[0])
            gained += distance(shares_of([lie, *votes[1:]], "mean"), votes[0]) < honest
    assert gained > 10


def test_single_minded_voters_get_lines_in_proportion():
    votes = [[1, 0, 0]] * 6 + [[0, 1, 0]] * 3 + [[0, 0, 1]]
    assert shares_of(votes, "independent-markets") == [Fraction(k, 10) for k in (6, 3, 1)]


def test_papers_in_pounds_and_in_percent_weigh_the_same():
    found = count_shares(LINES, [[50, 30, 20], [500, 300, 200]], pot=1000)
    assert [share.amount for share in found.lines] == [500, 300, 200]


def test_missing_pence_go_to_the_largest_remainders():
    found = count_shares(LINES, [[1, 1, 1]], pot=100)
    assert [share.amount for share in found.lines] == [34, 33, 33]


def test_every_fault_is_named():
    with pytest.raises(CountError) as refused:
        count_shares(
            LINES,
            [[1, 2], [0, 0, 0], [1, -1, 3]],
            pot=100,
            rule="lottery",
        )
    assert len(refused.value.faults) == 4


def test_each_line_is_explained_in_a_sentence():
    found = count_shares(LINES, [[6, 2, 2], [2, 2, 6]], pot=1000)
    told = explain_shares(found, money=lambda pence: f"£{pence / 100:.2f}")
    assert told["caretaking"].startswith("caretaking gets £")
    assert all("residents wanted at least this" in text for text in told.values())
