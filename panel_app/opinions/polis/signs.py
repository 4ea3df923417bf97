"""Telling which sign means agreeing: exports and raw votes use opposite ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

#: A share of evidence against a sign that wrong totals may explain.
MOST_AGAINST = 0.25

Cells = Mapping[tuple[str, str], int]


def sign_from_totals(evidence: Iterable[tuple[int, int, int, int]]) -> int | None:
    """1 if 1 means agreeing, -1 if -1 does, None if the totals can't tell.

    `evidence` holds counts of 1, counts of -1, the agrees and the disagrees they should be.
    Stated totals are often wrong, so only which of the two is larger counts, and by how much.
    """
    against_straight = against_flipped = 0
    for ones, minus_ones, agrees, disagrees in evidence:
        counted, stated = ones - minus_ones, agrees - disagrees
        weight = min(abs(counted), abs(stated))
        if counted * stated < 0:
            against_straight += weight
        else:
            against_flipped += weight
    return _decide(against_straight, against_flipped)


def sign_from_cells(log: Cells, matrix: Cells) -> int | None:
    """1 if the log's last votes equal the matrix, -1 if they are opposite, None if unclear."""
    same = sum(1 for key, value in log.items() if value and matrix.get(key) == value)
    opposite = sum(1 for key, value in log.items() if value and matrix.get(key) == -value)
    return _decide(opposite, same)


def _decide(against_straight: int, against_flipped: int) -> int | None:
    if against_straight <= MOST_AGAINST * against_flipped and against_flipped:
        return 1
    if against_flipped <= MOST_AGAINST * against_straight and against_straight:
        return -1
    return None


def has_opinions(values: Iterable[int]) -> bool:
    """Whether there is anything but passes, so that the sign matters at all."""
    return any(values)


def flip(cells: Cells, sign: int) -> dict[tuple[str, str], int]:
    """The cells with 1 meaning agreeing."""
    return {key: value * sign for key, value in cells.items()}


def by_first(cells: Cells) -> dict[str, tuple[int, int]]:
    """Counts of 1 and of -1 by the first part of the key."""
    return _count((first, value) for (first, _), value in cells.items())


def by_second(cells: Cells) -> dict[str, tuple[int, int]]:
    """Counts of 1 and of -1 by the second part of the key."""
    return _count((second, value) for (_, second), value in cells.items())


def _count(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    counts: dict[str, list[int]] = {}
    for key, value in pairs:
        row = counts.setdefault(key, [0, 0])
        if value:
            row[value < 0] += 1
    return {key: (row[0], row[1]) for key, row in counts.items()}


def total_evidence(
    counts: Mapping[str, tuple[int, int]], totals: Sequence[tuple[str, int, int]]
) -> list[tuple[int, int, int, int]]:
    """Pair counts with the stated totals (key, agrees, disagrees)."""
    return [(*counts.get(key, (0, 0)), agrees, disagrees) for key, agrees, disagrees in totals]
