"""Splitting the seats of many panels into valid panels, one taken off after the other.

Taking a panel off takes time by the types to choose from, so a share of many types is halved first.
Halving to the end would leave pairs of panels all over, of which few can be split.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sortition.panel_model import Ints, Model, Panel, panel_from_counts, seats_of
from sortition.region import Region
from sortition.swaps import whole_point

#: Attempts at splitting what is left together with panels made.
_TRIES = 200
#: Types from which a share is halved.
_MANY_TYPES = 2000

_Step = Callable[[list[Panel]], None]


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
    """The panels made, and the share that was left when no more could be taken off."""

    panels: list[Panel]
    left: Share


def split_into_panels(
    model: Model, share: Share, chance: np.random.Generator, step: _Step = lambda made: None
) -> Split:
    """Take valid panels off a share until none is left, or none found that leaves a share.

    The seats must meet `share.panels` times the model's rows. `step` is called with the panels made
    so far and may raise Stopped.
    """
    made: list[Panel] = []
    left: list[Share] = []
    shares = [share] if share.panels else []
    while shares:
        share = shares.pop()
        many = len(share.types) > _MANY_TYPES and share.panels > 1
        taken = share.panels // 2 if many else 1
        region = _region(model, share, taken)
        seats = whole_point(region, share.seats * taken / share.panels, chance)
        if seats is None:
            left.append(share)
            continue
        rest = share.seats - seats
        if taken < share.panels:
            shares.append(Share(share.types[rest > 0], rest[rest > 0], share.panels - taken))
        if taken > 1:
            shares.append(Share(share.types[seats > 0], seats[seats > 0], taken))
        else:
            made.append(panel_from_counts(share.types, seats))
            step(made)
    in_all = np.zeros(len(model.types), dtype=np.int64)
    for share in left:
        in_all[share.types] += share.seats
    return Split(made, Share.of(in_all, sum(share.panels for share in left)))


def split_with_others(
    model: Model, split: Split, chance: np.random.Generator, step: _Step = lambda made: None
) -> Split:
    """Split what is left together with as many of the panels made, drawn at random, and again.

    The seats stay the same in all. What has no split after many tries stays left.
    """
    for _ in range(_TRIES):
        made, left = split.panels, split.left
        if not left.panels:
            break
        step(made)
        others = chance.choice(len(made), min(len(made), left.panels), replace=False)
        seats = seats_of(model, [made[at] for at in others])
        seats[left.types] += left.seats
        again = split_into_panels(model, Share.of(seats, left.panels + len(others)), chance)
        if again.left.panels <= left.panels:
            kept = np.delete(np.arange(len(made)), others)
            split = Split([*(made[at] for at in kept), *again.panels], again.left)
    return split


def _region(model: Model, share: Share, panels: int) -> Region:
    """The seats of `panels` panels within a share whose rest is a share too."""
    rest, counts = share.panels - panels, model.counts[share.types]
    total = model.sums(share.seats, share.types)
    rows = (
        np.maximum(panels * model.lower, total - rest * model.upper),
        np.minimum(panels * model.upper, total - rest * model.lower),
    )
    homes = np.arange(model.core_rows, model.row_count)
    return Region(
        model,
        share.types,
        np.maximum(0, share.seats - rest * counts),
        np.minimum(share.seats, panels * counts),
        rows,
        homes[total[homes] > min(panels, rest) * model.upper[homes]],
    )
