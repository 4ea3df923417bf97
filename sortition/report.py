"""What a lottery means for each feature value: chances beside the targets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sortition.lotteries import Distribution, Lottery
from sortition.panel_model import Model


@dataclass(frozen=True, slots=True)
class ValueChances:
    """One feature value: its target, people, expected seats and the range of their chances."""

    feature: str
    value: str
    minimum: int
    maximum: int
    people: int
    expected_seats: float
    smallest_chance: float
    mean_chance: float
    largest_chance: float
    without_chance: int


def chances_by_value(distribution: Distribution) -> tuple[ValueChances, ...]:
    """What the fairest lottery means for each feature value."""
    return _by_value(distribution.model, distribution.probabilities)


def shares_by_value(lottery: Lottery) -> tuple[ValueChances, ...]:
    """What a lottery of equally likely panels means for each feature value."""
    panels = len(lottery.panels)
    chances = {one: Fraction(lottery.appearances[one], panels) for one in lottery.ids}
    return _by_value(lottery.model, chances)


def _by_value(model: Model, chances: Mapping[str, Fraction]) -> tuple[ValueChances, ...]:
    features = tuple(dict.fromkeys(target.feature for target in model.targets))
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for kind in model.types:
        for identity in kind.members:
            for pair in zip(features, kind.values, strict=True):
                found[pair].append(float(chances[identity]))
    rows = []
    for target in model.targets:
        those = found[target.feature, target.value]
        rows.append(
            ValueChances(
                target.feature,
                target.value,
                target.minimum,
                target.maximum,
                len(those),
                sum(those),
                min(those, default=0.0),
                sum(those) / len(those) if those else 0.0,
                max(those, default=0.0),
                sum(chance <= 0 for chance in those),
            )
        )
    return tuple(rows)
