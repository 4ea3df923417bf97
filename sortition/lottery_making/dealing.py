"""Giving the seats of panels to people: evenly inside a type, and one seat a household.

People of a type who live alone take the seats in turn. In a class of alike households, giving each
panel's seats to different households, and each household as many of a type's seats as any other
up to one, is an edge colouring of the bipartite graph of panels and types (D. König, 1916).
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle

from sortition.panel_model import Model, Panel


def seat_people(model: Model, panels: Sequence[Panel], seed: int) -> tuple[tuple[str, ...], ...]:
    """Give every seat to a person: chances inside a type differ by at most one seat."""
    chance = random.Random(seed)
    dealt = [_in_turn(kind.members, chance) for kind in model.types]
    seats: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, panel in enumerate(panels):
        for kind in panel.tolist():
            home = model.types[kind].household_class
            if home is not None:
                seats[home].append((at, kind))
    for home, those in sorted(seats.items()):
        for kind, people in _deal_households(model, those, model.households[home], chance).items():
            dealt[kind] = iter(people)
    return tuple(tuple(next(dealt[kind]) for kind in panel.tolist()) for panel in panels)


def _in_turn(members: Sequence[str], chance: random.Random) -> Iterator[str]:
    return cycle(chance.sample(members, len(members)))


def _deal_households(
    model: Model,
    seats: Sequence[tuple[int, int]],
    households: Sequence[tuple[str, ...]],
    chance: random.Random,
) -> dict[int, list[str]]:
    """The people of each type of one household class, in the order of its `seats` (panel, type)."""
    order = chance.sample(households, len(households))
    of_type = {
        kind: [_in_turn([i for i in home if i in members], chance) for home in order]
        for kind in sorted({kind for _, kind in seats})
        for members in [frozenset(model.types[kind].members)]
    }
    dealt: dict[int, list[str]] = {kind: [] for kind in of_type}
    for (_, kind), home in zip(seats, _colours(seats, len(households)), strict=True):
        dealt[kind].append(next(of_type[kind][home]))
    return dealt


def _colours(seats: Sequence[tuple[int, int]], households: int) -> list[int]:
    """A household for each seat (panel, type): different in a panel, as even as can be in a type.

    Every `households` seats of a type make one vertex, so no vertex has more edges than there are
    households; each edge takes a colour free at its panel once a chain of two colours is swapped.
    """
    so_far: defaultdict[int, int] = defaultdict(int)
    ends = []
    for at_panel, kind in seats:
        ends.append(((0, at_panel, 0), (1, kind, so_far[kind] // households)))
        so_far[kind] += 1
    colour_of: list[int] = []
    at: defaultdict[tuple[int, int, int], dict[int, int]] = defaultdict(dict)
    for number, (panel, part) in enumerate(ends):
        free = next(c for c in range(households) if c not in at[panel])
        other = next(c for c in range(households) if c not in at[part])
        chain, vertex, colour = [], part, free
        while colour in at[vertex]:
            edge = at[vertex][colour]
            chain.append(edge)
            vertex = ends[edge][vertex == ends[edge][0]]
            colour = other if colour == free else free
        for edge in chain:
            for end in ends[edge]:
                at[end].pop(colour_of[edge], None)
        for edge in chain:
            colour_of[edge] = other if colour_of[edge] == free else free
            for end in ends[edge]:
                at[end][colour_of[edge]] = edge
        colour_of.append(free)
        at[panel][free] = at[part][free] = number
    return colour_of
