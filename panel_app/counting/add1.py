"""Raise the equal purses until the pot is used as well as it can be (add1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from panel_app.counting.election import Election
from panel_app.counting.equal_shares import EqualShares
from panel_app.counting.passes import Trace
from panel_app.counting.ties import BrokenTie

#: More steps than any stride takes.
_FAR = 2**40


@dataclass
class _Staircase:
    """Passes by step of the purse: step 0 is pot / voters, then whole units, one more each.

    Within a fixed order of purchases larger purses leave every purse no smaller and every rate
    no larger. So when two steps buy the same in the same order, and at the upper step each
    round's rivals are dearer than the price paid at the lower one, every step between buys the
    same as well: `steady` finds that out without running them. Plain steps take ten times as long
    in a hall of sixty with £100,000, more than a closing ballot may hold the database.
    """

    election: Election
    engine: EqualShares
    passes: dict[int, Trace] = field(default_factory=dict)

    def purse(self, step: int) -> Fraction:
        start = Fraction(self.election.pot, self.election.paper_count)
        unit = self.election.unit
        return Fraction(start // unit * unit + step * unit) if step else start

    def trace(self, step: int, below: Trace | None = None) -> Trace:
        if step not in self.passes:
            self.passes[step] = self.engine.run(self.purse(step), below)
        return self.passes[step]

    def steady(self, low: Trace, step: int) -> bool:
        """Whether every pass from `low` to `step` surely buys what `low` buys, in that order."""
        seen = self.passes.pop(step, None)
        if seen and (seen.order != low.order or _dearer(seen, low)):
            self.passes[step] = seen
            return seen.order == low.order
        high = self.trace(step, low)
        return high.order == low.order and _dearer(high, low)

    def walk(self) -> Iterator[Trace]:
        """Yield the pass of every step at which the outcome may differ from the one before.

        Strides double while nothing changes, and halve towards a step known to buy otherwise.
        """
        step, stride = 0, 1
        low = self.trace(0)
        yield low
        while True:
            stride = min(stride, self._to_change(low, step))
            failed = False
            while stride > 1 and not self.steady(low, step + stride):
                stride, failed = stride // 2, True
            step, stride = step + stride, stride if failed else stride * 2
            low = self.trace(step, low)
            self.passes = {at: found for at, found in self.passes.items() if at >= step}
            yield low

    def _to_change(self, low: Trace, step: int) -> int:
        """Half the way to the next step known to buy otherwise; no bound where none is known."""
        other = (at for at, found in self.passes.items() if found.order != low.order)
        return max((min(other, default=step + 2 * _FAR) - step) // 2, 1)


def _dearer(high: Trace, low: Trace) -> bool:
    """Whether in each round of the upper pass every rival is dearer than the lower pass paid.

    Where nobody was poor at the lower step, the price stays what it is at all larger purses, and
    rivals that would lose to it with nobody poor (by tie-break, if it must be) never win.
    """
    rounds = zip(low.steps, high.steps, strict=True)
    return all((above.earlier if at.full else above.rival) > at.ceiling for at, above in rounds)


def add1(
    election: Election, engine: EqualShares, among: Sequence[int]
) -> tuple[Trace, list[BrokenTie]]:
    """Rerun from scratch with purses one currency unit larger while the pot is not overspent.

    As equalshares.net and Pabulib have it: whole-unit purses after the first, up to the first pass
    that overspends, keeping the one before. Returns the pass kept, and the ties broken on the way
    to it and in the pass that overspent.
    """
    passes = _Staircase(election, engine).walk()
    kept = next(passes)
    broken = dict.fromkeys(kept.ties)
    while set(among).difference(kept.order):
        tried = next(passes)
        broken.update(dict.fromkeys(tried.ties))
        if election.cost_of(tried.order) > election.pot:
            break
        kept = tried
    return kept, list(broken)
