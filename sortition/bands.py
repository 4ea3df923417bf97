"""Ages and other numbers put into the bands that targets name, such as `30 to 44` or `65+`."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise

from sortition.folding import fold

#: Tells the band that holds a cell; None for a cell that no band holds.
BandOf = Callable[[str], str | None]

_OPEN = 10**9
#: Ages of the people who take part; another date is no date of birth. Spreadsheets make dates of
#: such values as 2-3.
_YOUNGEST, _OLDEST = 10, 120
_AGED = r"(?:aged?|ages|من|বয়স) *"
_FROM_TO = re.compile(rf"(?:{_AGED})?(\d+) *(?:-|to|থেকে|إلى|الى) *(\d+)(?: years| বছর| سنة)?")
_AND_MORE = re.compile(
    rf"(?:{_AGED})?(\d+) *(?:\+|plus|(?:and|or|&) *(?:over|older|above|more)"
    r"|(?:ও|বা) (?:তার )?(?:বেশি|ঊর্ধ্বে)|(?:سنة )?(?:فأكثر|فما فوق|أو أكثر))"
)
_OVER = re.compile(r"(?:over|above|older than|more than|أكثر من) *(\d+)")
_UNDER = re.compile(r"(?:under|below|younger than|less than|<|أقل من) *(\d+)")
_NUMBER = re.compile(r"\d{1,9}")
_DATE = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?:[t ].*)?")
_BRITISH = re.compile(r"(?P<d>\d\d?)[/.](?P<m>\d\d?)[/.](?P<y>\d{4})")


def band_of(values: Iterable[str], on: date) -> BandOf | None:
    """What puts numbers, and dates of birth by the age `on` a day, into the bands among `values`.

    A date is `1980-12-31` or, as Britain writes it, `31/12/1980`. None unless two or more of the
    values are bands and no number is in two of them. A value such as `16` or `2` is a band of one.
    """
    bands = [(bounds, value) for value in values if (bounds := bounds_of(value))]
    bands.sort()
    apart = all(a[1] < b[0] for (a, _), (b, _) in pairwise(bands))
    if len(bands) < 2 or not apart or all(low == high for (low, high), _ in bands):
        return None

    def find(cell: str) -> str | None:
        number = _number(fold(cell), on)
        held = (
            value for (low, high), value in bands if number is not None and low <= number <= high
        )
        return next(held, None)

    return find


def bounds_of(value: str) -> tuple[int, int] | None:
    """The first and the last whole number of a band such as `30 to 44`; None for another text."""
    value = fold(value)
    if match := _FROM_TO.fullmatch(value):
        low, high = int(match[1]), int(match[2])
        return (low, high) if low <= high else None
    if match := _AND_MORE.fullmatch(value):
        return int(match[1]), _OPEN
    if match := _OVER.fullmatch(value):
        return int(match[1]) + 1, _OPEN
    if match := _UNDER.fullmatch(value):
        return 0, int(match[1]) - 1
    return (int(value), int(value)) if _NUMBER.fullmatch(value) else None


def _number(cell: str, on: date) -> int | None:
    if _NUMBER.fullmatch(cell):
        return int(cell)
    match = _DATE.fullmatch(cell) or _BRITISH.fullmatch(cell)
    if match is None:
        return None
    try:
        born = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return age if _YOUNGEST <= age <= _OLDEST else None
