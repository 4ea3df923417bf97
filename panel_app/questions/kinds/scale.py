"""A question answered by a step between two named ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from panel_app.core.text import _
from panel_app.questions.kinds.choices import OneOf
from panel_app.questions.kinds.kind import Bound
from panel_app.questions.question import Question
from panel_app.questions.summaries import Summary
from panel_app.web.charts import Columns, distribution
from panel_app.web.i18n import number, said


class Scale(OneOf):
    """A step between two ends; the options, if any, are the names of the two."""

    name = "scale"
    title = _("Scale between two ends")
    template = "questions/kinds/scale.html"
    options = (0, 2)
    options_label = _("The names of the two ends, a line each")
    low: Bound | None = Bound(_("Lowest step"), 0, 1, 1)
    high: Bound | None = Bound(_("Highest step"), 2, 10, 5)

    def choices(self, question: Question) -> list[tuple[str, Any]]:
        """Return the steps; the two ends with their names."""
        steps = range(_or(question.low, 1), _or(question.high, 5) + 1)
        ends = dict(zip((steps[0], steps[-1]), question.options, strict=False))
        return [
            (str(step), Markup("{} {}").format(number(step), said(ends[step].wording)))
            if step in ends
            else (str(step), number(step))
            for step in steps
        ]

    def summarise(self, question: Question, answers: Sequence[Any]) -> Summary:
        """Count each step; with every count told, their average as well."""
        counted = super().summarise(question, answers)
        if not counted.rows or not all(row.exact for row in counted.rows):
            return counted
        mean = round(sum(map(int, answers)) / len(answers), 1)
        return Summary(counted.answers, counted.rows, figures={"mean": mean})

    def columns(self, question: Question, summary: Summary) -> Columns | None:
        """Return a column for each step, none for what may not be told."""
        if summary.answers is None:
            return None
        words = dict(self.choices(question))
        steps = [
            (number(int(row.key)), words[row.key], int(row.low) if row.exact else None)
            for row in summary.rows
        ]
        ends = [said(option.wording) for option in question.options]
        return distribution(self.title, steps, whole=summary.answers, ends=ends)


def _or(bound: int | None, usual: int) -> int:
    return usual if bound is None else bound
