"""An independent oracle: leximin by listing every valid panel of people, for tiny pools."""

from itertools import combinations

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp

from sortition.pool import Pool
from sortition.targets import Targets


def valid_panels(pool: Pool, targets: Targets, size: int) -> list[tuple[int, ...]]:
    """Every valid panel, as indices of people."""
    people = pool.people
    found = []
    for panel in combinations(range(len(people)), size):
        homes = [people[i].address for i in panel if people[i].address is not None]
        if len(set(homes)) == len(homes) and _meets(pool, targets, panel):
            found.append(panel)
    return found


def _meets(pool: Pool, targets: Targets, panel: tuple[int, ...]) -> bool:
    for target in targets:
        at = targets.features.index(target.feature)
        held = sum(pool.people[i].values[at] == target.value for i in panel)
        if not target.minimum <= held <= target.maximum:
            return False
    return True


def leximin_chances(panels: list[tuple[int, ...]], people: int) -> list[float]:
    """Everyone's chance in the leximin lottery; nobody is held at a level unless an LP says so."""
    sits = np.zeros((people, len(panels)))
    for at, panel in enumerate(panels):
        sits[list(panel), at] = 1.0
    fixed: dict[int, float] = {i: 0.0 for i in range(people) if not sits[i].any()}
    while len(fixed) < people:
        open_people = [i for i in range(people) if i not in fixed]
        level, chances = _highest_floor(sits, fixed, open_people)
        for i in open_people:
            # Who has more already is not held.
            if (
                chances[i] <= level + 1e-8
                and _highest_chance(sits, fixed, open_people, level, i) <= level + 1e-8
            ):
                fixed[i] = level
    return [fixed[i] for i in range(people)]


def _highest_floor(
    sits: np.ndarray, fixed: dict[int, float], open_people: list[int]
) -> tuple[float, np.ndarray]:
    """The highest smallest chance of the open people, and everyone's in a lottery that gives it."""
    rows = [np.append(-sits[i], 1.0) for i in open_people] + [
        np.append(-sits[i], 0.0) for i in fixed
    ]
    limits = [0.0] * len(open_people) + [1e-11 - fixed[i] for i in fixed]
    width = sits.shape[1]
    answer = linprog(
        np.append(np.zeros(width), -1.0),
        A_ub=np.array(rows),
        b_ub=limits,
        A_eq=[np.append(np.ones(width), 0.0)],
        b_eq=[1.0],
    )
    return float(-answer.fun), sits @ answer.x[:width]


def _highest_chance(
    sits: np.ndarray, fixed: dict[int, float], open_people: list[int], level: float, person: int
) -> float:
    held = [*open_people, *fixed]
    limits = [1e-10 - level] * len(open_people) + [1e-11 - fixed[i] for i in fixed]
    width = sits.shape[1]
    answer = linprog(
        -sits[person], A_ub=-sits[held], b_ub=limits, A_eq=np.ones((1, width)), b_eq=[1]
    )
    return float(-answer.fun)


def most_seats_for_everyone(panels: list[tuple[int, ...]], people: int, number: int) -> int:
    """The most panels that everyone whom one can hold may sit in, if `number` panels are chosen."""
    sits = np.zeros((people, len(panels)))
    for at, panel in enumerate(panels):
        sits[list(panel), at] = 1.0
    sits = sits[sits.any(axis=1)]
    width = len(panels)
    answer = milp(
        np.append(np.zeros(width), -1.0),
        constraints=[
            LinearConstraint(np.hstack([sits, -np.ones((len(sits), 1))]), 0, np.inf),
            LinearConstraint(np.append(np.ones(width), 0.0)[None, :], number, number),
        ],
        integrality=np.ones(width + 1),
    )
    return round(-answer.fun)
