"""Taking people already selected into account: fewer seats, lower targets, their addresses out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sortition.faults import FaultList
from sortition.panel_model import value_counts
from sortition.pool import Person, Pool
from sortition.targets import Target, Targets


def condition_on(
    pool: Pool, targets: Targets, size: int, selected: Sequence[Person]
) -> tuple[Pool, Targets, int]:
    """The pool, targets and size of the seats still to fill beside the people `selected`.

    Their ids and everyone at their addresses leave the pool; minima and maxima fall by the seats
    they take. Raises InputFaults when they alone break a maximum or the size.
    """
    taken = value_counts(selected, targets.features)
    _check(targets, size, len(selected), taken)
    addresses = {person.address for person in selected if person.address is not None}
    rest = pool.without_ids(person.id for person in selected).without_addresses(addresses)
    rows = tuple(_reduced(target, taken[target.feature, target.value]) for target in targets)
    return rest, replace(targets, rows=rows), size - len(selected)


def _check(
    targets: Targets, size: int, selected: int, taken: Mapping[tuple[str, str], int]
) -> None:
    faults = FaultList("selected")
    if selected > size:
        faults.add("too_many_selected", count=selected, size=size)
    for target in targets:
        held = taken[target.feature, target.value]
        if held > target.maximum:
            faults.add(
                "above_maximum",
                column=target.feature,
                held=held,
                feature=target.feature,
                value=target.value,
                maximum=target.maximum,
            )
    faults.raise_any()


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
