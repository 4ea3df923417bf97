"""Who wins: each rule's way of buying, without anything that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from panel_app.counting.election import CountError, Election
from panel_app.counting.greedy import Shopping, shop
from panel_app.counting.rule import Rule, Utility
from panel_app.counting.ties import BrokenTie, TieBreak

if TYPE_CHECKING:  # numpy waits until Equal Shares is counted
    from panel_app.counting.equal_shares import EqualShares, Trace


@dataclass(frozen=True)
class Bought:
    """What a rule bought, in order, the ties broken on the way, and where it went shopping.

    `shares` is the pass of Equal Shares that was kept, `shopping` what was bought by order.
    """

    winners: list[int]
    broken: list[BrokenTie]
    shares: tuple[EqualShares, Trace] | None = None
    shopping: Shopping | None = None


def winners(election: Election, rule: Rule) -> tuple[str, ...]:
    """Return the ids of the winners, in order of choice: those that `count` tells of.

    Raises CountError as `count` does.
    """
    found = buy(election, rule, TieBreak(election, rule.ties))
    check_broken(election, found.broken)
    return election.ids(found.winners)


def buy(election: Election, rule: Rule, ties: TieBreak) -> Bought:
    """Buy by the rule. Raises CountError where it cannot count this election."""
    _check(election, rule)
    if rule.name == "equal-shares" and election.paper_count:
        return _equal_shares(election, rule, ties)
    shopping, broken = shop(election, rule, election.points, ties)
    return Bought(shopping.bought, broken, shopping=shopping)


def by_votes(election: Election, rule: Rule, ties: TieBreak) -> Bought:
    """Buy by plain most votes, without the rule's limits: what every count is held against."""
    shopping, broken = shop(election, Rule(ties=rule.ties), election.votes, ties)
    return Bought(shopping.bought, broken, shopping=shopping)


def check_broken(election: Election, broken: Sequence[BrokenTie]) -> None:
    """Raise CountError where the rule leaves a tie open."""
    unbroken = [sorted(election.ids(tie.tied)) for tie in broken if tie.decided_by is None]
    if unbroken:
        faults = (f"the projects {', '.join(names)} tie" for names in unbroken)
        raise CountError([f"{fault} and the rule names no seed to part them" for fault in faults])


def utility_of(election: Election, rule: Rule) -> Utility:
    """The utility the rule uses on these ballots: cost for approval, else points, unless named."""
    return rule.utility or ("cost" if election.kind == "approval" else "points")


def _check(election: Election, rule: Rule) -> None:
    if rule.name != "greedy" and (rule.incompatible or rule.area_caps):
        raise CountError([f"{rule.name} has no caps or incompatible projects; greedy has"])
    if rule.name == "equal-shares" and utility_of(election, rule) == "points" and election.huge:
        raise CountError(["all points together pass 2^53; give them fewer digits"])
    ids = {project.id for project in election.projects}
    named = {name for group in rule.incompatible for name in group}
    faults = [f"incompatible names the unknown project {name}" for name in sorted(named - ids)]
    areas = {project.area for project in election.projects}
    unknown = sorted(rule.area_caps.keys() - areas)
    faults += [f"a cap names the unknown area {name}" for name in unknown]
    if faults:
        raise CountError(faults)


def shares_pass(
    election: Election, rule: Rule, ties: TieBreak
) -> tuple[EqualShares, Trace, list[BrokenTie]]:
    """Run Equal Shares as far as its purses reach: the pass kept, and the ties broken."""
    from panel_app.counting.add1 import add1
    from panel_app.counting.equal_shares import EqualShares

    needed = max(1, rule.minimum_votes)
    among = [index for index, votes in enumerate(election.votes) if votes >= needed]
    engine = EqualShares(election, utility_of(election, rule), ties, among)
    if rule.completion in ("add1", "add1u"):
        return engine, *add1(election, engine, among)
    trace = engine.run(Fraction(election.pot, election.paper_count))
    return engine, trace, list(trace.ties)


def _equal_shares(election: Election, rule: Rule, ties: TieBreak) -> Bought:
    engine, trace, broken = shares_pass(election, rule, ties)
    bought = list(trace.order)
    if rule.completion not in ("add1u", "greedy"):
        return Bought(bought, broken, (engine, trace))
    shopping, finishing = shop(election, rule, election.points, ties, bought, "finish")
    return Bought(shopping.bought, broken + finishing, (engine, trace), shopping)
