"""What many answers to one question come to: figures that may be told, as data and as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Literal

from panel_app.core import disclosure

#: What a row's figure is: how many people, how many points, or the average place in an order.
Unit = Literal["people", "points", "places"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary: between what its figure is (`low` is `high` where it is told)."""

    key: str
    low: float
    high: float
    #: What the whole bar stands for.
    of: float

    @property
    def exact(self) -> bool:
        """Whether the figure itself is told."""
        return self.low == self.high

    @property
    def few(self) -> bool:
        """Whether all that may be told is that it is some people, but few."""
        return self.low > 0 and self.high < disclosure.FEWEST

    @property
    def at_least(self) -> bool:
        """Whether it may be told that it is `low` or more."""
        return self.low >= disclosure.FEWEST


@dataclass(frozen=True, slots=True)
class Summary:
    """The answers to one question together; without rows where nothing may be told."""

    #: How many answered; None under five.
    answers: int | None
    rows: tuple[Row, ...] = ()
    unit: Unit = "people"
    #: Averages by name: `mean`, `middle`.
    figures: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        rows = [[row.key, row.low, row.high, row.of] for row in self.rows]
        return {
            "answers": self.answers,
            "rows": rows,
            "unit": self.unit,
            "figures": dict(self.figures),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Summary:
        """Read back what `to_json` returned."""
        rows = tuple(Row(*row) for row in value["rows"])
        return cls(value["answers"], rows, value["unit"], value["figures"])


def told(people: int) -> Summary:
    """Return a summary without rows: how many answered, where that may be told."""
    return Summary(people if disclosure.may_tell(people) else None)


def one_each(keys: Sequence[str], answers: Sequence[str]) -> Summary:
    """Return how many gave each answer, where everybody gave one."""
    if not disclosure.may_tell(len(answers)):
        return told(len(answers))
    counts = disclosure.tell([answers.count(key) for key in keys])
    rows = [
        Row(key, count.low, count.high, len(answers))
        for key, count in zip(keys, counts, strict=True)
    ]
    return Summary(len(answers), tuple(rows))


def some_each(keys: Sequence[str], answers: Sequence[Sequence[str]]) -> Summary:
    """Return how many ticked each, where everybody may tick several."""
    people = len(answers)
    if not disclosure.may_tell(people):
        return told(people)
    rows = []
    for key in keys:
        ticked = sum(key in ticks for ticks in answers)
        count, _rest = disclosure.tell([ticked, people - ticked])
        rows.append(Row(key, count.low, count.high, people))
    return Summary(people, tuple(rows))


def averages(numbers: Sequence[float]) -> Summary:
    """Return the mean and the middle one of numbers of five people or more."""
    if not disclosure.may_tell(len(numbers)):
        return told(len(numbers))
    return Summary(
        len(numbers), figures={"mean": round(fmean(numbers), 1), "middle": median(numbers)}
    )
