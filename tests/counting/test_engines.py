"""Equal Shares finds what two exact oracles find, in order, however often projects tie."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel_app.counting import (
    CountError,
    Election,
    Project,
    Rule,
    approval_election,
    count,
    points_election,
)
from panel_app.counting.add1 import add1
from panel_app.counting.equal_shares import EqualShares
from panel_app.counting.exact_purses import Account
from panel_app.counting.ties import TieBreak
from tests.counting import reference
from tests.counting.elections import approvals, cumulative, rankings
from tests.counting.integer_engine import IntegerEngine

BALLOTS = st.one_of(
    st.tuples(approvals(), st.sampled_from(["cost", "cardinality", "points"])),
    st.tuples(cumulative(), st.sampled_from(["cost", "cardinality", "points"])),
    st.tuples(rankings(), st.just("points")),
)


def engine_of(election: Election, utility: str, kind=EqualShares):
    among = [index for index, votes in enumerate(election.votes) if votes]
    ties = TieBreak(election, ("cost", "votes", "seed:0"))
    return kind(election, utility, ties, among), among


def ours(election: Election, utility: str, purse: Fraction) -> Account:
    engine, _ = engine_of(election, utility)
    return engine.retell(engine.run(purse))


def whole(election: Election, utility: str, purse: Fraction) -> Account:
    engine, _ = engine_of(election, utility, IntegerEngine)
    return engine.run(purse)


@pytest.mark.parametrize("found_by", [ours, whole])
@settings(max_examples=250, deadline=None)
@given(case=BALLOTS, purse=st.fractions(min_value=0, max_value=8, max_denominator=6))
def test_a_pass_buys_what_the_reference_buys_in_the_same_order(found_by, case, purse):
    election, utility = case
    account = found_by(election, utility, purse)
    order, rates, purses = reference.equal_shares(election, utility, purse)
    assert [bought.project for bought in account.purchases] == order
    assert [purchase.rate for purchase in account.purchases] == rates
    papers = reference.papers_of(election)
    for index in range(len(election.projects)):
        left = [b for b, paper in zip(purses, papers, strict=True) if paper.get(index, 0) > 0]
        assert account.left(index) == sum(left)


@pytest.mark.parametrize("found_by", [ours, whole])
@settings(max_examples=200, deadline=None)
@given(case=BALLOTS, purse=st.fractions(min_value=0, max_value=8, max_denominator=6))
def test_payments_are_told_to_the_voter(found_by, case, purse):
    election, utility = case
    purses = [purse] * election.paper_count
    papers = reference.papers_of(election)
    for bought in found_by(election, utility, purse).purchases:
        using = [reference.utility(election, utility, p, bought.project) for p in papers]
        paid = [min(b, bought.rate * u) for b, u in zip(purses, using, strict=True)]
        purses = [b - gave for b, gave in zip(purses, paid, strict=True)]
        assert bought.payers == sum(gave > 0 for gave in paid)
        assert bought.most == max(paid)


@settings(max_examples=300, deadline=None)
@given(case=BALLOTS)
def test_skipping_purses_changes_no_add1_outcome(case):
    election, utility = case
    engine, among = engine_of(election, utility)
    kept, _ = add1(election, engine, among)
    assert list(kept.order) == reference.add1(election, utility)


@settings(max_examples=200, deadline=None)
@given(election=approvals())
def test_greedy_buys_what_the_reference_buys(election):
    found = count(election, Rule(name="greedy"))
    names = [election.projects[index].id for index in reference.greedy(election)]
    assert list(found.winners) == names


@settings(max_examples=100, deadline=None)
@given(election=approvals())
def test_add1u_fills_up_by_votes(election):
    found = count(election)
    early = reference.add1(election, "cost")
    expected = early + reference.greedy(election, early)
    assert list(found.winners) == [election.projects[index].id for index in expected]


def scattered(papers: int, offered: int, seed: int) -> Election:
    """An election too large for the reference and with hardly two equal papers."""
    rng = random.Random(seed)
    named = [Project(f"p{n}", rng.randrange(20, 400)) for n in range(offered)]
    given = [
        {project.id: rng.randint(1, 9) for project in rng.sample(named, 4)} for _ in range(papers)
    ]
    return points_election(named, given, pot=2000, unit=1)


def crowded(seed: int) -> Election:
    """Up to forty voters on nine projects of few different costs: ties and emptied purses."""
    rng = random.Random(seed)
    costs = [0, 1, 2, 3, 4, 6, 8, 12, 60]
    named = [Project(f"p{n}", rng.choice(costs)) for n in range(rng.randint(2, 9))]
    most = min(len(named), 4)
    chosen = [rng.sample(named, rng.randint(0, most)) for _ in range(rng.randint(1, 40))]
    papers = [{project.id: rng.randint(1, 3) for project in paper} for paper in chosen]
    return points_election(named, papers, pot=rng.randint(0, 90), unit=1)


#: In the last ones an empty purse among supporters once lowered the price for the others.
CROWDED = [*range(40), 175, 299, 344, 445, 537, 798]


@pytest.mark.parametrize("seed", CROWDED)
@pytest.mark.parametrize("utility", ["cost", "points"])
def test_crowded_elections_are_counted_exactly(seed, utility):
    election = crowded(seed)
    purse = Fraction(election.pot, election.paper_count) + Fraction(seed % 4, 3)
    order, rates, _ = reference.equal_shares(election, utility, purse)
    for account in (ours(election, utility, purse), whole(election, utility, purse)):
        assert [bought.project for bought in account.purchases] == order
        assert [bought.rate for bought in account.purchases] == rates


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("utility", ["cost", "points"])
def test_arrays_and_whole_numbers_agree_on_larger_elections(seed, utility):
    election = scattered(300, 14, seed)
    for step in range(0, 30, 3):
        purse = Fraction(2000, 300) + step
        found, expected = ours(election, utility, purse), whole(election, utility, purse)
        assert found.purchases == expected.purchases


@pytest.mark.parametrize("seed", range(6))
def test_strides_end_where_single_steps_end(seed):
    election = scattered(60, 9, seed)
    engine, among = engine_of(election, "cost")
    start = Fraction(election.pot, election.paper_count)
    kept = engine.run(start)
    step = 0
    while set(among) - set(kept.order):
        step += 1
        tried = engine.run(Fraction(int(start)) + step)
        if sum(election.costs[index] for index in tried.order) > election.pot:
            break
        kept = tried
    found, _ = add1(election, engine, among)
    assert found.order == kept.order


def test_lasting_ties_do_not_slow_the_purses_down():
    """Twins tie at every purse; only a few of the thousands of passes are run."""
    projects = [Project("a", 100), Project("b", 100), Project("far", 90_000)]
    election = approval_election(projects, [["a", "b"], ["far"]], pot=80_000, unit=1)
    engine, among = engine_of(election, "cost")
    runs = []
    run = engine.run
    engine.run = lambda *given: runs.append(given) or run(*given)
    kept, ties = add1(election, engine, among)
    assert sorted(kept.order) == [0, 1]
    assert kept.purse == 89_999
    assert {tuple(sorted(tie.tied)) for tie in ties} >= {(0, 1)}
    assert len(runs) < 60


@pytest.mark.parametrize("short", [1, 2])
@pytest.mark.parametrize("cost", [50_001, 100_000, 250_000])
def test_money_that_only_floats_see_buys_nothing(short, cost):
    """A million voters pay a hair less than they have; told apart too late, they kept it all."""
    voters, purse = 10**6, 10**7
    half = purse // 2
    projects = [
        Project("x", voters * half),
        Project("y", (voters + 1) * half - short),
        Project("z", cost),
    ]
    papers = [{"x": 10**9, "y": 10**8, "z": 1}, {"y": 10**8}]
    pot = purse * (voters + 1)
    election = points_election(projects, papers, pot=pot, unit=1, times=[voters, 1])
    for found_by in (ours, whole):
        bought = found_by(election, "points", Fraction(purse)).purchases
        assert [purchase.project for purchase in bought] == [0, 1]


@pytest.mark.parametrize("purse", [10**15, 10**16, 10**17, 3 * 10**16 + 1])
def test_the_last_penny_of_a_fortune_is_told_apart(purse):
    """Purses so large that floats round away what is left of them."""
    for left, cost, rival in product(range(1, 5), range(1, 10), range(1, 5)):
        projects = [Project("x", 4 * (purse - left)), Project("y", cost), Project("z", rival)]
        papers = [["x", "y", "z"], ["x"], ["y"]]
        election = approval_election(projects, papers, pot=purse * 5, unit=1, times=[2, 2, 1])
        found = ours(election, "cost", Fraction(purse))
        assert found.purchases == whole(election, "cost", Fraction(purse)).purchases


def near_ties(seed: int) -> tuple[Election, str, Fraction]:
    """Costs up to 10**17 a hair apart, thousands of equal papers, scores of one to a million."""
    rng = random.Random(seed)
    base, jitter = rng.choice([1, 10**6, 10**12, 10**15, 10**17]), rng.choice([0, 1, 3, 1000])
    costs = [
        max(0, rng.choice([0, 1, base, base, base * 2, base // 7]) + rng.randint(-jitter, jitter))
        for _ in range(rng.randint(2, 8))
    ]
    named = [Project(f"p{n}", cost) for n, cost in enumerate(costs)]
    groups = [rng.sample(named, rng.randint(0, len(named))) for _ in range(3)]
    papers = [
        {p.id: rng.randint(1, rng.choice([1, 3, 10**6])) for p in rng.choice(groups)}
        for _ in range(rng.randint(1, 40))
    ]
    times = [rng.choice([1, 1, 7, 5000]) for _ in papers]
    pot = max(1, sum(costs) * rng.randint(1, 10) // 10)
    election = points_election(named, papers, pot=pot, unit=1, times=times)
    purses = [Fraction(pot, election.paper_count), Fraction(base, rng.randint(1, 50))]
    return election, rng.choice(["cost", "cardinality", "points"]), rng.choice(purses)


@pytest.mark.parametrize("seed", range(0, 1200, 200))
def test_arrays_and_whole_numbers_agree_on_near_ties(seed):
    for number in range(seed, seed + 200):
        election, utility, purse = near_ties(number)
        found = ours(election, utility, purse)
        assert found.purchases == whole(election, utility, purse).purchases, number


def test_points_beyond_floats_are_refused():
    projects = [Project("a", 20), Project("b", 30)]
    papers = [{"a": 10**17, "b": 3}, {"b": 10**17 + 1}]
    election = points_election(projects, papers, pot=2000)
    with pytest.raises(CountError, match="fewer digits"):
        count(election)
    assert count(election, Rule(name="greedy")).winners == ("b", "a")
