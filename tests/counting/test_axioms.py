"""What must hold of every count, whatever the papers say."""

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from panel_app.counting import (
    Election,
    Loser,
    Project,
    Result,
    Rule,
    approval_election,
    count,
    own_share,
    with_margins,
)
from panel_app.counting.array_engine import ArrayEngine
from panel_app.counting.counting import order_of, shares_trace
from panel_app.counting.election import Support
from panel_app.counting.margins import shares_loser
from panel_app.counting.ties import TieBreak
from tests.counting.elections import approvals, cumulative, rankings

ELECTIONS = st.one_of(approvals(), cumulative(), rankings())
RULES = st.builds(
    Rule,
    name=st.sampled_from(["greedy", "equal-shares", "phragmen"]),
    completion=st.sampled_from(["none", "add1", "add1u", "greedy"]),
    add1=st.sampled_from(["until-overspend", "first-exhaustive"]),
    misfit=st.sampled_from(["skip", "stop"]),
    minimum_votes=st.integers(0, 2),
)


@settings(max_examples=200, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_no_rule_spends_more_than_the_pot(election, rule):
    found = count(election, rule)
    assert found.spent <= found.pot
    assert found.spent == sum(bought.cost for bought in found.rounds)
    assert [bought.project for bought in found.rounds] == list(found.winners)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, completion=st.sampled_from(["add1u", "greedy"]))
def test_after_a_finish_nothing_supported_still_fits(election, completion):
    found = count(election, Rule(completion=completion))
    assert all(lost.cost > found.left for lost in found.losers if lost.votes)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES, data=st.data())
def test_the_order_of_papers_changes_nothing(election, rule, data):
    order = data.draw(st.permutations(range(len(election.classes))))
    shuffled = Election(
        election.projects,
        election.pot,
        tuple(election.classes[place] for place in order),
        tuple(election.voters[place] for place in order),
        election.kind,
        election.unit,
        election.scale,
        election.table,
    )
    assert count(shuffled, rule) == count(election, rule)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_a_result_goes_to_json_and_back(election, rule):
    found = count(election, rule)
    assert Result.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@settings(max_examples=150, deadline=None)
@given(election=approvals(), rule=RULES)
def test_every_project_is_explained_once(election, rule):
    found = count(election, rule)
    told = [*found.winners, *(lost.project for lost in found.losers)]
    assert sorted(told) == sorted(project.id for project in election.projects)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_own_shares_add_up_to_what_was_paid(election, rule):
    """Rounded down for each voter, so short of the cost by less than a unit a payer."""
    found = count(election, rule)
    shares = []
    for support, voters in zip(election.classes, election.voters, strict=True):
        share = own_share(found, paper(election, support))
        told = [*(name for name, _ in share.paid), *share.also, *share.missed]
        chosen = [election.projects[index].id for index, points in support if points > 0]
        assert sorted(told) == sorted(chosen)
        assert not set(share.missed) & set(found.winners)
        assert sum(paid for _, paid in share.paid) + share.left <= share.purse
        shares += [share] * voters
    for bought in found.rounds:
        paid = sum(dict(share.paid).get(bought.project, 0) for share in shares)
        if bought.stage == "shares":
            assert bought.cost - bought.payers <= paid <= bought.cost
        else:
            assert paid == 0


def paper(election: Election, support: Support) -> list[str] | dict[str, int]:
    """A paper of this class as its voter wrote it."""
    ids = [project.id for project in election.projects]
    if election.kind == "points":
        return {ids[index]: points for index, points in support}
    return [ids[index] for index, _ in sorted(support, key=lambda pair: -pair[1])]


def wins(name: str, election: Election, rule: Rule) -> bool:
    return name in count(election, rule).winners


def place(election: Election, lost: Loser) -> int:
    return next(i for i, p in enumerate(election.projects) if p.id == lost.project)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_a_recounted_loser_wins_with_what_it_lacked_and_not_with_one_less(election, rule):
    for lost in with_margins(election, count(election, rule)).losers:
        index, name = place(election, lost), lost.project
        assert lost.recounted == (lost.votes > 0)
        for less in (0, 1):
            if lost.cost_less:
                cheaper = election.costing(index, lost.cost - lost.cost_less + less)
                assert wins(name, cheaper, rule) == (not less)
            if lost.more_support and not by_points(election, rule):
                backed = election.backed(index, lost.more_support - less)
                assert wins(name, backed, rule) == (not less)


@st.composite
def limited(draw: st.DrawFn) -> tuple[Election, Rule]:
    """Greedy in every order and under every limit."""
    election = draw(ELECTIONS)
    ids = [project.id for project in election.projects]
    areas = st.sampled_from(["north", "south"])
    projects = tuple(replace(p, area=draw(areas), categories=("all",)) for p in election.projects)
    rule = Rule(
        name="greedy",
        order=draw(st.sampled_from(["votes", "points", "votes-per-pound", "points-per-pound"])),
        misfit=draw(st.sampled_from(["skip", "stop"])),
        minimum_votes=draw(st.integers(0, 2)),
        incompatible=tuple(
            draw(st.lists(st.permutations(ids).map(lambda order: tuple(order[:2])), max_size=2))
        ),
        area_caps={projects[0].area: draw(st.integers(0, 9))},
        category_caps={"all": draw(st.integers(0, 15))},
    )
    return replace(election, projects=projects), rule


