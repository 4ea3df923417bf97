"""Count an election by a rule and tell what happened: the front door for projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from panel_app.counting.election import Election
from panel_app.counting.result import Loser, Plain, Result, Round, Tie
from panel_app.counting.rule import Rule
from panel_app.counting.ties import TieBreak
from panel_app.counting.winners import Bought, buy, by_votes, check_broken, utility_of

if TYPE_CHECKING:
    from panel_app.counting.exact_purses import Account


def count(election: Election, rule: Rule | None = None) -> Result:
    """Count the papers by the rule (by default Equal Shares with add1u) and explain the outcome.

    The result is the same however the papers are listed; by how much the losers missed is worked
    out by `with_margins`. Raises CountError when the rule cannot count this election or leaves a
    tie unbroken.
    """
    rule = rule or Rule()
    ties = TieBreak(election, rule.ties)
    found, plain = buy(election, rule, ties), by_votes(election, rule, ties)
    check_broken(election, found.broken)
    return _told(election, rule, ties, found, _beside(election, found.winners, plain.winners))


def _beside(election: Election, winners: Collection[int], plain: Collection[int]) -> Plain:
    """Hold plain votes beside the outcome: who has more of the projects they chose from which."""
    ours, theirs = _chosen_and_bought(election, winners), _chosen_and_bought(election, plain)
    better: Counter[int] = Counter()
    for voters, mine, other in zip(election.voters, ours, theirs, strict=True):
        better[(mine > other) - (mine < other)] += voters
    cost, nothing = election.cost_of(plain), _nothing_funded(election, theirs)
    return Plain(election.ids(plain), cost, nothing, better[1], better[-1])


def _chosen_and_bought(election: Election, winners: Collection[int]) -> list[int]:
    """For each class, how many projects it supports are bought."""
    chosen = Counter(number for index in winners for number in election.supporters[index])
    return [chosen[number] for number in range(len(election.classes))]


def _nothing_funded(election: Election, bought: list[int]) -> int:
    """Count voters with nothing they chose bought, empty papers included."""
    return sum(v for v, funded in zip(election.voters, bought, strict=True) if not funded)


def _told(election: Election, rule: Rule, ties: TieBreak, found: Bought, plain: Plain) -> Result:
    account = found.shares[0].retell(found.shares[1]) if found.shares else None
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
        rounds=tuple(_rounds(election, found, account)),
        losers=tuple(_losers(election, rule, ties, found, account)),
        ties=tuple(dict.fromkeys(_ties(election, found))),
        plain=plain,
        nothing_funded=_nothing_funded(election, _chosen_and_bought(election, found.winners)),
    )


def _rounds(election: Election, found: Bought, account: Account | None) -> Iterator[Round]:
    """Tell every purchase: those paid by their supporters first, then those made by order."""
    paid = {bought.project: bought for bought in account.purchases} if account else {}
    for number, index in enumerate(found.winners, start=1):
        project, votes, bought = election.projects[index], election.votes[index], paid.get(index)
        stage = "shares" if bought else "finish" if account else "votes"
        told = Round(number, project.id, stage, project.cost, votes)
        if bought:
            rate = str(bought.rate) if bought.rate else ""
            told = replace(told, payers=bought.payers, most_paid=ceil(bought.most), rate=rate)
        yield told


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
        reason = "lot" if index in lots else _reason(election, rule, found, index)
        lost_to = election.projects[lots[index]].id if index in lots else ""
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
    return found.shopping.refused[index] if found.shopping else "no-room"


def _lots(election: Election, ties: TieBreak, found: Bought) -> dict[int, int]:
    """For each project that the lot alone put behind another, which then won: that other.

    It tied when the other was bought, and could have been bought in its place.
    """
    kept = found.shares[1].ties if found.shares else ()
    lots = dict(found.shopping.lots) if found.shopping else {}
    for tie in kept:
        chosen, *others = tie.tied
        alike = (i for i in others if ties.before_the_lot[i] == ties.before_the_lot[chosen])
        lots |= {i: chosen for i in alike if i not in found.winners}
    return lots


def _ties(election: Election, found: Bought) -> Iterator[Tie]:
    for tie in found.broken:
        chosen, *others = election.ids(tie.tied)
        mattered = not set(tie.tied) <= set(found.winners)
        yield Tie(chosen, tuple(others), tie.stage, tie.decided_by or "", mattered)
