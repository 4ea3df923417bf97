"""Share one whole over lines from everyone's shares: the mean, or medians with phantoms.

Votes come as columns: for each line everyone's share in descending order, whole numbers over one
denominator `over`. A moving-phantom rule (Freeman, Pennock, Peters, Vaughan 2019) gives each line
the median of the n votes and n + 1 phantoms, all moved together until the lines sum to one; that
median is the largest over j of min(phantom j, j-th largest vote).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

Column = Sequence[int]
Shares = list[Fraction]


def mean(columns: Sequence[Column], over: int) -> Shares:
    """Average each line."""
    return [Fraction(sum(column), len(column) * over) for column in columns]


def independent_markets(columns: Sequence[Column], over: int) -> Shares:
    """Move phantoms min(1, t j) for j = 0..n until the lines sum to one (section 4 of the paper).

    Halves the range of t until the piece of the piecewise linear sum that crosses one is found,
    then solves that piece, so the shares are exact.
    """
    low, high = Fraction(0), Fraction(1)
    while True:
        middle = (low + high) / 2
        for start in (low, middle):
            pieces = [_piece(column, start, over) for column in columns]
            slope = sum(count for count, rising in pieces if rising)
            flat = sum(value for value, rising in pieces if not rising)
            if slope:
                found = Fraction(over - flat, over * slope)
            elif flat == over:
                found = start
            else:
                continue
            shares = [_market(column, found, over) for column in columns]
            if sum(shares) == 1:
                return shares
        if sum(_market(column, middle, over) for column in columns) < 1:
            low = middle
        else:
            high = middle


def _crowd(column: Column, t: Fraction, over: int) -> int:
    """The most voters j whose j-th largest vote is at least t j."""
    low, high = 0, len(column)
    top, bottom = t.numerator * over, t.denominator
    while low < high:
        middle = (low + high + 1) // 2
        if top * middle <= column[middle - 1] * bottom:
            low = middle
        else:
            high = middle - 1
    return low


def _piece(column: Column, t: Fraction, over: int) -> tuple[int, bool]:
    """How the line moves just above t: (j, True) where it is t j, else (its vote, False)."""
    crowd = _crowd(column, t, over)
    following = column[crowd] if crowd < len(column) else 0
    if t.numerator * crowd * over >= following * t.denominator and crowd:
        if t.numerator * crowd * over < column[crowd - 1] * t.denominator:
            return crowd, True
        return column[crowd - 1], False
    return following, False


def _market(column: Column, t: Fraction, over: int) -> Fraction:
    crowd = _crowd(column, t, over)
    following = column[crowd] if crowd < len(column) else 0
    return max(t * crowd, Fraction(following, over))


SHARE_RULES: dict[str, Callable[[Sequence[Column], int], Shares]] = {
    "independent-markets": independent_markets,
    "mean": mean,
}
