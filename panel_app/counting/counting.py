"""Count an election by a rule: the front door to every way of counting projects."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from panel_app.counting import outcome
from panel_app.counting.completion import add1
from panel_app.counting.election import CountError, Election
from panel_app.counting.greedy import Refusal, Shopping, buy_in_order, shopping_list, ties_in
from panel_app.counting.integer_engine import IntegerEngine
from panel_app.counting.margins import extra_support, shares_loser, shopping_loser
from panel_app.counting.passes import Account, Engine, Purchase, Trace
from panel_app.counting.phragmen import phragmen
from panel_app.counting.result import Loser, Plain, Result, Round, Tie
from panel_app.counting.rule import Order, Rule, Utility
from panel_app.counting.ties import BrokenTie, TieBreak

#: Elections with no more choices than this (over distinct papers) are counted without numpy.
SMALL = 400


@dataclass
class _Count:
    """What one rule bought, before it is told as a Result."""

    winners: list[int] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    losers: dict[int, Loser] = field(default_factory=dict)
    ties: list[BrokenTie] = field(default_factory=list)
    purse: str = ""


def count(election: Election, rule: Rule | None = None) -> Result:
    """Count the papers by the rule (by default Equal Shares with add1u) and explain the outcome.

    The result is the same however the papers are listed. Raises CountError when the rule cannot
    count this election or leaves a tie unbroken.
    """
    rule = rule or Rule()
    _check(election, rule)
    ties = TieBreak(election, rule.ties)
    plain = _by_order(election, Rule(ties=rule.ties), "votes", ties)
    counted = _BY_NAME[rule.name](election, rule, ties)
    compared = outcome.compare(election, counted.winners, plain.winners, rule.preference)
    replaced = rule.comparison and compared.prefer_plain > compared.prefer_rule
    final = plain if replaced else counted
    beside = Plain(
        _ids(election, plain.winners),
        _cost(election, plain.winners),
        outcome.nothing_funded(election, plain.winners),
        compared.prefer_rule,
        compared.prefer_plain,
        compared.indifferent,
        replaced,
    )
    return _told(election, rule, final, beside)


def utility_of(election: Election, rule: Rule) -> Utility:
    """The utility the rule uses on these ballots: cost for approval, else points, unless named."""
    return rule.utility or ("cost" if election.kind == "approval" else "points")


def order_of(election: Election, rule: Rule) -> Order:
    """The order plain counting uses: votes for approval, else points, unless named."""
    return rule.order or ("votes" if election.kind == "approval" else "points")


def engine_for(
    election: Election, utility: Utility, ties: TieBreak, among: Sequence[int]
) -> Engine:
    """Choose the engine that is quicker for an election of this size, and can hold its points."""
    if sum(map(len, election.classes)) <= SMALL or (utility == "points" and _huge(election)):
        return IntegerEngine(election, utility, ties, among)
    from panel_app.counting.array_engine import ArrayEngine

    return ArrayEngine(election, utility, ties, among)


def _huge(election: Election) -> bool:
    """Whether the points of all voters together may pass what floats hold exactly."""
    return max(map(sum, election.given)) * max(election.voters) >= 2**53


def _check(election: Election, rule: Rule) -> None:
    limited = rule.incompatible or rule.category_caps or rule.area_caps
    if rule.name != "greedy" and limited:
        raise CountError([f"{rule.name} has no caps or incompatible projects; greedy has"])
    projects = election.projects
    named = {
        "incompatible names the unknown project": (
            {name for group in rule.incompatible for name in group},
            {project.id for project in projects},
        ),
        "a cap names the unknown category": (
            set(rule.category_caps),
            {name for project in projects for name in project.categories},
        ),
        "a cap names the unknown area": (
            set(rule.area_caps),
            {project.area for project in projects},
        ),
    }
    faults = [
        f"{problem} {name}"
        for problem, (names, known) in named.items()
        for name in sorted(names - known)
    ]
    if faults:
        raise CountError(faults)


def _by_order(
    election: Election,
    rule: Rule,
    order: Order,
    ties: TieBreak,
    before: Sequence[int] = (),
    stage: str = "votes",
) -> _Count:
    """Buy by order from what `before` left over."""
    listed = shopping_list(election, order, ties, before)
    shopping = Shopping(election, rule, list(before))
    winners = buy_in_order(shopping, listed)
    extra = extra_support(election, rule, order, listed, before, ties)
    nobody = Refusal("no-votes", 0)
    losers = {
        index: shopping_loser(
            election, index, shopping.refused.get(index, nobody), extra.get(index)
        )
        for index in range(len(election.projects))
        if index not in winners and index not in before
    }
    rounds = [_round(election, Purchase(index, Fraction(0)), stage) for index in winners]
    return _Count(winners, rounds, losers, ties_in(election, order, ties, listed, stage))


def _greedy(election: Election, rule: Rule, ties: TieBreak) -> _Count:
    return _by_order(election, rule, order_of(election, rule), ties)


def shares_trace(election: Election, rule: Rule) -> tuple[Engine, TieBreak, Trace, list[BrokenTie]]:
    """Run Equal Shares as far as its purses reach: the pass kept, and the ties broken."""
    among = _eligible(election, rule)
    ties = TieBreak(election, rule.ties)
    engine = engine_for(election, utility_of(election, rule), ties, among)
    if rule.completion in ("add1", "add1u"):
        return engine, ties, *add1(election, engine, rule.add1, among)
    trace = engine.run(Fraction(election.pot, election.paper_count))
    return engine, ties, trace, list(trace.ties)


def _equal_shares(election: Election, rule: Rule, ties: TieBreak) -> _Count:
    if not election.paper_count:
        return _greedy(election, rule, ties)
    engine, _, trace, broken = shares_trace(election, rule)
    found = engine.retell(trace)
    counted = _Count(
        found.winners,
        [_round(election, purchase, "shares") for purchase in found.purchases],
        _shares_losers(election, rule, found),
        broken,
        str(found.purse),
    )
    if rule.completion in ("add1u", "greedy"):
        _finish(election, rule, ties, counted)
    return counted


def _shares_losers(election: Election, rule: Rule, found: Account) -> dict[int, Loser]:
    return {
        index: shares_loser(election, rule, found, index)
        for index in range(len(election.projects))
        if index not in found.winners
    }


def _finish(election: Election, rule: Rule, ties: TieBreak, counted: _Count) -> None:
    """Spend what is left by votes (points for other ballots)."""
    order = order_of(election, rule)
    finish = _by_order(election, rule, order, ties, counted.winners, "finish")
    counted.winners += finish.winners
    counted.rounds += finish.rounds
    counted.ties += finish.ties
    for index in finish.winners:
        del counted.losers[index]


def _phragmen(election: Election, rule: Rule, ties: TieBreak) -> _Count:
    found = phragmen(election, ties, _eligible(election, rule))
    winners = [purchase.project for purchase in found.purchases]
    room = election.pot - _cost(election, winners)
    losers = {
        index: _phragmen_loser(election, rule, index, room if index == found.misfit else None)
        for index in range(len(election.projects))
        if index not in winners
    }
    rounds = [_round(election, purchase, "phragmen") for purchase in found.purchases]
    return _Count(winners, rounds, losers, found.ties)


def _phragmen_loser(election: Election, rule: Rule, index: int, room: int | None) -> Loser:
    """Describe a project not bought; `room` is what the one that ended the count found."""
    project, votes = election.projects[index], election.votes[index]
    reason = "no-room" if room is not None or project.cost > election.pot else "stopped"
    if votes < max(1, rule.minimum_votes):
        reason = "minimum-votes" if votes else "no-votes"
    cut = project.cost - room if room else None
    return Loser(project.id, project.cost, votes, reason, cost_less=cut)


_BY_NAME = {"greedy": _greedy, "equal-shares": _equal_shares, "phragmen": _phragmen}


def _eligible(election: Election, rule: Rule) -> list[int]:
    needed = max(1, rule.minimum_votes)
    return [index for index, votes in enumerate(election.votes) if votes >= needed]


def _round(election: Election, purchase: Purchase, stage: str) -> Round:
    index = purchase.project
    return Round(
        0,
        election.projects[index].id,
        stage,
        election.costs[index],
        election.votes[index],
        purchase.payers,
        ceil(purchase.most),
        purchase.emptied,
        str(purchase.rate) if purchase.rate else "",
    )


def _told(election: Election, rule: Rule, counted: _Count, plain: Plain) -> Result:
    winners = counted.winners
    return Result(
        rule=rule,
        utility=utility_of(election, rule),
        ballot=election.kind,
        table=election.table,
        unit=election.unit,
        scale=election.scale,
        pot=election.pot,
        spent=_cost(election, winners),
        papers=election.paper_count,
        purse=counted.purse,
        winners=_ids(election, winners),
        rounds=tuple(replace(r, number=n) for n, r in enumerate(counted.rounds, start=1)),
        losers=tuple(counted.losers.values()),
        ties=_ties(election, counted.ties, winners),
        plain=plain,
        nothing_funded=outcome.nothing_funded(election, winners),
        by_area=outcome.spent_by_area(election, winners),
        by_category=outcome.spent_by_category(election, winners),
    )


def _ties(
    election: Election, broken: Sequence[BrokenTie], winners: Sequence[int]
) -> tuple[Tie, ...]:
    """Report every tie broken; refuse to count where the rule leaves one open."""
    told, unbroken = [], []
    for tie in broken:
        chosen, *others = _ids(election, tie.tied)
        mattered = not set(tie.tied) <= set(winners)
        told.append(Tie(chosen, tuple(others), tie.stage, tie.decided_by or "", mattered))
        if tie.decided_by is None:
            unbroken.append(f"the projects {', '.join(sorted(_ids(election, tie.tied)))} tie")
    if unbroken:
        raise CountError([f"{fault} and the rule names no seed to part them" for fault in unbroken])
    return tuple(dict.fromkeys(told))


def _ids(election: Election, indices: Sequence[int]) -> tuple[str, ...]:
    return tuple(election.projects[index].id for index in indices)


def _cost(election: Election, indices: Sequence[int]) -> int:
    return sum(election.costs[index] for index in indices)
