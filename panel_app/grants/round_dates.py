"""A year of rounds from a rule, without a moment between two of them. Pure.

Times are typed as the clocks of one zone show them: an hour that a clock change leaves out or
repeats is no time to close at, and meetings on a holiday move to the next working day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Meetings every so many weeks, each with its cut-off and the day its papers are due."""

    #: The first meeting, and at which hour all of them begin.
    first: date
    at: time
    weeks: int = 2
    rounds: int = 26
    #: How many days before a meeting applications close, at which hour, and papers are due.
    closes_before: int = 7
    closes_at: time = time(17)
    papers_before: int = 3
    zone: ZoneInfo
    #: Days on which nobody meets.
    exceptions: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one round, in UTC; `moved` says that its meeting is on another day."""

    opens_at: datetime
    closes_at: datetime
    papers_at: datetime
    meets_at: datetime
    moved: bool
    #: Whether the clocks change between its cut-off and its meeting.
    clocks_change: bool


def dates_of(rule: Rule, opens_at: datetime) -> list[Dates]:
    """Return the rounds of a rule; each opens as the one before closes, the first `opens_at`."""
    found: list[Dates] = []
    for number in range(rule.rounds):
        planned = rule.first + timedelta(weeks=rule.weeks * number)
        meets_on = working_day(planned, rule.exceptions)
        closes = moment(meets_on - rule.closes_before * DAY, rule.closes_at, rule.zone)
        meets = moment(meets_on, rule.at, rule.zone)
        found.append(
            Dates(
                found[-1].closes_at if found else opens_at,
                closes,
                moment(meets_on - rule.papers_before * DAY, rule.closes_at, rule.zone),
                meets,
                meets_on != planned,
                _offset(closes, rule.zone) != _offset(meets, rule.zone),
            )
        )
    return found


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC; one that the clocks leave out is an hour later."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def doubtful(local: datetime, zone: ZoneInfo) -> Literal["missing", "twice"] | None:
    """Return whether a local time is left out or comes twice when the clocks change."""
    early, late = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return None
    there = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    return "twice" if there else "missing"


def working_day(day: date, exceptions: Collection[date] = ()) -> date:
    """Return the day, or the next one that is no exception, holiday or weekend it moved onto."""
    found = day
    while (
        found in exceptions
        or found in bank_holidays(found.year)
        or (found != day and found.weekday() >= SATURDAY)
    ):
        found += DAY
    return found


def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England and Wales, without those of a single year."""
    easter = _easter(year)
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    mondays = [_first_monday(year, 5), _last_monday(year, 5), _last_monday(year, 8)]
    return frozenset([easter - 2 * DAY, easter + DAY, *mondays, *_substituted(fixed)])


def _substituted(days: list[date]) -> Iterator[date]:
    """Return weekdays for days that fall on a weekend, one each."""
    taken: set[date] = {day for day in days if day.weekday() < SATURDAY}
    yield from taken
    for day in days:
        instead = day
        while instead.weekday() >= SATURDAY or (instead in taken and instead != day):
            instead += DAY
        if instead not in taken:
            taken.add(instead)
            yield instead


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + (7 - first.weekday()) % 7 * DAY


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - last.weekday() * DAY


def _easter(year: int) -> date:
    """Return Easter Sunday (Meeus/Jones/Butcher, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
