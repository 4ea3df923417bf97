"""Equal Shares on arrays: floats with an error bound, whole numbers where it does not decide.

The error bound: a purchase takes purses to purses so that larger ones stay larger and the sum
over all voters falls by exactly the cost. Such a map does not stretch the total absolute error
(Crandall and Tartar 1980), so that total grows only by what the floats paid beside the cost, and
by rounding. It is `doubt`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np

from panel_app.counting.election import Election
from panel_app.counting.exact_purses import (
    ExactPurses,
    Floats,
    Offers,
    cheapest,
    product,
    settle,
)
from panel_app.counting.passes import SLACK, Account, Purchase, Step, Trace
from panel_app.counting.rule import Utility
from panel_app.counting.ties import BrokenTie, TieBreak

_ROUNDING = 2.0**-52
_NUDGE = 4 * _ROUNDING


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
    """Purses during one pass."""

    def __init__(self, purse: Fraction, classes: int, voters: int) -> None:
        self.purse = purse
        self.held: Floats = np.full(classes, float(purse))
        self.doubt = _ROUNDING * float(purse) * voters
        self.ledger: ExactPurses | None = None


class EqualShares:
    """Passes over one election of any size."""

    def __init__(
        self, election: Election, utility: Utility, ties: TieBreak, among: Sequence[int]
    ) -> None:
        self.election = election
        self.ties = ties
        self.voters = np.array(election.voters, dtype=np.int64)
        self.offers = {i: self._offers(i, utility) for i in among if election.costs[i]}
        self.narrow = all(offers.weights.max() < 256 for offers in self.offers.values())
        self.full_rates = {
            index: Fraction(offers.cost, offers.total * offers.factor)
            for index, offers in self.offers.items()
        }
        by_rate = sorted(self.full_rates, key=lambda p: (self.full_rates[p], ties.keys[p]))
        self.ranks = {project: rank for rank, project in enumerate(by_rate)}
        free = [index for index in among if not election.costs[index]]
        self.free = sorted(free, key=ties.keys.__getitem__)

    def _offers(self, index: int, utility: Utility) -> Offers:
        cost = self.election.costs[index]
        classes = np.array(self.election.supporters[index], dtype=np.intp)
        weights = np.ones(len(classes), dtype=np.int64)
        if utility == "points":
            weights = np.array(self.election.given[index], dtype=np.int64)
        even = (weights == weights[0]).all()
        voters = self.voters[classes]
        weighted = voters * weights
        return Offers(
            index,
            cost,
            cost if utility == "cost" else 1,
            classes,
            weights,
            (weights[:1] if even else weights).astype(float),
            voters.astype(float),
            weighted.astype(float),
            int(weighted.sum()),
            (len(classes) + 16) * _ROUNDING,
        )

    def run(self, purse: Fraction, below: Trace | None = None) -> Trace:
        """Buy from equal purses until nobody can buy together (minor units).

        Whatever may be cheaper than in the pass `below` is priced too.
        """
        run = _Run(purse, len(self.election.classes), self.election.paper_count)
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
        if all(bid.full for bid in close):
            return self._among_full(close)
        ledger = self._ledger(run, log)
        names = [bid.project for bid in close] if limit < inf else list(floors)
        prices = []
        for index in names:
            price = ledger.price(self.offers[index])
            if price is None:
                del floors[index]
            else:
                prices.append(price)
        if not prices:
            return None, None
        best = cheapest(prices)
        tie = self.ties.first([price.project for price in best], "shares") if best[1:] else None
        chosen = next(price for price in best if not tie or price.project == tie.tied[0])
        for price in prices:
            if price is not chosen:
                floors[price.project] = float(price.rate) * (1 - _NUDGE)
        rate = float(chosen.rate)
        return _Bid(chosen.project, chosen.price, rate, rate * (1 + SLACK), exact=True), tie

    def _among_full(self, close: Sequence[_Bid]) -> tuple[_Bid, BrokenTie | None]:
        """Pick the cheapest where nobody is poor: what each asks is known exactly beforehand."""
        chosen = min(close, key=lambda bid: self.ranks[bid.project])
        least = self.full_rates[chosen.project]
        tied = [bid.project for bid in close if self.full_rates[bid.project] == least]
        return chosen, self.ties.first(tied, "shares") if tied[1:] else None

    def _ledger(self, run: _Run, log: Trace) -> ExactPurses:
        """Bring the exact purses up to the round that is being decided."""
        if run.ledger is None:
            run.ledger = self._opened(run.purse)
        for index in log.order[len(self.free) + len(run.ledger.asked) :]:
            price = run.ledger.price(self.offers[index])
            if price:
                run.ledger.buy(self.offers[index], price)
        return run.ledger

    def _opened(self, purse: Fraction) -> ExactPurses:
        return ExactPurses(purse, len(self.voters), self.voters, self.narrow)

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
        ledger = self._opened(trace.purse)
        bought = [Purchase(index, Fraction(0)) for index in self.free]
        for index in trace.order[len(self.free) :]:
            offers = self.offers[index]
            if price := ledger.price(offers):
                bought.append(ledger.purchase(offers, price))
                ledger.buy(offers, price)

        def left(project: int) -> Fraction:
            classes = np.array(self.election.supporters[project], dtype=np.intp)
            return Fraction(ledger.money(classes), ledger.over)

        return Account(trace.purse, tuple(bought), left)
