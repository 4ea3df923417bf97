"""A panel held against the targets: how many of each value it has."""

from collections.abc import Iterable
from dataclasses import dataclass

from sortition.panel_model import value_counts
from sortition.pool import Pool
from sortition.targets import Targets


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One feature value: people selected and in the pool, and its target."""

    feature: str
    value: str
    selected: int
    minimum: int
    maximum: int
    in_pool: int

    @property
    def met(self) -> bool:
        """Whether the panel meets this target."""
        return self.minimum <= self.selected <= self.maximum


def panel_composition(
    pool: Pool, targets: Targets, selected: Iterable[str]
) -> tuple[ValueCount, ...]:
    """How many of the people selected (ids of the pool) have each value. Raises KeyError."""
    chosen = value_counts((pool.by_id[identity] for identity in selected), targets.features)
    everyone = value_counts(pool.people, targets.features)
    return tuple(
        ValueCount(
            target.feature,
            target.value,
            chosen[target.feature, target.value],
            target.minimum,
            target.maximum,
            everyone[target.feature, target.value],
        )
        for target in targets
    )
