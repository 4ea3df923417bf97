"""The exact side of a pass on arrays: what everyone paid, in whole numbers over one denominator."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf
from typing import Any

import numpy as np
import numpy.typing as npt

from panel_app.counting.passes import Purchase

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Floats this near to a border, relatively, leave the decision to whole numbers.
NEAR = 1e-7

#: OpenBLAS starts threads for dot products of more than ten thousand.
_LONG = 8192


@dataclass(frozen=True, slots=True)
class Offers:
    """Who wants a project: arrays over its supporters' classes.

    Utility of `classes[k]` is factor * weights[k]. `each` is the weights, or a single one where
    all are even: then everyone pays the same until the purse is empty. `weighted` is voters times
    weights, `total` their sum, `rounding` the relative error of a sum over them.
    """

    project: int
    cost: int
    factor: int
    classes: npt.NDArray[np.intp]
    weights: Ints
    each: Floats
    voters: Floats
    weighted: Floats
    total: int
    rounding: float


@dataclass(frozen=True, slots=True)
class ExactPrice:
    """A weight of one pays owed / (weight * over); `rich` are those who can afford it."""

    project: int
    owed: int
    weight: int
    over: int
    factor: int
    rich: Mask

    @property
    def rate(self) -> Fraction:
        return Fraction(self.owed, self.weight * self.over * self.factor)

    @property
    def price(self) -> float:
        return self.owed / (self.weight * self.over)


def product(one: Floats, other: Floats) -> float:
    """Sum of products; long ones without BLAS, whose threads get in each other's way."""
    if len(one) < _LONG:
        return float(one @ other)
    return float(np.einsum("i,i->", one, other))


def settle(
    purses: Floats, offers: Offers, total: float, doubt: float, start: float
) -> tuple[float, float, float]:
    """Find what a weight of one pays: (price, weight of the rich, bound above the price).

    Newton's steps from a price that is not too high; the price rises with every step, so the set
    of rich only shrinks. `total` is all supporters' money, uncertain by `doubt`. At the bound the
    same rich still pay and bring in the cost with eight times the doubt to spare; it is infinite
    where everyone turns out poor.
    """
    money = offers.voters * purses
    owed = offers.cost - total
    rich = (purses >= start * offers.each).astype(float)
    weight = product(offers.weighted, rich)
    while weight:
        price = (owed + product(money, rich)) / weight
        above = price + 8 * doubt / weight
        rich = (purses >= above * offers.each).astype(float)
        left = product(offers.weighted, rich)
        if left >= weight:
            return price, weight, above
        weight = left
    return start, 0.0, inf


