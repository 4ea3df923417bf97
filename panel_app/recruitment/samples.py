"""Files to begin with: targets, people and addresses, invented, that can be drawn from."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

#: What the sample's people differ in.
FEATURES = {
    "age": ("16 to 34", "35 to 59", "60 and over"),
    "home": ("rents", "owns"),
}
#: People in the sample's pool for each seat, and homes on the sample's list of addresses.
POOL_PER_SEAT, HOMES_PER_SEAT = 4, 10


def targets(size: int) -> list[dict[str, Any]]:
    """Return targets for a panel of `size` in which each value gets its share, or one beside."""
    return [
        {
            "feature": feature,
            "value": value,
            "min": max(0, size // len(values) - 1),
            "max": -(-size // len(values)) + 1,
        }
        for feature, values in FEATURES.items()
        for value in values
    ]


def people(size: int) -> list[dict[str, Any]]:
    """Return a pool for a panel of `size`: every mixture of values as often as the others."""
    mixtures = cycle((age, home) for age in FEATURES["age"] for home in FEATURES["home"])
    return [
        {
            "id": number,
            "name": f"Example Person {number}",
            "address": f"{number} Example Street",
            "age": age,
            "home": home,
        }
        for number, (age, home) in enumerate(islice(mixtures, size * POOL_PER_SEAT), start=1)
    ]


def roll(size: int) -> list[dict[str, Any]]:
    """Return a small list of everybody: ids, names, addresses and languages."""
    return [
        {
            "id": number,
            "name": f"Example Person {number}",
            "address": f"{number % 4 + 1} Example Street",
            "language": "en",
        }
        for number in range(1, max(size, POOL_PER_SEAT) + 1)
    ]


def addresses(size: int) -> list[dict[str, Any]]:
    """Return a list of homes in four areas, to draw letters from."""
    return [
        {
            "id": number,
            "ward": f"Example Ward {number % 4 + 1}",
            "address": f"{number} Example Street",
            "town": "Example Town",
        }
        for number in range(1, size * HOMES_PER_SEAT + 1)
    ]
