"""What questionnaires are for: each use says who may change the questions, and how far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from panel_app.core.db import found
from panel_app.core.feature import offered
from panel_app.questions.models import Questionnaire
from panel_app.questions.question import Question
from panel_app.web.access import Permission

#: What a feature itself says of questions: their options or bounds, by code and field.
Given = Mapping[str, Mapping[str, Any]]


def _nothing(questionnaire: Questionnaire) -> Given:
    return {}


def _always(questionnaire: Questionnaire) -> Any | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One purpose of questionnaires, offered by the feature that asks the questions."""

    #: What `Questionnaire.use` holds.
    name: str
    #: What somebody needs on the panel to change the questions.
    permission: Permission
    #: The name of what asks the questions, for the editor's heading.
    title: Callable[[Questionnaire], Any]
    #: Where the editor leads back to, and the words of that link.
    home: Callable[[Questionnaire], tuple[str, Any]]
    #: Why the questions can't be changed now; None where they can.
    closed: Callable[[Questionnaire], Any | None] = _always
    #: Questions that stay, with their kind and number of options: the feature reads their answers.
    fixed: frozenset[str] = frozenset()
    #: Whether what asks the questions receives files.
    uploads: bool = False
    #: What the feature says of questions, so that it isn't written twice.
    given: Callable[[Questionnaire], Given] = _nothing


def use_of(questionnaire: Questionnaire) -> Use:
    """Return what a questionnaire is for."""
    return found(next((use for use in offered(Use) if use.name == questionnaire.use), None))


def with_given(questions: Iterable[Question], given: Given) -> tuple[Question, ...]:
    """Return the questions with what the feature says of them."""
    return tuple(replace(question, **given.get(question.code, {})) for question in questions)


def asked_now(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Return the newest questions as whoever starts now is asked them."""
    given = use_of(questionnaire).given(questionnaire)
    return with_given(questionnaire.newest.questions, given)
