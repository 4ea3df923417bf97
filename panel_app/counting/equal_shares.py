"""Equal Shares on arrays: floats with an error bound, whole numbers where it does not decide.

The error bound: a purchase takes purses to purses so that larger ones stay larger and the sum
over all voters falls by exactly the cost. Such a map does not stretch the total absolute error
(Crandall and Tartar 1980), so that total grows only by what the floats paid beside the cost, and
by rounding. It is `doubt`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import inf

import numpy as np

from panel_app.counting.election import Election
from panel_app.counting.exact_purses import Account, ExactPurses, Floats, Ints, Offers, Purchase
from panel_app.counting.rule import Utility
from panel_app.counting.ties import BrokenTie, TieBreak

#: Floats this close, relatively, are never trusted to part two rates.
SLACK = 1e-9
_ROUNDING = 2.0**-52
_NUDGE = 4 * _ROUNDING
#: OpenBLAS starts threads for dot products of more than ten thousand.
_LONG = 8192


@dataclass(frozen=True, slots=True)
class Step:
    """A project bought; what costs nothing is bought first, and has no rivals.

    `ceiling` bounds the exact rate paid from above, and `rival` the rate of every other project
    still affordable from below (infinite where there was none). `full` says that no payer was
    poor; `earlier` is then the bound on rivals that come earlier in the order of rates while
    nobody is poor.
    """

    project: int
    ceiling: float = 0.0
    rival: float = inf
    earlier: float = inf
    full: bool = True


@dataclass
class Trace:
    """What was bought from equal purses, in order, and the ties broken on the way."""

    purse: Fraction
    steps: list[Step]
    ties: list[BrokenTie] = field(default_factory=list)

    @property
    def order(self) -> list[int]:
        return [step.project for step in self.steps]

    def ceiling_after(self, steps: int) -> float:
        """The ceiling of the step that came after so many; nothing beyond the last."""
        return self.steps[steps].ceiling if steps < len(self.steps) else 0.0

    def add(
        self,
        project: int,
        ceiling: float,
        full: bool,
        floors: Mapping[int, float],
        ranks: Mapping[int, int],
    ) -> None:
        """Note a purchase; `floors` bound the rates of the projects left from below."""
        rival = earlier = min(floors.values(), default=inf)
        if full:
            ahead = (floors[index] for index in floors if ranks[index] < ranks[project])
            earlier = min(ahead, default=inf)
        self.steps.append(Step(project, ceiling, rival, earlier, full))


@dataclass(frozen=True, slots=True)
class _Bid:
    """What a project would cost its supporters: the rate lies between `low` and `high`.

    `high` is infinite, and `low` no more than a guess, where floats do not tell. `exact` says
    that the price is right but for its rounding, `full` that surely nobody is poor.
    """

    project: int
    price: float
    low: float
    high: float
    exact: bool = False
    full: bool = False


class _Run:
    """Purses during one pass, one of every class."""

    def __init__(self, purse: Fraction, voters: Ints) -> None:
        self.purse = purse
        self.voters = voters
        self.held: Floats = np.full(len(voters), float(purse))
        self.doubt = _ROUNDING * float(purse) * float(voters.sum())

    @cached_property
    def ledger(self) -> ExactPurses:
        """The same purses exactly, up to the last round that floats did not decide."""
        return ExactPurses(self.purse, self.voters)


class EqualShares:
    """Passes over one election of any size."""

    def __init__(
        self, election: Election, utility: Utility, ties: TieBreak, among: Sequence[int]
    ) -> None:
        self.election = election
        self.ties = ties
        self.voters = np.array(election.voters, dtype=np.int64)
        costly = (index for index in among if election.costs[index])
        self.offers = {i: Offers(election, i, utility, self.voters) for i in costly}
        self.full_rates = {
            index: Fraction(offers.cost, offers.total * offers.factor)
            for index, offers in self.offers.items()
        }
        by_rate = sorted(self.full_rates, key=lambda p: (self.full_rates[p], ties.keys[p]))
        self.ranks = {project: rank for rank, project in enumerate(by_rate)}
        free = [index for index in among if not election.costs[index]]
        self.free = sorted(free, key=ties.keys.__getitem__)

    def run(self, purse: Fraction, below: Trace | None = None) -> Trace:
        """Buy from equal purses until nobody can buy together (minor units).

        Whatever may be cheaper than in the pass `below` is priced too.
        """
        run = _Run(purse, self.voters)
        floors = {
            index: offers.cost / (offers.total * offers.factor)
            for index, offers in self.offers.items()
            if self.election.votes[index] * purse >= offers.cost
        }
        log = Trace(purse, list(map(Step, self.free)))
        while floors:
            ceiling = below.ceiling_after(len(log.steps)) if below else 0.0
            bids = self._bids(run, floors, ceiling)
            if not bids:
                break
            bid, tie = self._chosen(run, bids, floors, log)
            if bid is None:
                continue
            del floors[bid.project]
            log.add(bid.project, bid.high, self._pay(run, bid), floors, self.ranks)
            log.ties += [tie] if tie else []
        return log

    def _bids(self, run: _Run, floors: dict[int, float], ceiling: float) -> list[_Bid]:
        """Price every project that may be cheapest or undercut the ceiling.

        `floors` never exceed a project's rate, which only rises within a pass; they are raised
        here, and projects whose supporters surely cannot pay are dropped.
        """
        bids = []
        limit = inf
        for index in sorted(floors, key=floors.__getitem__):
            if floors[index] > max(limit, ceiling * (1 + SLACK)):
                break
            bid = self._bid(run, self.offers[index], floors[index])
            if bid is None:
                del floors[index]
                continue
            floors[index] = max(floors[index], bid.low)
            limit = min(limit, bid.high)
            bids.append(bid)
        return bids

    def _bid(self, run: _Run, offers: Offers, floor: float) -> _Bid | None:
        """Bound the rate of one project from both sides; None when it surely cannot be paid."""
        purses = run.held.take(offers.classes)
        full = offers.cost / offers.total
        if float((purses - full * offers.each).min()) > 2 * run.doubt:
            rate = full / offers.factor
            low, high = rate * (1 - _NUDGE), rate * (1 + _NUDGE)
            return _Bid(offers.project, full, low, high, exact=True, full=True)
        total = product(offers.voters, purses)
        doubt = run.doubt + offers.rounding * (total + offers.cost)
        if total < offers.cost - doubt:
            return None
        factor = offers.factor
        price, weight, above = settle(purses, offers, total, doubt, floor * factor)
        if total < offers.cost + doubt or not weight:
            return _Bid(offers.project, 0.0, floor, inf)
        low, high = (price - 2 * doubt / weight) / factor, above / factor
        return _Bid(offers.project, price, low * (1 - _NUDGE), high * (1 + _NUDGE))

    def _chosen(
        self, run: _Run, bids: list[_Bid], floors: dict[int, float], log: Trace
    ) -> tuple[_Bid | None, BrokenTie | None]:
        """Pick the cheapest; whole numbers decide where the bounds of several overlap.

        None when it turns out that none of those can be paid (they are dropped from `floors`).
        """
        limit = min(bid.high for bid in bids)
        close = [bid for bid in bids if bid.low <= limit]
        if len(close) == 1 and limit < inf:
            return close[0], None
        if all(bid.full for bid in close):  # what each asks is known exactly beforehand
            project, tie = self._first({bid.project: self.full_rates[bid.project] for bid in close})
            return next(bid for bid in close if bid.project == project), tie
        ledger = run.ledger
        ledger.follow(self.offers[i] for i in log.order[len(self.free) + len(ledger.bought) :])
        rates = {}
        for index in [bid.project for bid in close] if limit < inf else list(floors):
            if price := ledger.price(self.offers[index]):
                rates[index] = price.rate
                floors[index] = float(price.rate) * (1 - _NUDGE)
            else:
                del floors[index]
        if not rates:
            return None, None
        project, tie = self._first(rates)
        rate, asked = float(rates[project]), float(rates[project] * self.offers[project].factor)
        return _Bid(project, asked, rate, rate * (1 + SLACK), exact=True), tie

    def _first(self, rates: Mapping[int, Fraction]) -> tuple[int, BrokenTie | None]:
        """The cheapest project, and the tie broken where several are."""
        least = min(rates.values())
        first, *others = [project for project, rate in rates.items() if rate == least]
        tie = self.ties.first([first, *others], "shares") if others else None
        return (tie.tied[0] if tie else first), tie

    def _pay(self, run: _Run, bid: _Bid) -> bool:
        """Take the price from every supporter's purse; whether surely nobody was poor.

        The exact price stretches no error. Another is too high or too low for everyone, so what
        it brings in beside the cost is the error it adds to all purses together.
        """
        offers = self.offers[bid.project]
        before = run.held.take(offers.classes)
        left = before - bid.price * offers.each
        run.held[offers.classes] = after = np.maximum(left, 0.0)
        run.doubt += 4 * offers.rounding * (float(run.purse) * float(offers.voters.sum()))
        run.doubt += 4 * offers.rounding * offers.cost
        if not bid.exact:
            run.doubt += abs(offers.cost - product(offers.voters, before - after))
        return float(left.min()) > run.doubt

    def retell(self, trace: Trace) -> Account:
        """Give the exact rates and remains of a pass this engine ran."""
        ledger = ExactPurses(trace.purse, self.voters)
        ledger.follow(self.offers[index] for index in trace.order[len(self.free) :])
        free = (Purchase(index, Fraction(0)) for index in self.free)

        def left(project: int) -> Fraction:
            classes = np.array(self.election.supporters[project], dtype=np.intp)
            held = int((ledger.purses(classes) * ledger.voters[classes]).sum())
            return Fraction(held, ledger.over)

        return Account(trace.purse, (*free, *ledger.bought), left)


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
