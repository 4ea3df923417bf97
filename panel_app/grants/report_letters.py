"""Reminding whoever got a grant of telling what came of it."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import force_locale
from sqlalchemy import or_, select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants import letters, links, reports
from panel_app.grants.models import Application, Award
from panel_app.outbox.templates import Template
from panel_app.web.i18n import day

#: The first reminder comes before the day, the second and last one after it.
BEFORE, AFTER = timedelta(days=14), timedelta(days=7)
MOST = 500

TEMPLATE = Template(
    purpose="grants.report",
    name=_("A reminder to tell what came of a grant"),
    subject=_("What came of your grant, number ((number))?"),
    body=_(
        "((title))\n\n"
        "Please tell us by ((day)) what came of it: how many people, what changed, what you would"
        " do differently, and up to three photos. It takes a few minutes on a phone:\n\n"
        "((link))\n\n"
        "You say yourself what of it everyone may see. If you can’t tell us any more, answer us at"
        " the address below.\n\n"
        "((organisation))\n((sender))"
    ),
    short=_("((organisation)): please tell us by ((day)) what came of your grant: ((link))"),
    places=frozenset({"organisation", "sender", "number", "title", "day", "link"}),
    needed=frozenset({"link"}),
    secret=True,
    renew=letters.new_link,
)


def remind() -> int:
    """Remind of reports that are soon due, once, and of late ones, once more.

    Returns how many; the caller commits.
    """
    today = clock.now().date()
    first = Award.reminded_on.is_(None) & (Award.report_due_on <= today + BEFORE)
    last = (Award.report_due_on <= today - AFTER) & (Award.reminded_on < Award.report_due_on)
    known = Award.application.has(Application.person_key != b"")
    query = select(Award).where(reports.waiting(), known, or_(first, last)).order_by(Award.id)
    asked = list(db.session.scalars(query.limit(MOST)))
    for award in asked:
        award.reminded_on = today
        _post(award)
    return len(asked)


def _post(award: Award) -> None:
    application = award.application
    with force_locale(application.language):
        values = {
            "number": str(application.reference),
            "title": application.case.title if application.case else "",
            "day": str(day(award.report_due_on)),
            "link": links.another(application),
        }
    letters.post(TEMPLATE, application, values)
