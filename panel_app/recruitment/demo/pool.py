"""The demo's invented pool: 150 people who said yes, and targets for 22 of them."""

from __future__ import annotations

import csv
import io
from random import Random

SIZE = 22
POOL = 150

#: Feature, value, minimum, maximum and the share of the pool in per cent.
TARGETS = (
    ("Gender", "Women", 11, 12, 58),
    ("Gender", "Men", 10, 11, 40),
    ("Gender", "Non-binary or other", 0, 1, 2),
    ("Age", "16 to 29", 5, 6, 15),
    ("Age", "30 to 44", 6, 7, 26),
    ("Age", "45 to 59", 5, 6, 31),
    ("Age", "60 and over", 4, 5, 28),
    ("Home", "Council tenants", 12, 13, 50),
    ("Home", "Private renters", 5, 6, 17),
    ("Home", "Owners", 4, 5, 33),
    ("Block", "Block A", 5, 6, 30),
    ("Block", "Block B", 5, 6, 28),
    ("Block", "Block C", 5, 6, 22),
    ("Block", "Block D", 5, 6, 20),
)
FIRST = (
    "Amara Bilal Chiara Dilwar Elif Farah Gwen Hassan Iona Jamal Kofi Layla Marek Nadia Owen "
    "Parveen Quentin Rahima Samuel Tariq Uma Viktor Wafa Ximena Yusuf Zainab Agnes Babul Celine "
    "Dawit Esther Fatou Grace Halima Ivan Joyce Karim Lucia Mina Noor"
).split()
LAST = (
    "Aldermere Brightwater Chalkhill Dunmorrow Everwick Fallowell Glasscroft Harrowmead Inkpen "
    "Juniperley Kestrelby Larkspindle Merriwold Nettlecombe Oakshanks Pennyfarthing Quillon "
    "Ravensworthy Saltmarsh Thistledown Umberleigh Violetta Windermoor Yarrowby Zephyrine"
).split()
LANGUAGES = ("en",) * 14 + ("bn",) * 4 + ("ar",) * 2


def targets_csv() -> str:
    """Return the targets as a file that an organiser would upload."""
    rows = [(feature, value, low, high) for feature, value, low, high, _ in TARGETS]
    return _csv([("feature", "value", "min", "max"), *rows])


def people_csv(seed: int = 22) -> str:
    """Return the pool as a file; the same seed gives the same people."""
    random = Random(seed)
    features = list(dict.fromkeys(feature for feature, *_ in TARGETS))
    header = ("id", "first_name", "last_name", "address", "language", *features)
    return _csv([header, *(_person(number, random, features) for number in range(1, POOL + 1))])


def roll_csv(people: int = 36, seed: int = 23) -> str:
    """Return everybody who lives in one block as a file."""
    random = Random(seed)
    header = ("id", "first_name", "last_name", "address", "language")
    return _csv([header, *(_person(number, random, []) for number in range(1, people + 1))])


def _person(number: int, random: Random, features: list[str]) -> tuple[str, ...]:
    values = [_value(feature, random) for feature in features]
    # About one in eight shares a home with the person before.
    flat = number - 1 if number % 8 == 0 else number
    return (
        f"H{number:03}",
        random.choice(FIRST),
        random.choice(LAST),
        f"Flat {flat}, Hillgrove Estate",
        random.choice(LANGUAGES),
        *values,
    )


def _value(feature: str, random: Random) -> str:
    options = [(value, share) for name, value, _, _, share in TARGETS if name == feature]
    return random.choices([v for v, _ in options], [s for _, s in options])[0]


def _csv(rows: list[tuple[object, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
