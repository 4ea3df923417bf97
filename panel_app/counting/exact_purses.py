"""The exact side of Equal Shares: who wants what, and purses in whole numbers of any size."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

import numpy as np
import numpy.typing as npt

from panel_app.counting.election import Election
from panel_app.counting.rule import Utility

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: Python's own whole numbers, of any size.
Wholes = npt.NDArray[np.object_]


class Offers:
    """Who wants a project: arrays over its supporters' classes.

    Utility of `classes[k]` is factor * weights[k]. `each` is the weights, or a single one where
    all are even: then everyone pays the same until the purse is empty. `weighted` is voters times
    weights, `total` their sum, `rounding` the relative error of a sum over them.
    """

    def __init__(self, election: Election, index: int, utility: Utility, voters: Ints) -> None:
        self.project, self.cost = index, election.costs[index]
        self.factor = self.cost if utility == "cost" else 1
        self.classes = np.array(election.supporters[index], dtype=np.intp)
        self.weights = np.ones(len(self.classes), dtype=np.int64)
        if utility == "points":
            self.weights = np.array(election.given[index], dtype=np.int64)
        even = (self.weights == self.weights[0]).all()
        self.each: Floats = (self.weights[:1] if even else self.weights).astype(float)
        weighted = voters[self.classes] * self.weights
        self.voters: Floats = voters[self.classes].astype(float)
        self.weighted: Floats = weighted.astype(float)
        self.total = int(weighted.sum())
        self.rounding = (len(self.classes) + 16) * 2.0**-52


@dataclass(frozen=True, slots=True)
class Price:
    """A weight of one pays owed / weight, over the purses' denominator."""

    owed: int
    weight: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project bought at `rate` minor units for a point of utility, by `payers`.

    Each of them gave something, at most `most`.
    """

    project: int
    rate: Fraction
    payers: int = 0
    most: Fraction = Fraction(0)


@dataclass(frozen=True)
class Account:
    """A pass retold exactly: its purchases, and what the supporters of a project have left."""

    purse: Fraction
    purchases: tuple[Purchase, ...]
    left: Callable[[int], Fraction] = field(repr=False)


class ExactPurses:
    """One voter's purse in each class after the purchases so far, over one denominator.

    What a class held is over the denominator of its last purchase, and `grown` since.
    """

    def __init__(self, purse: Fraction, voters: Ints) -> None:
        self.over = purse.denominator
        self.voters: Wholes = voters.astype(object)
        self.held: Wholes = np.full(len(voters), purse.numerator, dtype=object)
        self.last = np.zeros(len(voters), dtype=np.intp)
        self.grown: Wholes = np.array([1], dtype=object)
        self.bought: list[Purchase] = []

    def purses(self, classes: npt.NDArray[np.intp]) -> Wholes:
        """What one voter of each class holds, over the denominator."""
        held: Wholes = self.held[classes] * self.grown[self.last[classes]]
        return held

    def price(self, offers: Offers) -> Price | None:
        """Price a project, or None where its supporters cannot pay: the poor drop out in turn."""
        cost, purses = offers.cost * self.over, self.purses(offers.classes)
        money, weights = purses * self.voters[offers.classes], offers.weights.astype(object)
        if money.sum() < cost:
            return None
        rich = np.ones(len(purses), dtype=bool)
        while True:
            owed, weight = int(cost - money[~rich].sum()), int(offers.weighted[rich].sum())
            still_rich = purses * weight >= owed * weights
            if (still_rich == rich).all():
                return Price(owed, weight, Fraction(owed, weight * self.over * offers.factor))
            rich = still_rich

    def buy(self, offers: Offers, price: Price) -> None:
        """Take the price from every supporter's purse, and note who paid how much."""
        shared = gcd(price.owed, price.weight)
        self.over *= price.weight // shared
        self.grown = np.append(self.grown * (price.weight // shared), 1)
        purses = self.purses(offers.classes)
        paid = np.minimum(purses, price.owed // shared * offers.weights.astype(object))
        self.held[offers.classes] = purses - paid
        self.last[offers.classes] = len(self.bought) + 1
        payers = int(offers.voters[paid > 0].sum())
        most = Fraction(max(paid), self.over)
        self.bought.append(Purchase(offers.project, price.rate, payers, most))

    def follow(self, order: Iterable[Offers]) -> None:
        """Buy what a pass bought."""
        for offers in order:
            if price := self.price(offers):
                self.buy(offers, price)
