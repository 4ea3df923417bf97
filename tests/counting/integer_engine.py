"""Equal Shares in whole numbers alone, to compare with: exact throughout, nothing skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from panel_app.counting.election import Election
from panel_app.counting.exact_purses import Account, Purchase
from panel_app.counting.rule import Utility
from panel_app.counting.ties import TieBreak


@dataclass
class Purses:
    """Each class's purse as a numerator over one common denominator."""

    held: list[int]
    over: int


@dataclass(frozen=True)
class Price:
    """A weight of one pays owed / weight, over the purses' denominator."""

    project: int
    owed: int
    weight: int
    rate: Fraction


class IntegerEngine:
    """Passes over one election."""

    def __init__(
        self, election: Election, utility: Utility, ties: TieBreak, among: Sequence[int]
    ) -> None:
        self.election = election
        self.ties = ties
        self.utility = utility
        self.costly = [index for index in among if election.costs[index]]
        free = [index for index in among if not election.costs[index]]
        self.free = sorted(free, key=ties.keys.__getitem__)

    def run(self, purse: Fraction) -> Account:
        """Buy from equal purses until nobody can buy together (minor units)."""
        purses = Purses([purse.numerator] * len(self.election.classes), purse.denominator)
        bought = [Purchase(index, Fraction(0)) for index in self.free]
        waiting = self.costly
        while offers := [p for p in (self._price(purses, index) for index in waiting) if p]:
            best = min(offers, key=lambda price: (price.rate, self.ties.keys[price.project]))
            bought.append(self._purchase(purses, best))
            self._pay(purses, best)
            waiting = [price.project for price in offers if price is not best]

        def left(project: int) -> Fraction:
            voters, classes = self.election.voters, self.election.supporters[project]
            return Fraction(sum(purses.held[c] * voters[c] for c in classes), purses.over)

        return Account(purse, tuple(bought), left)

    def _wanting(self, index: int) -> list[tuple[int, int, int]]:
        """The classes that want the project, how much each, and how many voters they have."""
        election = self.election
        pairs = zip(election.supporters[index], election.given[index], strict=True)
        points = self.utility == "points"
        return [(c, given if points else 1, election.voters[c]) for c, given in pairs]

    def _price(self, purses: Purses, index: int) -> Price | None:
        """Find what a weight of one pays, by letting the poor drop out until none is poor."""
        price, held = self.election.costs[index], purses.held
        offers = [(held[c], weight, many) for c, weight, many in self._wanting(index) if held[c]]
        cost = owed = price * purses.over
        total = sum(purse * many for purse, _, many in offers)
        if total < cost:
            return None
        while True:
            weight = sum(given * many for _, given, many in offers)
            rich = [offer for offer in offers if offer[0] * weight >= owed * offer[1]]
            if len(rich) == len(offers):
                scale = weight * purses.over * (price if self.utility == "cost" else 1)
                return Price(index, owed, weight, Fraction(owed, scale))
            owed = cost - total + sum(purse * many for purse, _, many in rich)
            offers = rich

    def _pay(self, purses: Purses, price: Price) -> None:
        shared = gcd(price.owed, price.weight)
        owed, scale = price.owed // shared, price.weight // shared
        purses.held = [purse * scale for purse in purses.held]
        purses.over *= scale
        for c, weight, _ in self._wanting(price.project):
            purses.held[c] = max(purses.held[c] - owed * weight, 0)

    def _purchase(self, purses: Purses, price: Price) -> Purchase:
        payers = most = 0
        for c, weight, many in self._wanting(price.project):
            purse = purses.held[c] * price.weight
            paid = min(purse, price.owed * weight)
            payers += many if purse else 0
            most = max(most, paid)
        most_paid = Fraction(most, price.weight * purses.over)
        return Purchase(price.project, price.rate, payers, most_paid)
