"""The list of pages that somebody looks over before sending: their answers, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panel_app.questions import asking
from panel_app.questions.question import Answers, Question
from panel_app.web.i18n import said, theirs


@dataclass(frozen=True, slots=True)
class Step:
    """A page of questions as the list shows it."""

    #: The code of its first question, which names the page.
    question: str
    heading: Any
    #: The answers, ready for the page, those after the first with their question.
    answers: list[tuple[Any | None, Any]]
    faults: list[Any]


def steps(
    pages: Mapping[str, Sequence[Question]], kept: Answers, wrong: Mapping[str, Any]
) -> list[Step]:
    """Return every page, by the code of its first question, with what is kept and what is wrong."""
    return [
        Step(
            code,
            said(page[0].wording),
            list(_answers(page, kept)),
            [wrong[one.code] for one in page if one.code in wrong],
        )
        for code, page in pages.items()
    ]


def _answers(page: Sequence[Question], kept: Answers) -> Iterator[tuple[Any | None, Any]]:
    """Return a page's answers as whoever gave them sees them again, right or wrong."""
    for number, question in enumerate(page):
        answer = kept.get(question.code, "")
        words = asking.in_words(question, answer)
        if words is None and answer:
            words = theirs(answer if isinstance(answer, str) else ", ".join(answer))
        if words is not None:
            yield said(question.wording) if number else None, words
