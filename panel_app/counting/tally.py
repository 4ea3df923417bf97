"""Count an election by a rule and tell what happened: the front door for projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from panel_app.counting import measures
from panel_app.counting.election import Election
from panel_app.counting.result import Loser, Plain, Result, Round, Tie
from panel_app.counting.rule import Rule
from panel_app.counting.ties import BrokenTie, TieBreak
from panel_app.counting.winners import Bought, buy, by_votes, check_broken, utility_of

if TYPE_CHECKING:
    from panel_app.counting.passes import Account, Purchase


def count(election: Election, rule: Rule | None = None) -> Result:
    """Count the papers by the rule (by default Equal Shares with add1u) and explain the outcome.

    The result is the same however the papers are listed; by how much the losers missed is worked
    out by `with_margins`. Raises CountError when the rule cannot count this election or leaves a
    tie unbroken.
    """
    rule = rule or Rule()
    ties = TieBreak(election, rule.ties)
    found, plain = buy(election, rule, ties), by_votes(election, rule, ties)
    compared = measures.compare(election, found.winners, plain.winners, rule.preference)
    replaced = rule.comparison and compared.prefer_plain > compared.prefer_rule
    beside = Plain(
        election.ids(plain.winners),
        election.cost_of(plain.winners),
        measures.nothing_funded(election, plain.winners),
        compared.prefer_rule,
        compared.prefer_plain,
        compared.indifferent,
        replaced,
    )
    final = plain if replaced else found
    check_broken(election, final.broken)
    return _told(election, rule, ties, final, beside)


def _told(election: Election, rule: Rule, ties: TieBreak, found: Bought, plain: Plain) -> Result:
    account = found.shares[0].retell(found.shares[1]) if found.shares else None
    rounds = enumerate(_rounds(election, found, account), start=1)
    return Result(
        rule=rule,
        utility=utility_of(election, rule),
        ballot=election.kind,
        table=election.table,
        unit=election.unit,
        scale=election.scale,
        pot=election.pot,
        spent=election.cost_of(found.winners),
        papers=election.paper_count,
        purse=str(account.purse) if account else "",
        winners=election.ids(found.winners),
        rounds=tuple(replace(bought, number=number) for number, bought in rounds),
        losers=tuple(_losers(election, rule, ties, found, account)),
        ties=_ties(election, found),
        plain=plain,
        nothing_funded=measures.nothing_funded(election, found.winners),
        by_area=measures.spent_by_area(election, found.winners),
        by_category=measures.spent_by_category(election, found.winners),
    )


def _rounds(election: Election, found: Bought, account: Account | None) -> Iterator[Round]:
    """Tell every purchase: those paid by their supporters first, then those made by order."""
    paid = account.purchases if account else found.loads.purchases if found.loads else ()
    for purchase in paid:
        yield _paid(election, purchase, "shares" if account else "phragmen")
    for index in found.winners[len(paid) :]:
        project, votes = election.projects[index], election.votes[index]
        yield Round(0, project.id, "finish" if account else "votes", project.cost, votes)


def _paid(election: Election, purchase: Purchase, stage: str) -> Round:
    project = election.projects[purchase.project]
    return Round(
        0,
        project.id,
        stage,
        project.cost,
        election.votes[purchase.project],
        purchase.payers,
        ceil(purchase.most),
        purchase.emptied,
        str(purchase.rate) if purchase.rate else "",
    )


def _losers(
    election: Election, rule: Rule, ties: TieBreak, found: Bought, account: Account | None
) -> Iterator[Loser]:
    lots = _lots(election, ties, found)
    winners = set(found.winners)
    for index, project in enumerate(election.projects):
        if index in winners:
            continue
        votes = election.votes[index]
        left = int(account.left(index)) if account and votes else None
        reason = _reason(election, rule, found, index)
        lost_to = ""
        if index in lots:
            reason, lost_to = "lot", election.projects[lots[index]].id
        yield Loser(project.id, project.cost, votes, reason, left, lost_to)


def _reason(election: Election, rule: Rule, found: Bought, index: int) -> str:
    """Say which limit the project met, apart from a lot."""
    votes = election.votes[index]
    if not votes:
        return "no-votes"
    if votes < rule.minimum_votes:
        return "minimum-votes"
    if found.shares:
        return "short"
    if found.shopping:
        return found.shopping.refused[index]
    misfit = found.loads and index == found.loads.misfit
    return "no-room" if misfit or election.costs[index] > election.pot else "stopped"


def _lots(election: Election, ties: TieBreak, found: Bought) -> dict[int, int]:
    """For each project that the lot alone put behind another, which then won: that other.

    It tied when the other was bought, and could have been bought in its place.
    """
    kept = found.shares[1].ties if found.shares else found.loads.ties if found.loads else ()
    lots = dict(found.shopping.lots) if found.shopping else {}
    for tie in kept:
        chosen, *others = tie.tied
        alike = (i for i in others if ties.before_the_lot[i] == ties.before_the_lot[chosen])
        lots |= {i: chosen for i in alike if i not in found.winners}
    return lots


def _ties(election: Election, found: Bought) -> tuple[Tie, ...]:
    """Report every tie broken."""
    winners = set(found.winners)
    return tuple(dict.fromkeys(_tie(election, tie, winners) for tie in found.broken))


def _tie(election: Election, tie: BrokenTie, winners: set[int]) -> Tie:
    chosen, *others = election.ids(tie.tied)
    mattered = not set(tie.tied) <= winners
    return Tie(chosen, tuple(others), tie.stage, tie.decided_by or "", mattered)
