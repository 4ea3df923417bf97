"""What applicants are told, in their own language."""

from __future__ import annotations

from flask_babel import force_locale
from sqlalchemy import delete

from panel_app.casework.models import Decision
from panel_app.casework.rubric import DECIDED
from panel_app.core import messages
from panel_app.core.db import db
from panel_app.core.messages import Message
from panel_app.core.text import gettext
from panel_app.grants import questions
from panel_app.grants.models import Application
from panel_app.web.i18n import KNOWN, money_text


def send_link(application: Application, link: str) -> Message:
    """Put the applicant's own link in the outbox, for carrying on and for the decision."""
    with force_locale(application.language):
        body = [
            gettext("Here is your link. Carry on with your application, or see what was decided:"),
            link,
            gettext("Anyone with this link can see your answers, so keep it to yourself."),
        ]
        return _post(application, gettext("Your application for a grant"), body)


def send_decision(application: Application, decision: Decision) -> Message:
    """Put the decision with its reason in the outbox, in the applicant's language."""
    with force_locale(application.language):
        title = gettext("About your application, number %(number)d", number=application.reference)
        return _post(application, title, _paragraphs(application, decision))


def take_back(application: Application) -> None:
    """Drop what waits in the outbox for an applicant who gave another contact."""
    waiting = delete(Message).where(Message.subject_ref == _ref(application))
    db.session.execute(waiting.where(Message.state == "waiting"))


def forget(application: Application) -> None:
    """Drop every message to an applicant, sent or not."""
    db.session.execute(delete(Message).where(Message.subject_ref == _ref(application)))


def _paragraphs(application: Application, decision: Decision) -> list[str]:
    title = application.case.title if application.case else ""
    said = [title, str(DECIDED[decision.outcome]), _figures(application, decision)]
    if decision.reason_language == application.language:
        said += [gettext("The panel’s reason:")]
    else:
        written = KNOWN[decision.reason_language].name
        said += [gettext("The panel’s reason, written in %(language)s:", language=written)]
    said += [decision.reason, _next(decision)]
    return [paragraph for paragraph in said if paragraph]


def _figures(application: Application, decision: Decision) -> str:
    if decision.amount is None:
        return ""
    amount, asked = money_text(decision.amount), money_text(application.asks or 0)
    return str(gettext("You get %(amount)s. You asked for %(asked)s.", amount=amount, asked=asked))


def _next(decision: Decision) -> str:
    if decision.outcome in {"fund", "part"}:
        return str(gettext("We will be in touch about how the money reaches you."))
    if decision.outcome == "defer":
        return str(gettext("The panel will look at it again. You don’t need to do anything."))
    return str(gettext("You can ask again in a later round, for this or for something else."))


def _post(application: Application, title: str, paragraphs: list[str]) -> Message:
    answers = application.answers
    contact = str(answers.get("contact", ""))
    return messages.post(
        panel_id=application.programme.panel_id,
        to=contact or str(answers.get("name", "")),
        title=title,
        body="\n\n".join(paragraphs),
        language=application.language,
        subject_ref=_ref(application),
        channel=questions.channel(contact),
    )


def _ref(application: Application) -> str:
    return f"application:{application.public_id}"