class ExactPurses:
    """Exact purses after the purchases made so far.

    A class that was never emptied holds `full` less the sum of what each round asked of it:
    asked[k] * paid[k], all over the denominator `over`.
    """

    def __init__(self, purse: Fraction, classes: int, voters: Ints, narrow: bool) -> None:
        self.full, self.over = purse.numerator, purse.denominator
        self.rounding = 2.0**-50 * float(purse)
        self.asked: list[int] = []
        self.paid: list[npt.NDArray[Any]] = []
        self.kind = np.uint8 if narrow else np.int64
        self.voters = voters
        self.emptied = np.zeros(classes, dtype=bool)
        self.held = np.full(classes, float(purse))

    def money(self, classes: npt.NDArray[np.intp]) -> int:
        """Sum the purses of the voters of these classes, over the denominator."""
        alive = classes[~self.emptied[classes]]
        voters = self.voters[alive]
        total = self.full * int(voters.sum())
        for asked, paid in zip(self.asked, self.paid, strict=True):
            total -= asked * int(voters @ paid[alive])
        return total

    def purse(self, number: int) -> int:
        """One voter's purse in this class, over the denominator."""
        if self.emptied[number]:
            return 0
        spent = (a * int(paid[number]) for a, paid in zip(self.asked, self.paid, strict=True))
        return self.full - sum(spent)

    def near(self, purses: npt.NDArray[Any], asked: npt.NDArray[Any]) -> Mask:
        """Whose purse, as a float, is too close to what is asked of it to tell them apart."""
        found: Mask = np.abs(purses - asked) <= NEAR * asked + self.rounding * (len(self.asked) + 1)
        return found

    def price(self, offers: Offers) -> ExactPrice | None:
        """Price a project exactly, or None where its supporters cannot pay.

        A guess of who is rich gives a price that is not too high, so after the first step the
        rich are too many, never too few, and only shrink to those who can afford the price.
        """
        cost = offers.cost * self.over
        if self.money(offers.classes) < cost:
            return None
        purses = self.held[offers.classes]
        start, _, _ = settle(purses, offers, product(offers.voters, purses), 0.0, 0.0)
        rich: Mask = purses >= start * offers.each
        if not rich.any():
            rich = ~rich
        while True:
            owed = cost - self.money(offers.classes[~rich])
            weight = int(offers.weighted[rich].sum())
            found = ExactPrice(offers.project, owed, weight, self.over, offers.factor, rich)
            after = self._rich(purses, offers, found)
            if (after == rich).all():
                return found
            rich = after

    def _rich(self, purses: Floats, offers: Offers, found: ExactPrice) -> Mask:
        """Who can afford the price: floats where they are clear, whole numbers at the border."""
        asked = found.price * offers.weights
        rich: Mask = purses >= asked
        for place in np.flatnonzero(self.near(purses, asked)):
            purse = self.purse(int(offers.classes[place]))
            rich[place] = purse * found.weight >= found.owed * int(offers.weights[place])
        return rich

    def buy(self, offers: Offers, found: ExactPrice) -> None:
        """Take the price from every supporter's purse."""
        shared = gcd(found.owed, found.weight)
        owed, scale = found.owed // shared, found.weight // shared
        self.full *= scale
        self.over *= scale
        self.asked = [asked * scale for asked in self.asked] + [owed]
        rich, poor = offers.classes[found.rich], offers.classes[~found.rich]
        weights = offers.weights[found.rich]
        paid = np.zeros(len(self.emptied), dtype=self.kind)
        paid[rich] = weights.astype(self.kind)
        self.paid.append(paid)
        self.emptied[poor] = True
        self.held[poor] = 0.0
        self.held[rich] = np.maximum(self.held[rich] - found.price * weights, 0.0)

    def purchase(self, offers: Offers, found: ExactPrice) -> Purchase:
        """Say how many pay for the project, and at most how much."""
        held = self.held[offers.classes]
        having = self._having(offers.classes, held)
        most = found.owed * int(offers.weights[found.rich].max(initial=0))
        # The poor who may still give more than any rich, exactly.
        dearest = np.full(len(held), most / (found.weight * found.over))
        poor = having & ~found.rich & ((held > dearest) | self.near(held, dearest))
        for place in np.flatnonzero(poor):
            most = max(most, self.purse(int(offers.classes[place])) * found.weight)
        payers = int(offers.voters[having].sum())
        most_paid = Fraction(most, found.weight * found.over)
        return Purchase(offers.project, found.rate, payers, most_paid)

    def _having(self, classes: npt.NDArray[np.intp], held: Floats) -> Mask:
        """Which classes have anything left; whole numbers decide where it is next to none."""
        having: Mask = held > NEAR * self.full / self.over
        for place in np.flatnonzero(~having & ~self.emptied[classes]):
            having[place] = self.purse(int(classes[place])) > 0
        return having


def cheapest(prices: Sequence[ExactPrice]) -> list[ExactPrice]:
    """Return the exactly cheapest by rate; several where they tie."""
    rates = [price.rate for price in prices]
    least = min(rates)
    return [price for price, rate in zip(prices, rates, strict=True) if rate == least]
