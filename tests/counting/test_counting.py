"""Limits, ties, and what a result says about itself."""

import pytest

from panel_app.counting import (
    CountError,
    Project,
    Rule,
    approval_election,
    count,
    own_share,
    points_election,
    ranking_election,
    with_margins,
)

PARK = Project("park", 600, area="North", categories=("green",))
PATH = Project("path", 500, area="North", categories=("green", "travel"))
BENCH = Project("bench", 300, area="South")
LAMP = Project("lamp", 100, area="South", categories=("travel",))
PROJECTS = [PARK, PATH, BENCH, LAMP]


def greedy(papers, pot=1000, **limits):
    election = approval_election(PROJECTS, papers, pot=pot)
    return with_margins(election, count(election, Rule(name="greedy", **limits)))


#: 4, 3, 2 and 1 votes in the order of PROJECTS.
PAPERS = [["park", "path", "bench", "lamp"], ["park", "path", "bench"], ["park", "path"], ["park"]]


def loser(result, name):
    return next(lost for lost in result.losers if lost.project == name)


def test_skipping_goes_on_after_a_misfit():
    found = greedy(PAPERS)
    assert found.winners == ("park", "bench", "lamp")
    path = loser(found, "path")
    assert (path.reason, path.cost_less, path.more_support) == ("no-room", 100, 1)


def test_too_few_votes_are_not_enough():
    found = greedy(PAPERS, minimum_votes=2)
    assert found.winners == ("park", "bench")
    assert loser(found, "lamp").more_support == 1


def test_incompatible_projects_are_not_bought_together():
    found = greedy(PAPERS, pot=2000, incompatible=(("park", "path"), ("bench", "lamp")))
    assert found.winners == ("park", "bench")
    assert loser(found, "path").reason == "incompatible"


def test_caps_by_area_hold():
    assert greedy(PAPERS, pot=2000, area_caps={"North": 700}).winners == ("park", "bench", "lamp")
    found = greedy(PAPERS, pot=2000, area_caps={"South": 350})
    assert found.winners == ("park", "path", "bench")
    lamp = loser(found, "lamp")
    assert (lamp.reason, lamp.cost_less) == ("cap", 50)


def test_points_order_points():
    papers = [{"park": 1, "bench": 5}, {"park": 1}, {"park": 1}]
    election = points_election(PROJECTS, papers, pot=600)
    assert count(election, Rule(name="greedy")).winners == ("bench",)


def test_places_count_by_the_table():
    papers = [["park", "bench"], ["path", "bench"]]
    borda = ranking_election(PROJECTS, papers, pot=600)
    assert borda.table == (2, 1)
    steep = ranking_election(PROJECTS, papers, pot=600, table=(5, 1))
    assert count(borda, Rule(name="greedy")).winners == ("bench",)
    assert count(steep, Rule(name="greedy")).winners == ("path",)


def test_limits_of_greedy_are_refused_elsewhere():
    election = approval_election(PROJECTS, PAPERS, pot=1000)
    with pytest.raises(CountError, match="no caps"):
        count(election, Rule(area_caps={"North": 1}))
    with pytest.raises(CountError, match="unknown project pond"):
        count(election, Rule(name="greedy", incompatible=(("park", "pond"),)))
    with pytest.raises(CountError) as refused:
        count(election, Rule(name="greedy", area_caps={"Nort": 1, "red": 1}))
    assert len(refused.value.faults) == 2


def test_bad_rules_name_every_fault():
    with pytest.raises(CountError) as refused:
        Rule(name="lottery", utility="joy", ties=("luck",))
    assert len(refused.value.faults) == 3


def test_bad_elections_name_every_fault():
    with pytest.raises(CountError) as refused:
        approval_election([Project("a", -1), Project("a", 2)], [], pot=-5)
    assert len(refused.value.faults) == 3
    with pytest.raises(CountError, match="unknown project pond"):
        approval_election(PROJECTS, [["pond"]], pot=5)


def test_a_tie_that_mattered_is_reported():
    twins = [Project("left", 500), Project("right", 500)]
    election = approval_election(twins, [["left"], ["right"]], pot=500)
    found = count(election, Rule(name="greedy"))
    assert [(tie.chosen, tie.others, tie.decided_by, tie.mattered) for tie in found.ties] == [
        (found.winners[0], (found.losers[0].project,), "seed:0", True)
    ]
    seeds = {count(election, Rule(name="greedy", ties=(f"seed:{n}",))).winners for n in range(9)}
    assert seeds == {("left",), ("right",)}


