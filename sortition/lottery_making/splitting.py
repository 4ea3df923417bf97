"""Splitting the seats of many panels in halves, and halves again, until each is one valid panel."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sortition.panel_model import Floats, Ints, Model, Panel, panel_from_counts, seats_of
from sortition.region import Region
from sortition.swaps import whole_point

#: Panels that may stay unsplit, whatever their share.
_ALWAYS_FORGIVEN = 2
#: Attempts at splitting what is unsplit with panels made: in all, and for each share more.
_TRIES, _TRIES_A_SHARE = 200, 60


@dataclass(frozen=True)
class Share:
    """The seats that `panels` panels have between them: `seats[i]` for `types[i]`."""

    types: Ints
    seats: Ints
    panels: int

    @staticmethod
    def of(seats: Ints, panels: int) -> "Share":
        """The share of `panels` panels that has these seats, given over all types."""
        types = np.flatnonzero(seats)
        return Share(types, seats[types], panels)


@dataclass(frozen=True)
class Split:
    """The panels made, and the shares that no split into valid panels was found for."""

    panels: list[Panel]
    unsplit: list[Share]


def split_into_panels(
    model: Model,
    seats: Ints,
    panels: int,
    chance: np.random.Generator,
    step: Callable[[list[Panel]], None] = lambda made: None,
    most_unsplit: float = 1.0,
) -> Split:
    """Split `seats` (over all types) into `panels` valid panels by recursive halving.

    `seats` must meet `panels` times the model's rows. `step` is called with the panels made so far
    and may raise Stopped. It ends early once the panels of shares without a split are more than
    `most_unsplit` times those made (or than a tenth of those to make).
    """
    stack = [Share.of(seats, panels)]
    made: list[Panel] = []
    unsplit: list[Share] = []
    while stack:
        forgiven = _ALWAYS_FORGIVEN + most_unsplit * max(len(made), panels / 10)
        if sum(share.panels for share in unsplit) > forgiven:
            unsplit += stack
            break
        share = stack.pop()
        if share.panels == 1:
            made.append(panel_from_counts(share.types, share.seats))
            step(made)
            continue
        part = _halve(model, share, chance)
        if part is None:
            unsplit.append(share)
        else:
            stack += [_sub_share(share, part, share.panels // 2)]
            stack += [_sub_share(share, share.seats - part, share.panels - share.panels // 2)]
    return Split(made, unsplit)


def split_with_others(
    model: Model,
    split: Split,
    chance: np.random.Generator,
    step: Callable[[list[Panel]], None] = lambda made: None,
) -> Split:
    """Split what had no split together with one or two of the panels made, drawn at random.

    The seats stay the same in all. What has no split after many tries stays unsplit.
    """
    made, unsplit = list(split.panels), list(split.unsplit)
    for _ in range(_TRIES + _TRIES_A_SHARE * len(unsplit) if unsplit else 0):
        step(made)
        share = unsplit.pop(0)
        others = chance.choice(len(made), min(len(made), chance.choice([1, 1, 2])), replace=False)
        seats = seats_of(model, [made[at] for at in others])
        seats[share.types] += share.seats
        again = split_into_panels(model, seats, share.panels + len(others), chance)
        if sum(part.panels for part in again.unsplit) > share.panels:
            unsplit.append(share)
            continue
        kept = np.delete(np.arange(len(made)), others)
        made, unsplit = [*(made[at] for at in kept), *again.panels], unsplit + again.unsplit
        if not unsplit:
            break
    return Split(made, unsplit)


def _sub_share(share: Share, seats: Ints, panels: int) -> Share:
    some = seats > 0
    return Share(share.types[some], seats[some], panels)


def _halve(model: Model, share: Share, chance: np.random.Generator) -> Ints | None:
    """Seats for half of a share's panels, each type's share rounded down or up; else wider."""
    half = share.panels // 2
    base = share.seats * half // share.panels
    odd = np.flatnonzero(share.seats * half % share.panels)
    part = base.copy()
    region = _halves(model, share, base, odd, np.zeros(len(odd)), np.ones(len(odd)))
    chosen = whole_point(region, chance)
    if chosen is None:
        odd = np.arange(len(base))
        counts, rest = model.counts[share.types], share.panels - half
        lower = np.maximum(base - 1, np.maximum(0, share.seats - rest * counts)) - base
        upper = np.minimum(base + 2, np.minimum(share.seats, half * counts)) - base
        chosen = whole_point(_halves(model, share, base, odd, lower, upper), chance)
    if chosen is None:
        return None
    part[odd] += chosen
    return part


def _halves(
    model: Model,
    share: Share,
    base: Ints,
    odd: Ints,
    lower: Floats | Ints,
    upper: Floats | Ints,
) -> Region:
    """The region of what to add to `base` at `odd` so that both halves meet the rows."""
    half = share.panels // 2
    rest = share.panels - half
    total = model.sums(share.seats, share.types)
    done = model.sums(base, share.types)
    row_lower = np.maximum(half * model.lower, total - rest * model.upper) - done
    row_upper = np.minimum(half * model.upper, total - rest * model.lower) - done
    homes = np.arange(model.core_rows, model.row_count)
    homes = homes[total[homes] > min(half, rest) * model.upper[homes]]
    return Region(model, share.types[odd], lower, upper, (row_lower, row_upper), homes)
