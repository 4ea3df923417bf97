"""Changing a list of questions, and what has to be so for one that can be asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.questions.kinds import kind_called
from panel_app.questions.question import Option, Question

MOST_QUESTIONS = 40
LONGEST_OPTION = 140
_NUMBERED = re.compile(r"q(\d{1,6})")

Questions = tuple[Question, ...]


def next_code(taken: Iterable[str]) -> str:
    """Return a code that no question has had: `q1`, `q2`, …"""
    numbers = [int(found[1]) for code in taken if (found := _NUMBERED.fullmatch(code))]
    return f"q{max(numbers, default=0) + 1}"


def first(kind: str, options: Sequence[Translated], wording: Translated) -> Question:
    """Return the first question of a new list, with its options numbered."""
    coded = tuple(Option(f"o{number}", option) for number, option in enumerate(options, 1))
    return Question(code=next_code(()), kind=kind, wording=wording, options=coded)


def replaced(questions: Sequence[Question], question: Question) -> Questions:
    """Return the questions with the one of the same code changed, or with a new one at the end."""
    if any(one.code == question.code for one in questions):
        return tuple(question if one.code == question.code else one for one in questions)
    return (*questions, question)


def removed(questions: Sequence[Question], code: str) -> Questions:
    """Return the questions without one. Raises Refused where another depends on its answer."""
    if any(one.only_if and one.only_if.code == code for one in questions):
        raise Refused(_("Another question is only asked after this one. Change that one first."))
    return tuple(one for one in questions if one.code != code)


def moved(
    questions: Sequence[Question], code: str, towards: Literal["earlier", "later"]
) -> Questions:
    """Return the questions with one swapped with its neighbour; at the end nothing happens."""
    order = list(questions)
    place = next(n for n, one in enumerate(order) if one.code == code)
    other = place - 1 if towards == "earlier" else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def check(questions: Sequence[Question]) -> None:
    """Raise Refused where the questions can't be asked as they are; `field` says what is wrong."""
    if len(questions) > MOST_QUESTIONS:
        raise Refused(_("There are too many questions: %(most)s at most.", most=MOST_QUESTIONS))
    earlier: dict[str, Question] = {}
    for question in questions:
        _check_options(question)
        _check_bounds(question)
        _check_condition(question, earlier)
        earlier[question.code] = question


def conditions_on(question: Question) -> list[tuple[str, Any]]:
    """Return the answers that a later question can depend on, with their words."""
    return kind_called(question.kind).choices(question)


def _check_options(question: Question) -> None:
    fewest, most = kind_called(question.kind).options
    if fewest == 0 and not question.options:
        return
    if not fewest <= len(question.options) <= most or (
        fewest == 0 and len(question.options) != most
    ):
        raise Refused(
            _("Write %(fewest)s to %(most)s lines.", fewest=fewest or most, most=most),
            field="options_en",
        )
    for number, option in enumerate(question.options, start=1):
        if max(len(version.text) for version in option.wording.versions.values()) > LONGEST_OPTION:
            raise Refused(
                _(
                    "Line %(number)s is too long: write at most %(most)s characters.",
                    number=number,
                    most=LONGEST_OPTION,
                ),
                field="options_en",
            )


def _check_bounds(question: Question) -> None:
    kind = kind_called(question.kind)
    for name, bound in (("low", kind.low), ("high", kind.high)):
        value = getattr(question, name)
        if value is not None and (bound is None or not bound.least <= value <= bound.most):
            raise Refused(_("This is out of bounds for this kind of question."), field=name)
    if question.low is not None and question.high is not None and question.low > question.high:
        raise Refused(_("The lowest is above the highest."), field="high")


def _check_condition(question: Question, earlier: dict[str, Question]) -> None:
    if question.only_if is None:
        return
    asked = earlier.get(question.only_if.code)
    if asked is None or question.only_if.answer not in dict(conditions_on(asked)):
        raise Refused(
            _("A question can only depend on an answer that an earlier one offers."),
            field="only_if",
        )
