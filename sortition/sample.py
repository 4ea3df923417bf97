"""Realistic sample pools: correlated features, self-selection, shared addresses, targets."""

import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sortition.faults import FaultList

Shares = Mapping[str, float]

#: The features of a sample pool, in the order they are taken.
FEATURES = ("gender", "age", "region", "education", "ethnicity", "attitude", "disability", "tenure")

_GENDER = {"Female": 50.6, "Male": 48.8, "Other": 0.6}
_AGE = {"16-24": 14.0, "25-34": 17.0, "35-49": 25.0, "50-64": 24.0, "65-74": 12.0, "75+": 8.0}
_REGION = {
    "Central": 18.0, "North": 16.0, "East": 15.0, "South": 14.0,
    "West": 13.0, "Harbour": 9.0, "Hills": 8.0, "Islands": 7.0,
}  # fmt: skip
_ETHNICITY = {"White": 82.0, "Asian": 9.0, "Black": 4.0, "Mixed": 3.0, "Other": 2.0}
_ATTITUDE = {"Very concerned": 35.0, "Fairly": 38.0, "Not very": 18.0, "Not at all": 9.0}
_QUALIFICATIONS = ("None", "Level 1", "Level 2-3", "Level 4+")
_EDUCATION_BY_AGE = {
    "16-24": (12.0, 25.0, 48.0, 15.0),
    "25-34": (8.0, 20.0, 32.0, 40.0),
    "35-49": (10.0, 24.0, 30.0, 36.0),
}
_EDUCATION_OF_OLDER = (28.0, 27.0, 24.0, 21.0)
_OWNERS_BY_AGE = {"16-24": 0.15, "25-34": 0.35, "35-49": 0.6}
_DISABLED_BY_AGE = {"16-24": 0.08, "25-34": 0.1, "35-49": 0.15, "50-64": 0.24}

#: How much more (or less) readily people with a value register than others.
_READINESS: Mapping[str, Shares] = {
    "gender": {"Male": 0.93},
    "age": {"16-24": 0.45, "25-34": 0.7, "50-64": 1.3, "65-74": 1.4, "75+": 0.6},
    "education": {"None": 0.25, "Level 1": 0.5, "Level 4+": 1.9},
    "ethnicity": {"White": 1.1, "Asian": 0.6, "Black": 0.6},
    "attitude": {"Very concerned": 1.7, "Not very": 0.5, "Not at all": 0.25},
    "tenure": {"Owner": 1.3, "Social rent": 0.5},
}
_MOST_READY = 8.0
_POPULATION = 40_000
_SHARING_WITH_THE_PERSON_BEFORE = 0.06


@dataclass(frozen=True)
class SamplePool:
    """Rows for a targets file and a people file."""

    targets: tuple[dict[str, str], ...]
    people: tuple[dict[str, str], ...]


def sample_pool(*, size: int, panel: int, features: int, seed: int) -> SamplePool:
    """Make a pool of `size` people with `features` features and targets for `panel` seats.

    Targets are the floor and ceiling of the population's share, widened by min(3, 3 % of the
    panel) above 5 seats. Raises InputFaults on sizes that make no pool.
    """
    _check(size, panel, features)
    chance, names = random.Random(), FEATURES[:features]
    population, state = _population(seed)
    chance.setstate(state)
    registered = [_volunteer(chance, names) for _ in range(size)]
    held = Counter((name, person[name]) for person in registered for name in names)
    return SamplePool(
        tuple(_targets(population, held, names, panel)), tuple(_with_addresses(chance, registered))
    )


@lru_cache(8)
def _population(seed: int) -> tuple[Counter[tuple[str, str]], tuple[Any, ...]]:
    """How many residents have each value, and the generator's state after they were made."""
    chance = random.Random(seed)
    residents = (_resident(chance) for _ in range(_POPULATION))
    return Counter(pair for person in residents for pair in person.items()), chance.getstate()


def _check(size: int, panel: int, features: int) -> None:
    limits = {"size": (size, 1, 1_000_000), "panel": (panel, 1, size), "features": (features, 1, 8)}
    faults = FaultList("sample")
    for name, (given, low, high) in limits.items():
        if not low <= given <= high:
            faults.add("out_of_range", name=name, given=given, low=low, high=high)
    faults.raise_any()


def _pick(chance: random.Random, shares: Shares) -> str:
    return chance.choices(tuple(shares), tuple(shares.values()))[0]


def _resident(chance: random.Random) -> dict[str, str]:
    """One resident of the population, with correlated features."""
    age, region = _pick(chance, _AGE), _pick(chance, _REGION)
    education = _EDUCATION_BY_AGE.get(age, _EDUCATION_OF_OLDER)
    degree = chance.choices(_QUALIFICATIONS, education)[0]
    disabled = _DISABLED_BY_AGE.get(age, 0.4)
    concerned = 45.0 if degree == "Level 4+" else 35.0
    return {
        "gender": _pick(chance, _GENDER),
        "age": age,
        "region": region,
        "education": degree,
        "ethnicity": _pick(chance, _ethnicities(age, region)),
        "attitude": _pick(chance, {**_ATTITUDE, "Very concerned": concerned}),
        "disability": _pick(chance, {"Yes": disabled, "No": 1 - disabled}),
        "tenure": _pick(chance, _tenures(age, degree)),
    }


def _ethnicities(age: str, region: str) -> Shares:
    shares = dict(_ETHNICITY)
    if region in ("Central", "Harbour"):
        shares["Asian"] *= 2.5
        shares["Black"] *= 3
    if region in ("Islands", "Hills"):
        shares["Asian"] *= 0.2
        shares["Black"] *= 0.2
    if age in ("65-74", "75+"):
        shares["Asian"] *= 0.4
        shares["Mixed"] *= 0.2
    return shares


def _tenures(age: str, degree: str) -> Shares:
    owners = _OWNERS_BY_AGE.get(age, 0.76)
    if degree == "Level 4+":
        owners = min(0.9, owners + 0.1)
    rest = 1 - owners
    return {
        "Owner": owners,
        "Private rent": 0.55 * rest,
        "Social rent": 0.4 * rest,
        "Other": 0.05 * rest,
    }


def _volunteer(chance: random.Random, names: tuple[str, ...]) -> dict[str, str]:
    """A resident who registered: thinned by how readily people like them do."""
    while True:
        person = _resident(chance)
        readiness = math.prod(_READINESS.get(name, {}).get(person[name], 1.0) for name in names)
        if chance.random() < readiness / _MOST_READY:
            return {name: person[name] for name in names}


def _targets(
    population: Counter[tuple[str, str]],
    held: Counter[tuple[str, str]],
    names: tuple[str, ...],
    panel: int,
) -> list[dict[str, str]]:
    rows = []
    for name in names:
        for feature, value in sorted(key for key in population if key[0] == name):
            share = panel * population[feature, value] / _POPULATION
            slack = 0 if share < 5 else min(3, round(0.03 * panel))
            low = min(max(0, math.floor(share) - slack), held[feature, value])
            high = math.ceil(share) + slack
            rows.append({"feature": feature, "value": value, "min": str(low), "max": str(high)})
    return rows


def _with_addresses(
    chance: random.Random, registered: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Give ids and addresses; about 12 % end up sharing one."""
    rows, home = [], 0
    for number, person in enumerate(registered):
        if not number or chance.random() >= _SHARING_WITH_THE_PERSON_BEFORE:
            home += 1
        address = {"address": f"{home} High Street", "postcode": f"ZZ{home // 40}"}
        rows.append({"id": f"p{number}", **address, **person})
    return rows
