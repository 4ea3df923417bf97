"""Splitting the seats of many panels into valid panels, one taken off after the other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sortition.panel_model import Ints, Model, Panel, panel_from_counts, seats_of
from sortition.region import Region
from sortition.swaps import whole_point

#: Attempts at splitting what is left together with panels made.
_TRIES = 200

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
    while share.panels:
        region = _region_of_one(model, share)
        seats = whole_point(region, share.seats / share.panels, chance)
        if seats is None:
            break
        made.append(panel_from_counts(share.types, seats))
        step(made)
        rest = share.seats - seats
        share = Share(share.types[rest > 0], rest[rest > 0], share.panels - 1)
    return Split(made, share)


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


def _region_of_one(model: Model, share: Share) -> Region:
    """The panels within a share's seats whose rest is a share of one panel less."""
    rest, counts = share.panels - 1, model.counts[share.types]
    total = model.sums(share.seats, share.types)
    rows = (
        np.maximum(model.lower, total - rest * model.upper),
        np.minimum(model.upper, total - rest * model.lower),
    )
    homes = np.arange(model.core_rows, model.row_count)
    return Region(
        model,
        share.types,
        np.maximum(0, share.seats - rest * counts),
        np.minimum(share.seats, counts),
        rows,
        homes[total[homes] > min(1, rest) * model.upper[homes]],
    )
