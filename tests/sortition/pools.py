"""Small pools for the tests, made from a seed."""

import random
from dataclasses import dataclass
from pathlib import Path

from sortition.pool import Pool, read_people
from sortition.sample import sample_pool
from sortition.targets import Targets, read_targets

REAL_POOLS = Path(__file__).parents[2] / ".." / "shared" / "data" / "pools"


@dataclass(frozen=True)
class Case:
    """A pool, its targets and a panel size."""

    pool: Pool
    targets: Targets
    size: int


def case_of(
    people: list[tuple[str, ...]],
    targets: list[tuple[str, str, int, int]],
    size: int,
    homes: list[str] | None = None,
) -> Case:
    """A case from feature vectors (features f0, f1, ...) and (feature, value, min, max) rows."""
    rows = [{"feature": f, "value": v, "min": low, "max": high} for f, v, low, high in targets]
    read = read_targets(rows)
    records = [
        {"id": str(at), "home": homes[at] if homes else "", **_named(vector)}
        for at, vector in enumerate(people)
    ]
    addresses = ("home",) if homes else ()
    return Case(read_people(records, read, id_column="id", address_columns=addresses), read, size)


def _named(vector: tuple[str, ...]) -> dict[str, str]:
    return {f"f{at}": value for at, value in enumerate(vector)}


def tight_case(seed: int, *, households: bool) -> Case:
    """A tiny pool with targets of width one or none, drawn so that some panel is likely."""
    chance = random.Random(seed)
    features, size = chance.choice([2, 3, 4]), chance.choice([2, 3, 4])
    kinds = [tuple(chance.choice("abc") for _ in range(features)) for _ in range(7)]
    people = [kind for kind in kinds for _ in range(chance.choice([1, 1, 2]))][:11]
    base = chance.sample(people, min(size, len(people)))
    targets = []
    for at in range(features):
        for value in "abc":
            held = sum(person[at] == value for person in base)
            low = max(0, held - chance.choice([0, 0, 0, 1]))
            targets.append((f"f{at}", value, low, held + chance.choice([0, 0, 1])))
    homes = [str(chance.randint(0, len(people))) for _ in people] if households else None
    return case_of(people, targets, size, homes)


def slack_case(seed: int, *, households: bool) -> Case:
    """A tiny pool whose relaxation often promises more than panels can give."""
    chance = random.Random(seed)
    features, size = chance.choice([3, 4]), chance.choice([3, 4])
    kinds = [tuple(chance.choice("abc") for _ in range(features)) for _ in range(8)]
    people = [kind for kind in kinds for _ in range(chance.choice([1, 1, 2]))][:11]
    targets = []
    for at in range(features):
        for value in "abc":
            low = int(chance.random() * size * 0.7)
            targets.append((f"f{at}", value, low, low + 1))
    homes = [str(chance.randint(0, len(people))) for _ in people] if households else None
    return case_of(people, targets, size, homes)


def sample_case(size: int, panel: int, features: int, *, households: bool = True) -> Case:
    """A realistic pool."""
    made = sample_pool(size=size, panel=panel, features=features, seed=1)
    targets = read_targets(made.targets)
    addresses = ("address", "postcode") if households else ()
    return Case(read_people(made.people, targets, address_columns=addresses), targets, panel)


def tight_pool(people: int, panel: int, features: int, *, seed: int) -> Case:
    """A pool of unevenly spread values whose targets are what one panel of it happens to hold."""
    chance = random.Random(seed)
    shares = [[8, 4, 2, 1][: chance.choice([2, 3, 4])] for _ in range(features)]
    pool = [
        tuple(chance.choices("abcd"[: len(own)], own)[0] for own in shares) for _ in range(people)
    ]
    drawn = chance.sample(pool, panel)
    targets = []
    for at, own in enumerate(shares):
        for value in "abcd"[: len(own)]:
            held = sum(person[at] == value for person in drawn)
            targets.append((f"f{at}", value, held, held))
    return case_of(pool, targets, panel)
