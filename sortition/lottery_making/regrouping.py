"""Making a few panels anew, together, so that they give seats to types that have too few.

One small integer program chooses all of a group's panels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sortition.highs import INFINITY, Columns, Program
from sortition.panel_model import Ints, Model, Panel, panel_from_counts, seats_of
from sortition.region import Region

#: Nodes an integer program of a group may search.
_NODES = 300
#: Types that get no seat as things stand and may get one, beside those that do.
_OTHERS = 300
#: The most panels that are made together.
LARGEST_GROUP = 4
#: Panels of a group, in turn.
_GROUP_SIZES = (2, 3, 2, LARGEST_GROUP)


@dataclass(frozen=True)
class Group:
    """Panels made together, and the seats that types still lack."""

    panels: list[Panel]
    missing: int


def make_group(
    model: Model, wanted: Ints, panels: int, chance: np.random.Generator
) -> Group | None:
    """`panels` valid panels that give types at least the seats `wanted`, but for as few as can be.

    None when no such panels are found within the limits of the search.
    """
    types = _types_to_use(model, wanted, chance)
    program = _program(model, types, wanted[types], panels)
    program.set_option("mip_max_nodes", _NODES)
    answer = program.solve()
    if answer is None:
        return None
    seats = np.round(answer.x[: panels * len(types)]).astype(np.int64).reshape(panels, -1)
    made = [panel_from_counts(types[row > 0], row[row > 0]) for row in seats]
    return Group(made, int(np.maximum(wanted - seats_of(model, made), 0).sum()))


def raise_to(
    model: Model,
    panels: Sequence[Panel],
    needed: Ints,
    chance: np.random.Generator,
    *,
    tries: int,
    step: Callable[[list[Panel]], None],
) -> tuple[list[Panel], int]:
    """The panels, some of them exchanged so that types have the seats `needed`; how many they lack.

    At most `tries` groups drawn at random are made anew, with the seats needed beside those of the
    other panels. `step` is called with the panels before each and may raise Stopped.
    """
    panels = list(panels)
    held = seats_of(model, panels)
    missing = int(np.maximum(needed - held, 0).sum())
    for number in range(tries):
        if not missing:
            break
        step(panels)
        size = min(len(panels), _GROUP_SIZES[number % len(_GROUP_SIZES)])
        chosen = chance.choice(len(panels), size, replace=False)
        own = seats_of(model, [panels[at] for at in chosen])
        made = make_group(model, np.maximum(needed - (held - own), 0), size, chance)
        if made is None or made.missing > missing:
            continue
        missing = made.missing
        held += seats_of(model, made.panels) - own
        for at, panel in zip(chosen, made.panels, strict=True):
            panels[at] = panel
    return panels, missing


def _types_to_use(model: Model, wanted: Ints, chance: np.random.Generator) -> Ints:
    others = np.flatnonzero(wanted == 0)
    if len(others) > _OTHERS:
        others = chance.choice(others, _OTHERS, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(wanted), others]))


def _program(model: Model, types: Ints, wanted: Ints, panels: int) -> Program:
    """Columns: the seats of each panel in turn, then the seats that each type lacks."""
    width = len(types)
    homes = np.unique(model.home_row[types])
    homes = homes[homes < model.row_count]
    counts = model.counts[types].astype(np.float64)
    rows = model.lower, model.upper
    one = Region(model, types, np.zeros(width), counts, rows, homes).columns(np.zeros(width))
    kept = np.concatenate([np.arange(model.core_rows), homes])
    first = panels * len(kept)
    lacking = first + np.arange(width)
    blocks = [
        np.insert(one.index + panel * len(kept), one.starts[1:], lacking) for panel in range(panels)
    ]
    index = np.concatenate([*blocks, lacking])
    entries = np.concatenate([np.tile(np.diff(one.starts) + 1, panels), np.ones(width, np.int64)])
    columns = Columns(
        cost=np.concatenate([np.zeros(panels * width), -np.ones(width)]),
        lower=np.zeros((panels + 1) * width),
        upper=np.concatenate([np.tile(counts, panels), wanted.astype(np.float64)]),
        starts=np.concatenate([[0], np.cumsum(entries)]),
        index=index,
        values=np.ones(len(index)),
    )
    lower = np.concatenate([np.tile(model.lower[kept], panels), wanted]).astype(np.float64)
    upper = np.tile(model.upper[kept].astype(np.float64), panels)
    upper = np.concatenate([upper, np.full(width, INFINITY)])
    return Program(columns, lower, upper, integer=np.arange(len(columns.cost)) < panels * width)
