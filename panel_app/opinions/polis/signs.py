"""Telling which sign means agreeing: exports and raw votes use opposite ones."""

from collections import Counter

from panel_app.opinions.polis.rows import Cells, Totals

#: A share of evidence against a sign that wrong totals may explain.
MOST_AGAINST = 0.25

PERSON, STATEMENT = 0, 1


def sign_from_totals(cells: Cells, by: int, totals: Totals) -> int | None:
    """1 if 1 means agreeing, -1 if -1 does, None if the totals (by PERSON or STATEMENT) can't tell.

    Stated totals are often wrong, so only which of the two is larger counts, and by how much.
    """
    counts = Counter((key[by], value) for key, value in cells.items())
    against_straight = against_flipped = 0
    for name, (agrees, disagrees) in totals.items():
        counted, stated = counts[name, 1] - counts[name, -1], agrees - disagrees
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