def test_nobody_voting_buys_nothing():
    for rule in (Rule(), Rule(name="greedy")):
        found = count(approval_election(PROJECTS, [], pot=1000), rule)
        assert (found.winners, found.spent, found.nothing_funded) == ((), 0, 0)


def test_free_projects_with_a_supporter_are_bought_first():
    projects = [Project("idea", 0), Project("unloved", 0), PARK]
    found = count(approval_election(projects, [["idea"], ["park"]], pot=600))
    assert found.winners == ("idea", "park")
    assert loser(found, "unloved").reason == "no-votes"


def test_own_share_of_points_follows_the_points():
    projects = [Project("a", 900), Project("b", 900)]
    papers = [{"a": 3, "b": 1}, {"a": 1, "b": 3}, {"a": 2, "b": 2}]
    found = count(points_election(projects, papers, pot=1800))
    share = own_share(found, papers[0])
    assert share.purse == 600
    assert (share.paid, share.left, share.missed) == ((("a", 450), ("b", 150)), 0, ())


def test_own_share_of_a_ranking_follows_its_table():
    projects = [Project("a", 300), Project("b", 300), Project("c", 9000)]
    found = count(ranking_election(projects, [["a", "b", "c"], ["b", "a"]], pot=1000, table=(2, 1)))
    share = own_share(found, ["a", "b", "c"])
    assert [name for name, _ in share.paid] == [w for w in found.winners if w in "ab"]
    assert share.missed == ()
    assert own_share(found, []).paid == ()


def test_each_way_to_lose_has_its_reason_under_every_rule():
    projects = [*PROJECTS, Project("palace", 5000), Project("unloved", 5)]
    papers = [*PAPERS, ["palace", "park"], ["palace"]]
    election = approval_election(projects, papers, pot=1000)

    def reasons(**rule):
        losers = count(election, Rule(minimum_votes=2, **rule)).losers
        return {lost.project: lost.reason for lost in losers}

    common = {"unloved": "no-votes", "lamp": "minimum-votes"}
    for completion in ("none", "add1", "add1u", "greedy"):
        found = reasons(completion=completion)
        assert common.items() <= found.items()
        assert found["palace"] == "short"
    assert common.items() <= reasons(name="greedy").items()


def test_what_the_finish_buys_is_told_so_even_where_shares_bought_nothing():
    election = approval_election([PARK, BENCH], [["park"], ["bench"], []], pot=900)
    found = count(election, Rule(completion="greedy"))
    assert [bought.stage for bought in found.rounds] == ["shares", "finish"]
    election = approval_election([PARK], [["park"], [], []], pot=900)
    found = count(election, Rule(completion="greedy"))
    assert [bought.stage for bought in found.rounds] == ["finish"]
    assert (own_share(found, ["park"]).paid, own_share(found, ["park"]).also) == ((), ("park",))


def test_margins_are_given_up_when_their_time_is_over():
    papers = [[f"p{n}", f"p{(n * k) % 99}"] for n in range(99) for k in range(2, 40)]
    election = approval_election([Project(f"p{n}", 50) for n in range(99)], papers, pot=1000)
    found = count(election)
    assert with_margins(election, found, seconds=0) == found
    some = with_margins(election, found, seconds=0.01)
    assert 0 < sum(lost.recounted for lost in some.losers) < len(some.losers)


def test_twins_that_only_the_lot_parts_are_told_so():
    """Three people for each of two projects of £100, and £100."""
    twins = [Project("a", 10_000), Project("b", 10_000)]
    election = approval_election(twins, [["a"], ["b"]] * 3, pot=10_000)
    found = with_margins(election, count(election))
    (lost,) = found.losers
    assert (lost.reason, lost.lost_to) == ("lot", found.winners[0])
    assert found.beaten_by_lot(found.winners[0]) == (lost.project,)
    assert (lost.cost_less, lost.more_support) == (1, 1)


def test_a_tie_that_lower_cost_parts_is_no_lot():
    election = approval_election([Project("a", 100), Project("b", 99)], [["a"], ["b"]], pot=150)
    assert loser(count(election), "a").reason == "short"
