"""What facilitators wish of a plan, read from the lines that they type; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from panel_app.sessions.models import GUESTS_FROM
from sortition.seating import Guest, Rules


class Unreadable(ValueError):
    """A line that says nothing: the line is the message."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to seat, by seat number, and what they need."""

    seat: int
    language: str
    values: tuple[str, ...]
    step_free: bool = False

    @property
    def guest(self) -> Guest:
        """Return what the engine seats."""
        return Guest(str(self.seat), self.values)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a plan is to keep to; seats and tables by number, from 1."""

    together: list[frozenset[int]] = field(default_factory=list)
    apart: list[frozenset[int]] = field(default_factory=list)
    fixed: Mapping[int, int] = field(default_factory=dict)
    step_free: frozenset[int] = frozenset()
    interpreters: Mapping[str, frozenset[int]] = field(default_factory=dict)
    never_alone: list[tuple[str, str]] = field(default_factory=list)


def wishes(settings: Mapping[str, Any]) -> Wishes:
    """Return the wishes that an item's settings hold. Raises Unreadable for a line."""
    return Wishes(
        together=groups(settings.get("together", "")),
        apart=groups(settings.get("apart", "")),
        fixed=fixed(settings.get("fixed", "")),
        step_free=frozenset(numbers(settings.get("step_free", ""))),
        interpreters=interpreters(settings.get("interpreters", "")),
        never_alone=[tuple(json.loads(pair)) for pair in settings.get("never_alone", [])],
    )


def lines(typed: str) -> Iterator[str]:
    """Yield the lines that hold something."""
    return filter(None, (line.strip() for line in (typed or "").splitlines()))


def numbers(line: str) -> list[int]:
    """Return the whole numbers of a line: `4, 12 and 18` is not one. Raises Unreadable."""
    parts = [part for part in re.split(r"[\s,;،]+", line or "") if part]
    return [_number(part, line) for part in parts]


def _number(part: str, line: str) -> int:
    """Return a seat's number; `G3` is the third guest's."""
    digits = part[1:] if part[:1] in "Gg" else part
    if not digits.isdecimal() or not int(digits):
        raise Unreadable(line)
    return int(digits) if digits == part else GUESTS_FROM + int(digits)


def groups(typed: str) -> list[frozenset[int]]:
    """Return a group of seats a line: `4, 12`. Raises Unreadable for fewer than two."""
    found = []
    for line in lines(typed):
        group = frozenset(numbers(line))
        if len(group) < 2:
            raise Unreadable(line)
        found.append(group)
    return found


def fixed(typed: str) -> dict[int, int]:
    """Return the table of each seat: `12: 3`. Raises Unreadable, for a seat at two tables too."""
    found: dict[int, int] = {}
    for line in lines(typed):
        seat, mark, table = line.partition(":")
        if not mark or len(numbers(seat)) != 1 or len(numbers(table)) != 1:
            raise Unreadable(line)
        if found.setdefault(numbers(seat)[0], numbers(table)[0]) != numbers(table)[0]:
            raise Unreadable(line)
    return found


def interpreters(typed: str) -> dict[str, frozenset[int]]:
    """Return the tables with somebody who interprets: `bn: 1, 2`. Raises Unreadable."""
    found = {}
    for line in lines(typed):
        language, mark, tables = line.partition(":")
        if not mark or not language.strip() or not numbers(tables):
            raise Unreadable(line)
        found[language.strip().lower()] = frozenset(numbers(tables))
    return found


def engine_rules(wished: Wishes, people: Iterable[Person], features: list[str]) -> Rules:
    """Return the engine's rules, of those wishes that concern the people to seat."""
    seated = {person.seat: person for person in people}

    def present(groups: Iterable[frozenset[int]]) -> list[frozenset[str]]:
        met = [frozenset(str(seat) for seat in group if seat in seated) for group in groups]
        return [group for group in met if len(group) > 1]

    values = {pair for p in seated.values() for pair in zip(features, p.values, strict=True)}
    return Rules(
        together=present(wished.together),
        apart=present(wished.apart),
        fixed={str(seat): at - 1 for seat, at in wished.fixed.items() if seat in seated},
        allowed=dict(_allowed(wished, seated.values())),
        never_alone=[pair for pair in wished.never_alone if pair in values],
    )


def _allowed(wished: Wishes, people: Iterable[Person]) -> Iterator[tuple[str, frozenset[int]]]:
    for person in people:
        kept = [wished.interpreters.get(person.language)]
        if person.step_free:
            kept.append(wished.step_free)
        limits = [tables for tables in kept if tables]
        if limits:
            yield str(person.seat), frozenset(at - 1 for at in frozenset.intersection(*limits))
