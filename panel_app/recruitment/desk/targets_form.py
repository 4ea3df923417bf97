"""Targets typed in rows: a form of as many rows as are wanted, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.recruitment import pool_files
from panel_app.web.forms import Form, at_most, between
from panel_app.web.i18n import number
from sortition.bands import band_of
from sortition.csv_cells import csv_text
from sortition.targets import Targets

CELLS = ("feature", "value", "min", "max", "min_flex", "max_flex")
#: Rows beyond those filled, rows that a press adds, and rows of a form.
SPARE, MORE, MOST = 4, 8, 200
#: Characters of a pasted column of ages.
LONGEST_COLUMN = 400_000


@dataclass(frozen=True, slots=True)
class Sum:
    """What the targets of one feature come to."""

    feature: str
    least: int
    most: int
    words: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Banded:
    """How many of some ages each band of a feature holds, and how many none does."""

    feature: str
    bands: list[tuple[str, int]]
    outside: int


class TargetRowsForm(Form):
    """The fields beside the rows; `rows_form` adds these."""

    rows = HiddenField()
    seats = IntegerField(
        _("What if the panel had so many seats?"),
        [Optional(), between(1, 10_000)],
        description=_("For a look only: “Check” shows the numbers in proportion, nothing is kept."),
    )
    ages = TextAreaField(
        _("Ages or dates of birth, to try the bands with (optional)"),
        [at_most(LONGEST_COLUMN)],
        description=_(
            "Paste a column of your list: “Check” counts how many each band holds. It is not kept."
        ),
        render_kw={"rows": 3, "spellcheck": "false", "dir": "ltr"},
    )
    number = 0

    def lines(self) -> list[list[Any]]:
        """Return the fields of each row, for the page."""
        return [[self[f"{cell}_{at}"] for cell in CELLS] for at in range(self.number)]

    def source(self) -> str:
        """Return what was typed as a file of targets."""
        typed = [[one_line(field.data or "") for field in line] for line in self.lines()]
        filled = [row for row in typed if any(row)]
        flex = any(row[4] or row[5] for row in filled)
        rows = [_named(row, before) for row, before in zip(filled, _features(filled), strict=True)]
        return csv_text(CELLS if flex else CELLS[:4], [row if flex else row[:4] for row in rows])


def rows_form(filled: Sequence[Sequence[Any]], number: int) -> TargetRowsForm:
    """Return the form with `number` rows, the first of them filled."""
    fields: dict[str, Any] = {}
    for at in range(number):
        row = filled[at] if at < len(filled) else ()
        for cell, longest, text in zip(CELLS, (120, 200, 12, 12, 12, 12), _cells(row), strict=True):
            fields[f"{cell}_{at}"] = StringField(
                LABELS[cell],
                [at_most(longest)],
                default=text,
                render_kw={
                    "size": 16 if longest > 12 else 4,
                    "aria-label": f"{LABELS[cell]} {at + 1}",
                },
            )
    made: type[TargetRowsForm] = type("TargetRowsFormOfRows", (TargetRowsForm,), fields)
    made.number = number
    form = made()
    form.rows.data = str(number)
    return form


LABELS: Mapping[str, Any] = {
    "feature": _("Feature"),
    "value": _("Value"),
    "min": _("At least"),
    "max": _("At most"),
    "min_flex": _("Can go down to"),
    "max_flex": _("Can go up to"),
}


def read_loosely(source: str, size: int) -> Targets:
    """Return typed targets, whether or not they fit the panel. Raises FaultyFile in words."""
    return pool_files.read_target_file(source, size, fitting=False)


def sums(targets: Targets, size: int) -> list[Sum]:
    """Return what each feature's targets come to for a panel of `size`."""
    found = []
    for feature in targets.features:
        rows = [row for row in targets if row.feature == feature]
        least, most = sum(row.minimum for row in rows), sum(row.maximum for row in rows)
        found.append(Sum(feature, least, most, _told(least, most, size), least <= size <= most))
    return found


def banded(targets: Targets, column: str, today: date) -> list[Banded]:
    """Count a column of ages or dates of birth by the bands of each feature that has any."""
    cells, found = Counter(cell.strip() for cell in column.splitlines() if cell.strip()), []
    for feature in targets.features:
        values = targets.values(feature)
        band = band_of(values, today) if cells else None
        if band is not None:
            held: Counter[str | None] = Counter()
            for cell, number_of in cells.items():
                held[band(cell)] += number_of
            bands = [(value, held[value]) for value in values]
            found.append(Banded(feature, bands, held[None]))
    return found


def in_proportion(targets: Targets, before: int, after: int) -> list[tuple[str, str, int, int]]:
    """Return the targets as a panel of another size would have them: minimums down, maximums up."""
    return [
        (
            row.feature,
            row.value,
            row.minimum * after // before,
            -(-row.maximum * after // before),
        )
        for row in targets
    ]


def _told(least: int, most: int, size: int) -> str:
    figures = {
        "least": number(least),
        "most": number(most),
        "size": number(size),
        "over": number(least - size),
        "gap": number(size - most),
    }
    words = _(
        "At least %(least)s and at most %(most)s of %(size)s seats: the others can go either way."
    )
    if least > size:
        words = _("%(over)s too many at least: lower some of the minimums.")
    elif most < size:
        words = _("%(gap)s seats that nobody could fill: raise some of the maximums.")
    elif least == most:
        words = _("Exactly the %(size)s seats: the numbers leave no room.")
    return str(words) % figures


def _features(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the feature of each row: one left blank is that of the row above."""
    found, last = [], ""
    for row in rows:
        last = row[0] or last
        found.append(last)
    return found


def _named(row: Sequence[str], feature: str) -> list[str]:
    return [feature, *row[1:]]


def _cells(row: Sequence[Any]) -> list[str]:
    return [str(cell) for cell in row] + [""] * (len(CELLS) - len(row))
