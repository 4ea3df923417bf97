"""A report of a lottery: chances by feature value beside the targets; one person's in words."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sortition.distribution import Distribution
from sortition.lottery import Lottery
from sortition.model import Model


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


@dataclass(frozen=True)
class Report:
    """Chances by value, and measures over everyone whom a valid panel can hold."""

    values: tuple[ValueChances, ...]
    smallest_chance: float
    largest_chance: float
    gini: float
    geometric_mean: float
    upper_bound: float
    uncoverable_people: int


def report_on(distribution: Distribution) -> Report:
    """Sum up a lottery."""
    return Report(
        values=_value_chances(distribution.model, distribution.probabilities),
        smallest_chance=distribution.min_probability,
        largest_chance=distribution.max_probability,
        gini=distribution.gini,
        geometric_mean=distribution.geometric_mean,
        upper_bound=distribution.upper_bound,
        uncoverable_people=sum(len(group.people) for group in distribution.uncoverable),
    )


def _value_chances(model: Model, chances: Mapping[str, Fraction]) -> tuple[ValueChances, ...]:
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
            )
        )
    return tuple(rows)


@dataclass(frozen=True)
class PersonalChance:
    """One person's chance; `code` and the fields let a caller say `sentence` in any language."""

    code: str
    chance: Fraction
    one_in: int
    average: float
    feature: str
    value: str
    sentence: str


def explain_chance(lottery: Distribution | Lottery, identity: str) -> PersonalChance:
    """Say in a sentence how likely a person is to be drawn, and which of their values matters most.

    Raises KeyError when the pool has no such id.
    """
    model = lottery.model
    chances = _chances(lottery)
    chance = chances[identity]
    average = model.size / max(1, len(chances))
    features = tuple(dict.fromkeys(target.feature for target in model.targets))
    values = next(kind.values for kind in model.types if identity in kind.members)
    rows = {(row.feature, row.value): row for row in _value_chances(model, chances)}
    own = [rows[pair] for pair in zip(features, values, strict=True)]
    upwards = float(chance) >= average
    most = max(own, key=lambda row: row.mean_chance if upwards else -row.mean_chance)
    one_in = round(1 / chance) if chance else 0
    code = "certain" if chance == 1 else "above" if upwards else "below"
    if not chance:
        impossible = any(identity in group.people for group in lottery.uncoverable)
        code = "never" if impossible or isinstance(lottery, Distribution) else "unlucky"
    sentence = _sentence(code, one_in, most, len(chances), model.size)
    return PersonalChance(code, chance, one_in, average, most.feature, most.value, sentence)


def _chances(lottery: Distribution | Lottery) -> Mapping[str, Fraction]:
    if isinstance(lottery, Distribution):
        return lottery.probabilities
    return {identity: lottery.chance(identity) for identity in lottery.ids}


def _sentence(code: str, one_in: int, most: ValueChances, people: int, size: int) -> str:
    if code == "never":
        return "No panel that meets the targets can include this person."
    if code == "unlucky":
        return "None of the lottery's panels includes this person; a lottery of more panels would."
    if code == "certain":
        return "Every panel of the lottery includes this person."
    seats = str(most.minimum)
    if most.minimum != most.maximum:
        seats += f" to {most.maximum}"
    how = "more" if code == "above" else "less"
    return (
        f"This person's chance is about 1 in {one_in}, {how} than the average of "
        f"1 in {round(people / size)}, mostly because {most.people} people of the pool are "
        f"{most.feature} {most.value} and the panel has {seats} seats for them."
    )
