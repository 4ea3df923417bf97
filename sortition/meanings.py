"""What the columns and cells of a file of people mean, where somebody has said so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from sortition.bands import bounds_of
from sortition.folding import fold
from sortition.targets import Target, Targets

#: The value of whoever gave no answer to a feature: no target counts them.
NO_ANSWER = "(no answer)"

_NO_ANSWERS = frozenset(
    fold(text)
    for text in (
        "", NO_ANSWER, "-", "n/a", "no answer", "not stated", "not known", "unknown",
        "prefer not to say", "prefer not to answer", "rather not say", "would rather not say",
        "do not wish to say", "don't want to say", "বলতে চাই না", "জানাতে চাই না", "উত্তর নেই",
        "أفضل عدم القول", "أفضل عدم الإجابة", "لا أرغب في الإجابة", "بدون إجابة",
    )
)  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = "|".join(_MONTHS)
_DAY_MONTH = re.compile(rf"(\d\d?)-({_MONTH})[a-z]*(?:-\d+)?")
_MONTH_DAY = re.compile(rf"({_MONTH})[a-z]*-(\d\d?)")
_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)(?:[t ].*)?")
_BRITISH = re.compile(r"(\d\d?)/(\d\d?)/\d{2,4}")
_CUT_NUMBER = re.compile(r"\d(?:[.,]\d+)?e\+\d+")


@dataclass(frozen=True)
class Meanings:
    """Which column holds which feature, and which cell stands for which value."""

    #: Feature to the heading of its column, where they differ.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Feature to cell to the value that it stands for; an empty one is no answer.
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Columns that are kept though they have another use.
    also_kept: Sequence[str] = ()
    #: Whether the rows are numbered though a column looks like an id.
    numbered: bool = False
    #: The sheet of a workbook; without it the one with most of the headings is read.
    sheet: str | None = None
    #: Whether no answer to a feature is no fault.
    may_be_silent: bool = False

    def column(self, feature: str) -> str:
        """The heading of a feature's column."""
        return self.columns.get(feature) or feature

    def value_of(self, feature: str) -> dict[str, str]:
        """What each cell that somebody explained stands for, by the cell as cells are compared."""
        told = self.values.get(feature, {})
        return {fold(cell): value or NO_ANSWER for cell, value in told.items()}


def is_no_answer(cell: str) -> bool:
    """Whether a cell says nothing, or that somebody would rather not say."""
    return fold(cell) in _NO_ANSWERS


def with_no_answer(targets: Targets, people: Iterable[Sequence[str]], size: int) -> Targets:
    """The targets, and where somebody gave no answer to a feature a value that counts for none.

    A panel may have any number of such people. `people` are values in the order of the features.
    """
    silent = {at for values in people for at, value in enumerate(values) if value == NO_ANSWER}
    more = [
        Target(feature, NO_ANSWER, 0, size, 0, size)
        for at, feature in enumerate(targets.features)
        if at in silent and (feature, NO_ANSWER) not in targets.by_value
    ]
    return replace(targets, rows=(*targets.rows, *more)) if more else targets


def is_cut_number(cell: str) -> bool:
    """Whether a spreadsheet cut a long number short: 4.47701E+11."""
    return "+" in cell and _CUT_NUMBER.fullmatch(fold(cell)) is not None


def before_damage(cell: str, values: Iterable[str]) -> str | None:
    """The value of which a spreadsheet made a date: of `02-Mar` the value `2-3`, if there is one.

    None where no value, or more than one, may have been typed.
    """
    typed = set(_may_have_been(fold(cell)))
    found = [value for value in values if bounds_of(value) in typed]
    return found[0] if len(found) == 1 else None


def likely_value(cell: str, values: Sequence[str]) -> str | None:
    """The value that a cell probably means, for somebody to confirm; empty for no answer."""
    if is_no_answer(cell):
        return ""
    known = {fold(value): value for value in values}
    near = get_close_matches(fold(cell), known, n=1, cutoff=0.75)
    return before_damage(cell, values) or (known[near[0]] if near else None)


def _may_have_been(cell: str) -> list[tuple[int, int]]:
    """The pairs of numbers that a program may have taken for this date, either order of them."""
    if match := _DAY_MONTH.fullmatch(cell):
        one, two = int(match[1]), _MONTHS.index(match[2]) + 1
    elif match := _MONTH_DAY.fullmatch(cell):
        one, two = int(match[2]), _MONTHS.index(match[1]) + 1
    elif match := _DATE.fullmatch(cell) or _BRITISH.fullmatch(cell):
        one, two = int(match[1]), int(match[2])
    else:
        return []
    return [(one, two), (two, one)]
