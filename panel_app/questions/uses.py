"""What questionnaires are for: each use says who may change the questions, and how far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from panel_app.core.db import found
from panel_app.core.feature import offered
from panel_app.questions.models import Questionnaire
from panel_app.web.access import Permission


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


def use_of(questionnaire: Questionnaire) -> Use:
    """Return what a questionnaire is for."""
    return found(next((use for use in offered(Use) if use.name == questionnaire.use), None))
