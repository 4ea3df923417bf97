"""Words that everybody will read tell nobody who asked for a grant."""

from __future__ import annotations

from panel_app.core import errors
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.grants import rules
from panel_app.grants.models import Application
from panel_app.questions.question import Question


def check_title(application: Application, title: str) -> None:
    """Refuse a title that tells who somebody is, whoever asks: everybody will read it.

    Raises Refused for the applicant's whole name, their contact, or any address or number.
    """
    answers = application.answers
    if rules.names(title, str(answers.get("name", ""))):
        raise errors.Refused(
            _("The title will be public. Take your name out of it."), field="title"
        )
    contact = one_line(str(answers.get("contact", "")))
    if rules.names(title, contact) or rules.ways_to_reach(title):
        raise errors.Refused(
            _("The title will be public. Take addresses and telephone numbers out of it."),
            field="title",
        )


def check_public(application: Application, question: Question, answer: str) -> None:
    """Refuse an answer that everybody may read and that tells who somebody is. Raises Refused."""
    name, contact = (one_line(str(application.answers.get(who, ""))) for who in ("name", "contact"))
    if rules.names(answer, name) or rules.names(answer, contact) or rules.ways_to_reach(answer):
        raise errors.Refused(
            _("This answer will be public. Take names, addresses and telephone numbers out of it."),
            field=question.code,
        )


def check_reason(application: Application, reason: str) -> list[str]:
    """Return the words of a public reason that may tell who somebody is, for a second look.

    Raises Refused where it holds the applicant's whole name or contact.
    """
    answers = application.answers
    name, contact = str(answers.get("name", "")), one_line(str(answers.get("contact", "")))
    alone = application.applicant_kind == "individual"
    if (alone and rules.names(reason, name)) or rules.names(reason, contact):
        raise errors.Refused(
            _("The reason will be public. Take out the applicant’s name and contact."),
            field="reason",
        )
    return rules.telling_words(reason, name)
