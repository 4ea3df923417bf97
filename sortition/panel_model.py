"""The panel model: types of people, and the rows that say which panels are valid."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sortition.faults import FaultList
from sortition.pool import Person, Pool
from sortition.targets import Target, Targets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: A panel as the sorted type numbers of its seats, one entry a seat.
Panel = npt.NDArray[np.int32]


@dataclass(frozen=True)
class PersonType:
    """People who are alike in every feature and in the make-up of their household.

    `household_class` numbers the make-up; None for people who share an address with nobody.
    """

    values: tuple[str, ...]
    household_class: int | None
    members: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Valid panels are the integer vectors x, 0 <= x <= counts and lower <= A x <= upper.

    Row 0 is the size, the next `len(targets)` rows are the targets, the rest are household
    classes (at most one seat a household). Every entry of A is 0 or 1: `rows_of[t]` holds the rows
    of type t, padded with the number of rows.
    """

    size: int
    types: tuple[PersonType, ...]
    counts: Ints
    rows_of: Ints
    lower: Ints
    upper: Ints
    targets: tuple[Target, ...]
    households: tuple[tuple[tuple[str, ...], ...], ...]

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The features' names, in the order of a type's values."""
        return tuple(dict.fromkeys(target.feature for target in self.targets))

    @property
    def core_rows(self) -> int:
        """How many rows are the size and the targets."""
        return 1 + len(self.targets)

    @property
    def row_count(self) -> int:
        """How many rows there are in all."""
        return len(self.lower)

    @cached_property
    def home_row(self) -> Ints:
        """The household row of each type; `row_count` for those who live alone."""
        return self.rows_of[:, -1]

    @cached_property
    def core_table(self) -> npt.NDArray[np.float32]:
        """Ones where a type (down) is in a core row (across)."""
        table = np.zeros((len(self.types), self.core_rows), np.float32)
        np.put_along_axis(table, self.rows_of[:, :-1], 1, axis=1)
        return table

    def sums(self, x: Floats | Ints, types: Ints | None = None) -> Floats:
        """The row sums A x, where x is given over all types or only over `types`."""
        rows = self.rows_of if types is None else self.rows_of[types]
        weights = np.repeat(np.asarray(x, dtype=np.float64), rows.shape[1])
        padded = np.bincount(rows.ravel(), weights=weights, minlength=self.row_count + 1)
        return padded[:-1].astype(np.float64)

    def is_valid(self, panel: Panel) -> bool:
        """Whether a panel meets every target, size and household rule."""
        types, seats = np.unique(panel, return_counts=True)
        sums, enough = self.sums(seats, types.astype(np.int64)), (seats <= self.counts[types]).all()
        return bool(enough and (sums >= self.lower).all() and (sums <= self.upper).all())


def build_model(pool: Pool, targets: Targets, size: int) -> Model:
    """Group the pool into types and write down the rows of a valid panel of `size` people."""
    homes = _homes(pool)
    classes, class_of = _household_classes(homes)
    grouped: dict[tuple[tuple[str, ...], int | None], list[str]] = {}
    for person in _in_order(pool.people):
        grouped.setdefault((person.values, class_of.get(person.id)), []).append(person.id)
    types = tuple(PersonType(values, home, tuple(ids)) for (values, home), ids in grouped.items())
    return Model(
        size=size,
        types=types,
        counts=np.array([len(kind.members) for kind in types], dtype=np.int64),
        rows_of=_rows_of(types, targets, len(classes)),
        lower=np.array([size, *(t.minimum for t in targets), *(0 for _ in classes)]),
        upper=np.array([size, *(t.maximum for t in targets), *(len(c) for c in classes)]),
        targets=targets.rows,
        households=classes,
    )


def _homes(pool: Pool) -> list[tuple[Person, ...]]:
    """The people of each shared address, in an order that doesn't depend on the file's."""
    people = pool.by_id
    homes = [tuple(_in_order(people[i] for i in ids)) for ids in pool.households]
    return sorted(homes, key=lambda home: [(person.values, person.id) for person in home])


def _in_order(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda person: (person.values, person.id))


def _household_classes(
    homes: Sequence[tuple[Person, ...]],
) -> tuple[tuple[tuple[tuple[str, ...], ...], ...], dict[str, int]]:
    """Households grouped by make-up (the multiset of their members' values).

    Returns the households of each class, as ids, and each person's class.
    """
    by_make_up: defaultdict[tuple[tuple[str, ...], ...], list[tuple[str, ...]]] = defaultdict(list)
    for home in homes:
        ids = tuple(person.id for person in home)
        by_make_up[tuple(person.values for person in home)].append(ids)
    classes = tuple(tuple(households) for households in by_make_up.values())
    class_of = {
        identity: number
        for number, households in enumerate(classes)
        for household in households
        for identity in household
    }
    return classes, class_of


def _rows_of(types: Sequence[PersonType], targets: Targets, class_count: int) -> Ints:
    row_of_value = {(t.feature, t.value): row for row, t in enumerate(targets, start=1)}
    features, first_home = targets.features, 1 + len(targets.rows)
    padding = first_home + class_count
    rows = np.empty((len(types), len(features) + 2), dtype=np.int64)
    rows[:, 0] = 0
    for at, feature in enumerate(features):
        rows[:, at + 1] = [row_of_value[feature, kind.values[at]] for kind in types]
    rows[:, -1] = [
        padding if kind.household_class is None else first_home + kind.household_class
        for kind in types
    ]
    return rows


def panel_from_counts(types: Ints, seats: Ints) -> Panel:
    """A panel from the types it draws on and the seats of each."""
    return np.repeat(types, seats).astype(np.int32)


def seats_of(model: Model, panels: Sequence[Panel]) -> Ints:
    """The seats of each type on all the panels."""
    every = np.concatenate([np.zeros(0, np.int32), *panels])
    return np.bincount(every, minlength=len(model.types)).astype(np.int64)


def value_counts(people: Iterable[Person], features: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many of the people have each (feature, value)."""
    return Counter(pair for person in people for pair in zip(features, person.values, strict=True))


def condition_on(
    pool: Pool, targets: Targets, size: int, selected: Sequence[Person]
) -> tuple[Pool, Targets, int]:
    """The pool, targets and size of the seats still to fill beside the people `selected`.

    Their ids and everyone at their addresses leave the pool; minima and maxima fall by the seats
    they take. Raises InputFaults when they alone break a maximum or the size.
    """
    taken = value_counts(selected, targets.features)
    faults = FaultList("selected")
    if len(selected) > size:
        faults.add("too_many_selected", count=len(selected), size=size)
    for target in targets:
        name, value, most = target.feature, target.value, target.maximum
        if (held := taken[name, value]) > most:
            faults.add(
                "above_maximum", column=name, held=held, feature=name, value=value, maximum=most
            )
    faults.raise_any()
    rows = tuple(_reduced(target, taken[target.feature, target.value]) for target in targets)
    return pool.beside(selected), replace(targets, rows=rows), size - len(selected)


def _reduced(target: Target, held: int) -> Target:
    """The target for the seats still to fill beside `held` people who have its value."""
    return replace(
        target,
        minimum=max(0, target.minimum - held),
        maximum=target.maximum - held,
        flex_minimum=max(0, target.flex_minimum - held),
        flex_maximum=max(0, target.flex_maximum - held),
        held=held,
    )