@settings(max_examples=150, deadline=None)
@given(case=limited())
def test_limits_hold_and_losers_would_win_with_what_they_lacked(case):
    election, rule = case
    found = count(election, rule)
    assert all(found.by_area.get(area, 0) <= cap for area, cap in rule.area_caps.items())
    assert found.by_category.get("all", 0) <= rule.category_caps["all"]
    assert all(len(set(group) & set(found.winners)) < 2 for group in rule.incompatible)
    assert all(bought.votes >= rule.minimum_votes for bought in found.rounds)
    for lost in found.losers:
        if lost.cost_less:
            cheaper = election.costing(place(election, lost), lost.cost - lost.cost_less)
            assert wins(lost.project, cheaper, rule)
        if lost.more_support and not by_points(election, rule):
            backed = election.backed(place(election, lost), lost.more_support)
            assert wins(lost.project, backed, rule)
        elif lost.more_support:
            richer = with_points(election, place(election, lost), lost.more_support)
            assert wins(lost.project, richer, rule)


def by_points(election: Election, rule: Rule) -> bool:
    return rule.name == "greedy" and order_of(election, rule).startswith("points")


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_what_a_recount_leaves_out_was_nowhere_near(election, rule):
    """At a cost of one, or with twice the papers, it still loses."""
    for lost in with_margins(election, count(election, rule)).losers:
        index, name = place(election, lost), lost.project
        if lost.votes and lost.cost > 1 and lost.cost_less is None:
            assert not wins(name, election.costing(index, 1), rule)
        if lost.votes and lost.more_support is None and not by_points(election, rule):
            assert not wins(name, election.backed(index, election.paper_count), rule)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_before_a_recount_plain_losers_win_at_the_cost_told(election, rule):
    """Shares promise less: see the next test."""
    for lost in count(election, rule).losers:
        if lost.cost_less and lost.left is None:
            index = place(election, lost)
            cheaper = election.costing(index, lost.cost - lost.cost_less)
            assert wins(lost.project, cheaper, rule)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_before_a_recount_supporters_can_pay_the_cost_told_from_the_same_purses(election, rule):
    rule = replace(rule, name="equal-shares")
    result = count(election, rule)
    for lost in result.losers:
        if not lost.cost_less or lost.left is None:
            continue
        assert lost.cost - lost.cost_less == lost.left
        index = place(election, lost)
        cheaper = election.costing(index, lost.left)
        engine, _, _, _ = shares_trace(cheaper, replace(rule, completion="none"))
        assert index in engine.run(Fraction(result.purse)).order
        assert lost.more_support * Fraction(result.purse) + lost.left + 1 > lost.cost


@settings(max_examples=200, deadline=None)
@given(election=cumulative(), misfit=st.sampled_from(["skip", "stop"]))
def test_a_loser_wins_plain_counting_with_the_points_it_lacked_and_no_fewer(election, misfit):
    """The points go on a paper that supports the project already."""
    rule = Rule(name="greedy", misfit=misfit)
    for lost in count(election, rule).losers:
        if not lost.more_support:
            continue
        index = place(election, lost)
        assert wins(lost.project, with_points(election, index, lost.more_support), rule)
        assert not wins(lost.project, with_points(election, index, lost.more_support - 1), rule)


def with_points(election: Election, index: int, more: int) -> Election:
    """Let one voter who supports the project give it more points."""
    number = election.supporters[index][0]
    support = dict(election.classes[number])
    support[index] += more * election.scale
    voters = [*election.voters, 1]
    voters[number] -= 1
    classes = (*election.classes, tuple(sorted(support.items())))
    return replace(election, classes=classes, voters=tuple(voters))


@settings(max_examples=200, deadline=None)
@given(election=approvals(), misfit=st.sampled_from(["skip", "stop"]))
def test_a_loser_wins_plain_counting_with_the_votes_it_lacked_and_no_fewer(election, misfit):
    rule = Rule(name="greedy", misfit=misfit)
    for lost in count(election, rule).losers:
        if lost.more_support:
            assert lost.project in count(with_more(election, lost, 0), rule).winners
        if lost.more_support and lost.more_support > 1:
            assert lost.project not in count(with_more(election, lost, -1), rule).winners


def with_more(election: Election, lost: Loser, difference: int) -> Election:
    """Add the votes the loser lacked, and a difference."""
    index = next(i for i, project in enumerate(election.projects) if project.id == lost.project)
    classes = (*election.classes, ((index, 1),))
    voters = (*election.voters, lost.more_support + difference)
    return Election(election.projects, election.pot, classes, voters)


@settings(max_examples=100, deadline=None)
@given(election=approvals())
def test_both_engines_tell_losers_the_same(election):
    found = count(election, Rule(completion="none"))
    among = [index for index, votes in enumerate(election.votes) if votes]
    engine = ArrayEngine(election, "cost", TieBreak(election, ("cost", "votes", "seed:0")), among)
    account = engine.retell(engine.run(Fraction(election.pot, election.paper_count)))
    for lost in found.losers:
        index = next(i for i, p in enumerate(election.projects) if p.id == lost.project)
        assert shares_loser(election, Rule(), account, index) == lost


def test_a_cohesive_group_gets_its_part():
    """A quarter of the voters who agree on projects costing a quarter of the pot get them."""
    projects = [Project(f"big{n}", 10) for n in range(10)] + [Project("a", 10), Project("b", 15)]
    large = [[f"big{n}" for n in range(10)]] * 75
    election = approval_election(projects, large + [["a", "b"]] * 25, pot=100, unit=1)
    assert {"a", "b"} <= set(count(election, Rule(completion="none")).winners)
    assert not {"a", "b"} & set(count(election, Rule(name="greedy")).winners)
