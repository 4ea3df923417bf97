"""What must hold of every count, whatever the papers say."""

import json
from dataclasses import replace

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
from panel_app.counting.election import Support
from panel_app.counting.winners import winners
from tests.counting.elections import approvals, cumulative, rankings

ELECTIONS = st.one_of(approvals(), cumulative(), rankings())
RULES = st.builds(
    Rule,
    name=st.sampled_from(["greedy", "equal-shares"]),
    completion=st.sampled_from(["none", "add1", "add1u", "greedy"]),
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
    kept = json.loads(json.dumps(found.to_json()))
    assert Result.from_json(kept) == found
    older = {**kept, "by_area": {}, "plain": {**kept["plain"], "replaced": False}}
    assert Result.from_json({**older, "rule": {**kept["rule"], "misfit": "skip"}}) == found


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
    return name in winners(election, rule)


def place(election: Election, lost: Loser) -> int:
    return id_place(election, lost.project)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_only_the_winners_are_the_winners_of_the_whole_count(election, rule):
    assert winners(election, rule) == count(election, rule).winners


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_a_count_claims_no_margin_before_it_is_counted_again(election, rule):
    for lost in count(election, rule).losers:
        assert (lost.cost_less, lost.more_support, lost.recounted) == (None, None, False)


def check_margins(election: Election, rule: Rule) -> None:
    """Every margin told is enough, one less is not, and one not told is out of reach."""
    for lost in with_margins(election, count(election, rule)).losers:
        index, name = place(election, lost), lost.project
        assert lost.recounted == (lost.votes > 0)
        for less in (0, 1):
            if lost.cost_less:
                cheaper = election.costing(index, lost.cost - lost.cost_less + less)
                assert wins(name, cheaper, rule) == (not less)
            if lost.more_support:
                backed = election.backed(index, lost.more_support - less)
                assert wins(name, backed, rule) == (not less)
        if lost.votes and lost.cost > 1 and lost.cost_less is None:
            assert not wins(name, election.costing(index, 1), rule)
        if lost.votes and lost.more_support is None:
            assert not wins(name, election.backed(index, election.paper_count), rule)


@settings(max_examples=150, deadline=None)
@given(election=ELECTIONS, rule=RULES)
def test_a_loser_wins_with_what_it_lacked_and_not_with_one_less(election, rule):
    check_margins(election, rule)


def id_place(election: Election, name: str) -> int:
    return next(i for i, project in enumerate(election.projects) if project.id == name)


@st.composite
def limited(draw: st.DrawFn) -> tuple[Election, Rule]:
    """Greedy under every limit."""
    election = draw(ELECTIONS)
    ids = [project.id for project in election.projects]
    areas = st.sampled_from(["north", "south"])
    projects = tuple(replace(p, area=draw(areas)) for p in election.projects)
    rule = Rule(
        name="greedy",
        minimum_votes=draw(st.integers(0, 2)),
        incompatible=tuple(
            draw(st.lists(st.permutations(ids).map(lambda order: tuple(order[:2])), max_size=2))
        ),
        area_caps={projects[0].area: draw(st.integers(0, 9))},
    )
    return replace(election, projects=projects), rule


@settings(max_examples=150, deadline=None)
@given(case=limited())
def test_limits_hold_and_losers_win_with_what_they_lacked(case):
    election, rule = case
    found = count(election, rule)
    won = [project for project in election.projects if project.id in found.winners]
    for area, cap in rule.area_caps.items():
        assert sum(project.cost for project in won if project.area == area) <= cap
    assert all(len(set(group) & set(found.winners)) < 2 for group in rule.incompatible)
    assert all(bought.votes >= rule.minimum_votes for bought in found.rounds)
    check_margins(election, rule)


@settings(max_examples=300, deadline=None)
@given(election=approvals(), completion=st.sampled_from(["none", "add1", "add1u", "greedy"]))
def test_whoever_loses_by_lot_had_as_much_as_the_one_it_lost_to(election, completion):
    found = count(election, Rule(completion=completion))
    for lost in found.losers:
        assert (lost.reason == "lot") == bool(lost.lost_to)
        if lost.reason == "lot":
            index, other = place(election, lost), id_place(election, lost.lost_to)
            assert lost.lost_to in found.winners
            assert election.costs[index] == election.costs[other]
            assert election.votes[index] == election.votes[other]


@settings(max_examples=300, deadline=None)
@given(election=approvals())
def test_plain_votes_are_lost_by_lot_exactly_where_another_lot_would_win(election):
    rules = [Rule(name="greedy", ties=("cost", "votes", f"seed:{n}")) for n in range(150)]
    for lost in count(election, rules[0]).losers:
        lucky = any(wins(lost.project, election, rule) for rule in rules)
        assert lucky == (lost.reason == "lot")


def test_a_cohesive_group_gets_its_part():
    """A quarter of the voters who agree on projects costing a quarter of the pot get them."""
    projects = [Project(f"big{n}", 10) for n in range(10)] + [Project("a", 10), Project("b", 15)]
    large = [[f"big{n}" for n in range(10)]] * 75
    election = approval_election(projects, large + [["a", "b"]] * 25, pot=100, unit=1)
    assert {"a", "b"} <= set(count(election, Rule(completion="none")).winners)
    assert not {"a", "b"} & set(count(election, Rule(name="greedy")).winners)
