"""What must hold of every count, whatever the papers say."""

import json
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from panel_app.budgets.rules import (
    Election,
    Loser,
    Project,
    Result,
    Rule,
    approval_election,
    count,
    own_share,
)
from panel_app.budgets.rules.array_engine import ArrayEngine
from panel_app.budgets.rules.margins import shares_loser
from panel_app.budgets.rules.ties import TieBreak
from tests.budgets.rules.elections import approvals, cumulative, rankings

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


@settings(max_examples=200, deadline=None)
@given(election=approvals())
def test_own_shares_add_up_to_what_was_paid(election):
    """Rounded down for each voter, so short of the cost by less than a unit a payer."""
    found = count(election)
    shares = []
    for support, voters in zip(election.classes, election.voters, strict=True):
        paper = [election.projects[index].id for index, _ in support]
        shares += [own_share(found, paper)] * voters
    for bought in found.rounds:
        paid = sum(dict(share.paid).get(bought.project, 0) for share in shares)
        if bought.stage == "shares":
            assert bought.cost - bought.payers <= paid <= bought.cost
        else:
            assert paid == 0


@settings(max_examples=200, deadline=None)
@given(election=approvals())
def test_a_loser_wins_at_the_cost_its_supporters_could_still_pay(election):
    rule = Rule(completion="none")
    for lost in count(election, rule).losers:
        if lost.cost_less:
            cheaper = [
                Project(p.id, p.cost - (lost.cost_less if p.id == lost.project else 0))
                for p in election.projects
            ]
            again = Election(tuple(cheaper), election.pot, election.classes, election.voters)
            assert lost.project in count(again, rule).winners


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
        assert shares_loser(election, account, index) == lost


def test_a_cohesive_group_gets_its_part():
    """A quarter of the voters who agree on projects costing a quarter of the pot get them."""
    projects = [Project(f"big{n}", 10) for n in range(10)] + [Project("a", 10), Project("b", 15)]
    large = [[f"big{n}" for n in range(10)]] * 75
    election = approval_election(projects, large + [["a", "b"]] * 25, pot=100, unit=1)
    assert {"a", "b"} <= set(count(election, Rule(completion="none")).winners)
    assert not {"a", "b"} & set(count(election, Rule(name="greedy")).winners)
