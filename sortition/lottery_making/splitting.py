"""Splitting the seats of many panels in halves, and halves again, until each is one valid panel."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sortition.lottery_making.rounding import round_within
from sortition.panel_model import Floats, Ints, Model, Panel, panel_from_counts

#: Panels that may stay unsplit, whatever their share.
_ALWAYS_FORGIVEN = 2


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


def _sub_share(share: Share, seats: Ints, panels: int) -> Share:
    some = seats > 0
    return Share(share.types[some], seats[some], panels)


def _halve(model: Model, share: Share, chance: np.random.Generator) -> Ints | None:
    """Seats for half of a share's panels, each type's share rounded down or up; else wider."""
    half = share.panels // 2
    base = share.seats * half // share.panels
    odd = np.flatnonzero(share.seats * half % share.panels)
    part = base.copy()
    chosen = _round(model, share, base, odd, np.zeros(len(odd)), np.ones(len(odd)), chance)
    if chosen is None:
        every = np.arange(len(base))
        counts, rest = model.counts[share.types], share.panels - half
        lower = np.maximum(base - 1, np.maximum(0, share.seats - rest * counts)) - base
        upper = np.minimum(base + 2, np.minimum(share.seats, half * counts)) - base
        chosen = _round(model, share, base, every, lower, upper, chance)
        odd = every
    if chosen is None:
        return None
    part[odd] += chosen
    return part


def _round(
    model: Model,
    share: Share,
    base: Ints,
    odd: Ints,
    lower: Floats | Ints,
    upper: Floats | Ints,
    chance: np.random.Generator,
) -> Ints | None:
    """Whole numbers to add to `base` at `odd` so that both halves meet the rows; None if none."""
    half = share.panels // 2
    rest = share.panels - half
    total = model.sums(share.seats, share.types)
    done = model.sums(base, share.types)
    row_lower = np.maximum(half * model.lower, total - rest * model.upper) - done
    row_upper = np.minimum(half * model.upper, total - rest * model.lower) - done
    homes = _tight_homes(model, total, min(half, rest))
    cost = chance.standard_normal(len(odd))
    return round_within(
        model, share.types[odd], (lower, upper), (row_lower, row_upper), homes, cost
    )


def _tight_homes(model: Model, total: Floats, panels: int) -> Ints:
    """Household rows that a half could break."""
    rows = np.arange(model.core_rows, model.row_count)
    return rows[total[model.core_rows :] > panels * model.upper[model.core_rows :]]
