"""The table of deliberative polling: what the same people answered before and after."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from panel_app.gettext_protocol import Gettext, Ngettext
from panel_app.opinions.may_show import FEWEST_TOLD

#: Pseudonym to question to a number on the question's scale.
Answers = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class ChangeRow:
    """One question for everybody (`part` empty) or for one part of the people.

    Only people who answered both times count. `change` is the mean after less the mean
    before; its standard error is that of paired differences. All figures are None where
    they are suppressed.
    """

    question: str
    part: str
    n: int | None
    before: float | None = None
    after: float | None = None
    change: float | None = None
    standard_error: float | None = None
    only_before: int | None = None
    only_after: int | None = None

    @property
    def is_suppressed(self) -> bool:
        return self.n is None


def change_table(
    before: Answers,
    after: Answers,
    questions: Sequence[str],
    *,
    parts: Mapping[str, str] | None = None,
    fewest: int = FEWEST_TOLD,
) -> tuple[ChangeRow, ...]:
    """Compare answers before and after, paired by pseudonym.

    For each question a row for everybody, then one for each part (`parts` maps pseudonyms
    to them). Rows of fewer than `fewest` pairs are suppressed, and so are the smallest others
    where those not told could be worked out from the rest.
    """
    rows: list[ChangeRow] = []
    for question in questions:
        first, second = _answers_to(before, question), _answers_to(after, question)
        everybody = _row(question, "", first, second, fewest)
        rows.append(everybody)
        names = sorted(set((parts or {}).values()))
        by_part = [
            _row(question, name, _of(first, name, parts), _of(second, name, parts), fewest)
            for name in names
        ]
        rows += _without_rest(by_part, everybody.n or 0, fewest)
    return tuple(rows)


def _answers_to(answers: Answers, question: str) -> dict[str, float]:
    return {
        person: float(given[question])
        for person, given in answers.items()
        if question in given and math.isfinite(given[question])
    }


def _of(
    answers: Mapping[str, float], part: str, parts: Mapping[str, str] | None
) -> dict[str, float]:
    return {p: value for p, value in answers.items() if (parts or {}).get(p) == part}


def _row(
    question: str,
    part: str,
    before: Mapping[str, float],
    after: Mapping[str, float],
    fewest: int,
) -> ChangeRow:
    pairs = sorted(before.keys() & after.keys())
    if len(pairs) < max(fewest, 1):
        return ChangeRow(question, part, None)
    differences = [after[person] - before[person] for person in pairs]
    return ChangeRow(
        question,
        part,
        n=len(pairs),
        before=fmean(before[person] for person in pairs),
        after=fmean(after[person] for person in pairs),
        change=fmean(differences),
        standard_error=_standard_error(differences),
        only_before=len(before) - len(pairs) if not part else None,
        only_after=len(after) - len(pairs) if not part else None,
    )


def _standard_error(differences: Sequence[float]) -> float | None:
    if len(differences) < 2:
        return None
    return stdev(differences) / math.sqrt(len(differences))


def _without_rest(rows: Iterable[ChangeRow], everybody: int, fewest: int) -> list[ChangeRow]:
    """Hide the smallest parts until those not told are none, or enough not to be worked out."""
    rows = list(rows)
    told = sorted(
        (row for row in rows if row.n is not None), key=lambda row: (row.n or 0, row.part)
    )
    while told and 0 < everybody - sum(row.n or 0 for row in told) < fewest:
        smallest = told.pop(0)
        rows[rows.index(smallest)] = ChangeRow(smallest.question, smallest.part, None)
    return rows


def change_sentence(
    row: ChangeRow,
    question: str,
    *,
    gettext: Gettext,
    ngettext: Ngettext,
    number: Callable[[float], str] = "{:.2f}".format,
) -> str:
    """Say what changed on a question, in the words of its text; `number` writes figures."""
    if row.n is None or row.before is None or row.after is None or row.change is None:
        return gettext(
            "“%(question)s”: too few people answered both times to say.", question=question
        )
    figures = {
        "question": question,
        "before": number(row.before),
        "after": number(row.after),
        "error": "–" if row.standard_error is None else number(row.standard_error),
    }
    return ngettext(
        "“%(question)s”: the average of the %(num)s person who answered both times went from "
        "%(before)s to %(after)s (give or take %(error)s).",
        "“%(question)s”: the average of the %(num)s people who answered both times went from "
        "%(before)s to %(after)s (give or take %(error)s).",
        row.n,
        **figures,
    )
