"""Equal Shares in whole numbers alone: exact throughout, quick for a ward, no numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf
from typing import cast

from panel_app.counting.election import Election
from panel_app.counting.passes import (
    SLACK,
    Account,
    Purchase,
    Trace,
    TraceLog,
    demands,
    ranked,
)
from panel_app.counting.rule import Utility
from panel_app.counting.ties import BrokenTie, TieBreak

Offer = tuple[int, int, int]


@dataclass
class _Purses:
    """Each class's purse as a numerator over one common denominator."""

    held: list[int]
    over: int


@dataclass(frozen=True, slots=True)
class _Price:
    """A weight of one pays owed / weight (over the purses' denominator); `rate` rounds it."""

    project: int
    owed: int
    weight: int
    rate: float


class IntegerEngine:
    """Passes over one election, small enough for plain Python."""

    def __init__(
        self, election: Election, utility: Utility, ties: TieBreak, among: Sequence[int]
    ) -> None:
        self.election = election
        self.ties = ties
        wanted = demands(election, utility, among)
        self.demands = {demand.project: demand for demand in wanted if demand.cost}
        self.offers = {
            index: [
                (c, weight, election.voters[c])
                for c, weight in zip(demand.classes, demand.weights, strict=True)
            ]
            for index, demand in self.demands.items()
        }
        self.total = {index: demand.total for index, demand in self.demands.items()}
        self.ranks = ranked(self.demands.values(), ties)
        free = [demand.project for demand in wanted if not demand.cost]
        self.free = tuple(sorted(free, key=ties.keys.__getitem__))

    def run(self, purse: Fraction, ceilings: Sequence[float] = ()) -> Trace:
        """Buy from equal purses until nobody can buy together (minor units)."""
        purses = self._full(purse)
        floors = {
            index: demand.cost / (self.total[index] * demand.factor)
            for index, demand in self.demands.items()
            if self.election.votes[index] * purse >= demand.cost
        }
        log = TraceLog(purse, self.free, self.ranks)
        while floors:
            prices = self._cheapest(purses, floors, log.ceiling(ceilings))
            if not prices:
                break
            price, tie = self._chosen(prices)
            del floors[price.project]
            self._pay(purses, price)
            full = price.weight == self.total[price.project]
            log.add(price.project, price.rate * (1 + SLACK), full, floors, tie)
        return log.trace()

    def _full(self, purse: Fraction) -> _Purses:
        return _Purses([purse.numerator] * len(self.election.classes), purse.denominator)

    def _cheapest(self, purses: _Purses, floors: dict[int, float], ceiling: float) -> list[_Price]:
        """Price every project that may be cheapest or undercut the ceiling.

        `floors` never exceed a project's rate, which only rises within a pass; they are raised
        here, and projects whose supporters cannot pay are dropped.
        """
        prices = []
        best = inf
        for index in sorted(floors, key=floors.__getitem__):
            if floors[index] > max(best, ceiling) * (1 + SLACK):
                break
            price = self._price(purses, index)
            if price is None:
                del floors[index]
                continue
            floors[index] = price.rate * (1 - SLACK / 1000)
            best = min(best, price.rate)
            prices.append(price)
        return prices

    def _price(self, purses: _Purses, index: int) -> _Price | None:
        """Find what a weight of one pays, by letting the poor drop out until none is poor."""
        held = purses.held
        offers = [(held[c], weight, voters) for c, weight, voters in self.offers[index] if held[c]]
        cost = owed = self.demands[index].cost * purses.over
        total = sum(purse * voters for purse, _, voters in offers)
        if total < cost:
            return None
        while True:
            weight = sum(given * voters for _, given, voters in offers)
            rich = [offer for offer in offers if offer[0] * weight >= owed * offer[1]]
            if len(rich) == len(offers):
                scale = weight * purses.over * self.demands[index].factor
                return _Price(index, owed, weight, owed / scale)
            owed = cost - total + sum(purse * voters for purse, _, voters in rich)
            offers = rich

    def _chosen(self, prices: list[_Price]) -> tuple[_Price, BrokenTie | None]:
        """Pick the exactly cheapest, by the rule's criteria where several are."""
        limit = min(price.rate for price in prices) * (1 + SLACK)
        tied: list[_Price] = []
        for price in prices:
            if price.rate > limit:
                continue
            difference = self._compare(price, tied[0]) if tied else -1
            if difference < 0:
                tied = [price]
            elif difference == 0:
                tied.append(price)
        if len(tied) == 1:
            return tied[0], None
        tie = self.ties.first([price.project for price in tied], "shares")
        return next(price for price in tied if price.project == tie.tied[0]), tie

    def _compare(self, one: _Price, other: _Price) -> int:
        ours = one.owed * other.weight * self.demands[other.project].factor
        return ours - other.owed * one.weight * self.demands[one.project].factor

    def _pay(self, purses: _Purses, price: _Price) -> None:
        shared = gcd(price.owed, price.weight)
        owed, scale = price.owed // shared, price.weight // shared
        held = purses.held
        if scale > 1:
            held[:] = [purse * scale for purse in held]
            purses.over *= scale
        for c, weight, _ in self.offers[price.project]:
            held[c] = max(held[c] - owed * weight, 0)

    def retell(self, trace: Trace) -> Account:
        """Give the exact rates and remains of a pass this engine ran."""
        purses = self._full(trace.purse)
        bought = [Purchase(index, Fraction(0)) for index in self.free]
        for index in trace.order[len(self.free) :]:
            price = cast(_Price, self._price(purses, index))  # affordable when the pass ran
            bought.append(self._purchase(purses, price))
            self._pay(purses, price)

        def left(project: int) -> Fraction:
            voters, classes = self.election.voters, self.election.supporters[project]
            return Fraction(sum(purses.held[c] * voters[c] for c in classes), purses.over)

        return Account(trace.purse, tuple(bought), left)

    def _purchase(self, purses: _Purses, price: _Price) -> Purchase:
        payers = emptied = most = 0
        for c, weight, voters in self.offers[price.project]:
            purse = purses.held[c] * price.weight
            if not purse:
                continue
            paid = min(purse, price.owed * weight)
            payers += voters
            most = max(most, paid)
            emptied += voters if paid == purse else 0
        scale = price.weight * purses.over
        rate = Fraction(price.owed, scale * self.demands[price.project].factor)
        return Purchase(price.project, rate, payers, Fraction(most, scale), emptied)
