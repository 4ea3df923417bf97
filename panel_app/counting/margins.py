"""Say for each project not bought what was missing, and how much of it."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, inf

from panel_app.counting.election import Election
from panel_app.counting.greedy import Refusal, Shopping, merit
from panel_app.counting.passes import Account
from panel_app.counting.result import Loser
from panel_app.counting.rule import Order, Rule
from panel_app.counting.ties import TieBreak


def shares_loser(election: Election, rule: Rule, found: Account, index: int) -> Loser:
    """Describe what the supporters of a project had left after Equal Shares.

    With its cost cut to what they had left it is affordable at the end of the same pass, so it is
    bought there. `more_support` counts further supporters holding a whole purse.
    """
    project = election.projects[index]
    votes = election.votes[index]
    if not votes:
        return Loser(project.id, project.cost, 0, "no-votes")
    left = found.left(index)
    if votes < rule.minimum_votes:
        return Loser(project.id, project.cost, votes, "minimum-votes", int(left))
    more = ceil((project.cost - left) / found.purse) if found.purse else None
    cut = project.cost - int(left) if left >= 1 else None
    return Loser(project.id, project.cost, votes, "short", int(left), cut, more)


def shopping_loser(
    election: Election, index: int, refusal: Refusal, more_support: int | None
) -> Loser:
    """Describe a project that plain counting passed over."""
    project = election.projects[index]
    cut = project.cost - refusal.room if refusal.reason in ("no-room", "cap") else None
    return Loser(
        project.id,
        project.cost,
        election.votes[index],
        refusal.reason,
        cost_less=cut if cut and 0 < cut < project.cost else None,
        more_support=more_support,
    )


def extra_support(
    election: Election,
    rule: Rule,
    order: Order,
    listed: Sequence[int],
    before: Sequence[int],
    ties: TieBreak,
) -> dict[int, int]:
    """For each project of `listed`, the votes or points more that would have bought it.

    Replays the shopping: room only shrinks, so the last moment at which the project would still
    have fitted names the rival it must overtake. Left out where it never fitted,
    and where points are ordered but votes are missing.
    """
    shopping = Shopping(election, rule, list(before))
    rivals: dict[int, int] = {}
    for rival in listed:
        rivals.update(dict.fromkeys((i for i in listed if shopping.misfit(i) is None), rival))
        if shopping.refusal(rival) is None:
            shopping.buy(rival)
        elif rule.misfit == "stop":
            break
    worth = merit(election, order)
    by_votes = order == "votes"  # drawing level then means having the same votes
    missing = {
        index: (
            Fraction(worth[rival] - worth[index]),
            rival != index and ties.goes_first(rival, index, votes_too=not by_votes),
        )
        for index, rival in rivals.items()
        if inf not in (abs(worth[rival]), abs(worth[index]))  # free, by pound
        and (order.startswith("votes") or election.votes[index] >= rule.minimum_votes)
    }
    return {
        index: _support_for(election, rule, order, index, *short)
        for index, short in missing.items()
    }


def _support_for(
    election: Election, rule: Rule, order: Order, index: int, short: Fraction, loses_tie: bool
) -> int:
    """Votes or points that lift the project over a rival whose merit is `short` higher."""
    per = election.costs[index] if order.endswith("per-pound") else 1
    needed = short * per / (election.scale if order.startswith("points") else 1)
    whole = ceil(needed) + (loses_tie and ceil(needed) == needed)
    if order.startswith("votes"):
        whole = max(whole, rule.minimum_votes - election.votes[index])
    return max(whole, 0)
