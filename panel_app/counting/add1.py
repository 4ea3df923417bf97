"""Raise the equal purses until the pot is used as well as it can be (add1)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from panel_app.counting.election import Election
from panel_app.counting.equal_shares import EqualShares, Trace
from panel_app.counting.ties import BrokenTie


def add1(
    election: Election, engine: EqualShares, among: Sequence[int]
) -> tuple[Trace, list[BrokenTie]]:
    """Rerun from scratch with purses one currency unit larger while the pot is not overspent.

    As equalshares.net and Pabulib have it: whole-unit purses after the first, up to the first pass
    that overspends, keeping the one before. Returns the pass kept, and the ties broken on the way
    to it and in the pass that overspent.
    """
    passes = _passes(election, engine)
    kept = next(passes)
    broken = dict.fromkeys(kept.ties)
    while set(among).difference(kept.order):
        tried = next(passes)
        broken.update(dict.fromkeys(tried.ties))
        if election.cost_of(tried.order) > election.pot:
            break
        kept = tried
    return kept, list(broken)


def _passes(election: Election, engine: EqualShares) -> Iterator[Trace]:
    """The pass of every step of the purse at which the outcome may differ from the one before.

    Strides double while nothing changes, and halve towards a purse that buys otherwise. Plain steps
    take ten times as long in a hall of sixty with £100,000, more than a closing ballot may hold the
    database.
    """
    start, unit = Fraction(election.pot, election.paper_count), election.unit
    purse, stride, low = start // unit * unit, 1, engine.run(start)
    other: tuple[int, Trace] | None = None
    yield low
    while True:
        if other and (other[0] <= purse or other[1].order == low.order):
            other = None
        if other:
            stride = min(stride, max((other[0] - purse) // unit // 2, 1))
        tried = stride
        high = engine.run(Fraction(purse + stride * unit), low)
        while stride > 1 and not _same_between(low, high):
            if high.order != low.order:
                other = purse + stride * unit, high
            stride //= 2
            high = engine.run(Fraction(purse + stride * unit), low)
        purse, low, stride = purse + stride * unit, high, stride * (1 + (stride == tried))
        yield low


def _same_between(low: Trace, high: Trace) -> bool:
    """Whether every pass between two surely buys what both buy, in that order.

    Within a fixed order of purchases larger purses leave every purse no smaller and every rate no
    larger. So it does where in each round of the upper pass every rival is dearer than the price
    paid at the lower one. Where nobody was poor at the lower step, the price stays what it is at
    all larger purses, and rivals that would lose to it with nobody poor (by tie-break, if it must
    be) never win.
    """
    return low.order == high.order and all(
        (above.earlier if at.full else above.rival) > at.ceiling
        for at, above in zip(low.steps, high.steps, strict=True)
    )
