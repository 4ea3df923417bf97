"""A slow exact counting of our own to compare with: one purse a voter, fractions throughout."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from panel_app.counting.election import Election

Paper = Mapping[int, int]


def papers_of(election: Election) -> list[Paper]:
    """One paper a voter: project index to points."""
    return [
        dict(support)
        for support, voters in zip(election.classes, election.voters, strict=True)
        for _ in range(voters)
    ]


def tie_key(election: Election, index: int) -> tuple[int, int, str]:
    """Lowest cost, most votes, seed 0."""
    votes = sum(paper.get(index, 0) > 0 for paper in papers_of(election))
    name = election.projects[index].id
    return election.costs[index], -votes, sha256(f"0:{name}".encode()).hexdigest()


def utility(election: Election, name: str, paper: Paper, index: int) -> int:
    if paper.get(index, 0) <= 0:
        return 0
    return {"cost": election.costs[index], "cardinality": 1, "points": paper[index]}[name]


def least_rate(cost: int, wanting: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """Least rho with sum of min(purse, rho * utility) = cost, tried supporter by supporter."""
    if not wanting or sum(purse for purse, _ in wanting) < cost:
        return None
    richest_last = sorted(wanting, key=lambda pair: pair[0] / pair[1])
    paid = Fraction(0)
    for place, (purse, given) in enumerate(richest_last):
        rest = sum(u for _, u in richest_last[place:])
        if (cost - paid) / rest * given <= purse:
            return (cost - paid) / rest
        paid += purse
    return None


def equal_shares(
    election: Election, name: str, purse: Fraction
) -> tuple[list[int], list[Fraction], list[Fraction]]:
    """Winners in order, the rate of each, and the purses left."""
    papers = papers_of(election)
    purses = [purse] * len(papers)
    keys = {index: tie_key(election, index) for index in range(len(election.projects))}
    supported = [i for i in keys if any(paper.get(i, 0) > 0 for paper in papers)]
    order = sorted((i for i in supported if not election.costs[i]), key=keys.__getitem__)
    rates = [Fraction(0)] * len(order)
    while True:
        offers: dict[int, Fraction] = {}
        for index in supported:
            if index in order:
                continue
            using = [utility(election, name, paper, index) for paper in papers]
            wanting = [(b, u) for b, u in zip(purses, using, strict=True) if u]
            rate = least_rate(election.costs[index], wanting)
            if rate is not None:
                offers[index] = rate
        if not offers:
            return order, rates, purses
        chosen = min(offers, key=lambda index: (offers[index], keys[index]))
        for voter, paper in enumerate(papers):
            paid = min(purses[voter], offers[chosen] * utility(election, name, paper, chosen))
            purses[voter] -= paid
        order.append(chosen)
        rates.append(offers[chosen])


def add1(election: Election, name: str) -> list[int]:
    """Every purse, one unit after the other, without skipping any."""
    supported = {i for paper in papers_of(election) for i, points in paper.items() if points > 0}
    costs, pot, unit = election.costs, election.pot, election.unit
    first = Fraction(pot, election.paper_count)
    kept = equal_shares(election, name, first)[0]
    step = 0
    while True:
        if supported <= set(kept):
            return kept
        step += 1
        tried = equal_shares(election, name, first // unit * unit + step * unit)[0]
        if sum(costs[i] for i in tried) > pot:
            return kept
        kept = tried


def greedy(election: Election, before: Sequence[int] = ()) -> list[int]:
    """By votes, skipping what does not fit; returns what is bought after `before`."""
    papers = papers_of(election)
    votes = [sum(p.get(i, 0) > 0 for p in papers) for i in range(len(election.projects))]
    room = election.pot - sum(election.costs[i] for i in before)
    bought = []
    wanted = [i for i in range(len(votes)) if votes[i] and i not in before]
    for index in sorted(wanted, key=lambda i: (-votes[i], tie_key(election, i))):
        if election.costs[index] <= room:
            room -= election.costs[index]
            bought.append(index)
    return bought


def moving_phantoms(
    votes: Sequence[Sequence[Fraction]], phantom: Callable[[int, int, float], float]
) -> list[float]:
    """Medians of votes and phantoms, moved by bisection until they sum to one."""
    voters, lines = len(votes), len(votes[0])

    def medians(t: float) -> list[float]:
        phantoms = [phantom(k, voters, t) for k in range(voters + 1)]
        return [
            sorted([float(vote[line]) for vote in votes] + phantoms)[voters]
            for line in range(lines)
        ]

    low, high = 0.0, 1.0
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(medians(middle)) < 1 else (low, middle)
    return medians(high)
